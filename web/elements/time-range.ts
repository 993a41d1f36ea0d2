import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { setQuery } from '../app/router.ts';
import { timeRangeTexts as t } from '../texts/time-range.ts';
import { base, define, SwElement } from './element.ts';
import { filterFields } from './shared-styles.ts';
import { localText, momentText, type RangeName, rangeNamed, ranges } from './time-span.ts';

/** Chooses from when until when, by name or by two moments; it stands in the address (`range`, `since`, `until`). */
export class SwTimeRange extends SwElement {
  static override properties = { query: { attribute: false }, hasTimes: { state: true } };
  static override styles = [
    base,
    filterFields,
    css`
      :host {
        display: contents;
      }
      .filter wa-select {
        flex-basis: 10.5rem;
        min-width: 10rem;
      }
      .filter wa-input {
        flex-basis: 13rem;
      }
    `,
  ];

  declare query: URLSearchParams;
  declare hasTimes: boolean;

  constructor() {
    super();
    this.query = new URLSearchParams();
    this.hasTimes = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const isSet = (query: URLSearchParams | undefined) => query !== undefined && (query.has('since') || query.has('until'));
    if (isSet(this.query)) this.hasTimes = true;
    else if (isSet(changed.get('query') as URLSearchParams | undefined)) this.hasTimes = false;
  }

  override render(): TemplateResult {
    const chosen = this.hasTimes ? 'custom' : (rangeNamed(this.query) ?? 'any');
    return html`<div class="filter">
      <wa-select size="s" .label=${t.time} .value=${chosen} @change=${(event: Event) => this.#range(event)}>
        <wa-option value="any">${t.any}</wa-option>
        ${(Object.keys(ranges) as RangeName[]).map((name) => html`<wa-option value=${name}>${t.ranges[name]}</wa-option>`)}
        <wa-option value="custom">${t.custom}</wa-option>
      </wa-select>
      ${this.hasTimes ? html`${this.#moment('since')}${this.#moment('until')}` : nothing}
    </div>`;
  }

  #moment(name: 'since' | 'until'): TemplateResult {
    return html`<wa-input
      size="s"
      type="datetime-local"
      .label=${t[name]}
      .value=${localText(this.query.get(name))}
      @change=${(event: Event) => setQuery({ [name]: momentText((event.target as HTMLInputElement).value), range: undefined })}
    ></wa-input>`;
  }

  #range(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    if (value === 'custom') this.hasTimes = true;
    else setQuery({ range: value === 'any' ? undefined : value, since: undefined, until: undefined });
  }
}

define('sw-time-range', SwTimeRange);
