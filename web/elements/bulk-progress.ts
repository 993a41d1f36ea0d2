import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import {
  cancelOperation,
  getOperation,
  hasEnded,
  itemsOfOperation,
  type Operation,
  type OperationState,
  operationStates,
  retryOperation,
} from '../data/operations.ts';
import { followOperation } from '../data/own-operations.ts';
import { watch } from '../data/watch.ts';
import { bulkTexts as t } from '../texts/bulk.ts';
import { formatNumber } from '../texts/format.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import type { IconName } from './icons.ts';
import { problemText } from './state.ts';
import './table.ts';
import type { TableColumn } from './table-columns.ts';

/** As many as one answer tells of; failures come first. */
const mostItems = 500;
const readEveryMs = 700;

const icons: Readonly<Record<OperationState, IconName>> = {
  queued: 'clock',
  running: 'circle-dot',
  succeeded: 'circle-check',
  failed: 'circle-x',
  cancelled: 'minus',
};
const tones: Readonly<Record<OperationState, string>> = {
  queued: 'off',
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'off',
};
const order: readonly OperationState[] = ['failed', 'running', 'queued', 'cancelled', 'succeeded'];

/** How something that is done to many goes, one by one; follows it until it has ended. */
export class SwBulkProgress extends SwElement {
  static override properties = { operation: { attribute: false }, items: { state: true }, problem: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
      }
      .counts {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-m);
      }
      .counts span {
        display: inline-flex;
        align-items: center;
        gap: 0.3em;
      }
      sw-table {
        height: 16rem;
      }
    `,
  ];

  declare operation: Operation;
  declare items: readonly Operation[];
  declare problem: unknown;

  #unwatch: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.items = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch({
      types: ['operation'],
      changed: ({ key }) => {
        if (key === this.operation.id) this.#readSoon();
      },
      reset: () => this.#readSoon(),
    });
    void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const { counts = {}, percent } = this.operation;
    const isOver = hasEnded(this.operation);
    return html`
      <wa-progress-bar value=${percent} label=${t.progress}>${percent} %</wa-progress-bar>
      <div class="counts" role="status">
        ${operationStates.map((state) => ((counts[state] ?? 0) > 0 ? html`<span><sw-icon name=${icons[state]}></sw-icon>${formatNumber(counts[state] ?? 0)} ${t.counts[state]}</span>` : nothing))}
      </div>
      ${this.problem === undefined ? nothing : html`<wa-callout variant="danger" role="alert">${problemText(this.problem)}</wa-callout>`}
      <sw-table .label=${t.items} .columns=${columnsOf()} .rows=${this.items} .keyOf=${keyOf} density="dense"></sw-table>
      <div class="row">
        <span class="quiet grow">${isOver ? nothing : t.goesOn}</span>
        ${isOver ? nothing : html`<wa-button size="s" appearance="outlined" @click=${() => void this.#ask(cancelOperation)}>${t.stop}</wa-button>`}
        ${isOver && (counts.failed ?? 0) > 0 ? html`<wa-button size="s" appearance="outlined" @click=${() => void this.#ask(retryOperation)}><sw-icon slot="start" name="rotate-cw"></sw-icon>${t.retry}</wa-button>` : nothing}
      </div>
    `;
  }

  #readSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, readEveryMs);
  }

  async #read(): Promise<void> {
    const { id } = this.operation;
    try {
      const [operation, { items }] = await Promise.all([getOperation(id), itemsOfOperation(id, { limit: mostItems })]);
      if (this.operation.id !== id) return;
      this.operation = operation;
      this.items = items.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    } catch {
      // The stream tells when there is more to read; what is shown stands.
    }
    if (!hasEnded(this.operation) && this.isConnected) this.#readSoon();
  }

  async #ask(what: (id: string) => Promise<Operation>): Promise<void> {
    this.problem = undefined;
    try {
      this.operation = await what(this.operation.id);
      followOperation(this.operation);
      await this.#read();
    } catch (error) {
      this.problem = error;
    }
  }
}

const keyOf = ({ id }: Operation): string => id;
let made: { readonly by: string; readonly columns: readonly TableColumn<Operation>[] } | undefined;

/** The same ones until the language changes, so that rows need not be drawn anew. */
function columnsOf(): readonly TableColumn<Operation>[] {
  const by = t.resource + t.state;
  if (made?.by === by) return made.columns;
  const columns: readonly TableColumn<Operation>[] = [
    { name: 'resource', label: t.resource, width: 190, isPinned: true, text: ({ targetName, target }) => targetName || target },
    { name: 'cluster', label: t.cluster, width: 110, text: ({ cluster }) => cluster },
    {
      name: 'state',
      label: t.state,
      width: 130,
      text: ({ state, percent }) => `${t.counts[state]}${state === 'running' ? ` ${percent} %` : ''}`,
      cell: ({ state, percent }) =>
        html`<span class="status ${tones[state]}"><sw-icon name=${icons[state]}></sw-icon>${t.counts[state]}${state === 'running' ? ` ${percent} %` : nothing}</span>`,
    },
    { name: 'message', label: t.message, width: 260, text: ({ problem, steps }) => problem?.detail ?? steps.at(-1)?.name ?? '' },
  ];
  made = { by, columns };
  return columns;
}

define('sw-bulk-progress', SwBulkProgress);
