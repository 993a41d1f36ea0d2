import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { withQuery } from '../../app/router.ts';
import { type AuditEntry, type AuditFilter, auditEntry, listAudit } from '../../data/audit.ts';
import '../../elements/diff.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { loaded } from '../../elements/loaded.ts';
import { toast } from '../../elements/toast.ts';
import { eventName, auditTexts as t } from '../../texts/audit.ts';
import { formatAgo, formatNumber, formatTime } from '../../texts/format.ts';
import { typeOfKind } from '../../texts/kinds.ts';
import { actorName, cellStyles, objectName, resultMark } from './columns.ts';
import { noFilter } from './filter.ts';
import { auditStyles } from './styles.ts';

const mostRelated = 20;

/** One entry with what changed, whence it came, and the entries that belong to it. Sends `sw-close`. */
export class SwAuditEntry extends SwElement {
  static override properties = { seq: { attribute: false }, known: { attribute: false } };
  static override styles = [base, auditStyles, cellStyles];

  declare seq: number;
  /** The entry, where it is in the list. */
  declare known: AuditEntry | undefined;

  readonly #entry = new Task(this, {
    args: () => [this.seq] as const,
    task: ([seq], { signal }) => (this.known?.seq === seq ? this.known : auditEntry(seq, signal)),
  });
  readonly #related = new Task(this, {
    args: () => [this.#entry.value] as const,
    task: async ([entry], { signal }) => {
      if (!entry) return [];
      const pages = await Promise.all(ties(entry).map((filter) => listAudit(filter, { limit: mostRelated, signal })));
      const found = new Map(pages.flatMap(({ items }) => items.map((one) => [one.seq, one] as const)));
      found.delete(entry.seq);
      return [...found.values()].toSorted((a, b) => a.seq - b.seq).slice(0, mostRelated);
    },
  });

  override render(): TemplateResult {
    return html`<aside aria-label=${t.entry.title(formatNumber(this.seq))} @keydown=${(event: KeyboardEvent) => this.#pressed(event)}>
      <header>
        <h2 tabindex="-1">${t.entry.title(formatNumber(this.seq))}</h2>
        <wa-button size="s" appearance="plain" @click=${() => this.#copy(window.location.href)}><sw-icon slot="start" name="link"></sw-icon>${t.entry.copyLink}</wa-button>
        <wa-button size="s" appearance="plain" @click=${() => this.send('sw-close')}><sw-icon name="x" .label=${t.entry.close}></sw-icon></wa-button>
      </header>
      ${loaded(this.#entry, (entry) => (entry.seq === this.seq ? this.#show(entry) : html`<sw-loading></sw-loading>`), 8)}
    </aside>`;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  #show(entry: AuditEntry): TemplateResult {
    return html`
      <p class="what">${resultMark(entry.result)} <strong>${eventName(entry.type)}</strong></p>
      <p class="message">${entry.message}</p>
      ${facts(entry)}
      <h3>${t.entry.changes}</h3>
      ${
        entry.changes.length === 0
          ? html`<p class="quiet">${t.entry.noChanges}</p>`
          : html`<sw-diff plain .changes=${entry.changes} .labels=${{ before: t.entry.before, after: t.entry.after }}></sw-diff>`
      }
      <h3>${t.entry.related}</h3>
      ${loaded(this.#related, (related) => relatedList(related), 2)}
      <p class="row">
        <wa-button size="s" appearance="plain" @click=${() => this.#copy(JSON.stringify(entry, undefined, 2))}
          ><sw-icon slot="start" name="copy"></sw-icon>${t.entry.copyJson}</wa-button
        >
      </p>
      <p class="quiet small hash">${t.entry.hash} <code>${entry.hash}</code></p>
    `;
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.send('sw-close');
  }

  #copy(text: string): void {
    void navigator.clipboard.writeText(text).then(() => toast({ text: t.entry.copied, stayMs: 2000 }));
  }
}

/** What entries that belong to this one have in common with it. */
function ties({ reconcileId, source, requestIds }: AuditEntry): AuditFilter[] {
  const requests = [...new Set([...(source?.requestId ? [source.requestId] : []), ...requestIds])].slice(0, 4);
  return [...(reconcileId ? [{ reconcileId }] : []), ...requests.map((requestId) => ({ requestId }))];
}

function facts(entry: AuditEntry): TemplateResult {
  const { at, actor, cluster, object, cloudId, requestIds, reconcileId, source, origin, type } = entry;
  const resource = object && cluster && cloudId ? typeOfKind[object.kind] : undefined;
  const isOperation = /^Action(?:Requested|Done|Failed)$/.test(type);
  return html`<dl>
    ${fact(t.entry.at, html`<time datetime=${at}>${formatTime(at)}</time> <span class="quiet">${formatAgo(at)}</span>`)}
    ${fact(t.entry.actor, only('actor', actor, actorName(actor)))}
    ${cluster ? fact(t.entry.cluster, html`<a href=${`/clusters/${cluster}`}>${cluster}</a>`) : nothing}
    ${
      object
        ? fact(
            t.entry.object,
            html`${only('object', [object.kind, ...(object.namespace ? [object.namespace] : []), object.name].join('/'), objectName(entry))}
            ${object.kind in typeOfKind ? html`<br /><a href=${`/history/${object.kind}/${object.namespace}/${object.name}?at=${encodeURIComponent(at)}`}>${t.entry.thatTime}</a>` : nothing}`,
          )
        : nothing
    }
    ${cloudId ? fact(t.entry.resource, resource ? html`<a class="mono" href=${`/resources/${resource}/${cluster}/${encodeURIComponent(cloudId)}`}>${cloudId}</a>` : only('cloudId', cloudId, cloudId)) : nothing}
    ${requestIds.length > 0 ? fact(t.entry.requests, html`${requestIds.map((id) => html`<div>${only('requestId', id, id)}</div>`)}`) : nothing}
    ${reconcileId && isOperation ? fact(t.entry.operation, html`<a class="mono" href=${`/operations?id=${reconcileId}`}>${reconcileId}</a>`) : nothing}
    ${reconcileId && !isOperation ? fact(t.entry.reconcile, only('reconcileId', reconcileId, reconcileId)) : nothing}
    ${source?.address ? fact(t.entry.address, only('address', source.address, source.address)) : nothing}
    ${source?.session ? fact(t.entry.session, only('session', source.session, source.session)) : nothing}
    ${source?.requestId ? fact(t.entry.request, only('requestId', source.requestId, source.requestId)) : nothing}
    ${origin ? fact(t.entry.origin, origin) : nothing}
  </dl>`;
}

function fact(name: string, value: TemplateResult | string): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

/** Leads to the entries that have the same, and nothing else in common. */
function only(parameter: string, value: string, text: string): TemplateResult {
  return html`<a class=${parameter === 'actor' || parameter === 'object' ? '' : 'mono'} href=${withQuery({ ...noFilter, [parameter]: value })} title=${t.entry.filterBy(value)}>${text}</a>`;
}

function relatedList(related: readonly AuditEntry[]): TemplateResult {
  if (related.length === 0) return html`<p class="quiet">${t.entry.noRelated}</p>`;
  return html`<ol class="related">
    ${related.map(
      (entry) => html`<li>
        <a href=${withQuery({ entry: String(entry.seq) })}>${eventName(entry.type)}</a> ${resultMark(entry.result)}
        <span class="quiet">${entry.message}</span>
      </li>`,
    )}
  </ol>`;
}

define('sw-audit-entry', SwAuditEntry);
