import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { setQuery } from '../../app/router.ts';
import { recordingStates } from '../../data/terminals.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { filterFields } from '../../elements/shared-styles.ts';
import '../../elements/time-range.ts';
import { recordingTexts as t } from '../../texts/recordings.ts';
import { isFiltered, noFilter, purposes, texts } from './filter.ts';

const settleMs = 300;

/** What the recordings are filtered by; it stands in the address, and is changed there. */
export class SwRecordingsFilter extends SwElement {
  static override properties = { query: { attribute: false } };
  static override styles = [
    base,
    filterFields,
    css`
      .filter {
        padding-block-end: var(--wa-space-xs);
      }
    `,
  ];

  declare query: URLSearchParams;

  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #focus = (event: Event) => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('wa-input')?.focus();
  };

  constructor() {
    super();
    this.query = new URLSearchParams();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('sw-focus-filter', this.#focus);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('sw-focus-filter', this.#focus);
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    return html`<div class="filter">
      ${texts.map((name) => this.#text(name))} ${this.#choice('purpose', purposes, t.purposes)}
      ${this.#choice('recording', recordingStates, t.states)}
      <sw-time-range .query=${this.query}></sw-time-range>
      ${isFiltered(this.query) ? html`<wa-button size="s" appearance="plain" @click=${() => setQuery(noFilter)}>${t.filter.clear}</wa-button>` : nothing}
    </div>`;
  }

  #text(name: (typeof texts)[number]): TemplateResult {
    const label = t.filter[name];
    return html`<wa-input
      size="s"
      .label=${label}
      placeholder=${label}
      .value=${this.query.get(name) ?? ''}
      with-clear
      @input=${(event: Event) => this.#changed(name, (event.target as HTMLInputElement).value)}
      >${name === 'q' ? html`<sw-icon slot="start" name="search"></sw-icon>` : nothing}</wa-input
    >`;
  }

  #choice<T extends string>(name: 'purpose' | 'recording', values: readonly T[], names: Readonly<Record<T, string>>): TemplateResult {
    return html`<wa-select
      size="s"
      .label=${t.filter[name]}
      .value=${this.query.get(name) ?? '*'}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        setQuery({ [name]: value === '*' ? undefined : value });
      }}
    >
      <wa-option value="*">${t.filter.every}</wa-option>
      ${values.map((value) => html`<wa-option value=${value}>${names[value]}</wa-option>`)}
    </wa-select>`;
  }

  #changed(name: string, value: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setQuery({ [name]: value.trim() }), settleMs);
  }
}

define('sw-recordings-filter', SwRecordingsFilter);
