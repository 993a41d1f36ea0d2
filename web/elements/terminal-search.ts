import type { ISearchOptions } from '@xterm/addon-search';
import { css, html, type PropertyValues } from 'lit';
import { terminalTexts } from '../texts/terminal.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import type { IconName } from './icons.ts';
import type { XtermView } from './xterm-view.ts';

const colours = {
  matchBackground: '#7a5c00',
  matchOverviewRuler: '#c79a00',
  activeMatchBackground: '#a34a00',
  activeMatchColorOverviewRuler: '#ff8a30',
} as const;

/** Finds a text in what a terminal shows and has scrolled away. Sends `sw-closed`. */
export class SwTerminalSearch extends SwElement {
  static override properties = { view: { attribute: false }, found: { state: true }, isCase: { state: true }, isRegex: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: var(--wa-space-2xs) 1.2rem auto auto;
        z-index: 5;
        max-width: calc(100% - 1.6rem);
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-3xs);
        padding: var(--wa-space-3xs);
        background: var(--wa-color-surface-raised);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        box-shadow: var(--wa-shadow-s);
      }
      input {
        width: 13rem;
        flex: 1 1 8rem;
        min-height: 1.8rem;
        padding: 0 var(--wa-space-2xs);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-s);
        background: var(--wa-color-surface-default);
        color: inherit;
        font: inherit;
      }
      button {
        display: inline-grid;
        place-items: center;
        min-width: 1.8rem;
        min-height: 1.8rem;
        padding: 0 var(--wa-space-3xs);
        border: 0;
        border-radius: var(--wa-border-radius-s);
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
      }
      button:hover {
        background: var(--wa-color-neutral-fill-quiet);
      }
      button[aria-pressed='true'] {
        background: var(--wa-color-brand-fill-quiet);
        color: var(--wa-color-brand-on-quiet);
      }
      .count {
        min-width: 5rem;
        text-align: center;
        font-size: var(--wa-font-size-s);
      }
    `,
  ];

  declare view: XtermView;
  declare found: { readonly resultIndex: number; readonly resultCount: number } | 'wrong' | undefined;
  declare isCase: boolean;
  declare isRegex: boolean;
  #end: (() => void) | undefined;

  constructor() {
    super();
    this.isCase = false;
    this.isRegex = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
    this.view.search.clearDecorations();
  }

  override updated(changed: PropertyValues): void {
    if ((changed.has('isCase') || changed.has('isRegex')) && this.hasUpdated && this.#end) this.#find('incremental');
  }

  override focus(): void {
    this.#input().focus();
    this.#input().select();
  }

  override render() {
    const t = terminalTexts.search;
    const flag = (name: 'isCase' | 'isRegex', text: string, label: string) =>
      html`<button aria-pressed=${this[name]} aria-label=${label} title=${label} @click=${() => (this[name] = !this[name])}>${text}</button>`;
    const step = (way: 'next' | 'previous', icon: IconName) =>
      html`<button aria-label=${t[way]} title=${t[way]} @click=${() => this.#find(way)}><sw-icon name=${icon}></sw-icon></button>`;
    return html`<div class="bar" role="search" @keydown=${(event: KeyboardEvent) => this.#key(event)}>
      <input type="text" maxlength="200" autocomplete="off" spellcheck="false" aria-label=${t.label} placeholder=${t.label} @input=${() => this.#find('incremental')} />
      ${flag('isCase', 'Aa', t.case)} ${flag('isRegex', '.*', t.regex)}
      <span class="count" role="status">${this.#count()}</span>
      ${step('previous', 'chevron-up')} ${step('next', 'chevron-down')}
      <button aria-label=${t.close} title=${t.close} @click=${() => this.send('sw-closed')}><sw-icon name="x"></sw-icon></button>
    </div>`;
  }

  async #begin(): Promise<void> {
    await this.updateComplete;
    const heard = this.view.search.onDidChangeResults((found) => (this.found = found));
    this.#end = () => heard.dispose();
    const selected = this.view.terminal.getSelection();
    if (selected !== '' && !selected.includes('\n')) this.#input().value = selected;
    this.focus();
    this.#find('incremental');
  }

  #count(): string {
    const t = terminalTexts.search;
    if (this.found === 'wrong') return t.wrong;
    if (!this.found || !this.hasUpdated || this.#input().value === '') return '';
    const { resultIndex, resultCount } = this.found;
    if (resultCount === 0) return t.none;
    // Of very many the emulator counts only the first thousand.
    return resultIndex < 0 ? t.most(resultCount) : t.count(resultIndex + 1, resultCount);
  }

  #input(): HTMLInputElement {
    return this.renderRoot.querySelector('input') as HTMLInputElement;
  }

  #find(way: 'next' | 'previous' | 'incremental'): void {
    const text = this.#input().value;
    if (text === '') {
      this.view.search.clearDecorations();
      this.found = undefined;
      return;
    }
    const options: ISearchOptions = {
      caseSensitive: this.isCase,
      regex: this.isRegex,
      incremental: way === 'incremental',
      decorations: colours,
    };
    try {
      if (way === 'next') this.view.search.findNext(text, options);
      // What was written last stands at the end: that is where the search begins.
      else this.view.search.findPrevious(text, options);
      if (this.found === 'wrong') this.found = undefined;
    } catch {
      this.found = 'wrong';
    }
  }

  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Escape') this.send('sw-closed');
    if (event.key !== 'Enter' || !(event.composedPath()[0] instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.#find(event.shiftKey ? 'previous' : 'next');
  }
}

define('sw-terminal-search', SwTerminalSearch);
