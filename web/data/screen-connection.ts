import type { TerminalEnd } from '#api/terminal/protocol.ts';
import { Backoff } from './backoff.ts';
import { Problem } from './http.ts';
import type { StreamState } from './terminal-stream.ts';
import type { Ticket } from './terminals.ts';

export interface ScreenDeps {
  /** Connects with this ticket and draws; returns what ends that. */
  connect(ticket: Ticket, told: { opened(): void; closed(code: number): void }): () => void;
  /** Asks the server for another ticket. Throws Problem. */
  ticket(): Promise<Ticket>;
  /** How it ended; undefined while it lives. */
  fate(): Promise<TerminalEnd | undefined>;
  later(call: () => void, ms: number): () => void;
  now(): number;
  random(): number;
}

/**
 * The screen of an instance over its stream, which carries bytes of RFB and nothing else: why it closed, its code tells, and the server, which is
 * asked. Comes back by itself after a lost connection, with the screen drawn anew, for as long as the server keeps it.
 */
export class ScreenConnection {
  readonly #deps: ScreenDeps;
  readonly #changed: (state: StreamState) => void;
  readonly #backoff: Backoff;
  #state: StreamState = { is: 'connecting' };
  #first: Ticket | undefined;
  #drop: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  /** Of the try under way; answers to older ones are of no interest. */
  #round = 0;

  constructor(deps: ScreenDeps, changed: (state: StreamState) => void, first?: Ticket) {
    this.#deps = deps;
    this.#changed = changed;
    this.#first = first;
    this.#backoff = new Backoff(deps.random);
  }

  begin(): void {
    void this.#connect();
  }

  /** Tries at once, such as when the network is back, or to take the screen back from another page. */
  again(): void {
    if (this.#state.is !== 'away' && this.#state.is !== 'taken') return;
    this.#backoff.begin();
    void this.#connect();
  }

  /** Leaves; the terminal waits on the server for a while. */
  close(): void {
    this.#round += 1;
    this.#cancelRetry?.();
    this.#drop?.();
    this.#drop = undefined;
  }

  async #connect(): Promise<void> {
    this.close();
    const round = this.#round;
    if (this.#state.is === 'taken') this.#become({ is: 'connecting' });
    try {
      const ticket = this.#first ?? (await this.#deps.ticket());
      this.#first = undefined;
      if (round !== this.#round) return;
      this.#drop = this.#deps.connect(ticket, {
        opened: () => {
          if (round !== this.#round) return;
          this.#backoff.begin();
          this.#become({ is: 'open' });
        },
        closed: (code) => {
          if (round === this.#round) void this.#closed(round, code);
        },
      });
    } catch (error) {
      if (round !== this.#round) return;
      // What is not the terminal's own end passes: no network, a session to be begun anew, a server that starts.
      const isOver = error instanceof Problem && [403, 404, 409, 410].includes(error.status);
      if (isOver) await this.#over(round, error.message);
      else this.#away();
    }
  }

  async #closed(round: number, code: number): Promise<void> {
    this.#drop?.();
    this.#drop = undefined;
    if (code === 4009) this.#become({ is: 'taken' });
    else if (code === 4000 || code === 4003 || code === 4004) await this.#over(round, '');
    else this.#away();
  }

  async #over(round: number, detail: string): Promise<void> {
    const end = await this.#deps.fate().catch(() => undefined);
    if (round === this.#round) this.#become({ is: 'ended', end: end ?? { reason: 'lost', detail } });
  }

  #away(): void {
    const waitMs = this.#backoff.next();
    this.#become({ is: 'away', retryAt: this.#deps.now() + waitMs });
    this.#cancelRetry = this.#deps.later(() => void this.#connect(), waitMs);
  }

  #become(state: StreamState): void {
    this.#state = state;
    this.#changed(state);
  }
}
