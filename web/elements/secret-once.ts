import { css, html } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import { actionTexts as t } from '../texts/actions.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';

/** Secrets that the server tells once, to be copied or downloaded. */
export class SwSecretOnce extends SwElement {
  static override properties = { secret: { attribute: false }, name: { type: String }, copied: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
      }
      pre {
        margin: var(--wa-space-2xs) 0;
        padding: var(--wa-space-s);
        max-height: 16rem;
        overflow: auto;
        background: var(--wa-color-surface-lowered);
        border-radius: var(--wa-border-radius-m);
        user-select: all;
      }
    `,
  ];

  declare secret: Readonly<Record<string, string>>;
  /** Names the file. */
  declare name: string;
  declare copied: string | undefined;

  override render() {
    return html`<wa-callout variant="warning" size="s">
        <sw-icon slot="icon" name="key-round"></sw-icon><strong>${t.secret.title}.</strong> ${t.secret.text}
      </wa-callout>
      ${Object.entries(this.secret).map(
        ([field, text]) =>
          html`<div>
            <strong>${field === 'privateKey' ? t.secret.privateKey : t.secret.password}</strong>
            <pre tabindex="0">${text}</pre>
            <div class="row">
              <wa-button size="s" appearance="outlined" @click=${() => this.#copy(field, text)}>
                <sw-icon slot="start" name=${this.copied === field ? 'check' : 'copy'}></sw-icon>${this.copied === field ? t.secret.copied : t.secret.copy}
              </wa-button>
              <wa-button size="s" appearance="outlined" @click=${() => download(this.name + (field === 'privateKey' ? '.pem' : '.txt'), text)}>
                <sw-icon slot="start" name="download"></sw-icon>${t.secret.download}
              </wa-button>
            </div>
          </div>`,
      )}`;
  }

  async #copy(field: string, text: string): Promise<void> {
    await navigator.clipboard.writeText(text);
    this.copied = field;
  }
}

/** Hands a text to the person as a file. */
export function download(name: string, text: string, type = 'text/plain'): void {
  const href = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href, download: name.replaceAll(/[^\w.@-]/g, '_') });
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

define('sw-secret-once', SwSecretOnce);
