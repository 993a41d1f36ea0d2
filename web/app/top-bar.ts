import { css, html } from 'lit';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { frameTexts } from '../texts/frame.ts';
import { paletteTexts } from '../texts/palette.ts';
import { barStyle } from './bar-style.ts';
import './cluster-switch.ts';
import { keyCapStyle, keyCaps } from './key-caps.ts';
import './live-chip.ts';
import { bindings, bindingsChanged, isPaletteOpen } from './shortcuts.ts';
import './tray.ts';
import './user-menu.ts';
import { follow } from '../data/stored.ts';

/** The bar on top: clouds in view, search, whether it is live, operations, who is signed in. Sends `sw-menu` on a phone. */
export class SwTopBar extends SwElement {
  static override styles = [
    base,
    barStyle,
    keyCapStyle,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--wa-space-xs);
        padding-inline: var(--wa-space-s);
        background: var(--wa-color-surface-raised);
        border-block-end: 1px solid var(--wa-color-surface-border);
        min-width: 0;
      }
      .product {
        display: flex;
        align-items: center;
        gap: var(--wa-space-xs);
        font-weight: 600;
        color: inherit;
        padding-inline: var(--wa-space-2xs) var(--wa-space-s);
      }
      .product:hover {
        text-decoration: none;
      }
      .product img {
        width: 1.4rem;
        height: 1.4rem;
      }
      .search {
        flex: 0 1 26rem;
        min-width: 2rem;
        justify-content: flex-start !important;
        border-color: var(--wa-color-surface-border) !important;
        background: var(--wa-color-surface-default) !important;
        color: var(--wa-color-text-quiet) !important;
        overflow: hidden;
      }
      .search .keys {
        margin-inline-start: auto;
      }
      .menu {
        display: none !important;
      }
      .gap {
        flex: 1;
      }
      @media (max-width: 820px) {
        :host {
          gap: 0;
          padding-inline: var(--wa-space-2xs);
        }
        .menu {
          display: inline-flex !important;
        }
        .product,
        .search .keys {
          display: none;
        }
        .search .text {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .search {
          flex: none;
          border-color: transparent !important;
          background: none !important;
          color: inherit !important;
        }
      }
    `,
  ];

  constructor() {
    super();
    follow(this, bindingsChanged);
  }

  override render() {
    const keys = bindings().palette;
    return html`
      <button class="bar menu" aria-label=${frameTexts.menu} @click=${() => this.send('sw-menu')}><sw-icon name="menu"></sw-icon></button>
      <a class="product" href="/"><img src="/icon.svg" alt="" /><span>${frameTexts.product}</span></a>
      <sw-cluster-switch></sw-cluster-switch>
      <span class="gap"></span>
      <button class="bar search" aria-keyshortcuts="Control+K Meta+K" @click=${() => isPaletteOpen.set(true)}>
        <sw-icon name="search"></sw-icon><span class="text">${paletteTexts.open}</span>${keys === '' ? '' : keyCaps(keys)}
      </button>
      <span class="gap"></span>
      <sw-live-chip></sw-live-chip>
      <sw-tray></sw-tray>
      <sw-user-menu></sw-user-menu>
    `;
  }
}

define('sw-top-bar', SwTopBar);
