import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/divider/divider.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import { type ActionOffer, fetchActions } from '../data/actions.ts';
import type { BulkTarget } from '../data/bulk.ts';
import { actionName } from '../texts/action-names.ts';
import { bulkTexts as t } from '../texts/bulk.ts';
import { formatNumber } from '../texts/format.ts';
import { groupActions } from './action-groups.ts';
import { offersForMany } from './bulk-offers.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import { problemText } from './state.ts';

/** So many of those selected are asked what can be done with them; the preview then asks all. */
const samples = 4;

/** What is selected, and what can be done with it. Sends `sw-clear`, `sw-select-all` and `sw-bulk` {offer}. */
export class SwBulkBar extends SwElement {
  static override properties = {
    type: { type: String },
    count: { type: Number },
    total: { type: Number },
    isAll: { type: Boolean },
    targets: { attribute: false },
    offers: { state: true },
    failure: { state: true },
  };
  static override styles = [
    base,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-xs) var(--wa-space-m);
        padding: var(--wa-space-2xs) var(--wa-space-s);
        border: 1px solid var(--wa-color-brand-border-normal);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-brand-fill-quiet);
      }
      .link {
        border: 0;
        padding: 0;
        background: none;
        color: var(--wa-color-text-link);
        font: inherit;
        cursor: pointer;
      }
      .link:hover {
        text-decoration: underline;
      }
      .why {
        display: block;
        font-size: var(--wa-font-size-s);
        color: var(--wa-color-text-quiet);
        white-space: normal;
      }
    `,
  ];

  declare type: string;
  declare count: number;
  /** All that fit. */
  declare total: number;
  /** All that fit are selected, not only what was seen. */
  declare isAll: boolean;
  /** Some of those selected, to ask what can be done. */
  declare targets: readonly BulkTarget[];
  declare offers: readonly ActionOffer[] | undefined;
  declare failure: unknown;

  constructor() {
    super();
    this.type = '';
    this.count = 0;
    this.total = 0;
    this.isAll = false;
    this.targets = [];
  }

  override render(): TemplateResult {
    return html`<div class="bar" role="region" aria-label=${t.bar}>
      <strong role="status">${this.isAll ? t.allSelected(formatNumber(this.total)) : t.selected(formatNumber(this.count))}</strong>
      ${this.isAll || this.count >= this.total ? nothing : html`<button class="link" @click=${() => this.send('sw-select-all')}>${t.selectAll(formatNumber(this.total))}</button>`}
      <span class="grow"></span>
      <wa-dropdown placement="top-end" @wa-show=${() => void this.#look()} @wa-select=${(event: CustomEvent<{ item: { value: string } }>) => this.#chosen(event.detail.item.value)}>
        <wa-button slot="trigger" size="s" variant="brand" with-caret ?disabled=${this.targets.length === 0} title=${this.targets.length === 0 ? t.notMade : nothing}>${t.actions}</wa-button>
        ${this.#items()}
      </wa-dropdown>
      <wa-button size="s" appearance="plain" @click=${() => this.send('sw-clear')}><sw-icon slot="start" name="x"></sw-icon>${t.clear}</wa-button>
    </div>`;
  }

  #items() {
    if (this.failure !== undefined) return html`<wa-dropdown-item disabled>${problemText(this.failure)}</wa-dropdown-item>`;
    if (!this.offers) return html`<wa-dropdown-item disabled>${t.looking}</wa-dropdown-item>`;
    if (this.offers.length === 0) return html`<wa-dropdown-item disabled>${t.none}</wa-dropdown-item>`;
    return groupActions(this.offers).map(
      ([, own], index) => html`${index === 0 ? nothing : html`<wa-divider></wa-divider>`}${own.map((offer) => item(offer))}`,
    );
  }

  async #look(): Promise<void> {
    this.failure = undefined;
    this.offers = undefined;
    try {
      const asked = this.targets.slice(0, samples).map(({ cluster, id }) => fetchActions({ type: this.type, cluster, id }));
      this.offers = offersForMany(await Promise.all(asked));
    } catch (error) {
      this.failure = error;
    }
  }

  #chosen(name: string): void {
    const offer = this.offers?.find((one) => one.name === name);
    if (offer?.allowed) this.send('sw-bulk', { offer });
  }
}

function item(offer: ActionOffer): TemplateResult {
  const { name, danger, allowed, denied } = offer;
  return html`<wa-dropdown-item value=${name} variant=${danger === 'loss' ? 'danger' : 'default'} ?disabled=${!allowed}>
    ${actionName(name)}${allowed ? nothing : html`<span class="why">${denied ?? t.denied}</span>`}
  </wa-dropdown-item>`;
}

define('sw-bulk-bar', SwBulkBar);
