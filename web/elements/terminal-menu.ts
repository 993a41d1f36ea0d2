import { css, html } from 'lit';
import { terminalTexts } from '../texts/terminal.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import type { IconName } from './icons.ts';

const all = {
  copy: 'copy',
  paste: 'plus',
  selectAll: 'square',
  clear: 'trash',
  larger: 'plus',
  smaller: 'minus',
  files: 'folder',
  full: 'monitor',
  newWindow: 'external-link',
  settings: 'settings',
  end: 'power',
} as const satisfies Record<string, IconName>;

export type TerminalMenuItem = keyof typeof all;

/** What can be done with a terminal, at its button or where it was clicked. Sends `sw-chosen` with the item. */
export class SwTerminalMenu extends SwElement {
  static override properties = { items: { attribute: false } };
  static override styles = [
    base,
    css`
      [popover] {
        inset: auto;
        margin: 0;
        padding: var(--wa-space-3xs);
        max-height: 80vh;
        overflow: auto;
        background: var(--wa-color-surface-raised);
        color: inherit;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        box-shadow: var(--wa-shadow-m);
      }
      button {
        display: flex;
        align-items: center;
        gap: var(--wa-space-xs);
        width: 100%;
        min-height: 1.9rem;
        padding: 0 var(--wa-space-s) 0 var(--wa-space-xs);
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
        background: var(--wa-color-neutral-fill-quiet);
      }
      button.end {
        color: var(--wa-color-danger-on-quiet);
      }
    `,
  ];

  declare items: readonly TerminalMenuItem[];

  constructor() {
    super();
    this.items = [];
  }

  override render() {
    const t = terminalTexts.menu;
    return html`<div popover="auto" role="menu" aria-label=${terminalTexts.toolbar} @keydown=${(event: KeyboardEvent) => this.#key(event)}>
      ${this.items.map(
        (item) =>
          html`<button role="menuitem" class=${item} data-item=${item} @click=${() => this.#choose(item)}><sw-icon name=${all[item]}></sw-icon>${t[item]}</button>`,
      )}
    </div>`;
  }

  /** Opens at a point of the window, as far as there is room. */
  async show(left: number, top: number): Promise<void> {
    await this.updateComplete;
    const box = this.#box();
    box.showPopover();
    const { width, height } = box.getBoundingClientRect();
    const gap = 4;
    box.style.left = `${Math.max(gap, Math.min(left, window.innerWidth - width - gap))}px`;
    box.style.top = `${Math.max(gap, Math.min(top, window.innerHeight - height - gap))}px`;
    this.renderRoot.querySelector('button')?.focus();
  }

  #box(): HTMLElement {
    return this.renderRoot.querySelector('[popover]') as HTMLElement;
  }

  #choose(item: TerminalMenuItem): void {
    this.#box().hidePopover();
    this.send('sw-chosen', item);
  }

  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    const buttons = [...this.renderRoot.querySelectorAll('button')];
    const at = buttons.findIndex((one) => one.matches(':focus'));
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    buttons[(step + buttons.length) % buttons.length]?.focus();
  }
}

define('sw-terminal-menu', SwTerminalMenu);
