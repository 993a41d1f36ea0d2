import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Credentials, Present, ServerFrame } from '#api/terminal/protocol.ts';
import { fontSizes, terminalLook } from '../data/terminal-look.ts';
import { type StreamState, TerminalStream } from '../data/terminal-stream.ts';
import { endTerminal, fetchTerminal, type TerminalRow, type Ticket } from '../data/terminals.ts';
import { formatTime } from '../texts/format.ts';
import { terminalTexts as t } from '../texts/terminal.ts';
import { base, define, SwElement } from './element.ts';
import { problemText } from './state.ts';
import './terminal-ask.ts';
import type { Question } from './terminal-ask.ts';
import './terminal-banner.ts';
import type { SwTerminalBanner } from './terminal-banner.ts';
import { doubtOfLink, doubtOfPaste, readClipboard } from './terminal-clipboard.ts';
import './terminal-confirm.ts';
import type { Doubt } from './terminal-confirm.ts';
import './terminal-ended.ts';
import './terminal-host-key.ts';
import type { HostKeyQuestion } from './terminal-host-key.ts';
import { deedOf, type TerminalDeed } from './terminal-keys.ts';
import './terminal-menu.ts';
import type { SwTerminalMenu, TerminalMenuItem } from './terminal-menu.ts';
import './terminal-search.ts';
import type { SwTerminalSearch } from './terminal-search.ts';
import './terminal-settings.ts';
import { keep } from './terminal-settings.ts';
import { streamDeps } from './terminal-socket.ts';
import { terminalStyles } from './terminal-styles.ts';
import { titleOf } from './terminal-text.ts';
import { toast } from './toast.ts';
import { openXterm, type XtermView, xtermStyle } from './xterm-view.ts';

const fitMs = 60;
const bellMs = 200;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** A terminal to show: one just made comes with its first ticket. */
export interface ShownTerminal extends Partial<Ticket> {
  readonly id: string;
}

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
    state: { state: true },
    row: { state: true },
    people: { state: true },
    question: { state: true },
    warning: { state: true },
    doubt: { state: true },
    isSearching: { state: true },
    isSetting: { state: true },
    isRinging: { state: true },
    failure: { state: true },
  };
  static override styles = [base, xtermStyle, terminalStyles];

  declare terminal: ShownTerminal;
  declare mode: 'attach' | 'watch';
  /** Used once, for the first attachment. */
  declare credentials: Credentials | undefined;
  /** Items of the menu that the page around takes care of. */
  declare extras: readonly TerminalMenuItem[];
  /** What the page around can do once it has ended. */
  declare offers: readonly ('again' | 'anew' | 'close')[];
  declare state: StreamState;
  declare row: TerminalRow | undefined;
  declare people: readonly Present[];
  declare question: Question | HostKeyQuestion | undefined;
  declare warning: Extract<ServerFrame, { readonly type: 'warning' }> | undefined;
  declare doubt: Doubt | undefined;
  declare isSearching: boolean;
  declare isSetting: boolean;
  declare isRinging: boolean;
  declare failure: unknown;

  #view: XtermView | undefined;
  #stream: TerminalStream | undefined;
  #observer = new ResizeObserver(() => this.#fitSoon());
  #fitting: ReturnType<typeof setTimeout> | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  /** Counted up with every other terminal shown. */
  #round = 0;

  readonly #offline = () => this.#stream?.lost();
  readonly #online = () => this.#stream?.again();

  constructor() {
    super();
    Object.assign(this, { mode: 'attach', extras: [], offers: [] });
    this.#forget();
    // Keys of the page mean nothing in here.
    this.addEventListener('keydown', (event) => event.stopPropagation());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('offline', this.#offline);
    window.addEventListener('online', this.#online);
    if (this.hasUpdated) void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('offline', this.#offline);
    window.removeEventListener('online', this.#online);
    this.#leave();
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('terminal') && this.terminal.id !== (changed.get('terminal') as ShownTerminal | undefined)?.id) void this.#begin();
  }

  override focus(): void {
    this.#view?.terminal.focus();
  }

  /** What draws it: for tests, and for who wonders why it is slow. */
  get renderer(): 'webgl' | 'dom' | undefined {
    return this.#view?.renderer();
  }

  override render() {
    const where = this.row ? `${this.row.serverName} (${this.row.cluster})` : '';
    return html`<sw-terminal-banner
        .row=${this.row} .state=${this.state} .people=${this.people} ?isWatching=${this.mode === 'watch'}
        @sw-search-wanted=${() => this.#search()}
        @sw-menu-wanted=${(event: CustomEvent<{ anchor: HTMLElement }>) => this.#menuBelow(event.detail.anchor)}
      ></sw-terminal-banner>
      ${this.#note()}
      <div class="screen ${this.isRinging ? 'bell' : ''}" role="region" aria-label=${this.mode === 'watch' ? t.watching(where) : t.label(where)}>
        <div class="host" data-takes-keys @paste=${{ handleEvent: (event: ClipboardEvent) => this.#pasted(event), capture: true }} @contextmenu=${(event: MouseEvent) => this.#menuAt(event)}></div>
        ${this.isSearching && this.#view ? html`<sw-terminal-search .view=${this.#view} @sw-closed=${() => this.#searched()}></sw-terminal-search>` : nothing}
        ${this.#over()}
      </div>
      <span class="unseen" role="status">${this.#told()}</span>
      <span class="unseen" id="keys">${t.keysHint}</span>
      <sw-terminal-menu .items=${this.#items()} @sw-chosen=${(event: CustomEvent<TerminalMenuItem>) => this.#chosen(event.detail)}></sw-terminal-menu>
      ${this.doubt ? html`<sw-terminal-confirm .doubt=${this.doubt} @sw-closed=${() => this.#settled('doubt')}></sw-terminal-confirm>` : nothing}
      ${this.isSetting ? html`<sw-terminal-settings @sw-closed=${() => this.#settled('isSetting')}></sw-terminal-settings>` : nothing}`;
  }

  #note(): TemplateResult | typeof nothing {
    const { state, warning } = this;
    const note = (text: string, label: string, act: () => void) =>
      html`<div class="note"><span>${text}</span><button @click=${act}>${label}</button></div>`;
    if (state.is === 'away') return note(this.#awayText(state.retryAt), t.tryNow, () => this.#stream?.again());
    if (state.is === 'taken') return note(t.states.taken, t.takeBack, () => this.#stream?.again());
    if (!warning || state.is !== 'open') return nothing;
    const text = t.warnings[warning.reason](formatTime(warning.endsAt, { withSeconds: true }));
    if (warning.reason === 'total') return html`<div class="note">${text}</div>`;
    return note(text, t.stay, () => this.#stay());
  }

  #over(): TemplateResult | typeof nothing {
    const { state, question } = this;
    if (this.failure !== undefined) return html`<div class="waiting" role="alert">${problemText(this.failure)}</div>`;
    if (state.is === 'ended')
      return html`<sw-terminal-ended .end=${state.end} .offers=${this.offers} @sw-offer=${(event: CustomEvent<string>) => this.send('sw-wanted', event.detail)}></sw-terminal-ended>`;
    if (question?.type === 'ask')
      return html`<sw-terminal-ask .question=${question} @sw-answer=${(event: CustomEvent<readonly string[] | undefined>) => this.#answer(question, event.detail)}></sw-terminal-ask>`;
    if (question)
      return html`<sw-terminal-host-key .question=${question} @sw-answer=${(event: CustomEvent<boolean>) => this.#accept(question, event.detail)}></sw-terminal-host-key>`;
    if (state.is === 'connecting') return html`<div class="waiting">${state.detail ?? t.states.connecting}</div>`;
    return nothing;
  }

  /** For ears: what the page shows of the state, without the seconds that count down. */
  #told(): string {
    const { state } = this;
    if (state.is === 'connecting') return state.detail ?? t.states.connecting;
    return state.is === 'away' ? t.states.trying : t.states[state.is];
  }

  #awayText(retryAt: number): string {
    const seconds = Math.ceil((retryAt - Date.now()) / 1000);
    return seconds > 0 ? t.states.away(seconds) : t.states.trying;
  }

  #items(): readonly TerminalMenuItem[] {
    const paste = this.mode === 'attach' && this.state.is === 'open';
    const mayEnd = this.row?.mayEnd === true && this.state.is !== 'ended';
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
      this.#connect(view);
      view.terminal.focus();
    } catch (error) {
      if (round === this.#round) this.failure = error;
    }
  }

  #connect({ terminal }: XtermView): void {
    const { id, ticket, stream, expiresAt } = this.terminal;
    const first = ticket !== undefined && stream !== undefined && expiresAt !== undefined ? { ticket, stream, expiresAt } : undefined;
    const { credentials } = this;
    this.credentials = undefined;
    this.#stream = new TerminalStream(
      streamDeps(id, this.mode),
      {
        changed: (state) => this.#changed(state),
        restart: (cols, rows) => {
          if (this.mode === 'watch') terminal.resize(cols, rows);
          // In the order of what is drawn: what came before is still on its way to the screen.
          terminal.write('\x1bc');
        },
        draw: (bytes, drawn) => terminal.write(bytes, drawn),
        told: (frame) => this.#hear(frame),
      },
      {
        purpose: this.mode,
        size: { cols: terminal.cols, rows: terminal.rows },
        ...(first && { ticket: first }),
        ...(credentials && { credentials }),
      },
    );
    this.#stream.begin();
  }

  #listen({ terminal }: XtermView): void {
    const area = terminal.textarea;
    area?.setAttribute('aria-describedby', 'keys');
    terminal.onData((text) => this.#stream?.type(text));
    terminal.onBinary((text) => this.#stream?.type(text));
    terminal.onResize(({ cols, rows }) => this.#stream?.resize(cols, rows));
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

  #hear(frame: ServerFrame): void {
    if (frame.type === 'ask' || frame.type === 'host-key') this.question = frame;
    if (frame.type === 'warning') this.warning = frame;
    if (frame.type === 'people') this.people = frame.people;
    if (frame.type === 'attached' || (frame.type === 'state' && frame.state === 'open')) void this.#readRow();
    const watched = frame.type === 'resized' || (frame.type === 'attached' && this.mode === 'watch') ? frame : undefined;
    if (watched && this.mode === 'watch') this.#view?.terminal.resize(watched.cols, watched.rows);
  }

  #changed(state: StreamState): void {
    this.state = state;
    if (state.is !== 'connecting') this.question = undefined;
    if (state.is === 'ended') this.#view?.terminal.write('\x1b[?25l');
    clearInterval(this.#ticking);
    if (state.is === 'away') this.#ticking = setInterval(() => this.requestUpdate(), 1000);
    this.send('sw-state', { state, row: this.row });
  }

  async #readRow(): Promise<void> {
    const { id } = this.terminal;
    // The banner says less without it; the terminal works.
    const row = await fetchTerminal(id).catch(() => undefined);
    if (!row || id !== this.terminal.id) return;
    this.row = row;
    this.send('sw-state', { state: this.state, row });
  }

  #answer({ id }: Question, answers: readonly string[] | undefined): void {
    this.question = undefined;
    this.#stream?.say({ type: 'answer', id, ...(answers && { answers }) });
    this.focus();
  }

  #accept({ fingerprint }: HostKeyQuestion, isAccepted: boolean): void {
    this.question = undefined;
    this.#stream?.say(isAccepted ? { type: 'accept-host-key', fingerprint } : { type: 'end' });
    this.focus();
  }

  #stay(): void {
    this.warning = undefined;
    this.#stream?.say({ type: 'stay' });
    this.focus();
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
    if (this.state.is !== 'open') {
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
    this.#observer.disconnect();
    clearTimeout(this.#fitting);
    clearInterval(this.#ticking);
    this.#stream?.close();
    this.#stream = undefined;
    this.#view?.dispose();
    this.#view = undefined;
  }

  #forget(): void {
    const none = { row: undefined, question: undefined, warning: undefined, doubt: undefined, failure: undefined };
    Object.assign(this, { ...none, state: { is: 'connecting' }, people: [], isSearching: false, isSetting: false, isRinging: false });
  }
}

define('sw-terminal', SwTerminal);
