import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import type WaCheckbox from '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { frameTexts } from '../texts/frame.ts';
import { base, define, SwElement } from './element.ts';

export interface Doubt {
  readonly title: string;
  readonly text: string;
  /** What it is about, word for word. */
  readonly shown: string;
  readonly more?: string;
  readonly go: string;
  /** The label of a box by which it is never asked again. */
  readonly never?: string;
  readonly confirmed: (isNever: boolean) => void;
}

/** Shows what is about to be done, and asks. Sends `sw-closed`. */
export class SwTerminalConfirm extends SwElement {
  static override properties = { doubt: { attribute: false } };
  static override styles = [
    base,
    css`
      wa-dialog {
        --width: min(44rem, 94vw);
      }
      .body {
        display: grid;
        gap: var(--wa-space-s);
      }
      pre {
        margin: 0;
        padding: var(--wa-space-xs);
        max-height: 45vh;
        overflow: auto;
        background: var(--wa-color-surface-lowered);
        border-radius: var(--wa-border-radius-s);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare doubt: Doubt;

  override render() {
    const { title, text, shown, more, go, never } = this.doubt;
    return html`<wa-dialog label=${title} open @wa-after-show=${() => this.#focus()} @wa-after-hide=${(event: Event) => event.target === event.currentTarget && this.send('sw-closed')}>
      <div class="body">
        <p>${text}</p>
        <pre tabindex="0">${shown}</pre>
        ${more ? html`<p class="quiet">${more}</p>` : nothing}
        ${never ? html`<wa-checkbox size="s">${never}</wa-checkbox>` : nothing}
      </div>
      <wa-button slot="footer" size="s" appearance="outlined" @click=${() => this.#close()}>${frameTexts.close}</wa-button>
      <wa-button slot="footer" size="s" variant="brand" data-submit @click=${() => this.#confirm()}>${go}</wa-button>
    </wa-dialog>`;
  }

  #focus(): void {
    this.renderRoot.querySelector<HTMLElement>('[data-submit]')?.focus();
  }

  #confirm(): void {
    this.doubt.confirmed(this.renderRoot.querySelector<WaCheckbox>('wa-checkbox')?.checked ?? false);
    this.#close();
  }

  #close(): void {
    const dialog = this.renderRoot.querySelector('wa-dialog');
    if (dialog) dialog.open = false;
  }
}

define('sw-terminal-confirm', SwTerminalConfirm);
