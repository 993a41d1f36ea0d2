import { css, html } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { keyCapStyle, keyCaps } from '../../app/key-caps.ts';
import { clashing, sequenceMs, written } from '../../app/keys.ts';
import { bind, bindings, bindingsChanged, type CommandName, commandNames, commands } from '../../app/shortcuts.ts';
import { follow } from '../../data/stored.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { problemText } from '../../elements/state.ts';
import { toast } from '../../elements/toast.ts';
import { accountTexts } from '../../texts/account.ts';
import { listTable } from '../admin/parts.ts';
import { adminStyles } from '../admin/styles.ts';
import { labelled } from './labelled.ts';

const t = accountTexts.shortcuts;

/** Which keys do what, as the person wants it. */
export class SwShortcutSettings extends SwElement {
  static override properties = { changing: { state: true }, first: { state: true }, clash: { state: true } };
  static override styles = [
    base,
    adminStyles,
    keyCapStyle,
    css`
      button {
        min-width: 8rem;
        min-height: 1.8rem;
        padding: 0 var(--wa-space-xs);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      button[aria-pressed='true'] {
        border-color: var(--wa-color-brand-border-loud);
      }
      .clash {
        color: var(--wa-color-danger-on-quiet);
      }
    `,
  ];

  declare changing: CommandName | undefined;
  /** The first of two keys, while the second may come. */
  declare first: string | undefined;
  declare clash: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    follow(this, bindingsChanged);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render() {
    return html`<div class="stack">
      <div><h2>${t.heading}</h2><p class="quiet">${t.about}</p></div>
      ${listTable(
        t.heading,
        [t.command, t.keys, { text: accountTexts.actions, isUnseen: true }],
        commandNames.map((name) => this.#row(name)),
        { isCards: false },
      )}
    </div>`;
  }

  #row(name: CommandName) {
    const text = commands[name].text();
    const now = bindings()[name];
    const isChanging = this.changing === name;
    return html`<tr>
      <th scope="row">${text}</th>
      <td data-takes-keys>
        <button aria-pressed=${isChanging} @click=${() => this.#begin(name)} @keydown=${(event: KeyboardEvent) => this.#key(event, name)} @blur=${() => isChanging && this.#leave()}>
          <span class="unseen">${t.change(text)}</span>
          ${isChanging ? html`${this.first ? keyCaps(this.first) : ''} <span class="quiet">${t.press}</span>` : now === '' ? html`<span class="quiet">${t.none}</span>` : keyCaps(now)}
        </button>
        <span class="clash" role="alert">${isChanging && this.clash ? t.clash(this.clash) : ''}</span>
      </td>
      <td class="end">
        ${now === commands[name].keys ? '' : html`<wa-button size="s" appearance="plain" @click=${() => this.#bind(name, undefined)}>${labelled(t.reset, t.resetLabel(text))}</wa-button>`}
      </td>
    </tr>`;
  }

  #begin(name: CommandName): void {
    this.changing = name;
    this.first = undefined;
    this.clash = undefined;
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.changing = undefined;
    this.first = undefined;
    this.clash = undefined;
  }

  #key(event: KeyboardEvent, name: CommandName): void {
    // Tab goes on to the next as ever.
    if (this.changing !== name || event.key === 'Tab') return;
    const key = written(event);
    if (key === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (key === 'Escape') return this.#leave();
    if (key === 'Backspace') return this.#bind(name, '');
    clearTimeout(this.#timer);
    const keys = this.first === undefined ? key : `${this.first} ${key}`;
    if (this.first !== undefined || key.startsWith('mod+')) return this.#take(name, keys);
    this.first = key;
    this.#timer = setTimeout(() => this.#take(name, key), sequenceMs);
  }

  #take(name: CommandName, keys: string): void {
    this.first = undefined;
    const other = clashing(keys, bindings(), name);
    this.clash = other === undefined ? undefined : commands[other as CommandName].text();
    if (other === undefined) this.#bind(name, keys);
  }

  #bind(name: CommandName, keys: string | undefined): void {
    this.#leave();
    bind(name, keys).catch((error: unknown) => toast({ text: problemText(error), tone: 'danger' }));
  }
}

define('sw-shortcut-settings', SwShortcutSettings);
