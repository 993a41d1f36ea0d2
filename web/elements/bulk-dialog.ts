import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type { ActionInput, ActionOffer } from '../data/actions.ts';
import { type BulkPreview, type BulkTarget, type BulkWish, beginBulk, previewBulk } from '../data/bulk.ts';
import { Problem } from '../data/http.ts';
import type { Operation } from '../data/operations.ts';
import { followOperation } from '../data/own-operations.ts';
import { actionName } from '../texts/action-names.ts';
import { bulkTexts as t } from '../texts/bulk.ts';
import { formatNumber } from '../texts/format.ts';
import './bulk-preview.ts';
import './bulk-progress.ts';
import { base, define, SwElement } from './element.ts';
import { faultsOf } from './schema-fields.ts';
import './schema-form.ts';
import { problemText } from './state.ts';

const debounceMs = 300;

/** One action on many: asks for what it takes, shows what would become of each, has it confirmed, and follows it. Sends `sw-closed` {hasBegun}. */
export class SwBulkDialog extends SwElement {
  static override properties = {
    offer: { attribute: false },
    targets: { attribute: false },
    filter: { type: String },
    count: { type: Number },
    input: { state: true },
    preview: { state: true },
    problem: { state: true },
    typed: { state: true },
    isSending: { state: true },
    operation: { state: true },
  };
  static override styles = [
    base,
    css`
      wa-dialog {
        --width: min(46rem, 96vw);
      }
      .parts {
        display: grid;
        gap: var(--wa-space-m);
      }
    `,
  ];

  declare offer: ActionOffer;
  /** Those named; or undefined, and `filter` says which. */
  declare targets: readonly BulkTarget[] | undefined;
  declare filter: string | undefined;
  /** How many there were when they were selected. */
  declare count: number;
  declare input: ActionInput;
  declare preview: BulkPreview | undefined;
  declare problem: unknown;
  declare typed: string;
  declare isSending: boolean;
  declare operation: Operation | undefined;

  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #key = crypto.randomUUID();

  constructor() {
    super();
    this.count = 0;
    this.input = {};
    this.typed = '';
    this.isSending = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  override render(): TemplateResult {
    const action = actionName(this.offer.name);
    return html`<wa-dialog open label=${t.title(action, formatNumber(this.#toDo))} @wa-after-hide=${(event: Event) => this.#hidden(event)}>
      <div class="parts">${this.operation ? html`<sw-bulk-progress .operation=${this.operation}></sw-bulk-progress>` : this.#question()}</div>
      ${this.operation ? html`<wa-button slot="footer" variant="brand" data-dialog="close">${t.close}</wa-button>` : this.#buttons()}
    </wa-dialog>`;
  }

  #question(): TemplateResult {
    const fields = Object.keys(this.offer.input.properties ?? {}).length;
    return html`
      ${
        fields === 0
          ? nothing
          : html`<sw-schema-form
              .schema=${this.offer.input}
              .value=${this.input}
              .errors=${this.problem instanceof Problem ? this.problem.errors : []}
              @sw-change=${(event: CustomEvent<{ value: ActionInput }>) => this.#filled(event.detail.value)}
            ></sw-schema-form>`
      }
      ${this.problem === undefined ? nothing : html`<wa-callout variant="danger" role="alert">${problemText(this.problem)}</wa-callout>`}
      ${this.preview ? html`<sw-bulk-preview .preview=${this.preview} ?fits-then=${this.filter !== undefined}></sw-bulk-preview>` : this.#wait()}
      ${this.#expected === undefined ? nothing : this.#confirmation(this.#expected)}
    `;
  }

  #wait(): TemplateResult | typeof nothing {
    if (this.problem !== undefined) return nothing;
    return html`<p class="quiet" role="status">${this.#isComplete ? t.previewing : t.incomplete}</p>`;
  }

  #confirmation(expected: string): TemplateResult {
    return html`<wa-input
      label=${t.type(expected)}
      autocomplete="off"
      .value=${this.typed}
      @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}
      @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && void this.#begin()}
    ></wa-input>`;
  }

  #buttons(): TemplateResult {
    const { danger, name } = this.offer;
    return html`
      <wa-button slot="footer" appearance="plain" data-dialog="close">${t.cancel}</wa-button>
      <wa-button
        slot="footer"
        variant=${danger === 'loss' ? 'danger' : danger === 'interrupts' ? 'warning' : 'brand'}
        ?disabled=${!this.#mayBegin}
        ?loading=${this.isSending}
        @click=${() => void this.#begin()}
      >${t.begin(actionName(name), formatNumber(this.#toDo))}</wa-button>
    `;
  }

  get #toDo(): number {
    return this.preview?.possible ?? this.count;
  }

  get #isComplete(): boolean {
    return faultsOf(this.offer.input, this.input).size === 0;
  }

  /** What is typed to confirm it: of what cannot simply be taken back how many it is done to, or of a single one that is lost its name. */
  get #expected(): string | undefined {
    const { danger } = this.offer;
    const { possible = 0, items = [] } = this.preview ?? {};
    if (danger === 'none' || possible === 0) return undefined;
    if (possible > 1) return String(possible);
    const only = items.find(({ problem }) => !problem);
    return danger === 'loss' ? (only?.name ?? only?.id) : undefined;
  }

  get #mayBegin(): boolean {
    const { preview, isSending, typed } = this;
    if (!preview || preview.possible === 0 || isSending || !this.#isComplete) return false;
    return this.#expected === undefined || typed.trim() === this.#expected;
  }

  get #wish(): BulkWish {
    const { offer, input, targets, filter } = this;
    return { action: offer.name, input, ...(targets ? { targets } : { filter: filter ?? '' }) };
  }

  #filled(input: ActionInput): void {
    this.input = input;
    this.preview = undefined;
    this.problem = undefined;
    this.#asking?.abort();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), debounceMs);
  }

  async #look(): Promise<void> {
    if (!this.#isComplete) return;
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const preview = await previewBulk(this.#wish, asking.signal);
      if (!asking.signal.aborted) this.preview = preview;
    } catch (error) {
      if (!asking.signal.aborted) this.problem = error;
    }
  }

  async #begin(): Promise<void> {
    if (!this.#mayBegin) return;
    this.isSending = true;
    this.problem = undefined;
    try {
      this.operation = await beginBulk(this.#wish, this.#key);
      followOperation(this.operation);
    } catch (error) {
      this.problem = error;
    } finally {
      this.isSending = false;
    }
  }

  #hidden(event: Event): void {
    if (event.target === event.currentTarget) this.send('sw-closed', { hasBegun: this.operation !== undefined });
  }
}

define('sw-bulk-dialog', SwBulkDialog);
