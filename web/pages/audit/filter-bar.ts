import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { setQuery, withQuery } from '../../app/router.ts';
import { results } from '../../data/audit.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { filterFields, segments } from '../../elements/shared-styles.ts';
import '../../elements/icon.ts';
import '../../elements/time-range.ts';
import { eventName, eventTypes, auditTexts as t } from '../../texts/audit.ts';
import { kindName, typeOfKind } from '../../texts/kinds.ts';
import { isFiltered, noFilter, rarer, type single } from './filter.ts';
import { auditStyles } from './styles.ts';

/** Objects that entries are about; people and roles have none. */
const kinds = ['Cluster', ...Object.keys(typeOfKind), 'Secret'];
const settleMs = 300;

/** What the log is filtered by; it stands in the address, and is changed there. */
export class SwAuditFilter extends SwElement {
  static override properties = { query: { attribute: false }, isWide: { state: true } };
  static override styles = [base, segments, filterFields, auditStyles];

  declare query: URLSearchParams;
  /** Shows the fields that are needed rarely. */
  declare isWide: boolean;

  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #focus = (event: Event) => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('wa-input')?.focus();
  };

  constructor() {
    super();
    this.query = new URLSearchParams();
    this.isWide = false;
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

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('query')) return;
    // A filter that hides itself cannot be understood.
    if (['actor', 'kind', ...rarer].some((name) => this.query.has(name))) this.isWide = true;
  }

  override render(): TemplateResult {
    return html`
      <div class="filter">
        <nav class="results segments" aria-label=${t.resultLabel}>
          ${['', ...results].map(
            (name) =>
              html`<a href=${withQuery({ result: name })} aria-current=${(this.query.get('result') ?? '') === name ? 'true' : nothing}
                >${name === '' ? t.result.all : t.result[name as 'ok']}</a
              >`,
          )}
        </nav>
        ${this.#text('text', 'search')} ${this.#several('type', eventTypes, eventName)} <sw-time-range .query=${this.query}></sw-time-range>
        <wa-button size="s" appearance="plain" aria-expanded=${String(this.isWide)} @click=${() => (this.isWide = !this.isWide)}>
          <sw-icon slot="start" name="funnel"></sw-icon>${t.filter.more}
        </wa-button>
        ${isFiltered(this.query) ? html`<wa-button size="s" appearance="plain" @click=${() => setQuery(noFilter)}>${t.filter.clear}</wa-button>` : nothing}
        <span class="grow"></span>
        <slot></slot>
      </div>
      ${
        this.isWide
          ? html`<div class="filter more">
              ${this.#text('actor')} ${this.#several('kind', kinds, kindName)} ${rarer.map((name) => this.#text(name))}
            </div>`
          : nothing
      }
    `;
  }

  #text(name: (typeof single)[number], icon?: 'search'): TemplateResult {
    const label = t.filter[name];
    return html`<wa-input
      size="s"
      .label=${label}
      placeholder=${icon ? label : name === 'object' ? t.filter.objectForm : ''}
      .value=${this.query.get(name) ?? ''}
      with-clear
      @input=${(event: Event) => this.#changed(name, (event.target as HTMLInputElement).value)}
      >${icon ? html`<sw-icon slot="start" name=${icon}></sw-icon>` : nothing}</wa-input
    >`;
  }

  #several(name: 'type' | 'kind', values: readonly string[], text: (value: string) => string): TemplateResult {
    const chosen = (this.query.get(name) ?? '').split(',').filter((value) => value !== '');
    const label = t.filter[name];
    return html`<wa-select
      size="s"
      multiple
      with-clear
      max-options-visible="1"
      .label=${label}
      placeholder=${t.filter.anyOf}
      .value=${chosen}
      @change=${(event: Event) => setQuery({ [name]: [(event.target as HTMLSelectElement).value].flat().join(',') })}
    >
      ${[...new Set([...values, ...chosen])].map((value) => html`<wa-option value=${value}>${text(value)}</wa-option>`)}
    </wa-select>`;
  }

  #changed(name: string, value: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setQuery({ [name]: value.trim() }), settleMs);
  }
}

define('sw-audit-filter', SwAuditFilter);
