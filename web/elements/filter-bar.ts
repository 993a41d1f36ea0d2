import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { live } from 'lit/directives/live.js';
import { createRef, ref } from 'lit/directives/ref.js';
import { filterTexts as t } from '../texts/filter.ts';
import { base, define, SwElement } from './element.ts';
import { filterStyles } from './filter-styles.ts';
import { type AskValues, askedColumn, type Suggestion, type Suggestions, suggestionsAtOnce, valuesFor } from './filter-suggestions.ts';
import { type FilterColumn, problemOf, splitFilter, testIn } from './filter-tokens.ts';
import './icon.ts';

const nothingToSuggest: Suggestions = { items: [] };
const debounceMs = 250;

/**
 * Tokens of a filter, with completion. `value` is the filter; `refusal` what the server said of it, if it refused. Sends `sw-filter` {value}
 * with each token that is done, and while text to look for is typed.
 */
export class SwFilterBar extends SwElement {
  static override properties = {
    value: { type: String },
    columns: { attribute: false },
    ask: { attribute: false },
    refusal: { type: String },
    tokens: { state: true },
    typed: { state: true },
    suggestions: { state: true },
    chosen: { state: true },
    isOpen: { state: true },
  };
  static override styles = [base, filterStyles];

  declare value: string;
  declare columns: readonly FilterColumn[];
  declare ask: AskValues | undefined;
  declare refusal: string | undefined;
  declare tokens: readonly string[];
  declare typed: string;
  declare suggestions: Suggestions;
  /** Index of a suggestion; -1 for none. */
  declare chosen: number;
  declare isOpen: boolean;

  readonly #input = createRef<HTMLInputElement>();
  #sent: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor() {
    super();
    this.value = '';
    this.columns = [];
    this.tokens = [];
    this.typed = '';
    this.suggestions = nothingToSuggest;
    this.chosen = -1;
    this.isOpen = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  override focus(): void {
    this.#input.value?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('value') || this.value === this.#sent) return;
    // It came from elsewhere: Back, a saved view, a link.
    this.#sent = this.value;
    this.tokens = splitFilter(this.value);
    this.typed = '';
  }

  override render(): TemplateResult {
    const isSuggesting = this.isOpen && (this.suggestions.items.length > 0 || this.suggestions.note !== undefined);
    return html`
      <div class="bar" @click=${() => this.focus()}>
        <sw-icon name="funnel"></sw-icon>
        ${this.tokens.length > 0 ? html`<div class="tokens" role="group" aria-label=${t.tokens}>${this.tokens.map((token, index) => this.#token(token, index))}</div>` : nothing}
        <input
          ${ref(this.#input)}
          type="text"
          role="combobox"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          maxlength="500"
          aria-label=${t.label}
          aria-autocomplete="list"
          aria-expanded=${String(isSuggesting)}
          aria-controls="suggestions"
          aria-activedescendant=${isSuggesting && this.chosen >= 0 ? `suggestion-${this.chosen}` : nothing}
          aria-invalid=${this.#problems.length > 0 ? 'true' : 'false'}
          aria-describedby="problems"
          placeholder=${this.tokens.length === 0 ? t.placeholder : t.more}
          .value=${live(this.typed)}
          @input=${(event: InputEvent) => this.#typing((event.target as HTMLInputElement).value)}
          @keydown=${(event: KeyboardEvent) => this.#pressed(event)}
          @focus=${() => this.#suggest()}
          @blur=${() => this.#left()}
        />
        ${
          this.tokens.length > 0 || this.typed !== ''
            ? html`<button class="clear" aria-label=${t.clear} title=${t.clear} @click=${() => this.#clear()}><sw-icon name="x"></sw-icon></button>`
            : nothing
        }
      </div>
      <ul class="problems" id="problems" aria-live="polite">
        ${this.#problems.map((problem) => html`<li><sw-icon name="circle-alert"></sw-icon>${problem}</li>`)}
      </ul>
      <div class="suggestions" id="suggestions" role="listbox" aria-label=${t.suggestions} ?hidden=${!isSuggesting}>
        ${this.suggestions.items.map((one, index) => this.#suggestion(one, index))}
        ${this.suggestions.note === undefined ? nothing : html`<div class="note" role="presentation">${this.suggestions.note}</div>`}
      </div>
    `;
  }

  #token(token: string, index: number): TemplateResult {
    const test = testIn(token);
    const isNot = token.startsWith('-') && token.length > 1;
    const rest = isNot ? token.slice(1) : token;
    const shown = test ? html`<span class="key">${test.key}${test.operator}</span>${test.value}` : rest;
    return html`<span class=${classMap({ token: true, wrong: this.#isWrong(token) })}>
      <button aria-label=${t.edit(token)} @click=${(event: Event) => this.#edit(index, event)}>${isNot ? html`<span class="not">−</span>` : nothing}${shown}</button>
      <button aria-label=${t.remove(token)} title=${t.remove(token)} @click=${(event: Event) => this.#remove(index, event)}><sw-icon name="x"></sw-icon></button>
    </span>`;
  }

  #suggestion(one: Suggestion, index: number): TemplateResult {
    return html`<div
      class="suggestion"
      role="option"
      id="suggestion-${index}"
      aria-selected=${String(index === this.chosen)}
      @pointerdown=${(event: Event) => {
        // The input keeps the focus.
        event.preventDefault();
        this.#take(one);
      }}
    >
      <span>${one.text}</span><span>${one.says}</span>
    </div>`;
  }

  /** What is wrong with the tokens that are done; what only the server knows comes from it. */
  get #problems(): string[] {
    if (this.columns.length === 0) return this.refusal === undefined ? [] : [this.refusal];
    const own = this.tokens.flatMap((token) => {
      const problem = problemOf(token, this.columns);
      return problem ? [t.problems[problem.reason](problem.about)] : [];
    });
    return own.length > 0 || this.refusal === undefined ? own : [this.refusal];
  }

  #isWrong(token: string): boolean {
    if (this.columns.length > 0 && problemOf(token, this.columns)) return true;
    return this.refusal?.startsWith(`${token}:`) ?? false;
  }

  #typing(text: string): void {
    // A blank outside quotation marks ends a token.
    const parts = splitFilter(text);
    const isEnded = /\s$/.test(text) && (text.match(/"/g) ?? []).length % 2 === 0;
    if (parts.length > 1 || (isEnded && parts.length > 0)) {
      this.typed = isEnded ? '' : (parts.at(-1) ?? '');
      this.tokens = [...this.tokens, ...(isEnded ? parts : parts.slice(0, -1))];
    } else this.typed = text.trimStart();
    this.#suggest();
    this.#sendSoon();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { items } = this.suggestions;
    const isSuggesting = this.isOpen && items.length > 0;
    const chosen = isSuggesting ? items[this.chosen] : undefined;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!this.isOpen) this.#suggest();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (items.length > 0) this.chosen = (this.chosen + step + items.length + (this.chosen < 0 && step < 0 ? 1 : 0)) % items.length;
    } else if (event.key === 'Enter') {
      if (chosen) this.#take(chosen);
      else this.#done();
    } else if (event.key === 'Tab' && chosen && !event.shiftKey) this.#take(chosen);
    else if (event.key === 'Escape' && this.isOpen) this.#close();
    else if (event.key === 'Backspace' && this.typed === '' && this.tokens.length > 0) this.#edit(this.tokens.length - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take(one: Suggestion): void {
    this.typed = one.text;
    if (one.goesOn) this.#suggest();
    else this.#done();
  }

  /** What is typed becomes a token. */
  #done(): void {
    const parts = splitFilter(this.typed.trim());
    this.tokens = [...this.tokens, ...parts];
    this.typed = '';
    this.#suggest();
    this.#close();
    this.#send();
  }

  #left(): void {
    this.#close();
    if (this.typed.trim() !== '') this.#done();
  }

  #edit(index: number, event?: Event): void {
    event?.stopPropagation();
    const text = this.tokens[index] ?? '';
    this.tokens = this.tokens.toSpliced(index, 1);
    this.typed = text;
    this.focus();
    this.#suggest();
  }

  #remove(index: number, event: Event): void {
    event.stopPropagation();
    this.tokens = this.tokens.toSpliced(index, 1);
    this.focus();
    this.#close();
    this.#send();
  }

  #clear(): void {
    this.tokens = [];
    this.typed = '';
    this.#send();
  }

  #close(): void {
    this.isOpen = false;
    this.chosen = -1;
    this.#asking?.abort();
  }

  #suggest(): void {
    this.isOpen = true;
    this.chosen = -1;
    this.#asking?.abort();
    const { typed, columns } = this;
    this.suggestions = suggestionsAtOnce(typed, columns);
    if (!this.ask || !askedColumn(typed, columns)) return;
    const asking = new AbortController();
    this.#asking = asking;
    void this.#askFor(typed, this.ask, asking);
  }

  async #askFor(typed: string, ask: AskValues, asking: AbortController): Promise<void> {
    await new Promise((done) => setTimeout(done, 120));
    if (asking.signal.aborted) return;
    try {
      const found = await valuesFor(typed, this.columns, { others: this.#valid, ask, signal: asking.signal });
      if (!asking.signal.aborted) this.suggestions = found;
    } catch {
      // Without completion one types on.
    }
  }

  get #valid(): string[] {
    return this.tokens.filter((token) => !problemOf(token, this.columns));
  }

  #sendSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), debounceMs);
  }

  /** With what is typed so far, where that is text to look for. */
  #send(): void {
    clearTimeout(this.#timer);
    const text = this.typed.trim();
    const isText = text !== '' && !testIn(text) && !problemOf(text, this.columns);
    const value = [...this.tokens, ...(isText ? [text] : [])].join(' ');
    if (value === this.#sent) return;
    this.#sent = value;
    this.send('sw-filter', { value });
  }
}

define('sw-filter-bar', SwFilterBar);
