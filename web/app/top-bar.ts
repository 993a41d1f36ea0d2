import { css, html } from 'lit';
import { session, signOut } from '../data/session.ts';
import { follow } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { frameTexts } from '../texts/frame.ts';

/** The bar on top. */
export class SwTopBar extends SwElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--wa-space-s);
        padding-inline: var(--wa-space-m);
        background: var(--wa-color-surface-raised);
        border-block-end: 1px solid var(--wa-color-surface-border);
      }
      .product {
        font-weight: 600;
        color: inherit;
      }
    `,
  ];

  constructor() {
    super();
    follow(this, session);
  }

  override render() {
    return html`
      <a class="product grow" href="/">${frameTexts.product}</a>
      <span>${session.value?.displayName ?? session.value?.username}</span>
      <button @click=${() => signOut()}><sw-icon name="log-out" label="sign out"></sw-icon></button>
    `;
  }
}

define('sw-top-bar', SwTopBar);
