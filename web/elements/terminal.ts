import { html, nothing, type PropertyValues } from 'lit';
import type { Credentials } from '#api/terminal/protocol.ts';
import { fontSizes, terminalLook } from '../data/terminal-look.ts';
import { endTerminal } from '../data/terminals.ts';
import { terminalTexts as t } from '../texts/terminal.ts';
import { base, define, SwElement } from './element.ts';
import { problemText } from './state.ts';
import './terminal-banner.ts';
import type { SwTerminalBanner } from './terminal-banner.ts';
import { doubtOfLink, doubtOfPaste, readClipboard } from './terminal-clipboard.ts';
import './terminal-confirm.ts';
import type { Doubt } from './terminal-confirm.ts';
import { deedOf, type TerminalDeed } from './terminal-keys.ts';
import { noteLine } from './terminal-marks.ts';
import './terminal-menu.ts';
import type { SwTerminalMenu, TerminalMenuItem } from './terminal-menu.ts';
import { noteOf, overOf } from './terminal-over.ts';
import './terminal-search.ts';
import type { SwTerminalSearch } from './terminal-search.ts';
import { type ShownTerminal, TerminalSession } from './terminal-session.ts';
import './terminal-settings.ts';
import { keep } from './terminal-settings.ts';
import { terminalStyles } from './terminal-styles.ts';
import { titleOf } from './terminal-text.ts';
import { toast } from './toast.ts';
import { openXterm, type XtermView, xtermStyle } from './xterm-view.ts';

const fitMs = 60;
const bellMs = 200;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/**
 * A terminal over its stream. Comes back by itself after a lost connection. Leaving it ends nothing: it waits on the server. Sends `sw-state`
 * {state, row}, `sw-title` {title}, `sw-bell`, and `sw-wanted` with what the page around it has to do (`again`, `anew`, `close`, and items
 * of `extras`).
 */
export class SwTerminal extends SwElement {
  static override properties = {
    terminal: { attribute: false },
    mode: { type: String },
    credentials: { attribute: false },
    extras: { attribute: false },
    offers: { attribute: false },
    doubt: { state: true },
    isSearching: { state: true },
    isSetting: { state: true },
    isRinging: { state: true },
    failure: { state: true },
  };
  static override styles = [base, xtermStyle, noteLine, terminalStyles];

  declare terminal: ShownTerminal;
  declare mode: 'attach' | 'watch';
  /** Used once, for the first attachment. */
  declare credentials: Credentials | undefined;
  /** Items of the menu that the page around takes care of. */
  declare extras: readonly TerminalMenuItem[];
  /** What the page around can do once it has ended. */
  declare offers: readonly ('again' | 'anew' | 'close')[];
  declare doubt: Doubt | undefined;
  declare isSearching: boolean;
  declare isSetting: boolean;
  declare isRinging: boolean;
  declare failure: unknown;

  #view: XtermView | undefined;
  #observer = new ResizeObserver(() => this.#fitSoon());
  #fitting: ReturnType<typeof setTimeout> | undefined;
  /** Counted up with every other terminal shown. */
  #round = 0;

  readonly #session = new TerminalSession(this, (state, row) => {
    if (state.is === 'ended') this.#view?.terminal.write('\x1b[?25l');
    this.send('sw-state', { state, row });
  });

  constructor() {
    super();
    Object.assign(this, { mode: 'attach', extras: [], offers: [] });
    this.#forget();
    // Keys of the page mean nothing in here.
    this.addEventListener('keydown', (event) => event.stopPropagation());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('terminal') && this.terminal.id !== (changed.get('terminal') as ShownTerminal | undefined)?.id) void this.#begin();
  }

  override focus(): void {
    this.#view?.terminal.focus();
  }

  /** What shows it, once it is brought. */
  get view(): XtermView | undefined {
    return this.#view;
  }

  override render() {
    const { row, state, people } = this.#session;
    const where = row ? `${row.serverName} (${row.cluster})` : '';
    return html`<sw-terminal-banner
        .row=${row} .state=${state} .people=${people} ?isWatching=${this.mode === 'watch'}
        @sw-search-wanted=${() => this.#search()}
        @sw-menu-wanted=${(event: CustomEvent<{ anchor: HTMLElement }>) => this.#menuBelow(event.detail.anchor)}
      ></sw-terminal-banner>
      <div class="screen ${this.isRinging ? 'bell' : ''}" role="region" aria-label=${this.mode === 'watch' ? t.watching(where) : t.label(where)}>
        <div class="host" data-takes-keys @paste=${{ handleEvent: (event: ClipboardEvent) => this.#pasted(event), capture: true }} @contextmenu=${(event: MouseEvent) => this.#menuAt(event)}></div>
        ${this.isSearching && this.#view ? html`<sw-terminal-search .view=${this.#view} @sw-closed=${() => this.#searched()}></sw-terminal-search>` : nothing}
        ${noteOf(this.#session, () => this.focus())}
        ${overOf(this.#session, {
          failure: this.failure,
          offers: this.offers,
          offered: (offer) => this.send('sw-wanted', offer),
          settled: () => this.focus(),
        })}
      </div>
      <span class="unseen" role="status">${this.#told()}</span>
      <span class="unseen" id="keys">${t.keysHint}</span>
      <sw-terminal-menu .items=${this.#items()} @sw-chosen=${(event: CustomEvent<TerminalMenuItem>) => this.#chosen(event.detail)}></sw-terminal-menu>
      ${this.doubt ? html`<sw-terminal-confirm .doubt=${this.doubt} @sw-closed=${() => this.#settled('doubt')}></sw-terminal-confirm>` : nothing}
      ${this.isSetting ? html`<sw-terminal-settings @sw-closed=${() => this.#settled('isSetting')}></sw-terminal-settings>` : nothing}`;
  }

  /** For ears: what the page shows of the state, without the seconds that count down. */
  #told(): string {
    const { state } = this.#session;
    if (state.is === 'connecting') return state.detail ?? t.states.connecting;
    return state.is === 'away' ? t.states.trying : t.states[state.is];
  }

  #items(): readonly TerminalMenuItem[] {
    const paste = this.mode === 'attach' && this.#session.state.is === 'open';
    const mayEnd = this.#session.row?.mayEnd === true && this.#session.state.is !== 'ended';
    return [
      'copy',
      ...(paste ? (['paste'] as const) : []),
      'selectAll',
      'clear',
      'larger',
      'smaller',
      ...this.extras,
      'settings',
      ...(mayEnd ? (['end'] as const) : []),
    ];
  }

  async #begin(): Promise<void> {
    this.#leave();
    this.#forget();
    const round = this.#round;
    const host = this.renderRoot.querySelector<HTMLElement>('.host') as HTMLElement;
    try {
      const view = await openXterm(host, {
        isReadOnly: this.mode === 'watch',
        linkOpened: (address) => (this.doubt = doubtOfLink(address)),
      });
      if (round !== this.#round || !this.isConnected) return view.dispose();
      this.#view = view;
      this.#listen(view);
      this.#fit();
      this.#observer.observe(host);
      const { credentials } = this;
      this.credentials = undefined;
      this.#session.begin(view, this.terminal, this.mode, credentials);
      view.terminal.focus();
    } catch (error) {
      if (round === this.#round) this.failure = error;
    }
  }

  #listen({ terminal }: XtermView): void {
    const area = terminal.textarea;
    area?.setAttribute('aria-describedby', 'keys');
    terminal.onData((text) => this.#session.type(text));
    terminal.onBinary((text) => this.#session.type(text));
    terminal.onResize(({ cols, rows }) => this.#session.resize(cols, rows));
    terminal.onTitleChange((title) => this.send('sw-title', { title: titleOf(title) }));
    terminal.onBell(() => this.#ring());
    terminal.attachCustomKeyEventHandler((event) => {
      const deed = deedOf(event, isMac);
      if (deed === undefined) return true;
      // The browser itself brings what is pasted, as an event.
      if (deed !== 'paste') event.preventDefault();
      if (event.type === 'keydown') this.#do(deed);
      return false;
    });
  }

  #ring(): void {
    this.send('sw-bell');
    if (!terminalLook().showsBell || this.isRinging) return;
    this.isRinging = true;
    setTimeout(() => (this.isRinging = false), bellMs);
  }

  #do(deed: TerminalDeed): void {
    const { fontSize } = terminalLook();
    const size = (to: number) => keep({ fontSize: Math.max(fontSizes.least, Math.min(to, fontSizes.most)) });
    if (deed === 'copy') void this.#copy();
    if (deed === 'search') this.#search();
    if (deed === 'leave') this.renderRoot.querySelector<SwTerminalBanner>('sw-terminal-banner')?.focus();
    if (deed === 'larger') size(fontSize + 1);
    if (deed === 'smaller') size(fontSize - 1);
    if (deed === 'usual') size(fontSizes.usual);
  }

  #chosen(item: TerminalMenuItem): void {
    const view = this.#view;
    if (this.extras.includes(item)) {
      this.send('sw-wanted', item);
      return;
    }
    if (item === 'settings') this.isSetting = true;
    if (item === 'end') endTerminal(this.terminal.id).catch((error: unknown) => toast({ text: problemText(error), tone: 'danger' }));
    if (item === 'selectAll') view?.terminal.selectAll();
    if (item === 'clear') view?.terminal.clear();
    if (item === 'copy' || item === 'larger' || item === 'smaller') this.#do(item);
    if (item === 'paste') void readClipboard().then((text) => text !== undefined && this.#paste(text));
    if (item !== 'settings') this.focus();
  }

  async #copy(): Promise<void> {
    const text = this.#view?.terminal.getSelection() ?? '';
    if (text !== '')
      await navigator.clipboard.writeText(text).catch((error: unknown) => toast({ text: problemText(error), tone: 'warning' }));
  }

  #pasted(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.#paste(event.clipboardData?.getData('text/plain') ?? '');
  }

  #paste(text: string): void {
    if (this.mode === 'watch' || text === '') return;
    if (this.#session.state.is !== 'open') {
      toast({ text: t.paste.notOpen, tone: 'warning' });
      return;
    }
    // In brackets where the shell wants that.
    this.doubt = doubtOfPaste(text, (clean) => this.#view?.terminal.paste(clean));
  }

  #search(): void {
    if (this.isSearching) this.renderRoot.querySelector<SwTerminalSearch>('sw-terminal-search')?.focus();
    this.isSearching = true;
  }

  #searched(): void {
    this.isSearching = false;
    this.focus();
  }

  #settled(what: 'doubt' | 'isSetting'): void {
    if (what === 'doubt') this.doubt = undefined;
    else this.isSetting = false;
    this.focus();
  }

  #menuBelow(anchor: HTMLElement): void {
    const { left, bottom } = anchor.getBoundingClientRect();
    void this.#menu().show(left, bottom + 2);
  }

  #menuAt(event: MouseEvent): void {
    // A program that follows the mouse gets the click; with Shift the menu comes all the same.
    event.preventDefault();
    void this.#menu().show(event.clientX, event.clientY);
  }

  #menu(): SwTerminalMenu {
    return this.renderRoot.querySelector('sw-terminal-menu') as SwTerminalMenu;
  }

  #fitSoon(): void {
    clearTimeout(this.#fitting);
    this.#fitting = setTimeout(() => this.#fit(), fitMs);
  }

  /** Who watches sees the size of who works. */
  #fit(): void {
    if (this.mode === 'attach' && this.renderRoot.querySelector('.host')?.clientHeight) this.#view?.fit.fit();
  }

  #leave(): void {
    this.#round += 1;
    this.#session.leave();
    this.#observer.disconnect();
    clearTimeout(this.#fitting);
    this.#view?.dispose();
    this.#view = undefined;
  }

  #forget(): void {
    Object.assign(this, { doubt: undefined, failure: undefined, isSearching: false, isSetting: false, isRinging: false });
  }
}

define('sw-terminal', SwTerminal);
