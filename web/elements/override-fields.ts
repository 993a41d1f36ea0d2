import { css, html } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type WaInput from '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import type WaSelect from '@awesome.me/webawesome/dist/components/select/select.js';
import type { Override } from '../data/actions.ts';
import { actionTexts as t } from '../texts/actions.ts';
import { base, define, SwElement } from './element.ts';

const hourMs = 3_600_000;
const choices = [1, 4, 24, 72, 168] as const;

/** Why, and for how long, a declared field is left as a person makes it; sends `sw-change` with the override, undefined while a reason is missing. */
export class SwOverrideFields extends SwElement {
  static override properties = { reason: { state: true }, hours: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
        padding: var(--wa-space-s);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
      }
    `,
  ];

  declare reason: string;
  declare hours: number;

  constructor() {
    super();
    this.reason = '';
    this.hours = 4;
  }

  override render() {
    return html`
      <p><strong>${t.override}</strong></p>
      <p class="quiet">${t.gitOps}</p>
      <wa-input
        size="s"
        label=${t.overrideReason}
        required
        maxlength="500"
        .value=${this.reason}
        @input=${(event: Event) => this.#set({ reason: (event.target as WaInput).value ?? '' })}
      ></wa-input>
      <wa-select
        size="s"
        label=${t.overrideUntil}
        .value=${String(this.hours)}
        @change=${(event: Event) => this.#set({ hours: Number((event.target as WaSelect).value) })}
      >
        ${choices.map((hours) => html`<wa-option value=${hours}>${hours < 48 ? t.hours(hours) : t.days(hours / 24)}</wa-option>`)}
      </wa-select>
    `;
  }

  #set(change: { readonly reason?: string; readonly hours?: number }): void {
    Object.assign(this, change);
    const reason = this.reason.trim();
    const until = new Date(Date.now() + this.hours * hourMs).toISOString();
    this.send('sw-change', reason === '' ? undefined : ({ reason, until } satisfies Override));
  }
}

define('sw-override-fields', SwOverrideFields);
