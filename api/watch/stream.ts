import { Readable } from 'node:stream';
import type { Clock } from '#controller/engine/ports.ts';
import type { Identity } from '../auth/identity.ts';
import type { Hub, Reader } from './hub.ts';
import { maySame, Sight, type Wanted } from './sight.ts';

export interface WatchOptions {
  readonly hub: Hub;
  readonly identity: Identity;
  readonly wanted: Wanted;
  /** The version a client has; undefined for one that begins. */
  readonly since: string | undefined;
  /** Who this client is now; undefined when its session or token no longer counts. */
  again(): Promise<Identity | undefined>;
  readonly clock: Pick<Clock, 'after'>;
}

export const HEARTBEAT_MS = 15_000;
/** Held back for one client at most; the rest waits in the hub, for all together. */
const CHUNK = 64 * 1024;

/**
 * The server-sent events of one client. It holds a place in the hub's stream and no events: a client that reads too slowly falls out of
 * what is kept, and is told to begin anew (`reset`).
 */
export class WatchStream extends Readable implements Reader {
  readonly #options: WatchOptions;
  readonly #leave: () => void;
  #sight: Sight;
  #identity: Identity;
  #seq: number;
  #isWanted = false;
  #isEnding = false;
  #notes: string;
  #cancel: () => void;

  constructor(options: WatchOptions) {
    super({ highWaterMark: CHUNK });
    const { hub, since } = options;
    this.#options = options;
    this.#identity = options.identity;
    this.#sight = new Sight(options.identity, options.wanted);
    const place = since === undefined ? undefined : hub.placeOf(since);
    this.#seq = place ?? hub.head;
    const isLost = since !== undefined && place === undefined;
    this.#notes = isLost
      ? this.#reset('What happened since is no longer kept.')
      : this.#note('snapshot', { version: hub.versionAt(this.#seq), resumed: since !== undefined });
    this.#leave = hub.join(this);
    this.#cancel = options.clock.after(HEARTBEAT_MS, () => void this.#beat());
  }

  override _read(): void {
    this.#isWanted = true;
    this.wake();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#cancel();
    this.#leave();
    done(error);
  }

  wake(): void {
    while (this.#isWanted && !this.#isEnding && !this.destroyed) {
      const chunk = this.#next();
      if (chunk === '') return;
      this.#isWanted = this.push(chunk);
    }
  }

  end(reason: string): void {
    if (this.destroyed || this.#isEnding) return;
    this.#isEnding = true;
    this.push(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
    this.push(null);
  }

  #next(): string {
    const { hub } = this.#options;
    let chunk = this.#notes;
    this.#notes = '';
    while (chunk.length < CHUNK) {
      const event = hub.behind(this.#seq);
      if (event === undefined) break;
      if (event === 'lost') {
        this.#seq = hub.head;
        return chunk + this.#reset('It was read too slowly.');
      }
      this.#seq = event.seq;
      const { publication } = event;
      const what = this.#sight.of(publication, () => event.isThere());
      if (what === 'shown') chunk += `id: ${hub.versionAt(event.seq)}\n${event.data()}`;
      if (what === 'gone') {
        const { resource, key } = publication;
        chunk += `id: ${hub.versionAt(event.seq)}\nevent: change\ndata: ${JSON.stringify({ resource, key, body: null })}\n\n`;
      }
    }
    return chunk;
  }

  /** Shows that the connection lives and how far the stream is, and looks whether the client still is who they were. */
  async #beat(): Promise<void> {
    let identity: Identity | undefined;
    try {
      identity = await this.#options.again();
    } catch {
      // A database that is away: they may come back and be asked again.
      return this.end('Who you are could not be checked; come back in a moment.');
    }
    if (this.destroyed) return undefined;
    if (!identity) return this.end('The session or token has ended; sign in again.');
    const { clock, hub } = this.#options;
    if (!maySame(identity, this.#identity)) {
      this.#sight = new Sight(identity, this.#options.wanted);
      this.#seq = hub.head;
      this.#notes += this.#reset('What you may see has changed.');
    }
    this.#identity = identity;
    // A block without data is no event, but its id counts.
    if (this.#notes === '') this.#notes = `: heartbeat\nid: ${hub.versionAt(this.#seq)}\n\n`;
    this.wake();
    this.#cancel = clock.after(HEARTBEAT_MS, () => void this.#beat());
    return undefined;
  }

  #reset(reason: string): string {
    return this.#note('reset', { version: this.#options.hub.versionAt(this.#seq), reason });
  }

  #note(event: 'snapshot' | 'reset', data: { readonly version: string; readonly resumed?: boolean; readonly reason?: string }): string {
    return `id: ${data.version}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  }
}
