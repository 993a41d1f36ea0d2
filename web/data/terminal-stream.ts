import type { ClientFrame, Credentials, ServerFrame, TerminalEnd, TicketPurpose } from '#api/terminal/protocol.ts';
import { Backoff } from './backoff.ts';
import { Problem } from './http.ts';
import { Positions } from './terminal-positions.ts';
import type { Ticket } from './terminals.ts';

/** How it stands with a terminal, as the page sees it. */
export type StreamState =
  /** On the way there; `detail` is a step of it, for people. */
  | { readonly is: 'connecting'; readonly detail?: string }
  | { readonly is: 'open' }
  /** The connection broke; it is tried again at this time (epoch ms). The terminal lives on meanwhile. */
  | { readonly is: 'away'; readonly retryAt: number }
  /** Another page of the same person took it over. */
  | { readonly is: 'taken' }
  | { readonly is: 'ended'; readonly end: TerminalEnd };

/** As far as a WebSocket is needed here; tests bring their own. */
export interface Socket {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export interface StreamDeps {
  open(path: string, protocols: readonly string[]): Socket;
  /** Asks the server for another ticket. Throws Problem. */
  ticket(): Promise<Ticket>;
  /** How a terminal ended that the server keeps no more. */
  fate(): Promise<TerminalEnd | undefined>;
  later(call: () => void, ms: number): () => void;
  now(): number;
  random(): number;
}

/** Who shows the terminal. */
export interface StreamSink {
  changed(state: StreamState): void;
  /** What is shown is wrong from here on: the next bytes draw everything anew. */
  restart(cols: number, rows: number): void;
  /** To be drawn in order; `drawn` is called once it is. */
  draw(bytes: Uint8Array, drawn: () => void): void;
  /** Questions, warnings, people. */
  told(frame: ServerFrame): void;
}

export interface StreamOptions {
  readonly purpose: TicketPurpose;
  /** Of a terminal just made; else one is asked for. */
  readonly ticket?: Ticket;
  readonly size: { readonly cols: number; readonly rows: number };
  /** Used once, then forgotten. */
  readonly credentials?: Credentials;
}

const pieceBytes = 32 * 1024;
/** More than this is not typed ahead of a slow network. */
const longestBacklogBytes = 4 * 1024 * 1024;
/** Nobody is away longer; a terminal that waits longer than that is set up so by nobody. */
const longestAwayMs = 60 * 60_000;

/**
 * One terminal over its stream. Comes back by itself after a lost connection, where it was or with everything drawn anew, for as long as the
 * server keeps the terminal.
 */
export class TerminalStream {
  readonly #deps: StreamDeps;
  readonly #sink: StreamSink;
  readonly #purpose: TicketPurpose;
  readonly #encoder = new TextEncoder();
  readonly #positions = new Positions();
  readonly #backoff: Backoff;
  #size: { readonly cols: number; readonly rows: number };
  #ticket: Ticket | undefined;
  #credentials: Credentials | undefined;
  #socket: Socket | undefined;
  #state: StreamState = { is: 'connecting' };
  #awaySince: number | undefined;
  #cancelRetry: (() => void) | undefined;
  /** Of the try under way; answers to older ones are of no interest. */
  #round = 0;

  constructor(deps: StreamDeps, sink: StreamSink, { purpose, ticket, size, credentials }: StreamOptions) {
    this.#deps = deps;
    this.#sink = sink;
    this.#purpose = purpose;
    this.#ticket = ticket;
    this.#size = size;
    this.#credentials = credentials;
    this.#backoff = new Backoff(deps.random);
  }

  get state(): StreamState {
    return this.#state;
  }

  begin(): void {
    void this.#connect();
  }

  /** Types. What nobody would receive is not kept: it could be typed into something else later. */
  type(text: string): boolean {
    if (this.#purpose === 'watch' || this.#state.is !== 'open' || !this.#socket) return false;
    if (this.#socket.bufferedAmount > longestBacklogBytes) return false;
    const bytes = this.#encoder.encode(text);
    for (let at = 0; at < bytes.length; at += pieceBytes) this.#socket.send(bytes.slice(at, at + pieceBytes));
    return true;
  }

  resize(cols: number, rows: number): void {
    if (cols === this.#size.cols && rows === this.#size.rows) return;
    this.#size = { cols, rows };
    if (this.#purpose === 'attach') this.say({ type: 'resize', cols, rows });
  }

  /** Nothing is said where nobody listens. */
  say(frame: ClientFrame): void {
    if (this.#socket && this.#positions.isAttached) this.#socket.send(JSON.stringify(frame));
  }

  /** Tries at once, such as when the network is back, or to take the terminal back from another page. */
  again(): void {
    if (this.#state.is !== 'away' && this.#state.is !== 'taken') return;
    this.#backoff.begin();
    void this.#connect();
  }

  /** The network is gone, as the browser says, which notices before the connection does. */
  lost(): void {
    if (this.#socket && (this.#state.is === 'open' || this.#state.is === 'connecting')) this.#away();
  }

  /** Leaves; the terminal waits for a while. */
  close(): void {
    this.#round += 1;
    this.#cancelRetry?.();
    this.#drop();
  }

  async #connect(): Promise<void> {
    this.#cancelRetry?.();
    this.#drop();
    this.#round += 1;
    const round = this.#round;
    if (this.#state.is === 'taken') this.#become({ is: 'connecting' });
    const ticket = this.#ticket ?? (await this.#askTicket(round));
    this.#ticket = undefined;
    if (ticket && round === this.#round) this.#open(ticket);
  }

  async #askTicket(round: number): Promise<Ticket | undefined> {
    try {
      return await this.#deps.ticket();
    } catch (error) {
      if (round !== this.#round) return undefined;
      // What is not the terminal's own end passes: no network, a session to be begun anew, a server that starts.
      const isOver = error instanceof Problem && [403, 404, 409, 410].includes(error.status);
      if (!isOver) this.#away();
      else await this.#over(round, error.message);
      return undefined;
    }
  }

  async #over(round: number, detail: string): Promise<void> {
    const end = await this.#deps.fate().catch(() => undefined);
    if (round === this.#round) this.#end(end ?? { reason: 'lost', detail });
  }

  #open({ ticket, stream }: Ticket): void {
    const socket = this.#deps.open(stream, ['stackwarden.terminal.v1', `stackwarden.ticket.${ticket}`]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => this.#attach(socket);
    socket.onmessage = ({ data }) => {
      if (this.#socket !== socket) return;
      if (typeof data === 'string') this.#hear(JSON.parse(data) as ServerFrame);
      else this.#receive(new Uint8Array(data as ArrayBuffer));
    };
    socket.onclose = ({ code, reason }) => {
      if (this.#socket === socket) this.#closed(code, reason);
    };
  }

  #attach(socket: Socket): void {
    if (this.#socket !== socket) return;
    const since = this.#positions.received;
    const credentials = this.#credentials;
    this.#credentials = undefined;
    const frame: ClientFrame = {
      type: 'attach',
      ...this.#size,
      ...(since !== undefined && { since }),
      ...(credentials && { credentials }),
    };
    socket.send(JSON.stringify(frame));
  }

  #hear(frame: ServerFrame): void {
    if (frame.type === 'attached') {
      this.#backoff.begin();
      this.#awaySince = undefined;
      if (this.#positions.attach(frame)) this.#sink.restart(frame.cols, frame.rows);
    }
    if (frame.type === 'state') this.#hearState(frame);
    if (frame.type === 'ended') {
      const { type: _, ...end } = frame;
      this.#end(end);
    }
    this.#sink.told(frame);
  }

  #hearState({ state, detail }: Extract<ServerFrame, { readonly type: 'state' }>): void {
    if (state === 'open') this.#become({ is: 'open' });
    if (state === 'connecting') this.#become({ is: 'connecting', ...(detail !== undefined && { detail }) });
  }

  #receive(bytes: Uint8Array): void {
    const drawn = this.#positions.take(bytes.length);
    this.#sink.draw(bytes, () => {
      const at = drawn();
      if (at !== undefined) this.say({ type: 'ack', at });
    });
  }

  #closed(code: number, reason: string): void {
    const endings: Readonly<Record<number, TerminalEnd>> = {
      4000: { reason: (reason || 'lost') as TerminalEnd['reason'], detail: '' },
      4003: { reason: 'revoked', detail: '' },
      4010: { reason: 'lost', detail: reason },
    };
    const end = endings[code];
    if (end) return this.#end(end);
    if (code === 4009) {
      this.#drop();
      return this.#become({ is: 'taken' });
    }
    if (code !== 4004) return this.#away();
    this.#drop();
    void this.#over(this.#round, '');
  }

  #away(): void {
    this.#drop();
    const now = this.#deps.now();
    this.#awaySince ??= now;
    if (now - this.#awaySince > longestAwayMs) return this.#end({ reason: 'left', detail: '' });
    const waitMs = this.#backoff.next();
    this.#become({ is: 'away', retryAt: now + waitMs });
    this.#cancelRetry = this.#deps.later(() => void this.#connect(), waitMs);
  }

  #end(end: TerminalEnd): void {
    this.close();
    this.#become({ is: 'ended', end });
  }

  #drop(): void {
    this.#positions.detach();
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onclose = null;
    socket.close();
  }

  #become(state: StreamState): void {
    if (this.#state.is === 'ended') return;
    this.#state = state;
    this.#sink.changed(state);
  }
}
