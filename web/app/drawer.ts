import { css, html } from 'lit';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { frameTexts } from '../texts/frame.ts';
import './navigation.ts';
import { here } from './router.ts';

/** The navigation on a phone: over the page, and gone once one has chosen. */
export class SwDrawer extends SwElement {
  static override styles = [
    base,
    css`
      dialog {
        width: min(17rem, 85vw);
        height: 100dvh;
        max-height: none;
        margin: 0;
        padding: 0;
        border: 0;
        color: var(--wa-color-text-normal);
        background: var(--wa-color-surface-lowered);
        box-shadow: var(--wa-shadow-l);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 35%);
      }
      .head {
        display: flex;
        justify-content: space-between;
        align-items: center;
        min-height: var(--sw-bar-height);
        padding-inline: var(--wa-space-m) var(--wa-space-xs);
      }
      button {
        border: 0;
        background: none;
        color: inherit;
        min-width: 2rem;
        min-height: 2rem;
        cursor: pointer;
      }
    `,
  ];
  readonly #end: () => void;

  constructor() {
    super();
    this.#end = here.subscribe(() => this.renderRoot.querySelector('dialog')?.close());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end();
  }

  open(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override render() {
    return html`<dialog aria-label=${frameTexts.navigation} @click=${(event: Event) => this.#outside(event)}>
      <div class="head">
        <strong>${frameTexts.product}</strong>
        <button aria-label=${frameTexts.close} @click=${() => this.renderRoot.querySelector('dialog')?.close()}><sw-icon name="x"></sw-icon></button>
      </div>
      <sw-navigation whole></sw-navigation>
    </dialog>`;
  }

  #outside(event: Event): void {
    const [target] = event.composedPath();
    if (target instanceof HTMLDialogElement) target.close();
  }
}

define('sw-drawer', SwDrawer);
