import { css, html, type TemplateResult } from 'lit';
import { frameTexts } from '../texts/frame.ts';
import type { Keys } from './keys.ts';

const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

/** Keys as they stand on a keyboard. */
export function keyCaps(keys: Keys): TemplateResult {
  const parts = keys.split(' ').map((part) => html`<kbd>${part.replace('mod+', isMac ? '⌘ ' : 'Ctrl ').replace('alt+', 'Alt ')}</kbd>`);
  return html`<span class="keys">${parts.map((part, index) => (index === 0 ? part : html` <span class="unseen">${frameTexts.shortcuts.next}</span>${part}`))}</span>`;
}

export const keyCapStyle = css`
  kbd {
    display: inline-block;
    min-width: 1.6em;
    padding: 0 0.4em;
    font-family: inherit;
    font-size: 0.9em;
    text-align: center;
    text-transform: none;
    color: var(--wa-color-text-normal);
    background: var(--wa-color-surface-lowered);
    border: 1px solid var(--wa-color-surface-border);
    border-block-end-width: 2px;
    border-radius: var(--wa-border-radius-s);
  }
`;
