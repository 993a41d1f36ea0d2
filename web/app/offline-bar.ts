import { css, html, nothing } from 'lit';
import { isReachable } from '../data/http.ts';
import { waysIn } from '../data/sign-in.ts';
import { follow } from '../data/stored.ts';
import { watchAgain } from '../data/watch.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { frameTexts } from '../texts/frame.ts';

const everyMs = 5000;

/** Says that the server does not answer, for as long as it does not, and tries it. */
export class SwOfflineBar extends SwElement {
  static override styles = [
    base,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-xs) var(--wa-space-s);
        padding: var(--wa-space-xs) var(--wa-space-m);
        background: var(--wa-color-warning-fill-quiet);
        color: var(--wa-color-warning-on-quiet);
        border-block-end: 1px solid var(--wa-color-warning-border-quiet);
      }
      button {
        border: 0;
        background: none;
        padding: 0;
        color: inherit;
        font: inherit;
        text-decoration: underline;
        cursor: pointer;
      }
    `,
  ];

  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #online = () => void this.#look();

  constructor() {
    super();
    follow(this, isReachable);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => !isReachable.value && !document.hidden && void this.#look(), everyMs);
    window.addEventListener('online', this.#online);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    window.removeEventListener('online', this.#online);
  }

  override render() {
    const { title, text, now } = frameTexts.offline;
    return html`<div role="status">
      ${
        isReachable.value
          ? nothing
          : html`<div class="bar"><sw-icon name="unlink"></sw-icon><strong>${title}</strong><span>${text}</span><button @click=${() => this.#look()}>${now}</button></div>`
      }
    </div>`;
  }

  async #look(): Promise<void> {
    try {
      await waysIn();
      watchAgain();
    } catch {
      // It says so already.
    }
  }
}

define('sw-offline-bar', SwOfflineBar);
