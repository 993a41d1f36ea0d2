import { css, html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { follow, Stored } from '../data/stored.ts';
import { frameTexts } from '../texts/frame.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';

export interface Toast {
  readonly text: string;
  readonly tone?: 'neutral' | 'success' | 'warning' | 'danger';
  /** One thing to do about it: undo, look. */
  readonly action?: { readonly text: string; run(): void };
  /** How long it stays, ms; 8,000. Failures stay until they are closed. */
  readonly stayMs?: number;
  /** What is told of the same thing later takes its place. */
  readonly key?: string;
}

const shown = new Stored<readonly (Toast & { readonly id: number })[]>([]);
let lastId = 0;

/** Tells something in passing. What must not be missed belongs on the page. Returns what takes it away. */
export function toast(one: Toast): () => void {
  lastId += 1;
  const id = lastId;
  const close = () => shown.set(shown.value.filter((other) => other.id !== id));
  const at = one.key === undefined ? -1 : shown.value.findIndex(({ key }) => key === one.key);
  shown.set(at < 0 ? [...shown.value.slice(-4), { ...one, id }] : shown.value.with(at, { ...one, id }));
  if (one.tone !== 'danger' || one.stayMs !== undefined) setTimeout(close, one.stayMs ?? 8000);
  return close;
}

/** Where toasts appear; once in the frame. */
export class SwToasts extends SwElement {
  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        inset: auto var(--wa-space-m) var(--wa-space-m) auto;
        z-index: 1000;
        display: grid;
        gap: var(--wa-space-xs);
        width: min(26rem, calc(100vw - 2 * var(--wa-space-m)));
      }
      .toast {
        display: flex;
        gap: var(--wa-space-s);
        align-items: center;
        padding: var(--wa-space-s) var(--wa-space-m);
        background: var(--wa-color-surface-raised);
        border: 1px solid var(--wa-color-surface-border);
        border-inline-start: 4px solid var(--wa-color-brand-fill-loud);
        border-radius: var(--wa-border-radius-m);
        box-shadow: var(--wa-shadow-m);
      }
      .success {
        border-inline-start-color: var(--wa-color-success-fill-loud);
      }
      .warning {
        border-inline-start-color: var(--wa-color-warning-fill-loud);
      }
      .danger {
        border-inline-start-color: var(--wa-color-danger-fill-loud);
      }
      .text {
        flex: 1;
        overflow-wrap: anywhere;
      }
      button {
        border: 0;
        background: none;
        color: var(--wa-color-text-link);
        font: inherit;
        cursor: pointer;
        padding: var(--wa-space-2xs);
      }
    `,
  ];

  constructor() {
    super();
    follow(this, shown);
  }

  override render() {
    return html`<div role="status" aria-live="polite" class="row">
      ${repeat(
        shown.value,
        ({ id }) => id,
        (one) =>
          html`<div class="toast grow ${one.tone ?? 'neutral'}">
            <span class="text">${one.text}</span>
            ${one.action ? html`<button @click=${() => act(one)}>${one.action.text}</button>` : ''}
            <button aria-label=${frameTexts.close} @click=${() => close(one.id)}><sw-icon name="x"></sw-icon></button>
          </div>`,
      )}
    </div>`;
  }
}

function act(one: Toast & { readonly id: number }): void {
  close(one.id);
  one.action?.run();
}

function close(id: number): void {
  shown.set(shown.value.filter((other) => other.id !== id));
}

define('sw-toasts', SwToasts);
