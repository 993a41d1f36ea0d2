import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientFrame, ServerFrame } from './protocol.ts';

export interface PageOptions {
  readonly url: string;
  readonly ca: string;
  readonly ticket: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Acknowledges what it was sent; true. */
  readonly acks?: boolean;
}

/** Waits, with a bound, until something holds. */
export async function until(what: string | (() => string), holds: () => unknown, ms = 5_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`In vain: ${typeof what === 'string' ? what : what()}`);
    await new Promise((done) => setTimeout(done, 2));
  }
}

/** A page with a terminal in it: draws what it is sent, as protocol.ts says. */
export class Page {
  readonly socket: WebSocket;
  readonly frames: ServerFrame[] = [];
  /** Everything before this was drawn. */
  at = 0;
  closed: { readonly code: number; readonly reason: string } | undefined;
  acks: boolean;
  #snapshotLeft = 0;
  #shown: Buffer[] = [];

  constructor({ url, ca, ticket, headers, acks = true }: PageOptions, seen?: { readonly shown: Buffer; readonly at: number }) {
    this.acks = acks;
    if (seen) this.#shown.push(seen.shown);
    this.at = seen?.at ?? 0;
    this.socket = new WebSocket(url, ['stackwarden.terminal.v1', `stackwarden.ticket.${ticket}`], {
      ca,
      headers,
      handshakeTimeout: 10_000,
    });
    this.socket.on('message', (data, isBinary) => (isBinary ? this.#draw(data as Buffer) : this.#read((data as Buffer).toString('utf8'))));
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    this.socket.on('error', () => undefined);
  }

  /** What is drawn: snapshots begin it anew. */
  get shown(): Buffer {
    const [first = Buffer.alloc(0), ...more] = this.#shown;
    if (more.length > 0) this.#shown = [Buffer.concat(this.#shown)];
    return this.#shown[0] ?? first;
  }

  async opened(): Promise<this> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    return this;
  }

  send(frame: ClientFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  type(text: string): void {
    this.socket.send(Buffer.from(text));
  }

  ack(): void {
    this.send({ type: 'ack', at: this.at });
  }

  last<T extends ServerFrame['type']>(type: T): Extract<ServerFrame, { type: T }> | undefined {
    return this.frames.findLast((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);
  }

  async told<T extends ServerFrame['type']>(type: T): Promise<Extract<ServerFrame, { type: T }>> {
    await until(
      () => `a frame ${type}; there are ${JSON.stringify(this.frames).slice(0, 500)}, ${JSON.stringify(this.closed)}`,
      () => this.last(type),
    );
    return this.last(type) as Extract<ServerFrame, { type: T }>;
  }

  async ended(): Promise<{ readonly code: number; readonly reason: string }> {
    await until('the end of the socket', () => this.closed);
    return this.closed ?? { code: 0, reason: '' };
  }

  /** Half a snapshot is nothing to go on from. */
  get isWhole(): boolean {
    return this.#snapshotLeft === 0;
  }

  #read(text: string): void {
    const frame = JSON.parse(text) as ServerFrame;
    this.frames.push(frame);
    if (frame.type !== 'attached') return;
    this.#snapshotLeft = frame.snapshot;
    if (frame.snapshot > 0 || frame.at === 0) this.#shown = [];
    this.at = frame.at;
  }

  #draw(bytes: Buffer): void {
    this.#shown.push(bytes);
    const counted = Math.max(0, bytes.length - this.#snapshotLeft);
    this.#snapshotLeft -= bytes.length - counted;
    this.at += counted;
    if (this.acks && counted > 0) this.ack();
  }
}
