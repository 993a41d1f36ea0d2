import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientFrame, Credentials, ServerFrame, StreamProtocol, TicketProtocol } from '#api/terminal/protocol.ts';
import { Positions } from '../../../web/data/terminal-positions.ts';
import { type Shell, Shown } from './shell.ts';

export interface PageOptions {
  /** Of the stream, `wss:`. */
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  readonly ticket: string;
  readonly credentials: Credentials;
}

const size = { cols: 80, rows: 24 };
/** A browser draws so often at 60 frames a second, and xterm.js leaves some of it to others. */
const drawEveryMs = 13;

/** A page with a terminal in it that draws nothing: acknowledges as the page of the web does, at once or as if it drew so fast. */
export class TerminalPage implements Shell {
  readonly shown = new Shown();
  readonly #socket: WebSocket;
  readonly #positions = new Positions();
  readonly #undrawn: { bytes: Buffer; readonly drawn: () => number | undefined }[] = [];
  readonly #opened = Promise.withResolvers<void>();
  #drawing: NodeJS.Timeout | undefined;

  constructor({ url, ca, token, ticket, credentials }: PageOptions) {
    // Nobody may be waiting for it.
    this.#opened.promise.catch(() => undefined);
    const protocols: [StreamProtocol, TicketProtocol] = ['stackwarden.terminal.v1', `stackwarden.ticket.${ticket}`];
    const headers = { authorization: `Bearer ${token}` };
    this.#socket = new WebSocket(url, protocols, { ca, headers, handshakeTimeout: 30_000, perMessageDeflate: false });
    this.#socket.on('open', () => this.#send({ type: 'attach', ...size, credentials }));
    this.#socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#receive(data);
      else this.#hear(JSON.parse(data.toString('utf8')) as ServerFrame);
    });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', (code) => this.#fail(new Error(`the stream was closed with ${code}`)));
  }

  /** Resolves once what is typed goes to the far side. */
  async opened(): Promise<void> {
    const timer = setTimeout(() => this.#fail(new Error('the terminal did not open within a minute')), 60_000);
    await this.#opened.promise.finally(() => clearTimeout(timer));
  }

  readonly type = (text: string): void => this.#socket.send(Buffer.from(text));

  /** Draws so many bytes a second from now on, until what it returns is called. */
  slow(bytesASecond: number): () => void {
    let before = performance.now();
    this.#drawing = setInterval(() => {
      const now = performance.now();
      this.#draw(Math.round(((now - before) * bytesASecond) / 1000));
      before = now;
    }, drawEveryMs);
    return () => {
      clearInterval(this.#drawing);
      this.#drawing = undefined;
      this.#draw(Infinity);
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#drawing);
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close', { signal: AbortSignal.timeout(5_000) }).catch(() => this.#socket.terminate());
    if (this.#socket.readyState === WebSocket.OPEN) this.#send({ type: 'end' });
    await closed;
  }

  #send(frame: ClientFrame): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #hear(frame: ServerFrame): void {
    if (frame.type === 'attached') this.#positions.attach(frame);
    if (frame.type === 'state' && frame.state === 'open') this.#opened.resolve();
    if (frame.type === 'ask' || frame.type === 'host-key') this.#fail(new Error(`nobody is here to answer: ${JSON.stringify(frame)}`));
    if (frame.type === 'ended') this.#fail(new Error(`the terminal ended: ${frame.reason}. ${frame.detail}`));
  }

  #receive(bytes: Buffer): void {
    this.#undrawn.push({ bytes, drawn: this.#positions.take(bytes.length) });
    if (!this.#drawing) this.#draw(Infinity);
  }

  #draw(most: number): void {
    let left = most;
    for (let first = this.#undrawn[0]; first && left > 0; first = this.#undrawn[0]) {
      const part = first.bytes.subarray(0, Math.min(left, first.bytes.length));
      first.bytes = first.bytes.subarray(part.length);
      left -= part.length;
      if (first.bytes.length === 0) {
        this.#undrawn.shift();
        const at = first.drawn();
        if (at !== undefined) this.#send({ type: 'ack', at });
      }
      this.shown.draw(part);
    }
  }

  #fail(error: Error): void {
    this.#opened.reject(error);
    this.shown.fail(error);
  }
}
