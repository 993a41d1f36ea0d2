import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type WaInput from '@awesome.me/webawesome/dist/components/input/input.js';
import { type Found, searchResources } from '../data/search.ts';
import { connectTexts as t } from '../texts/terminal-connect.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import { problemText } from './state.ts';

const settleMs = 120;

/** Finds an instance by name, id or address. Sends `sw-found` with its cluster, id and name. */
export class SwTerminalFind extends SwElement {
  static override properties = { found: { state: true }, failure: { state: true }, words: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        width: min(36rem, 100%);
      }
      ul {
        list-style: none;
        margin: var(--wa-space-2xs) 0 0;
        padding: 0;
      }
      button {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--wa-space-s);
        align-items: baseline;
        width: 100%;
        padding: var(--wa-space-2xs) var(--wa-space-xs);
        border: 0;
        border-radius: var(--wa-border-radius-s);
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      button:hover,
      button:focus-visible {
        background: var(--wa-color-brand-fill-quiet);
      }
    `,
  ];

  declare found: readonly Found[] | undefined;
  declare failure: unknown;
  declare words: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor() {
    super();
    this.words = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  override focus(): void {
    this.renderRoot.querySelector<WaInput>('wa-input')?.focus();
  }

  override render() {
    return html`<wa-input size="s" type="search" with-clear label=${t.find} maxlength="200" autocomplete="off" @input=${(event: Event) => this.#typed((event.target as WaInput).value ?? '')}>
        <sw-icon slot="start" name="search"></sw-icon>
      </wa-input>
      ${this.failure === undefined ? nothing : html`<p role="alert">${problemText(this.failure)}</p>`}
      <p class="quiet" role="status">${this.words === '' ? t.findHint : this.found?.length === 0 ? t.findNone : ''}</p>
      <ul>
        ${(this.found ?? []).map(
          (one) =>
            html`<li><button @click=${() => this.send('sw-found', { cluster: one.cluster, server: one.id, name: one.name ?? one.id })}>
              <strong>${one.name ?? one.id}</strong><span class="quiet">${[one.cluster, one.status, one.addresses?.[0]].filter(Boolean).join(' · ')}</span>
            </button></li>`,
        )}
      </ul>`;
  }

  #typed(words: string): void {
    this.words = words.trim();
    clearTimeout(this.#timer);
    this.#asking?.abort();
    if (this.words === '') {
      this.found = undefined;
      return;
    }
    this.#timer = setTimeout(() => void this.#find(), settleMs);
  }

  async #find(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const found = await searchResources(this.words, { signal: asking.signal, limit: 30 });
      this.found = found.filter(({ type, id }) => type === 'server' && id !== null);
      this.failure = undefined;
    } catch (error) {
      if (!asking.signal.aborted) this.failure = error;
    }
  }
}

define('sw-terminal-find', SwTerminalFind);
