import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import { isInScope, scope } from '../../app/scope.ts';
import { bulk, listOperations, type Operation, type OperationState } from '../../data/operations.ts';
import { follow } from '../../data/stored.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import type { IconName } from '../../elements/icons.ts';
import { again, keepFresh, loaded } from '../../elements/loaded.ts';
import { actionName } from '../../texts/action-names.ts';
import { formatAgo, formatNumber, formatTime } from '../../texts/format.ts';
import { operationTexts } from '../../texts/operations.ts';
import { overviewTexts as t } from '../../texts/overview.ts';
import { overviewStyles } from './styles.ts';

const dayMs = 86_400_000;
const shown = 8;

const stateIcons: Readonly<Record<OperationState, readonly [icon: IconName, tone: string]>> = {
  queued: ['clock', 'neutral'],
  running: ['refresh-cw', 'brand'],
  succeeded: ['circle-check', 'success'],
  failed: ['circle-x', 'danger'],
  cancelled: ['minus', 'neutral'],
};

/** What was asked for last, with what is under way and what failed within a day. */
export class SwLastOperations extends SwElement {
  static override styles = [base, overviewStyles];

  readonly #read = new Task(this, {
    args: () => [],
    async task(_, { signal }) {
      const since = new Date(Date.now() - dayMs).toISOString();
      const [last, running, failed] = await Promise.all([
        listOperations({}, { limit: 100, signal }),
        listOperations({ state: 'running' }, { limit: 100, signal }),
        listOperations({ state: 'failed', since }, { limit: 100, signal }),
      ]);
      return { last: last.items, running, failed };
    },
  });

  constructor() {
    super();
    follow(this, scope);
    keepFresh(this, { types: () => ['operation'], everyMs: 60_000, read: () => void again(this.#read) });
  }

  override render(): TemplateResult {
    return html`<section aria-label=${t.operations.title}>
      <h2>${t.operations.title}<a class="small" href="/operations">${t.operations.all}</a></h2>
      ${loaded(this.#read, ({ last, running, failed }) => {
        const mine = last.filter(isShown).slice(0, shown);
        if (mine.length === 0) return html`<p>${t.operations.none}</p><p class="quiet small">${t.operations.clear}</p>`;
        return html`<p class="row small">
            ${count(t.operations.running, running, '/operations?state=running')} ${count(t.operations.failed, failed, '/operations?state=failed')}
          </p>
          ${table(mine)}`;
      })}
    </section>`;
  }
}

const isShown = ({ cluster }: Operation) => cluster === '' || isInScope(cluster);

function count(
  name: string,
  { items, next }: { readonly items: readonly Operation[]; readonly next?: string },
  href: string,
): TemplateResult {
  const size = items.filter(isShown).length;
  return html`<a href=${href}>${name}: <strong>${formatNumber(size)}${next === undefined ? '' : '+'}</strong></a>`;
}

function table(operations: readonly Operation[]): TemplateResult {
  const { columns } = t.operations;
  return html`<div class="scroll" role="region" tabindex="0" aria-label=${t.operations.title}>
    <table>
      <thead>
        <tr>
          <th scope="col">${columns.action}</th>
          <th scope="col">${columns.target}</th>
          <th scope="col">${columns.state}</th>
          <th scope="col">${columns.actor}</th>
          <th scope="col">${columns.at}</th>
        </tr>
      </thead>
      <tbody>
        ${operations.map((operation) => {
          const [icon, tone] = stateIcons[operation.state];
          return html`<tr>
            <td><a href=${`/operations?id=${operation.id}`}>${actionName(operation.action)}</a></td>
            <td>${target(operation)}</td>
            <td>
              <span class="state ${tone}"><sw-icon name=${icon}></sw-icon>${operationTexts.states[operation.state]}</span>
              ${operation.state === 'running' ? html`<span class="quiet">${operation.percent} %</span>` : nothing}
            </td>
            <td>${operation.actor}</td>
            <td class="short"><time datetime=${operation.createdAt} title=${formatTime(operation.createdAt)}>${formatAgo(operation.createdAt)}</time></td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

function target({ action, cluster, type, target: id, targetName }: Operation): TemplateResult | string {
  if (action === bulk || id === '') return targetName || '–';
  return html`<a href=${`/resources/${type}/${cluster}/${encodeURIComponent(id)}`}>${targetName || id}</a>`;
}

define('sw-last-operations', SwLastOperations);
