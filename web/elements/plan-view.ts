import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import {
  type Change,
  keyOf,
  type ObjectName,
  type ObjectPlan,
  type Plan,
  type PlannedAction,
  type PlannedChange,
} from '../data/declare.ts';
import { planTexts as t } from '../texts/plan.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';

type Tone = 'success' | 'warning' | 'danger' | 'brand' | 'neutral';

/** A sign and a colour for each: never the colour alone. */
const looks: Readonly<Record<PlannedAction, { readonly sign: string; readonly tone: Tone }>> = {
  create: { sign: '+', tone: 'success' },
  adopt: { sign: '=', tone: 'brand' },
  update: { sign: '~', tone: 'warning' },
  rebuild: { sign: '±', tone: 'danger' },
  replace: { sign: '±', tone: 'danger' },
  delete: { sign: '−', tone: 'danger' },
  release: { sign: '−', tone: 'warning' },
  report: { sign: '~', tone: 'brand' },
  none: { sign: '·', tone: 'neutral' },
  wait: { sign: '?', tone: 'brand' },
  blocked: { sign: '!', tone: 'danger' },
  unknown: { sign: '?', tone: 'danger' },
};
const declarationLooks = { create: looks.create, update: looks.update, delete: looks.delete, none: looks.none } as const;
const shownCounts = [
  'create',
  'adopt',
  'update',
  'rebuild',
  'replace',
  'delete',
  'release',
  'report',
  'wait',
  'blocked',
  'unknown',
  'declarationOnly',
] as const;

/** What applying manifests would do: an object a block, what forces each rebuild or replacement, and what data would be lost. */
export class SwPlanView extends SwElement {
  static override properties = { plan: { attribute: false } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      .objects {
        display: grid;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        overflow: hidden;
      }
      .objects > li {
        display: grid;
        grid-template-columns: 1.4rem minmax(0, 1fr);
        gap: 0 var(--wa-space-xs);
        padding: var(--wa-space-xs) var(--wa-space-s);
        border-inline-start: 3px solid transparent;
      }
      .objects > li + li {
        border-block-start: 1px solid var(--wa-color-surface-border);
      }
      .sign {
        font-family: var(--wa-font-family-code);
        font-weight: 700;
        text-align: center;
      }
      .success {
        border-inline-start-color: var(--wa-color-success-fill-loud) !important;
      }
      .warning {
        border-inline-start-color: var(--wa-color-warning-fill-loud) !important;
      }
      .danger {
        border-inline-start-color: var(--wa-color-danger-fill-loud) !important;
      }
      .brand {
        border-inline-start-color: var(--wa-color-brand-fill-loud) !important;
      }
      .object {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .what {
        padding-inline: 0.4em;
        border-radius: var(--wa-border-radius-s);
        background: var(--wa-color-neutral-fill-quiet);
      }
      .loss {
        color: var(--wa-color-danger-on-quiet);
        font-weight: 600;
      }
      table {
        border-collapse: collapse;
        margin-block-start: var(--wa-space-2xs);
        max-width: 100%;
      }
      th {
        font-weight: 400;
        color: var(--wa-color-text-quiet);
      }
      th,
      td {
        text-align: start;
        vertical-align: top;
        padding: 0 var(--wa-space-m) 0 0;
        overflow-wrap: anywhere;
      }
      .forces {
        color: var(--wa-color-danger-on-quiet);
      }
      @media (max-width: 600px) {
        table,
        tbody,
        tr,
        td {
          display: block;
        }
        thead {
          display: none;
        }
        td + td {
          padding-inline-start: var(--wa-space-s);
        }
      }
    `,
  ];

  declare plan: Plan | undefined;

  override render() {
    const { plan } = this;
    if (!plan) return nothing;
    const objects = plan.objects.filter(({ action }) => action !== 'none');
    const told = new Set(plan.objects.filter(({ action }) => action !== 'none' && action !== 'report').map(keyOf));
    const declarations = plan.declarations.filter((one) => one.action !== 'none' && !told.has(keyOf(one)));
    return html`
      <p role="status"><strong>${t.verdict[plan.verdict]}</strong></p>
      ${counts(plan)}
      ${plan.gaps.map(({ cluster, message }) => html`<wa-callout variant="danger" size="s">${t.gap(cluster, message)}</wa-callout>`)}
      ${
        objects.length + declarations.length === 0
          ? nothing
          : html`<ul class="objects" aria-label=${t.title}>
              ${objects.map(objectBlock)}
              ${declarations.map((one) => block(one, { ...declarationLooks[one.action], what: t.declarations[one.action] }, changeTable(one.changes)))}
            </ul>`
      }
      ${plan.counts.none > 0 ? html`<p class="quiet">${t.asDeclared(plan.counts.none)}</p>` : nothing}
    `;
  }
}

function counts(plan: Plan): TemplateResult | typeof nothing {
  const found = shownCounts.filter((action) => plan.counts[action] > 0);
  if (found.length === 0) return nothing;
  return html`<div class="row">${found.map((action) => html`<span class="what">${t.counts(plan.counts[action], t.actions[action])}</span>`)}</div>`;
}

function objectBlock(plan: ObjectPlan): TemplateResult {
  const { action, changes, losesData, why, cluster, id } = plan;
  const loss = action === 'rebuild' || action === 'replace' || action === 'delete' ? t.losses[action] : t.losses.other;
  const inside = html`
    ${losesData ? html`<p class="loss"><sw-icon name="triangle-alert"></sw-icon> ${t.loses} ${loss}</p>` : nothing}
    ${why ? html`<p>${why.message}</p>` : nothing}
    ${changeTable(changes)}
  `;
  return block(plan, { ...looks[action], what: t.actions[action], where: id === undefined ? cluster : `${cluster} · ${id}` }, inside);
}

interface Look {
  readonly sign: string;
  readonly tone: Tone;
  readonly what: string;
  readonly where?: string;
}

function block({ kind, namespace, name }: ObjectName, { sign, tone, what, where }: Look, inside: unknown): TemplateResult {
  return html`<li class=${tone}>
    <span class="sign" aria-hidden="true">${sign}</span>
    <div>
      <div class="row">
        <span class="object">${kind} ${namespace ? `${namespace}/` : ''}${name}</span>
        <span class="what">${what}</span>
        ${where ? html`<span class="quiet mono">${where}</span>` : nothing}
      </div>
      ${inside}
    </div>
  </li>`;
}

function changeTable(changes: readonly (Change | PlannedChange)[]): TemplateResult | typeof nothing {
  if (changes.length === 0) return nothing;
  return html`<table>
    <thead><tr><th scope="col">${t.field}</th><th scope="col">${t.from}</th><th scope="col">${t.to}</th><th></th></tr></thead>
    <tbody>
      ${changes.map(
        (change) => html`<tr>
          <td class="mono">${change.path || t.whole}</td>
          <td class="mono">${valueText(change.from)}</td>
          <td class="mono">→ ${'isUnknown' in change && change.isUnknown ? t.later : valueText(change.to)}</td>
          <td class="forces">${'by' in change && change.by ? t.forces[change.by] : nothing}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

const longest = 300;

/** A value on one line. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return t.none;
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

define('sw-plan-view', SwPlanView);
