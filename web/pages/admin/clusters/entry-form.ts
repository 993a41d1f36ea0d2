import { html } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import { base, define, SwElement } from '../../../elements/element.ts';
import { addCloudTexts } from '../../../texts/add-cloud.ts';
import { valueOf } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import type { EnteredConnection } from './entry.ts';

/** A connection entered by hand. Sends `entered` with what is there so far. */
export class SwEntryForm extends SwElement {
  static override properties = { value: { attribute: false }, isNameless: { type: Boolean } };
  static override styles = [base, adminStyles];

  declare value: EnteredConnection;
  /** Without name and description: for a Cluster there is already. */
  declare isNameless: boolean;

  constructor() {
    super();
    this.value = {};
    this.isNameless = false;
  }

  override render() {
    const isApplication = this.value.kind === 'application';
    return html`<div class="form" autocomplete="off">
      ${
        this.isNameless
          ? ''
          : html`<div class="pair">
              ${this.#text('name', addCloudTexts.clusterName, { hint: addCloudTexts.nameHint, isRequired: true })}
              ${this.#text('description', addCloudTexts.form.description)}
            </div>`
      }
      <div class="pair">
        ${this.#text('authUrl', addCloudTexts.form.authUrl, { hint: addCloudTexts.form.authUrlHint, isRequired: true, type: 'url' })}
        <wa-select label=${addCloudTexts.form.kind} .value=${this.value.kind ?? 'password'} @change=${(event: Event) => this.#set('kind', valueOf(event))}>
          <wa-option value="password">${addCloudTexts.form.password}</wa-option>
          <wa-option value="application">${addCloudTexts.form.application}</wa-option>
        </wa-select>
      </div>
      ${isApplication ? this.#application() : this.#password()}
      ${this.isNameless ? '' : this.#reach()}
    </div>`;
  }

  /** Where a Cluster there is reaches its cloud stands in its spec. */
  #reach() {
    return html`<div class="pair">
        ${this.#text('region', addCloudTexts.form.region)}
        <wa-select
          label=${addCloudTexts.form.interface}
          .value=${this.value.interface ?? 'public'}
          @change=${(event: Event) => this.#set('interface', valueOf(event))}
        >
          ${(['public', 'internal', 'admin'] as const).map((one) => html`<wa-option value=${one}>${addCloudTexts.form.interfaces[one]}</wa-option>`)}
        </wa-select>
      </div>
      <wa-textarea
        label=${addCloudTexts.form.ca}
        hint=${addCloudTexts.form.caHint}
        rows="2"
        resize="auto"
        spellcheck="false"
        .value=${this.value.ca ?? ''}
        @input=${(event: Event) => this.#set('ca', valueOf(event))}
      ></wa-textarea>`;
  }

  #password() {
    return html`<div class="pair">
        ${this.#text('username', addCloudTexts.form.username, { isRequired: true })}
        ${this.#text('userDomain', addCloudTexts.form.userDomain, { placeholder: 'Default' })}
      </div>
      ${this.#text('password', addCloudTexts.form.userPassword, { isRequired: true, type: 'password' })}
      <div class="pair">
        ${this.#text('project', addCloudTexts.form.project, { isRequired: true })}
        ${this.#text('projectDomain', addCloudTexts.form.projectDomain, { placeholder: 'Default' })}
      </div>`;
  }

  #application() {
    return html`<div class="pair">
      ${this.#text('credentialId', addCloudTexts.form.credentialId, { isRequired: true })}
      ${this.#text('credentialSecret', addCloudTexts.form.credentialSecret, { isRequired: true, type: 'password' })}
    </div>`;
  }

  #text(
    name: keyof EnteredConnection,
    label: string,
    {
      hint = '',
      placeholder = '',
      isRequired = false,
      type = 'text',
    }: { hint?: string; placeholder?: string; isRequired?: boolean; type?: 'text' | 'url' | 'password' } = {},
  ) {
    // Not the person's own password: the browser is to offer none.
    return html`<wa-input
      name=${name}
      label=${label}
      hint=${hint}
      placeholder=${placeholder}
      type=${type}
      autocomplete=${type === 'password' ? 'new-password' : 'off'}
      spellcheck="false"
      ?password-toggle=${type === 'password'}
      ?required=${isRequired}
      .value=${this.value[name] ?? ''}
      @input=${(event: Event) => this.#set(name, valueOf(event))}
    ></wa-input>`;
  }

  #set(name: keyof EnteredConnection, value: string): void {
    this.value = { ...this.value, [name]: value };
    this.send('entered', this.value);
  }
}

define('sw-entry-form', SwEntryForm);
