import type { Clock } from '#controller/engine/ports.ts';
import { Compacted, type ObjectStore, type StoredEvent } from './object-store.ts';

/** How the log is followed; defaults suit one process, `pollMs` bounds the delay of another process's writes. */
export interface EventLogOptions {
  readonly pollMs?: number;
  /** Events kept in memory for those who follow closely; older ones are read from the store. */
  readonly keep?: number;
  readonly keepBytes?: number;
}

const batch = 500;

/**
 * The one follower of the store's events in this process. Readers are cursors over the log (a version), so nothing is queued per
 * reader: one that is slow falls behind, reads from the store, and learns of compaction there.
 */
export class EventLog {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #pollMs: number;
  readonly #keep: number;
  readonly #keepBytes: number;
  readonly #waiting = new Set<() => void>();
  #recent: StoredEvent[] = [];
  #bytes = 0;
  /** Everything up to here was read; `#recent` holds all above `#floor`. */
  #head = 0;
  #floor = 0;
  #isReading = false;
  #again = false;
  #stopPoll: () => void = () => {};
  #stopListening: () => void = () => {};
  #closed = false;

  constructor(store: ObjectStore, clock: Clock, options: EventLogOptions = {}) {
    this.#store = store;
    this.#clock = clock;
    this.#pollMs = options.pollMs ?? 1000;
    this.#keep = options.keep ?? 2000;
    this.#keepBytes = options.keepBytes ?? 16 * 1024 * 1024;
  }

  /** MUST be awaited before the first read. */
  async start(): Promise<void> {
    this.#head = await this.#store.version();
    this.#floor = this.#head;
    this.#stopListening = this.#store.onWrite(() => void this.#refresh());
    this.#poll();
  }

  close(): void {
    this.#closed = true;
    this.#stopPoll();
    this.#stopListening();
    this.#wake();
  }

  /** The version up to which the log was read. */
  get head(): number {
    return this.#head;
  }

  /** Events above `after`, oldest first; empty when there are none yet. Throws Compacted. */
  async read(after: number): Promise<StoredEvent[]> {
    if (after >= this.#head) return [];
    if (after < this.#floor) return this.#store.events(after, batch);
    return this.#recent.slice(firstAbove(this.#recent, after), firstAbove(this.#recent, after) + batch);
  }

  /** Resolves when there may be events above `after`, when `signal` aborts, or after `ms`. */
  async wait(after: number, signal: AbortSignal, ms: number): Promise<void> {
    if (this.#head > after || this.#closed || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        cancel();
        resolve();
      };
      const cancel = this.#clock.after(ms, done);
      signal.addEventListener('abort', done, { once: true });
      this.#waiting.add(done);
    });
  }

  #poll(): void {
    this.#stopPoll = this.#clock.after(this.#pollMs, () => {
      if (this.#closed) return;
      void this.#refresh();
      this.#poll();
    });
  }

  /** Reads on; calls during a read make it go round once more, so no write is left unseen. */
  async #refresh(): Promise<void> {
    this.#again = true;
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#again && !this.#closed) {
      this.#again = false;
      await this.#readOn();
    }
    // No await between the last look at #again and this.
    this.#isReading = false;
  }

  async #readOn(): Promise<void> {
    try {
      const events = await this.#store.events(this.#head, batch);
      if (events.length > 0) this.#append(events);
      if (events.length === batch) this.#again = true;
    } catch (error) {
      // A store that cannot be read now is read again at the next poll; readers meanwhile wait, and miss nothing.
      if (error instanceof Compacted) this.#skipTo(error.oldest);
    }
  }

  /** This follower itself fell behind compaction; readers that were behind too are told so by the store. */
  #skipTo(version: number): void {
    this.#recent = [];
    this.#bytes = 0;
    this.#head = version;
    this.#floor = version;
    this.#again = true;
    this.#wake();
  }

  #append(events: readonly StoredEvent[]): void {
    for (const event of events) {
      this.#recent.push(event);
      this.#bytes += size(event);
    }
    this.#head = events.at(-1)?.resourceVersion ?? this.#head;
    let drop = 0;
    while (this.#recent.length - drop > this.#keep || this.#bytes > this.#keepBytes) {
      const oldest = this.#recent[drop];
      if (!oldest) break;
      this.#bytes -= size(oldest);
      this.#floor = oldest.resourceVersion;
      drop += 1;
    }
    if (drop > 0) this.#recent = this.#recent.slice(drop);
    this.#wake();
  }

  #wake(): void {
    // Each call takes itself out of the set.
    for (const call of Array.from(this.#waiting)) call();
  }
}

function size(event: StoredEvent): number {
  return event.body.length + (event.previous?.length ?? 0);
}

/** Index of the first event with a version above `after`. */
function firstAbove(events: readonly StoredEvent[], after: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.resourceVersion ?? 0) > after) high = middle;
    else low = middle + 1;
  }
  return low;
}
