import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { follow } from '../../data/stored.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { paletteTexts as t } from '../../texts/palette.ts';
import { keyCapStyle, keyCaps } from '../key-caps.ts';
import { navigate } from '../router.ts';
import { isPaletteOpen } from '../shortcuts.ts';
import { actionsInView, foundFor } from './found.ts';
import { arranged, fitting, type Item } from './item.ts';
import { offers } from './offers.ts';
import { remember } from './recent.ts';
import { paletteStyle } from './style.ts';

/** Somebody types faster than this; what they typed meanwhile is asked for once. */
const settleMs = 60;
const roomFor = { recent: 5, actions: 8, resources: 12, clusters: 4, pages: 8, commands: 6, request: 7 } as const;
/** Before anything is typed: the nearest things only. */
const roomAtFirst = { ...roomFor, clusters: 0, pages: 6, commands: 3 } as const;

/** Search and commands, by keyboard alone: resources of all clouds, pages, what can be done with the resource in view. */
export class SwPalette extends SwElement {
  static override properties = {
    text: { state: true },
    found: { state: true },
    actions: { state: true },
    chosen: { state: true },
    state: { state: true },
  };
  static override styles = [base, keyCapStyle, paletteStyle];

  declare text: string;
  declare found: readonly Item[];
  declare actions: readonly Item[];
  declare chosen: number;
  declare state: 'idle' | 'searching' | 'failed';
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.#forget();
    follow(this, isPaletteOpen);
    isPaletteOpen.subscribe((isOpen) => (isOpen ? this.#open() : this.#close()));
  }

  override render() {
    if (!isPaletteOpen.value) return html`<dialog></dialog>`;
    const items = this.#items();
    return html`<dialog aria-label=${t.title} @close=${() => isPaletteOpen.set(false)} @click=${(event: Event) => this.#outside(event)}>
      <div class="box">
        <div class="field">
          <sw-icon name="search"></sw-icon>
          <input
            type="text" role="combobox" aria-expanded="true" aria-controls="items" aria-autocomplete="list" autocomplete="off" spellcheck="false" maxlength="200"
            aria-label=${t.title} placeholder=${t.placeholder} aria-activedescendant=${items.length > 0 ? `item-${this.chosen}` : nothing}
            .value=${this.text} @input=${(event: Event) => this.#typed(event)} @keydown=${(event: KeyboardEvent) => this.#key(event, items)}
          />
        </div>
        <div id="items" role="listbox" aria-label=${t.title}>${this.#list(items)}</div>
        <div class="foot quiet"><span>${t.hint}</span><span role="status">${this.#status(items)}</span></div>
      </div>
    </dialog>`;
  }

  #list(items: readonly Item[]) {
    return repeat(
      items,
      ({ group, key }) => `${group} ${key}`,
      (item, index) => html`
        ${items[index - 1]?.group === item.group ? nothing : html`<div class="group" role="presentation">${t.groups[item.group]}</div>`}
        <div id="item-${index}" class="item" role="option" aria-selected=${index === this.chosen} @click=${() => this.#go(item)} @pointermove=${() => (this.chosen = index)}>
          <sw-icon name=${item.icon}></sw-icon><span class="text">${item.text}</span><span class="about">${item.about}</span>${item.keys ? keyCaps(item.keys) : nothing}
        </div>
      `,
    );
  }

  #items(): readonly Item[] {
    const typed = this.text.trim() !== '';
    const own = fitting([...this.actions, ...offers()], this.text);
    return arranged([...own, ...(typed ? this.found : [])], typed ? roomFor : roomAtFirst);
  }

  #status(items: readonly Item[]): string {
    if (this.state === 'searching') return t.searching;
    if (this.state === 'failed') return t.failed;
    return items.length === 0 ? t.nothing(this.text.trim()) : t.results(items.length);
  }

  #open(): void {
    this.#forget();
    void this.#show();
    const { signal } = this.#abort;
    actionsInView(signal).then(
      (actions) => (this.actions = actions),
      () => undefined,
    );
  }

  async #show(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector('dialog')?.showModal();
    this.renderRoot.querySelector('input')?.focus();
  }

  #close(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
    this.renderRoot.querySelector('dialog')?.close();
  }

  #forget(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.text = '';
    this.found = [];
    this.actions = [];
    this.chosen = 0;
    this.state = 'idle';
  }

  #typed(event: Event): void {
    this.text = (event.target as HTMLInputElement).value;
    this.chosen = 0;
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.#abort = new AbortController();
    const wanted = this.text.trim();
    if (wanted === '') {
      this.found = [];
      this.state = 'idle';
      return;
    }
    this.state = 'searching';
    this.#timer = setTimeout(() => void this.#search(wanted, this.#abort.signal), settleMs);
  }

  async #search(wanted: string, signal: AbortSignal): Promise<void> {
    try {
      const found = await foundFor(wanted, signal);
      if (signal.aborted) return;
      this.found = found;
      this.state = 'idle';
    } catch {
      if (!signal.aborted) this.state = 'failed';
    }
  }

  #key(event: KeyboardEvent, items: readonly Item[]): void {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    const item = items[this.chosen];
    if (event.key === 'Enter' && item && !event.isComposing) this.#go(item);
    else if (step !== undefined && items.length > 0) this.#move(step, items.length);
    else return;
    event.preventDefault();
  }

  /** One step beyond the end begins anew; a page stops there. */
  #move(step: number, count: number): void {
    const next = this.chosen + step;
    this.chosen = Math.abs(step) === 1 ? (next + count) % count : Math.min(count - 1, Math.max(0, next));
    void this.updateComplete.then(() => this.renderRoot.querySelector(`#item-${this.chosen}`)?.scrollIntoView({ block: 'nearest' }));
  }

  #go(item: Item): void {
    isPaletteOpen.set(false);
    const { href } = item;
    if (href === undefined) return item.run?.();
    if (item.group === 'resources' || item.group === 'recent') remember({ ...item, href });
    navigate(href);
  }

  /** A click beside the box. */
  #outside(event: Event): void {
    if (event.composedPath()[0] instanceof HTMLDialogElement) isPaletteOpen.set(false);
  }
}

define('sw-palette', SwPalette);
