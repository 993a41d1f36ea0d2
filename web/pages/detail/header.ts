import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { type DeclaredObject, hrefOfResource, type ResourceDetail } from '../../data/resource.ts';
import '../../elements/action-menu.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import '../../elements/page.ts';
import { detailTexts as t } from '../../texts/detail.ts';
import { formatAgo } from '../../texts/format.ts';
import { typeName } from '../../texts/resource-types.ts';
import { copyButton, copyStyles } from './copy.ts';
import './quick-actions.ts';
import { statusOf, statusStyles } from './status.ts';

/** Name, id, state, place and declaration of a resource, and what can be done with it. */
export class SwDetailHeader extends SwElement {
  static override properties = { detail: { attribute: false }, id: { attribute: false } };
  static override styles = [
    base,
    statusStyles,
    copyStyles,
    css`
      .facts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-3xs) var(--wa-space-m);
      }
      .facts a {
        text-decoration: underline;
      }
      .id {
        overflow-wrap: anywhere;
      }
      wa-callout {
        margin-block-end: var(--wa-space-s);
      }
    `,
  ];

  declare detail: ResourceDetail;
  /** The id of the address. */
  declare id: string;

  override render() {
    const { row, object, body } = this.detail;
    const name = nameOf(this.detail, this.id);
    const { type, cluster } = row;
    return html`
      ${this.#banner()}
      <sw-page-header .heading=${name}>
        <div slot="about" class="facts">
          <span class="quiet">${typeName(type)}</span>
          ${statusOf(row['status'])}
          <span class="mono quiet id">${this.id}${copyButton(this.id, t.copyId)}</span>
          <span><span class="quiet">${t.cloud}</span> <a href=${`/clusters/${encodeURIComponent(cluster)}`}>${cluster}</a></span>
          ${row['project'] ? html`<span class="id"><span class="quiet">${t.project}</span> <span class="mono">${row['project']}</span></span>` : nothing}
          ${object ? declaration(object) : undeclared(this.detail)}
        </div>
        <div slot="actions" class="row">
          ${body ? html`<sw-quick-actions .type=${type} .cluster=${cluster} .id=${this.id} .name=${name} .row=${row}></sw-quick-actions>` : nothing}
          ${body ? html`<sw-action-menu .type=${type} .cluster=${cluster} .id=${this.id} .name=${name}></sw-action-menu>` : nothing}
        </div>
      </sw-page-header>
    `;
  }

  #banner(): TemplateResult | typeof nothing {
    const { cluster, state, listedAt, error } = this.detail.cloud;
    if (state === 'Fresh') return nothing;
    const known =
      state === 'Listing' ? t.listing(cluster) : listedAt === null ? t.neverSeen(cluster) : t.stale(cluster, formatAgo(listedAt));
    return html`<wa-callout variant=${state === 'Listing' ? 'neutral' : 'warning'} size="s" role="status">
      <sw-icon slot="icon" name="triangle-alert"></sw-icon>${known} <span class="quiet">${error?.message ?? ''}</span>
    </wa-callout>`;
  }
}

/** What people call a resource; by its id when it has no name. */
export function nameOf({ row }: ResourceDetail, id: string): string {
  return (row['name'] as string | null) || id;
}

/** Types that only clouds have: nothing declares them. */
const undeclarable: ReadonlySet<string> = new Set(['flavor', 'volume_type']);

export const isDeclarable = (type: string): boolean => !undeclarable.has(type);

function declaration({ kind, metadata, status }: DeclaredObject): TemplateResult {
  const ready = status.conditions.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
  const isReady = ready === 'True';
  const full = `${kind} ${metadata.namespace}/${metadata.name}`;
  return html`<span class="facts">
    <span><span class="quiet">${t.declaredAs}</span> <a href="?tab=raw">${full}</a></span>
    <span class="status ${isReady ? 'good' : 'busy'}"
      ><sw-icon name=${isReady ? 'circle-check' : 'circle-dot'}></sw-icon>${t.ready[ready as keyof typeof t.ready] ?? ready}</span
    >
    ${status.drift.length > 0 ? html`<a class="status warn" href="?tab=drift"><sw-icon name="triangle-alert"></sw-icon>${t.drifted}</a>` : nothing}
    ${status.isOnlyObserved ? html`<span class="status off"><sw-icon name="eye"></sw-icon>${t.observedOnly}</span>` : nothing}
  </span>`;
}

function undeclared({ row }: ResourceDetail): TemplateResult | typeof nothing {
  if (!isDeclarable(row.type)) return nothing;
  return html`<span class="status off"><sw-icon name="unlink"></sw-icon>${t.undeclared}</span>`;
}

/** Where a related resource has its page; one that is not in the cloud has none. */
export function hrefOf(row: { readonly type: string; readonly cluster: string; readonly id: string | null }): string | undefined {
  return row.id === null ? undefined : hrefOfResource({ ...row, id: row.id });
}

define('sw-detail-header', SwDetailHeader);
