import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Credentials, Present, ServerFrame } from '#api/terminal/protocol.ts';
import { type StreamOptions, type StreamState, TerminalStream } from '../data/terminal-stream.ts';
import { fetchTerminal, type TerminalRow, type Ticket } from '../data/terminals.ts';
import type { Question } from './terminal-ask.ts';
import type { HostKeyQuestion } from './terminal-host-key.ts';
import { streamDeps } from './terminal-socket.ts';
import type { XtermView } from './xterm-view.ts';

/** A terminal to show: one just made comes with its first ticket. */
export interface ShownTerminal extends Partial<Ticket> {
  readonly id: string;
}

/** What an element shows of a terminal beside its picture: how it stands, who is there, what is asked. It is told of each state. */
export class TerminalSession implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #told: (state: StreamState, row: TerminalRow | undefined) => void;
  #stream: TerminalStream | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #id = '';

  state: StreamState = { is: 'connecting' };
  row: TerminalRow | undefined;
  people: readonly Present[] = [];
  question: Question | HostKeyQuestion | undefined;
  warning: Extract<ServerFrame, { readonly type: 'warning' }> | undefined;

  readonly #offline = () => this.#stream?.lost();
  readonly #online = () => this.#stream?.again();

  constructor(host: ReactiveControllerHost, told: (state: StreamState, row: TerminalRow | undefined) => void) {
    this.#host = host;
    this.#told = told;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('offline', this.#offline);
    window.addEventListener('online', this.#online);
  }

  hostDisconnected(): void {
    window.removeEventListener('offline', this.#offline);
    window.removeEventListener('online', this.#online);
    this.leave();
  }

  /** Draws a terminal on a view, from now on until it is left. */
  begin(
    view: XtermView,
    { id, ticket, stream, expiresAt }: ShownTerminal,
    purpose: StreamOptions['purpose'],
    credentials?: Credentials,
  ): void {
    this.leave();
    this.#id = id;
    const { terminal } = view;
    const isFirst = ticket !== undefined && stream !== undefined && expiresAt !== undefined;
    this.#stream = new TerminalStream(
      streamDeps(id, purpose),
      {
        changed: (state) => this.#changed(state),
        // In the order of what is drawn: what came before is still on its way to the screen.
        restart: () => terminal.write('\x1bc'),
        draw: (bytes, drawn) => terminal.write(bytes, drawn),
        told: (frame) => this.#hear(frame, purpose === 'watch' ? view : undefined),
      },
      {
        purpose,
        size: { cols: terminal.cols, rows: terminal.rows },
        ...(isFirst && { ticket: { ticket, stream, expiresAt } }),
        ...(credentials && { credentials }),
      },
    );
    this.#stream.begin();
  }

  /** The terminal goes on; it is only not shown here any more. */
  leave(): void {
    clearInterval(this.#ticking);
    this.#stream?.close();
    this.#stream = undefined;
    Object.assign(this, { state: { is: 'connecting' }, row: undefined, people: [], question: undefined, warning: undefined });
    this.#host.requestUpdate();
  }

  type(text: string): void {
    this.#stream?.type(text);
  }

  resize(cols: number, rows: number): void {
    this.#stream?.resize(cols, rows);
  }

  again(): void {
    this.#stream?.again();
  }

  stay(): void {
    this.warning = undefined;
    this.#stream?.say({ type: 'stay' });
    this.#host.requestUpdate();
  }

  answer({ id }: Question, answers: readonly string[] | undefined): void {
    this.question = undefined;
    this.#stream?.say({ type: 'answer', id, ...(answers && { answers }) });
    this.#host.requestUpdate();
  }

  accept({ fingerprint }: HostKeyQuestion, isAccepted: boolean): void {
    this.question = undefined;
    this.#stream?.say(isAccepted ? { type: 'accept-host-key', fingerprint } : { type: 'end' });
    this.#host.requestUpdate();
  }

  /** `watched`: where what is shown follows the size of who works. */
  #hear(frame: ServerFrame, watched: XtermView | undefined): void {
    if (frame.type === 'ask' || frame.type === 'host-key') this.question = frame;
    if (frame.type === 'warning') this.warning = frame;
    if (frame.type === 'people') this.people = frame.people;
    if (frame.type === 'resized' || frame.type === 'attached') watched?.terminal.resize(frame.cols, frame.rows);
    if (frame.type === 'attached' || (frame.type === 'state' && frame.state === 'open')) void this.#readRow();
    this.#host.requestUpdate();
  }

  #changed(state: StreamState): void {
    this.state = state;
    if (state.is !== 'connecting') this.question = undefined;
    clearInterval(this.#ticking);
    if (state.is === 'away') this.#ticking = setInterval(() => this.#host.requestUpdate(), 1000);
    this.#told(state, this.row);
    this.#host.requestUpdate();
  }

  async #readRow(): Promise<void> {
    const id = this.#id;
    // The banner says less without it; the terminal works.
    const row = await fetchTerminal(id).catch(() => undefined);
    if (!row || id !== this.#id || !this.#stream) return;
    this.row = row;
    this.#told(this.state, row);
    this.#host.requestUpdate();
  }
}
