import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import {
  cancelOperation,
  getOperation,
  hasEnded,
  hasFailed,
  itemsOfOperation,
  type Operation,
  retryOperation,
} from '../../data/operations.ts';
import { followOperation } from '../../data/own-operations.ts';
import { may, mayEverywhere, session } from '../../data/session.ts';
import { watch } from '../../data/watch.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { operationParts } from '../../elements/operation-state.ts';
import { problemText } from '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import { formatAgo, formatTime } from '../../texts/format.ts';
import { frameTexts } from '../../texts/frame.ts';
import { operationTexts as t } from '../../texts/operations.ts';

/** One operation: how far it is, its steps, what came of each resource, what it asked the cloud. Sends `sw-close`. */
export class SwOperationDetail extends SwElement {
  static override properties = {
    operationId: { type: String },
    operation: { state: true },
    items: { state: true },
    next: { state: true },
    problem: { state: true },
  };
  static override styles = [
    base,
    css`
      :host {
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-l);
        background: var(--wa-color-surface-raised);
        padding: var(--wa-space-m);
      }
      .head {
        display: flex;
        gap: var(--wa-space-s);
        align-items: start;
        padding-block-end: var(--wa-space-xs);
      }
      h2 {
        flex: 1;
        font-size: var(--wa-font-size-m);
        overflow-wrap: anywhere;
      }
      h3 {
        padding-block: var(--wa-space-s) var(--wa-space-3xs);
        font-size: var(--wa-font-size-s);
        color: var(--wa-color-text-quiet);
      }
      .close {
        border: 0;
        background: none;
        color: inherit;
        cursor: pointer;
        padding: var(--wa-space-2xs);
      }
      ol,
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-2xs) var(--wa-space-s);
        padding-block: 0.15rem;
        overflow-wrap: anywhere;
      }
      li .when {
        margin-inline-start: auto;
        font-size: var(--wa-font-size-s);
      }
      li .why {
        flex-basis: 100%;
        font-size: var(--wa-font-size-s);
      }
      pre {
        margin: 0;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        max-height: 16rem;
        overflow: auto;
      }
      wa-callout {
        margin-block: var(--wa-space-xs);
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare operationId: string;
  declare operation: Operation | undefined;
  declare items: readonly Operation[];
  declare next: string | undefined;
  declare problem: unknown;
  #end: (() => void) | undefined;

  constructor() {
    super();
    this.items = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = watch({
      types: ['operation'],
      changed: ({ key, body }) => key === this.operationId && body !== null && this.#take(body as unknown as Operation),
      reset: () => void this.#read(),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('operationId')) return;
    this.operation = undefined;
    this.items = [];
    void this.#read();
  }

  override render() {
    const { operation } = this;
    if (this.problem !== undefined) return html`${this.#head('')}<p role="alert">${problemText(this.problem)}</p>`;
    if (!operation) return html`${this.#head('')}<sw-loading></sw-loading>`;
    const [what, on] = operationParts(operation);
    const { cluster, actor, createdAt, problem, counts } = operation;
    return html`
      ${this.#head(on === '' ? what : `${what} · ${on}`)}
      <div class="row"><sw-operation-state .operation=${operation}></sw-operation-state>${this.#buttons(operation)}</div>
      <p class="quiet">${[actor, cluster, formatTime(createdAt)].filter((one) => one !== '').join(' · ')}</p>
      ${counts ? html`<p>${t.counts(counts.succeeded ?? 0, counts.failed ?? 0, (counts.queued ?? 0) + (counts.running ?? 0))}</p>` : nothing}
      ${problem ? html`<wa-callout variant="danger" size="s"><strong>${t.problem}</strong><p>${problem.detail}</p></wa-callout>` : nothing}
      ${this.#steps(operation)} ${this.#items()} ${this.#told(operation)}
    `;
  }

  #head(title: string) {
    return html`<div class="head">
      <h2>${title}</h2>
      <button class="close" aria-label=${t.closeDetails} @click=${() => this.send('sw-close')}><sw-icon name="x"></sw-icon></button>
    </div>`;
  }

  #buttons(operation: Operation) {
    const isTheirs = operation.actor !== session.value?.username && !may('operation.change');
    const button = (text: string, run: () => void, isOff = false) =>
      html`<wa-button size="s" ?disabled=${isTheirs || isOff} title=${isTheirs ? t.notYours : nothing} @click=${run}>${text}</wa-button>`;
    if (!hasEnded(operation)) return button(t.cancel, () => void this.#act(cancelOperation), operation.cancelRequestedAt !== undefined);
    if (!hasFailed(operation) && operation.state !== 'cancelled') return nothing;
    return button(operation.counts ? t.retryFailed : t.retry, () => void this.#act(retryOperation));
  }

  #steps({ steps }: Operation) {
    if (steps.length === 0) return nothing;
    return html`<h3>${t.steps}</h3>
      <ol>
        ${steps.map(({ name, at }) => html`<li><span>${name}</span>${at ? html`<span class="when quiet" title=${formatTime(at)}>${formatAgo(at)}</span>` : nothing}</li>`)}
      </ol>`;
  }

  #items() {
    if (this.items.length === 0) return nothing;
    return html`<h3>${t.items}</h3>
      <ul>
        ${repeat(
          this.items,
          ({ id }) => id,
          (one) => html`<li>
            <a href="/resources/${[one.type, one.cluster, one.target].map(encodeURIComponent).join('/')}">${one.targetName || one.target}</a>
            <span class="quiet">${one.cluster}</span><span class="when"><sw-operation-state .operation=${one}></sw-operation-state></span>
            ${one.problem ? html`<span class="why quiet">${one.problem.detail}</span>` : nothing}
          </li>`,
        )}
      </ul>
      ${this.next === undefined ? nothing : html`<wa-button size="s" @click=${() => this.#readItems(this.next)}>${t.more}</wa-button>`}`;
  }

  #told({ input, result, requestIds, problem, retryOf }: Operation) {
    const ids = [...new Set([...requestIds, ...(problem?.requestIds ?? [])])];
    const hasInput = input !== null && Object.keys(input).length > 0;
    return html`
      ${hasInput ? html`<h3>${t.input}</h3><pre tabindex="0">${JSON.stringify(input, undefined, 2)}</pre>` : nothing}
      ${result === undefined || result === null ? nothing : html`<h3>${t.result}</h3><pre tabindex="0">${JSON.stringify(result, undefined, 2)}</pre>`}
      ${
        ids.length === 0
          ? nothing
          : html`<h3>${t.requestIds}</h3><ul>${ids.map((id) => html`<li class="mono">${mayEverywhere('audit.read') ? html`<a href="/audit?requestId=${id}">${id}</a>` : id}</li>`)}</ul>`
      }
      ${retryOf === undefined ? nothing : html`<h3>${t.retryOf}</h3><a class="mono" href="/operations?id=${retryOf}">${retryOf}</a>`}
    `;
  }

  #take(operation: Operation): void {
    this.operation = operation;
    if (operation.counts) void this.#readItems();
  }

  async #act(deed: (id: string) => Promise<Operation>): Promise<void> {
    try {
      const operation = await deed(this.operationId);
      followOperation(operation);
      if (operation.id === this.operationId) this.#take(operation);
    } catch (error) {
      toast({ text: problemText(error), tone: 'danger' });
    }
  }

  async #read(): Promise<void> {
    const wanted = this.operationId;
    try {
      const operation = await getOperation(wanted);
      if (wanted !== this.operationId) return;
      this.problem = undefined;
      this.#take(operation);
    } catch (error) {
      if (wanted === this.operationId) this.problem = error;
    }
  }

  /** From the first, or those behind what is shown; a bulk that goes on has its first items read again and again, and no more. */
  async #readItems(cursor?: string): Promise<void> {
    const wanted = this.operationId;
    try {
      const { items, next } = await itemsOfOperation(wanted, { cursor });
      if (wanted !== this.operationId) return;
      this.items = cursor === undefined ? [...items, ...this.items.slice(items.length)] : [...this.items, ...items];
      if (cursor !== undefined || this.items.length <= items.length) this.next = next;
    } catch (error) {
      toast({ text: `${frameTexts.failed.title} ${problemText(error)}`, tone: 'danger' });
    }
  }
}

define('sw-operation-detail', SwOperationDetail);
