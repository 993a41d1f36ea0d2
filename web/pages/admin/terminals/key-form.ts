import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import { clusterNames } from '../../../data/choices.ts';
import { createKey } from '../../../data/terminal-access.ts';
import { base, define, SwElement } from '../../../elements/element.ts';
import '../../../elements/form-dialog.ts';
import { terminalAccessTexts as texts } from '../../../texts/terminal-access.ts';
import { valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import { cloudSelect } from './cloud-select.ts';

const t = texts.key;

/** Keeps a private key, or has one made. Sends `created` with the key, and `closed`. What was typed is gone with the form. */
export class SwTerminalKeyForm extends SwElement {
  static override properties = {
    name: { state: true },
    cluster: { state: true },
    isGiven: { state: true },
    privateKey: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  };
  static override styles = [base, adminStyles];

  declare name: string;
  declare cluster: string;
  declare isGiven: boolean;
  declare privateKey: string;
  declare problem: unknown;
  declare isBusy: boolean;

  #passphrase = '';
  readonly #clusters = new Task(this, { args: () => [], task: () => clusterNames() });

  constructor() {
    super();
    Object.assign(this, { name: '', cluster: '', isGiven: false, privateKey: '', isBusy: false });
  }

  override render(): TemplateResult {
    return html`<sw-form-dialog
      .heading=${t.create}
      .submit=${t.create}
      .isWide=${true}
      .isBusy=${this.isBusy}
      .isIncomplete=${this.name.trim() === '' || this.cluster === '' || (this.isGiven && this.privateKey.trim() === '')}
      .problem=${this.problem}
      @submitted=${() => void this.#create()}
    >
      <div class="form">
        <div class="pair">
          <wa-input label=${t.name} required autocomplete="off" maxlength="100" .value=${this.name} @input=${(event: Event) => (this.name = valueOf(event))}></wa-input>
          ${cloudSelect(t.cluster, {
            names: this.#clusters.value ?? [],
            value: this.cluster,
            withAll: true,
            chosen: (name) => (this.cluster = name),
          })}
        </div>
        <wa-radio-group
          label=${t.how}
          .value=${this.isGiven ? 'given' : 'generate'}
          @change=${(event: Event) => (this.isGiven = valueOf(event) === 'given')}
        >
          <wa-radio value="generate">${t.generate}</wa-radio>
          <wa-radio value="given">${t.given}</wa-radio>
        </wa-radio-group>
        ${this.isGiven ? this.#given() : nothing}
      </div>
    </sw-form-dialog>`;
  }

  #given(): TemplateResult {
    return html`<wa-textarea
        class="mono"
        label=${t.privateKey}
        hint=${t.privateKeyHint}
        rows="6"
        required
        autocomplete="off"
        spellcheck="false"
        .value=${this.privateKey}
        @input=${(event: Event) => (this.privateKey = valueOf(event))}
      ></wa-textarea>
      <wa-input
        type="password"
        password-toggle
        label=${t.passphrase}
        autocomplete="off"
        @input=${(event: Event) => (this.#passphrase = valueOf(event))}
      ></wa-input>`;
  }

  async #create(): Promise<void> {
    const about = { name: this.name.trim(), cluster: this.cluster };
    const given = { privateKey: this.privateKey, ...(this.#passphrase !== '' && { passphrase: this.#passphrase }) };
    this.isBusy = true;
    this.problem = undefined;
    try {
      this.send('created', await createKey({ ...about, ...(this.isGiven ? given : { generate: true }) }));
    } catch (error) {
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }
}

define('sw-terminal-key-form', SwTerminalKeyForm);
