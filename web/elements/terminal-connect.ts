import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type WaInput from '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import type WaSelect from '@awesome.me/webawesome/dist/components/select/select.js';
import type { Credentials } from '#api/terminal/protocol.ts';
import { type ChosenInstance, keepChoice, lastChoice, type TerminalChoice } from '../data/terminal-choices.ts';
import { fetchTarget, type TerminalPurpose, type TerminalTarget, type TerminalWish } from '../data/terminals.ts';
import { terminalTexts } from '../texts/terminal.ts';
import { connectTexts as t } from '../texts/terminal-connect.ts';
import { base, define, SwElement } from './element.ts';
import { loaded } from './loaded.ts';
import { problemText } from './state.ts';
import { firstChoice, purposes, wishOf } from './terminal-choice.ts';
import { connectStyles } from './terminal-connect-styles.ts';
import './terminal-key-field.ts';
import type { SwTerminalKeyField } from './terminal-key-field.ts';

/** What is wanted, and what is given once for it. */
export interface ConnectWish {
  readonly wish: TerminalWish;
  readonly credentials?: Credentials;
  readonly name: string;
}

/** How to reach an instance: purpose, profile or address and user, and by what to sign in. Sends `sw-connect` with a ConnectWish, and `sw-named` with what the
 * instance is called. */
export class SwTerminalConnect extends SwElement {
  static override properties = {
    target: { attribute: false },
    failure: { attribute: false },
    isBusy: { type: Boolean },
    choice: { state: true },
  };
  static override styles = [base, connectStyles];

  declare target: ChosenInstance;
  /** Why the last try did not even begin. */
  declare failure: unknown;
  declare isBusy: boolean;
  declare choice: TerminalChoice;

  readonly #task = new Task(this, {
    task: async ([cluster, server], { signal }) => {
      const found = await fetchTarget(cluster, server, signal);
      this.choice = firstChoice(found, lastChoice(this.target));
      this.send('sw-named', found.name);
      return found;
    },
    args: () => [this.target.cluster, this.target.server] as const,
  });

  constructor() {
    super();
    this.isBusy = false;
    this.choice = { purpose: 'ssh', signIn: 'ask' };
  }

  override render() {
    return loaded(this.#task, (target) => this.#form(target));
  }

  #form(target: TerminalTarget): TemplateResult {
    const { purpose } = this.choice;
    return html`<form @submit=${(event: Event) => this.#submit(event, target)} @keydown=${(event: KeyboardEvent) => this.#key(event, target)}>
      <h2>${t.to(target.name)}</h2>
      <fieldset class="purposes"><legend>${t.purpose}</legend>${purposes.map((one) => this.#purpose(one, target))}</fieldset>
      ${purpose === 'ssh' ? this.#ssh(target) : nothing}
      <div class="facts quiet">${this.#facts(target)}</div>
      ${this.failure === undefined ? nothing : html`<wa-callout variant="danger" size="s" role="alert">${problemText(this.failure)}</wa-callout>`}
      <div class="row">
        <wa-button size="s" variant="brand" type="submit" data-submit ?disabled=${!target.purposes[purpose].allowed} ?loading=${this.isBusy}>${t.connect}</wa-button>
      </div>
    </form>`;
  }

  #purpose(purpose: TerminalPurpose, { purposes: all }: TerminalTarget): TemplateResult {
    const { allowed, why } = all[purpose];
    return html`<label>
      <input type="radio" name="purpose" value=${purpose} .checked=${this.choice.purpose === purpose} ?disabled=${!allowed} @change=${() => this.#choose({ purpose })} />
      <span>${terminalTexts.purposes[purpose]}</span>
      ${allowed ? nothing : html`<span class="why">${why ?? t.cannot}</span>`}
    </label>`;
  }

  #ssh(target: TerminalTarget): TemplateResult {
    const { choice } = this;
    const profile = target.profiles.find(({ id }) => id === choice.profile);
    return html`${
      target.profiles.length > 0
        ? html`<wa-select size="s" label=${t.profile} .value=${choice.profile ?? 'none'} @change=${(event: Event) => this.#take('profile', (event.target as WaSelect).value)}>
            <wa-option value="none">${t.noProfile}</wa-option>
            ${target.profiles.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
          </wa-select>`
        : nothing
    }
      <div class="pair">
        <wa-input size="s" name="user" label=${t.user} hint=${t.userHint} autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64"
          .value=${choice.user ?? ''} placeholder=${profile?.user ?? ''} ?required=${!profile} @input=${(event: Event) => this.#take('user', (event.target as WaInput).value)}></wa-input>
        <wa-input size="s" name="port" label=${t.port} type="number" min="1" max="65535" without-spin-buttons
          .value=${choice.port === undefined ? '' : String(choice.port)} placeholder=${String(profile?.port ?? 22)} @input=${(event: Event) => this.#takePort((event.target as WaInput).value)}></wa-input>
      </div>
      <wa-select size="s" label=${t.address} .value=${choice.address ?? 'automatic'} @change=${(event: Event) => this.#take('address', (event.target as WaSelect).value)}>
        <wa-option value="automatic">${t.automatic}</wa-option>
        ${target.addresses.map(({ address, kind, network }) => html`<wa-option value=${address}>${address} (${t.kinds[kind]}${network ? `, ${network}` : ''})</wa-option>`)}
      </wa-select>
      ${profile?.hasKey ? html`<p class="quiet">${t.withProfileKey}</p>` : nothing}
      <wa-radio-group size="s" orientation="horizontal" label=${t.signIn} .value=${choice.signIn} @change=${(event: Event) => this.#choose({ signIn: (event.target as HTMLInputElement).value === 'key' ? 'key' : 'ask' })}>
        <wa-radio appearance="button" value="ask">${t.ask}</wa-radio>
        <wa-radio appearance="button" value="key">${t.key}</wa-radio>
      </wa-radio-group>
      ${choice.signIn === 'key' ? html`<sw-terminal-key-field></sw-terminal-key-field>` : nothing}`;
  }

  #facts({ recording, bastion, hostKeys }: TerminalTarget): TemplateResult {
    const isSsh = this.choice.purpose === 'ssh';
    return html`<span>${this.choice.purpose === 'vnc' ? t.screenNotRecorded : t.recording[recording]}</span>
      ${this.choice.purpose === 'serial' ? html`<span>${terminalTexts.serialHint} <code>stty rows ROWS cols COLUMNS</code></span>` : nothing}
      ${isSsh ? html`<span>${hostKeys.length > 0 ? t.keysKnown(hostKeys.length) : t.keysUnknown}</span>` : nothing}
      ${isSsh && bastion ? html`<span>${t.bastion(bastion.host, bastion.user)}</span>` : nothing}`;
  }

  #take(field: 'profile' | 'user' | 'address', value: unknown): void {
    const text = typeof value === 'string' ? value.trim() : '';
    const { [field]: _before, ...others } = this.choice;
    this.choice = text === '' || text === 'none' || text === 'automatic' ? others : { ...others, [field]: text };
  }

  #takePort(value: unknown): void {
    const { port: _before, ...others } = this.choice;
    const port = Number(value);
    this.choice = Number.isInteger(port) && port > 0 && port < 65_536 ? { ...others, port } : others;
  }

  #choose(change: Partial<TerminalChoice>): void {
    this.choice = { ...this.choice, ...change };
  }

  #key(event: KeyboardEvent, target: TerminalTarget): void {
    if (event.key === 'Enter' && event.target instanceof Element && event.target.localName === 'wa-input') this.#submit(event, target);
  }

  #submit(event: Event, target: TerminalTarget): void {
    event.preventDefault();
    const { choice } = this;
    const needsUser = choice.purpose === 'ssh' && choice.profile === undefined && choice.user === undefined;
    const user = this.renderRoot.querySelector<WaInput>('wa-input[name=user]');
    if (needsUser) {
      user?.reportValidity();
      user?.focus();
      return;
    }
    if (this.isBusy || !target.purposes[choice.purpose].allowed) return;
    keepChoice(this.target, choice);
    const credentials =
      choice.purpose === 'ssh' ? this.renderRoot.querySelector<SwTerminalKeyField>('sw-terminal-key-field')?.take() : undefined;
    const wish = wishOf(this.target, choice);
    this.send('sw-connect', { wish, name: target.name, ...(credentials && { credentials }) } satisfies ConnectWish);
  }
}

define('sw-terminal-connect', SwTerminalConnect);
