import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type WaInput from '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import type WaTextarea from '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import type { Credentials } from '#api/terminal/protocol.ts';
import { connectTexts as t } from '../texts/terminal-connect.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';

/** No private key is longer. */
const longestKey = 30 * 1024;

/** A private key, typed or from a file, that is given once and kept nowhere. */
export class SwTerminalKeyField extends SwElement {
  static override properties = { isTooLong: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
      }
      input {
        display: none;
      }
    `,
  ];

  declare isTooLong: boolean;

  constructor() {
    super();
    this.isTooLong = false;
  }

  override render() {
    return html`<wa-textarea size="s" label=${t.keyLabel} hint=${t.keyHint} rows="4" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength=${longestKey}></wa-textarea>
      <div class="row">
        <wa-button size="s" appearance="outlined" @click=${() => this.renderRoot.querySelector('input')?.click()}>
          <sw-icon slot="start" name="upload"></sw-icon>${t.file}
        </wa-button>
        <input type="file" aria-label=${t.file} @change=${(event: Event) => void this.#read(event.target as HTMLInputElement)} />
        ${this.isTooLong ? html`<span role="alert">${t.tooLong}</span>` : nothing}
      </div>
      <wa-input size="s" type="password" label=${t.passphrase} autocomplete="off" maxlength="1024"></wa-input>`;
  }

  /** Hands the key over, and forgets it; undefined when there is none. */
  take(): Credentials | undefined {
    const [key, passphrase] = [this.#area(), this.renderRoot.querySelector('wa-input') as WaInput];
    const privateKey = (key.value ?? '').trim();
    const secret = passphrase.value ?? '';
    key.value = '';
    passphrase.value = '';
    return privateKey === '' ? undefined : { privateKey: `${privateKey}\n`, ...(secret !== '' && { passphrase: secret }) };
  }

  async #read(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    input.value = '';
    if (!file) return;
    this.isTooLong = file.size > longestKey;
    if (!this.isTooLong) this.#area().value = await file.text();
  }

  #area(): WaTextarea {
    return this.renderRoot.querySelector('wa-textarea') as WaTextarea;
  }
}

define('sw-terminal-key-field', SwTerminalKeyField);
