import { Task } from '@lit/task';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { navigate, setQuery } from '../../app/router.ts';
import { isInScope, scope } from '../../app/scope.ts';
import { listTerminals, recordingRetention, setRecordingRetention } from '../../data/recordings.ts';
import { mayEverywhere, session } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import type { TerminalRow } from '../../data/terminals.ts';
import { CursorRows } from '../../elements/cursor-rows.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { again } from '../../elements/loaded.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/retention-dialog.ts';
import '../../elements/state.ts';
import '../../elements/table.ts';
import { formatNumber, formatTime } from '../../texts/format.ts';
import { recordingTexts as t } from '../../texts/recordings.ts';
import { columns, recordingHref, recordingStyles, serverName } from './columns.ts';
import './filter-bar.ts';
import { filterIn, isFiltered, noFilter } from './filter.ts';

/** Who worked in which terminal, with what was recorded of it. */
export class SwRecordings extends SwPage {
  static override properties = { ...SwPage.properties, rows: { state: true }, isChanging: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-height: 26rem;
      }
      .list {
        flex: 1;
        min-height: 0;
      }
      sw-table {
        height: 100%;
      }
    `,
  ];

  declare rows: CursorRows<TerminalRow>;
  declare isChanging: boolean;

  readonly #retention = new Task(this, {
    args: () => [mayEverywhere('recording.read')] as const,
    task: ([isAllowed], { signal }) => (isAllowed ? recordingRetention(signal) : undefined),
  });
  #asked: string | undefined;
  #leave: (() => void) | undefined;

  constructor() {
    super();
    this.isChanging = false;
    this.rows = this.#open();
    follow(this, scope, session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
    this.rows.close();
    this.#asked = undefined;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const asked = JSON.stringify([Object.keys(noFilter).map((name) => this.query.get(name)), scope.value]);
    if (asked === this.#asked || !this.isConnected) return;
    this.#asked = asked;
    this.#leave?.();
    this.rows.close();
    this.rows = this.#open();
    // Without rows there is no table that would ask for them.
    this.rows.want(0, 1);
  }

  override render(): TemplateResult {
    return html`
      <sw-page-header .heading=${t.title}>
        <p slot="about" class="quiet">${t.about}</p>
        <span slot="actions">${this.#kept()}</span>
      </sw-page-header>
      <sw-recordings-filter .query=${this.query}></sw-recordings-filter>
      <div class="list">${this.#list()}</div>
    `;
  }

  #list(): TemplateResult {
    const { rows } = this;
    if (rows.error !== undefined) return html`<sw-problem .problem=${rows.error} @retry=${() => rows.retry()}></sw-problem>`;
    if (rows.total === 0) return this.#empty();
    return html`<sw-table
      .label=${t.label}
      .columns=${columns()}
      .rows=${rows}
      .keyOf=${(row: TerminalRow) => row.id}
      .nameOf=${(row: TerminalRow) => `${row.user}, ${serverName(row)}, ${formatTime(row.createdAt)}`}
      .cellStyles=${recordingStyles}
      .density=${'dense'}
      @sw-open=${(event: CustomEvent<{ row: TerminalRow }>) => navigate(recordingHref(event.detail.row))}
    ></sw-table>`;
  }

  #empty(): TemplateResult {
    if (!isFiltered(this.query)) return html`<sw-empty icon="film" .heading=${t.none.title} .text=${t.none.text}></sw-empty>`;
    return html`<sw-empty icon="search" .heading=${t.noneFit.title} .text=${t.noneFit.text}>
      <wa-button size="s" @click=${() => setQuery(noFilter)}>${t.noneFit.clear}</wa-button>
    </sw-empty>`;
  }

  #kept(): TemplateResult | typeof nothing {
    const retention = this.#retention.value;
    if (!retention) return nothing;
    return html`<wa-button size="s" appearance="outlined" @click=${() => (this.isChanging = true)}
        ><sw-icon slot="start" name="clock"></sw-icon>${t.retention.kept(formatNumber(retention.days))}</wa-button
      >
      ${
        this.isChanging
          ? html`<sw-retention-dialog
              .retention=${retention}
              .texts=${t.retention}
              .isAllowed=${mayEverywhere('recording.retain')}
              .set=${setRecordingRetention}
              @sw-change=${() => void again(this.#retention)}
              @sw-close=${() => (this.isChanging = false)}
            ></sw-retention-dialog>`
          : nothing
      }`;
  }

  #open(): CursorRows<TerminalRow> {
    const filter = filterIn(this.query, scope.value, Date.now());
    const rows = new CursorRows<TerminalRow>(async (cursor, signal) => {
      const page = await listTerminals(filter, cursor, signal);
      // The server filters by one cloud at most.
      return { ...page, items: page.items.filter(({ cluster }) => isInScope(cluster)) };
    });
    this.#leave = rows.subscribe(() => this.requestUpdate());
    return rows;
  }
}

define('sw-recordings', SwRecordings);
