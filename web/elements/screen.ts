import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import { hrefOfResource } from '../data/resource.ts';
import { ScreenConnection } from '../data/screen-connection.ts';
import type { StreamState } from '../data/terminal-stream.ts';
import { endTerminal, fetchTerminal, type TerminalRow, type Ticket } from '../data/terminals.ts';
import { screenTexts as t } from '../texts/screen.ts';
import { terminalTexts } from '../texts/terminal.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import type { IconName } from './icons.ts';
import { screenStyles } from './screen.styles.ts';
import { combinations } from './screen-keys.ts';
import type { ScreenView } from './screen-view.ts';
import { problemText } from './state.ts';
import { doubtOfPaste, readClipboard } from './terminal-clipboard.ts';
import { noteLine, stateDot } from './terminal-marks.ts';
import './terminal-confirm.ts';
import type { Doubt } from './terminal-confirm.ts';
import './terminal-ended.ts';
import { deedOf } from './terminal-keys.ts';
import { streamDeps } from './terminal-socket.ts';
import { toast } from './toast.ts';

const tickMs = 1000;

/** A screen to show: one just made comes with its first ticket. */
export interface ShownScreen extends Partial<Ticket> {
  readonly id: string;
}

/**
 * The screen of an instance, by VNC. Comes back by itself after a lost connection. Sends `sw-state` {state, row}, and `sw-wanted` with what the
 * page around it has to do (`again`, `anew`, `close`), of what `offers` has.
 */
export class SwScreen extends SwElement {
  static override properties = {
    terminal: { attribute: false },
    offers: { attribute: false },
    state: { state: true },
    row: { state: true },
    failure: { state: true },
    doubt: { state: true },
    isViewOnly: { state: true },
    isScaled: { state: true },
    takesCopies: { state: true },
    isFull: { state: true },
  };
  static override styles = [base, stateDot, noteLine, screenStyles];

  declare terminal: ShownScreen;
  /** What the page around can do once it has ended. */
  declare offers: readonly ('again' | 'anew' | 'close')[];
  declare state: StreamState;
  declare row: TerminalRow | undefined;
  declare failure: unknown;
  declare doubt: Doubt | undefined;
  declare isViewOnly: boolean;
  declare isScaled: boolean;
  /** What the instance copies comes into the clipboard of whoever sits here; it may be meant to harm, so not unless they want it. */
  declare takesCopies: boolean;
  declare isFull: boolean;

  #connection: ScreenConnection | undefined;
  #view: ScreenView | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  readonly #online = () => this.#connection?.again();
  readonly #fullChanged = () => (this.isFull = document.fullscreenElement !== null && this.matches(':fullscreen'));

  constructor() {
    super();
    Object.assign(this, { offers: [], state: { is: 'connecting' }, isViewOnly: false, isScaled: true, takesCopies: false, isFull: false });
    // Keys of the page mean nothing in here.
    this.addEventListener('keydown', (event) => event.stopPropagation());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('online', this.#online);
    document.addEventListener('fullscreenchange', this.#fullChanged);
    if (this.hasUpdated) void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('online', this.#online);
    document.removeEventListener('fullscreenchange', this.#fullChanged);
    this.#leave();
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('terminal') && this.terminal.id !== (changed.get('terminal') as ShownScreen | undefined)?.id) void this.#begin();
    if (changed.has('isViewOnly') && this.#view) this.#view.isViewOnly = this.isViewOnly;
    if (changed.has('isScaled') && this.#view) this.#view.isScaled = this.isScaled;
  }

  override focus(): void {
    this.#view?.focus();
  }

  override render() {
    const { row, state } = this;
    return html`<div class="bar" role="toolbar" aria-label=${t.toolbar}>
        <span class="dot ${state.is}" title=${this.#told()}></span>
        <div class="facts">${row ? this.#facts(row) : html`<span class="quiet">${this.#told()}</span>`}</div>
        ${this.#buttons()}
      </div>
      ${this.#note()}
      <div class="screen" role="region" aria-label=${t.label(row ? `${row.serverName} (${row.cluster})` : '')} aria-describedby="keys">
        <div class="host" data-takes-keys @keydown=${{ handleEvent: (event: KeyboardEvent) => this.#key(event), capture: true }}></div>
        ${this.#over()}
      </div>
      <span class="unseen" role="status">${this.#told()}</span>
      <span class="unseen" id="keys">${t.keysHint}</span>
      ${this.doubt ? html`<sw-terminal-confirm .doubt=${this.doubt} @sw-closed=${() => this.#settled()}></sw-terminal-confirm>` : nothing}`;
  }

  #facts(row: TerminalRow): TemplateResult {
    return html`<strong class="mono">${terminalTexts.purposes.vnc}</strong>
      <a href=${hrefOfResource({ type: 'server', cluster: row.cluster, id: row.serverId })}>${row.serverName}</a>
      <span class="quiet">${row.cluster}</span>
      <span class="quiet" title=${t.notRecordedLong}>${t.notRecorded}</span>`;
  }

  #buttons(): TemplateResult {
    const isOpen = this.state.is === 'open';
    const mayType = isOpen && !this.isViewOnly;
    const button = (icon: IconName, label: string, { act, hint = label, off = false }: { act: () => void; hint?: string; off?: boolean }) =>
      html`<button aria-label=${label} title=${hint} ?disabled=${off} @click=${act}><sw-icon name=${icon}></sw-icon></button>`;
    const toggle = (icon: IconName, label: string, { is, act, hint = label }: { is: boolean; act: () => void; hint?: string }) =>
      html`<button aria-label=${label} title=${hint} aria-pressed=${is} @click=${act}><sw-icon name=${icon}></sw-icon></button>`;
    return html`<wa-dropdown placement="bottom-end" @wa-select=${(event: CustomEvent<{ item: { value: string } }>) => this.#press(Number(event.detail.item.value))}>
        <button slot="trigger" aria-label=${t.keys} title=${t.keys} ?disabled=${!mayType}><sw-icon name="keyboard"></sw-icon><sw-icon name="chevron-down"></sw-icon></button>
        ${combinations.map((keys, index) => html`<wa-dropdown-item value=${index}>${keys.map((key) => (key === 'Control' ? 'Ctrl' : key)).join('+')}</wa-dropdown-item>`)}
      </wa-dropdown>
      ${button('file-pen-line', t.paste, { act: () => void this.#paste(), hint: t.pasteHint, off: !mayType })}
      ${toggle('copy', t.copyOut, { is: this.takesCopies, act: () => (this.takesCopies = !this.takesCopies), hint: t.copyOutHint })}
      ${toggle('eye', t.viewOnly, { is: this.isViewOnly, act: () => (this.isViewOnly = !this.isViewOnly) })}
      ${toggle('monitor', t.scale, { is: this.isScaled, act: () => (this.isScaled = !this.isScaled) })}
      ${button('maximize', this.isFull ? t.leaveFull : t.full, { act: () => void this.#full() })}
      ${this.row?.mayEnd && this.state.is !== 'ended' ? button('power', t.end, { act: () => void this.#end() }) : nothing}`;
  }

  #note(): TemplateResult | typeof nothing {
    const { state } = this;
    const note = (text: string, label: string) =>
      html`<div class="note"><span>${text}</span><button @click=${() => this.#connection?.again()}>${label}</button></div>`;
    if (state.is === 'away') return note(this.#awayText(state.retryAt), terminalTexts.tryNow);
    return state.is === 'taken' ? note(terminalTexts.states.taken, terminalTexts.takeBack) : nothing;
  }

  #over(): TemplateResult | typeof nothing {
    const { state } = this;
    if (this.failure !== undefined) return html`<div class="waiting" role="alert">${problemText(this.failure)}</div>`;
    if (state.is === 'connecting') return html`<div class="waiting">${t.connecting}</div>`;
    if (state.is !== 'ended') return nothing;
    return html`<sw-terminal-ended .end=${state.end} .offers=${this.offers} @sw-offer=${(event: CustomEvent<string>) => this.send('sw-wanted', event.detail)}></sw-terminal-ended>`;
  }

  /** For ears: without the seconds that count down. */
  #told(): string {
    const { state } = this;
    if (state.is === 'connecting') return t.connecting;
    return state.is === 'away' ? terminalTexts.states.trying : terminalTexts.states[state.is];
  }

  #awayText(retryAt: number): string {
    const seconds = Math.ceil((retryAt - Date.now()) / 1000);
    return seconds > 0 ? terminalTexts.states.away(seconds) : terminalTexts.states.trying;
  }

  async #begin(): Promise<void> {
    this.#leave();
    const { id, ticket, stream, expiresAt } = this.terminal;
    this.failure = undefined;
    this.row = undefined;
    this.state = { is: 'connecting' };
    try {
      const { openScreen } = await import('./screen-view.ts');
      if (id !== this.terminal.id || !this.isConnected || this.#connection) return;
      const first = ticket !== undefined && stream !== undefined && expiresAt !== undefined ? { ticket, stream, expiresAt } : undefined;
      const deps = streamDeps(id, 'attach');
      this.#connection = new ScreenConnection(
        {
          ...deps,
          connect: (given, told) => {
            const view = openScreen(this.renderRoot.querySelector('.host') as HTMLElement, given, {
              ...told,
              copied: (text) => void this.#copied(text),
              wantsPassword: () => this.#refusePassword(),
            });
            Object.assign(view, { isViewOnly: this.isViewOnly, isScaled: this.isScaled });
            this.#view = view;
            return () => view.end();
          },
        },
        (state) => this.#changed(state),
        first,
      );
      this.#connection.begin();
    } catch (error) {
      this.failure = error;
    }
  }

  #leave(): void {
    clearInterval(this.#ticking);
    this.#connection?.close();
    this.#connection = undefined;
    this.#view = undefined;
  }

  #changed(state: StreamState): void {
    this.state = state;
    clearInterval(this.#ticking);
    if (state.is === 'away') this.#ticking = setInterval(() => this.requestUpdate(), tickMs);
    if (state.is === 'open') this.#view?.focus();
    void this.#look();
  }

  /** What the server has of it; it is shown without, where that cannot be had. */
  async #look(): Promise<void> {
    const { id } = this.terminal;
    const row = await fetchTerminal(id).catch(() => this.row);
    if (id !== this.terminal.id) return;
    this.row = row;
    this.send('sw-state', { state: this.state, row });
  }

  #key(event: KeyboardEvent): void {
    if (deedOf(event, false) !== 'leave') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#view?.blur();
    this.renderRoot.querySelector<HTMLElement>('.bar button:not(:disabled)')?.focus();
  }

  #press(index: number): void {
    const keys = combinations[index];
    if (keys) this.#view?.press(keys);
    this.#view?.focus();
  }

  async #paste(): Promise<void> {
    const text = await readClipboard();
    if (text === undefined) return;
    this.doubt = doubtOfPaste(text, (clean) => {
      this.#view?.type(clean);
      this.#view?.focus();
    });
  }

  #settled(): void {
    this.doubt = undefined;
    this.#view?.focus();
  }

  async #copied(text: string): Promise<void> {
    if (!this.takesCopies) return;
    try {
      await navigator.clipboard.writeText(text);
      toast({ text: t.copied, tone: 'success' });
    } catch {
      toast({ text: t.notCopied, tone: 'warning' });
    }
  }

  #refusePassword(): void {
    this.#leave();
    this.failure = new Error(t.password);
  }

  async #full(): Promise<void> {
    if (this.isFull) await document.exitFullscreen();
    else await this.requestFullscreen();
    this.#view?.focus();
  }

  async #end(): Promise<void> {
    try {
      await endTerminal(this.terminal.id);
    } catch (error) {
      toast({ text: problemText(error), tone: 'danger' });
    }
  }
}

define('sw-screen', SwScreen);
