import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { setQuery } from '../../app/router.ts';
import { scope } from '../../app/scope.ts';
import { type AuditEntry, type AuditFilter, followAudit, listAudit } from '../../data/audit.ts';
import { follow } from '../../data/stored.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/state.ts';
import '../../elements/table.ts';
import type { SwTable } from '../../elements/table.ts';
import { auditTexts as t } from '../../texts/audit.ts';
import { formatNumber } from '../../texts/format.ts';
import './audit-tools.ts';
import { AuditRows } from './audit-rows.ts';
import { cellStyles, columns } from './columns.ts';
import './entry-panel.ts';
import './filter-bar.ts';
import { filterIn, isFiltered, noFilter } from './filter.ts';
import { auditStyles } from './styles.ts';

/** Keys of the filter in the address: what else stands there does not change what is listed. */
const shownBeside = new Set(['entry', 'clusters']);

/** The audit log: filtered, live, each entry with what changed and what belongs to it. */
export class SwAudit extends SwPage {
  static override properties = { ...SwPage.properties, isPaused: { state: true }, isLive: { state: true }, rows: { state: true } };
  static override styles = [base, auditStyles];

  declare isPaused: boolean;
  declare isLive: boolean;
  declare rows: AuditRows;

  readonly #table = createRef<SwTable<AuditEntry>>();
  #filter: AuditFilter = {};
  #asked: string | undefined;
  #endTail: (() => void) | undefined;
  #endRows: (() => void) | undefined;

  constructor() {
    super();
    this.isPaused = false;
    this.isLive = false;
    this.rows = this.#open({});
    follow(this, scope);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    this.#asked = undefined;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const asked = JSON.stringify([[...this.query].filter(([name]) => !shownBeside.has(name)), scope.value]);
    if (asked === this.#asked || !this.isConnected) return;
    this.#asked = asked;
    this.#leave();
    this.#filter = filterIn(this.query, scope.value, Date.now());
    this.rows = this.#open(this.#filter);
  }

  override render(): TemplateResult {
    const entry = Number(this.query.get('entry') ?? Number.NaN);
    const isShown = Number.isInteger(entry) && entry > 0;
    return html`
      <sw-page-header .heading=${t.title}>
        <span slot="about" class="quiet about">${t.about}</span>
        <sw-audit-tools slot="actions" .filter=${this.#filter}></sw-audit-tools>
      </sw-page-header>
      <sw-audit-filter .query=${this.query}>${this.#live()}</sw-audit-filter>
      <div class="body">
        <div class="list">${this.#list()}</div>
        ${
          isShown
            ? html`<sw-audit-entry .seq=${entry} .known=${this.rows.find(entry)} @sw-close=${() => this.#closeEntry()}></sw-audit-entry>`
            : nothing
        }
      </div>
    `;
  }

  #list(): TemplateResult {
    const { rows } = this;
    if (rows.error !== undefined) return html`<sw-problem .problem=${rows.error} @retry=${() => rows.retry()}></sw-problem>`;
    if (rows.total === 0) return this.#empty();
    return html`<sw-table
      ${ref(this.#table)}
      .label=${t.label}
      .columns=${columns()}
      .rows=${rows}
      .keyOf=${(row: AuditEntry) => String(row.seq)}
      .nameOf=${(row: AuditEntry) => row.message}
      .cellStyles=${cellStyles}
      .density=${'dense'}
      @sw-open=${(event: CustomEvent<{ row: AuditEntry }>) => setQuery({ entry: String(event.detail.row.seq) }, { replace: false })}
    ></sw-table>`;
  }

  #empty(): TemplateResult {
    if (!isFiltered(this.query)) return html`<sw-empty icon="scroll-text" .heading=${t.none.title} .text=${t.none.text}></sw-empty>`;
    return html`<sw-empty icon="search" .heading=${t.noneFit.title} .text=${t.noneFit.text}>
      <wa-button size="s" @click=${() => setQuery(noFilter)}>${t.noneFit.clear}</wa-button>
    </sw-empty>`;
  }

  /** Whether new entries come, and those that wait. */
  #live(): TemplateResult | typeof nothing {
    if (this.#filter.until !== undefined) return nothing;
    const { waiting } = this.rows;
    const isOn = this.isLive && !this.isPaused;
    return html`<span class="live">
      ${waiting > 0 ? html`<wa-button size="s" variant="brand" @click=${() => this.#showWaiting()}>${t.waiting(formatNumber(waiting))}</wa-button>` : nothing}
      <wa-button size="s" appearance="plain" aria-pressed=${String(isOn)} @click=${() => (this.isPaused = !this.isPaused)}>
        <sw-icon slot="start" name=${isOn ? 'pause' : 'play'}></sw-icon>${this.isPaused ? t.resume : t.pause}
      </wa-button>
    </span>`;
  }

  #showWaiting(): void {
    this.isPaused = false;
    this.rows.show();
    this.#table.value?.scrollToRow(0);
  }

  #closeEntry(): void {
    setQuery({ entry: undefined }, { replace: false });
    this.#table.value?.focus();
  }

  #open(filter: AuditFilter): AuditRows {
    const rows = new AuditRows((cursor, signal) => listAudit(filter, { cursor, signal }));
    this.#endRows = rows.subscribe(() => {
      if (rows.total !== undefined) this.#followFrom(rows);
      this.requestUpdate();
    });
    // An empty log has no table that would ask for its rows.
    if (this.isConnected) rows.want(0, 1);
    return rows;
  }

  /** New entries are followed once it is known which is the newest. */
  #followFrom(rows: AuditRows): void {
    if (this.#endTail || this.#filter.until !== undefined || rows !== this.rows) return;
    this.#endTail = followAudit(this.#filter, rows.newest, {
      came: (entry) => rows.came(entry, this.isPaused || (this.#table.value?.firstInView ?? 0) > 0),
      state: (isLive) => (this.isLive = isLive),
    });
  }

  #leave(): void {
    this.#endTail?.();
    this.#endTail = undefined;
    this.#endRows?.();
    this.rows.close();
    this.isLive = false;
  }
}

define('sw-audit', SwAudit);
