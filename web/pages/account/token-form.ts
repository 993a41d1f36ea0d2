import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { makeToken, type TokenScope } from '../../data/account.ts';
import { cloudStates } from '../../data/cloud-states.ts';
import { session } from '../../data/session.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { accountTexts } from '../../texts/account.ts';
import { valueOf } from '../admin/parts.ts';
import { adminStyles } from '../admin/styles.ts';
import { fieldsOf } from '../sign-in/open-page.ts';
import { Sending } from './form.ts';

const t = accountTexts.tokens;
const expiries = ['7', '30', '90', '365', 'never'] as const;
const dayMs = 86_400_000;

/** A new token: what it is for, how long it is good, and what it may at most. Sends `sw-made` with it, or `sw-cancel`. */
export class SwTokenForm extends SwElement {
  static override properties = { scope: { state: true }, chosen: { state: true }, clusters: { state: true } };
  static override styles = [
    base,
    adminStyles,
    css`
      fieldset {
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        padding: var(--wa-space-xs) var(--wa-space-s);
        margin: 0;
        max-height: 14rem;
        overflow: auto;
      }
      legend {
        padding-inline: var(--wa-space-2xs);
        font-size: var(--wa-font-size-s);
      }
      fieldset label {
        display: inline-flex;
        align-items: center;
        gap: var(--wa-space-2xs);
        width: 13rem;
        max-width: 100%;
      }
    `,
  ];

  declare scope: 'all' | 'read' | 'chosen';
  declare chosen: ReadonlySet<string>;
  declare clusters: readonly string[];
  readonly #sending = new Sending(this);

  constructor() {
    super();
    this.scope = 'all';
    this.chosen = new Set();
    this.clusters = [];
  }

  override render() {
    return html`<form @submit=${(event: SubmitEvent) => this.#make(event)}>
      ${this.#sending.shown()}
      <wa-input name="name" size="s" label=${t.name} placeholder=${t.namePlaceholder} maxlength="100" required autofocus></wa-input>
      <wa-select name="expiry" size="s" label=${t.expiry} value="90">
        ${expiries.map((one) => html`<wa-option value=${one}>${t.expiries[one]}</wa-option>`)}
      </wa-select>
      <wa-radio-group size="s" orientation="horizontal" label=${t.scope} .value=${this.scope} @change=${(event: Event) => (this.scope = valueOf(event) as 'all')}>
        ${(['all', 'read', 'chosen'] as const).map((one) => html`<wa-radio appearance="button" value=${one}>${t.scopes[one]}</wa-radio>`)}
      </wa-radio-group>
      ${this.scope === 'chosen' ? this.#permissions() : nothing} ${this.#clusters()}
      <div class="buttons">
        <wa-button size="s" appearance="outlined" @click=${() => this.send('sw-cancel')}>${accountTexts.cancel}</wa-button>
        <wa-button size="s" type="submit" variant="brand" ?loading=${this.#sending.isBusy} ?disabled=${this.scope === 'chosen' && this.chosen.size === 0}>
          ${t.make}
        </wa-button>
      </div>
    </form>`;
  }

  #permissions() {
    const own = (session.value?.permissions ?? []).map(({ permission }) => permission).toSorted();
    return html`<fieldset>
      <legend>${t.permissions}</legend>
      ${own.map(
        (one) =>
          html`<label><input type="checkbox" .checked=${this.chosen.has(one)} @change=${() => this.#toggle(one)} /><span class="mono">${one}</span></label>`,
      )}
      ${this.chosen.size === 0 ? html`<p class="quiet">${t.choose}</p>` : nothing}
    </fieldset>`;
  }

  #clusters() {
    const clouds = cloudStates.value ?? [];
    if (clouds.length < 2) return nothing;
    return html`<wa-select size="s" multiple with-clear label=${t.clusters} placeholder=${t.anywhere} .value=${[...this.clusters]} @change=${(event: Event) => this.#within(event)}>
      ${clouds.map(({ name }) => html`<wa-option value=${name}>${name}</wa-option>`)}
    </wa-select>`;
  }

  #within(event: Event): void {
    this.clusters = (event.target as unknown as { readonly value: readonly string[] }).value;
  }

  #toggle(permission: string): void {
    const next = new Set(this.chosen);
    if (!next.delete(permission)) next.add(permission);
    this.chosen = next;
  }

  #wanted(): TokenScope | null {
    const own = (session.value?.permissions ?? []).map(({ permission }) => permission as string);
    const permissions = this.scope === 'read' ? own.filter((one) => one.endsWith('.read')) : [...this.chosen];
    const scope = { ...(this.scope !== 'all' && { permissions }), ...(this.clusters.length > 0 && { clusters: this.clusters }) };
    return Object.keys(scope).length === 0 ? null : scope;
  }

  async #make(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = fieldsOf(event);
    const days = Number(given('expiry'));
    const expiresAt = Number.isFinite(days) && days > 0 ? new Date(Date.now() + days * dayMs).toISOString() : null;
    await this.#sending.send(async () => {
      const made = await makeToken({ name: given('name').trim(), expiresAt, scope: this.#wanted() });
      this.send('sw-made', made);
    });
  }
}

define('sw-token-form', SwTokenForm);
