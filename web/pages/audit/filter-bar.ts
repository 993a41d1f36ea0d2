import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { setQuery, withQuery } from '../../app/router.ts';
import { results } from '../../data/audit.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { segments } from '../../elements/shared-styles.ts';
import '../../elements/icon.ts';
import { eventName, eventTypes, auditTexts as t } from '../../texts/audit.ts';
import { kindName, typeOfKind } from '../../texts/kinds.ts';
import { isFiltered, noFilter, type RangeName, rangeNamed, ranges, rarer, type single } from './filter.ts';
import { auditStyles } from './styles.ts';

/** Objects that entries are about; people and roles have none. */
const kinds = ['Cluster', ...Object.keys(typeOfKind), 'Secret'];
const settleMs = 300;

/** What the log is filtered by; it stands in the address, and is changed there. */
export class SwAuditFilter extends SwElement {
  static override properties = { query: { attribute: false }, isWide: { state: true }, hasTimes: { state: true } };
  static override styles = [base, segments, auditStyles];

  declare query: URLSearchParams;
  /** Shows the fields that are needed rarely. */
  declare isWide: boolean;
  declare hasTimes: boolean;

  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #focus = (event: Event) => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('wa-input')?.focus();
  };

  constructor() {
    super();
    this.query = new URLSearchParams();
    this.isWide = false;
    this.hasTimes = false;
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
    if (this.query.has('since') || this.query.has('until')) this.hasTimes = true;
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
        ${this.#text('text', 'search')} ${this.#several('type', eventTypes, eventName)} ${this.#time()}
        <wa-button size="s" appearance="plain" aria-expanded=${String(this.isWide)} @click=${() => (this.isWide = !this.isWide)}>
          <sw-icon slot="start" name="funnel"></sw-icon>${t.filter.more}
        </wa-button>
        ${isFiltered(this.query) ? html`<wa-button size="s" appearance="plain" @click=${() => this.#clear()}>${t.filter.clear}</wa-button>` : nothing}
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

  #time(): TemplateResult {
    const chosen = this.hasTimes ? 'custom' : (rangeNamed(this.query) ?? 'any');
    return html`<wa-select class="time" size="s" .label=${t.filter.time} .value=${chosen} @change=${(event: Event) => this.#range(event)}>
        <wa-option value="any">${t.filter.any}</wa-option>
        ${(Object.keys(ranges) as RangeName[]).map((name) => html`<wa-option value=${name}>${t.filter.ranges[name]}</wa-option>`)}
        <wa-option value="custom">${t.filter.custom}</wa-option>
      </wa-select>
      ${this.hasTimes ? html`${this.#moment('since')}${this.#moment('until')}` : nothing}`;
  }

  #moment(name: 'since' | 'until'): TemplateResult {
    const label = t.filter[name];
    return html`<wa-input
      size="s"
      class="moment"
      type="datetime-local"
      .label=${label}
      .value=${localText(this.query.get(name))}
      @change=${(event: Event) => setQuery({ [name]: momentText((event.target as HTMLInputElement).value), range: undefined })}
    ></wa-input>`;
  }

  #range(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.hasTimes = value === 'custom';
    if (!this.hasTimes) setQuery({ range: value === 'any' ? undefined : value, since: undefined, until: undefined });
  }

  #changed(name: string, value: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setQuery({ [name]: value.trim() }), settleMs);
  }

  #clear(): void {
    this.hasTimes = false;
    setQuery(noFilter);
  }
}

/** A moment as the field of the browser takes it, in the time of the browser. */
function localText(moment: string | null): string {
  const at = moment ? new Date(moment) : undefined;
  if (!at || Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function momentText(local: string): string | undefined {
  return local === '' ? undefined : new Date(local).toISOString();
}

define('sw-audit-filter', SwAuditFilter);
