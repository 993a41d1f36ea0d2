import type { WebSocket } from 'ws';
import type { Clock } from '#controller/engine/ports.ts';
import type { Identity } from '../auth/identity.ts';
import type { CloseCode, Present, ServerFrame } from './protocol.ts';

/** Who is behind a page, now and later. */
export interface Presence {
  readonly identity: Identity;
  /** Network address. */
  readonly address: string;
  /** Who it is now; undefined when session or token no longer count. `isUnattended`: they did nothing since. */
  readonly again: (options: { readonly isUnattended: boolean }) => Promise<Identity | undefined>;
}

const pingMs = 20_000;
/** Pings that may go unanswered. */
const misses = 2;

/** A page at a terminal: one who works in it, or who watches. It is gone when its socket closes, or answers no more. */
export class Viewer {
  readonly role: Present['role'];
  readonly since: number;
  readonly presence: Presence;
  readonly socket: WebSocket;
  /** `new` until it said how large it is; `drawing`: the screen is made for it; `behind`: gets nothing until it has caught up. */
  state: 'new' | 'drawing' | 'live' | 'behind' | 'gone' = 'new';
  /** Position up to which output was sent, and was drawn there. */
  sent = 0;
  acked = 0;
  #missed = 0;
  #cancel: () => void = () => undefined;

  constructor(socket: WebSocket, options: { role: Present['role']; presence: Presence; clock: Clock; onGone: () => void }) {
    const { role, presence, clock, onGone } = options;
    this.role = role;
    this.presence = presence;
    this.socket = socket;
    this.since = clock.now();
    socket.on('pong', () => {
      this.#missed = 0;
    });
    socket.once('close', () => {
      this.#cancel();
      this.state = 'gone';
      onGone();
    });
    const ping = () => {
      if (this.#missed >= misses) return socket.terminate();
      this.#missed += 1;
      socket.ping();
      this.#cancel = clock.after(pingMs, ping);
      return undefined;
    };
    this.#cancel = clock.after(pingMs, ping);
  }

  get user(): string {
    return this.presence.identity.user;
  }

  get present(): Present {
    return { user: this.user, role: this.role, since: this.since };
  }

  tell(frame: ServerFrame): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Output, which counts. */
  show(bytes: Buffer): void {
    this.sent += bytes.length;
    this.send(bytes);
  }

  /** Bytes that do not count. `taken` is called once the network has them. */
  send(bytes: Uint8Array, taken?: () => void): void {
    if (bytes.length > 0 && this.socket.readyState === this.socket.OPEN) this.socket.send(bytes, { binary: true }, () => taken?.());
  }

  close(code: CloseCode, reason: string): void {
    this.state = 'gone';
    // 123 bytes is what a close frame holds.
    this.socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, 120)
        .toString()
        .replace(/\ufffd$/, ''),
    );
    // Who does not answer the goodbye is not waited for.
    this.#cancel();
    const timer = setTimeout(() => this.socket.terminate(), 5_000).unref();
    this.socket.once('close', () => clearTimeout(timer));
  }
}
