import { css, html } from 'lit';
import { session, signOut } from '../data/session.ts';
import { follow } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { problemText } from '../elements/state.ts';
import { toast } from '../elements/toast.ts';
import { frameTexts } from '../texts/frame.ts';
import { barStyle } from './bar-style.ts';
import { displayParts } from './display.ts';
import { displayChoices } from './display-choices.ts';
import { navigate } from './router.ts';
import { isCheatSheetOpen } from './shortcuts.ts';

/** Who is signed in, how pages look to them, and the way out. */
export class SwUserMenu extends SwElement {
  static override styles = [
    base,
    barStyle,
    css`
      .who {
        max-width: 10rem;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      [popover] {
        width: min(19rem, calc(100vw - 1rem));
      }
      .choices {
        display: grid;
        gap: var(--wa-space-s);
        padding-block: var(--wa-space-xs) var(--wa-space-s);
      }
      .name {
        display: grid;
        padding-block-end: var(--wa-space-2xs);
        overflow-wrap: anywhere;
      }
      a,
      button.item {
        display: flex;
        align-items: center;
        gap: var(--wa-space-s);
        width: 100%;
        min-height: 2rem;
        padding: 0 var(--wa-space-xs);
        border: 0;
        border-radius: var(--wa-border-radius-m);
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
        text-align: start;
      }
      a:hover,
      button.item:hover {
        background: var(--wa-color-neutral-fill-quiet);
        text-decoration: none;
      }
      .items {
        border-block-start: 1px solid var(--wa-color-surface-border);
        padding-block-start: var(--wa-space-xs);
      }
      @media (max-width: 820px) {
        .who {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    follow(this, session, ...displayParts);
  }

  override render() {
    const t = frameTexts.user;
    const { value } = session;
    const name = value?.displayName ?? value?.username ?? '';
    return html`
      <button class="bar" popovertarget="panel" aria-label="${t.menu}: ${name}"><sw-icon name="user"></sw-icon><span class="who">${name}</span></button>
      <div id="panel" popover role="dialog" aria-label=${t.menu}>
        <div class="name"><strong>${name}</strong><span class="quiet">${[...new Set(value?.roles.map(({ role }) => role))].join(', ')}</span></div>
        <div class="choices">${displayChoices()}</div>
        <div class="items">
          <a href="/account" @click=${() => this.#close()}><sw-icon name="settings"></sw-icon>${t.account}</a>
          <button class="item" @click=${() => this.#cheatSheet()}><sw-icon name="keyboard"></sw-icon>${t.shortcuts}</button>
          <button class="item" @click=${() => this.#signOut()}><sw-icon name="log-out"></sw-icon>${t.signOut}</button>
        </div>
      </div>
    `;
  }

  #close(): void {
    this.renderRoot.querySelector<HTMLElement>('#panel')?.hidePopover();
  }

  #cheatSheet(): void {
    this.#close();
    isCheatSheetOpen.set(true);
  }

  async #signOut(): Promise<void> {
    try {
      await signOut();
      // Whoever comes next begins at the beginning.
      navigate('/sign-in', { replace: true });
    } catch (error) {
      toast({ text: problemText(error), tone: 'danger' });
    }
  }
}

define('sw-user-menu', SwUserMenu);
