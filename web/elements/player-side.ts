import { Task } from '@lit/task';
import { css, html, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { type Hit, type Mark, searchRecording } from '../data/recordings.ts';
import { formatNumber } from '../texts/format.ts';
import { playerTexts as t } from '../texts/player.ts';
import { base, define, SwElement } from './element.ts';
import { loaded } from './loaded.ts';
import { clockText } from './player-clock.ts';
import './state.ts';
import './table.ts';
import type { TableColumn } from './table-columns.ts';

const settleMs = 400;

/** What one can jump to in a recording: its commands, or where a text was shown. Sends `sw-seek` {atMs}. */
export class SwPlayerSide extends SwElement {
  static override properties = { terminalId: { type: String }, marks: { attribute: false }, text: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--wa-space-xs);
        min-width: 0;
        min-height: 0;
      }
      .list {
        flex: 1;
        min-height: 10rem;
      }
      sw-table {
        height: 100%;
      }
      .small {
        font-size: var(--wa-font-size-s);
      }
    `,
  ];

  declare terminalId: string;
  declare marks: readonly Mark[];
  declare text: string;

  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #found = new Task(this, {
    args: () => [this.terminalId, this.text] as const,
    task: ([id, text], { signal }) => (text === '' ? undefined : searchRecording(id, text, signal)),
  });

  constructor() {
    super();
    this.marks = [];
    this.text = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('wa-input')?.focus();
  }

  override render(): TemplateResult {
    return html`
      <wa-input
        size="s"
        type="search"
        with-clear
        maxlength="200"
        label=${t.search}
        .value=${this.text}
        @input=${(event: Event) => this.#typed((event.target as HTMLInputElement).value)}
        ><sw-icon slot="start" name="search"></sw-icon
      ></wa-input>
      ${this.text === '' ? this.#marks() : this.#hits()}
    `;
  }

  #marks(): TemplateResult {
    return html`<h2>${t.marks}</h2>
      <p class="quiet small">${t.marksHint}</p>
      ${this.marks.length === 0 ? html`<p class="quiet">${t.noMarks}</p>` : this.#list(t.marks, this.marks, 'label')}`;
  }

  #hits(): TemplateResult {
    if (this.#found.value === undefined && this.#found.status < 2) return html`<p role="status">${t.searching}</p>`;
    return loaded(this.#found, (found) => {
      if (!found || found.items.length === 0) return html`<p role="status">${t.noHits}</p>`;
      const count = formatNumber(found.items.length);
      return html`<p role="status">${found.isCut ? t.hitsCut(count) : t.hits(count)}</p>
        ${this.#list(t.search, found.items, 'line')}`;
    });
  }

  #list(label: string, rows: readonly Row[], name: 'label' | 'line'): TemplateResult {
    const textOf = (row: Row) => ('label' in row ? row.label : row.line);
    const columns: readonly TableColumn<Row>[] = [
      { name: 'at', label: t.columns.at, width: 74, isPinned: true, text: ({ atMs }) => clockText(atMs) },
      { name, label: t.columns[name], width: 160, text: textOf, cell: (row) => html`<span class="mono">${textOf(row)}</span>` },
    ];
    const numbered = new Map(rows.map((row, index) => [row, index]));
    return html`<div class="list">
      <sw-table
        .label=${label}
        .columns=${columns}
        .rows=${rows}
        .keyOf=${(row: Row) => String(numbered.get(row))}
        .nameOf=${(row: Row) => t.jumpTo(clockText(row.atMs), textOf(row))}
        .density=${'dense'}
        @click=${(event: MouseEvent) => this.#clicked(event, rows)}
        @sw-open=${(event: CustomEvent<{ row: Row }>) => this.send('sw-seek', { atMs: event.detail.row.atMs })}
      ></sw-table>
    </div>`;
  }

  /** One click is enough: there is nothing else to do with a row. */
  #clicked(event: MouseEvent, rows: readonly { readonly atMs: number }[]): void {
    const row = event.composedPath().find((one) => one instanceof HTMLElement && one.role === 'row');
    const at = row instanceof HTMLElement ? rows[Number(row.getAttribute('aria-rowindex')) - 2] : undefined;
    if (at) this.send('sw-seek', { atMs: at.atMs });
  }

  #typed(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.text = text.trim()), settleMs);
  }
}

type Row = Mark | Hit;

define('sw-player-side', SwPlayerSide);
