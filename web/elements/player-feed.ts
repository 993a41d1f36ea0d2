import type { CastEvent, Chunk } from '../data/recordings.ts';

/** Output that is asked for at once, and that is kept at most twice: so much memory a recording of any size takes. */
export const batchBytes = 1024 * 1024;
/** Pieces that are asked for at once; a quiet terminal has many small ones. */
const batchPieces = 64;
/** Nobody needs more of a quiet terminal ahead. */
const aheadMs = 120_000;

export interface FeedOptions {
  readonly chunks: readonly Chunk[];
  readonly durationMs: number;
  /** Events of `limit` pieces from the one with this number on. */
  readonly fetch: (from: number, limit: number, signal: AbortSignal) => AsyncIterable<CastEvent>;
  /** There is more, or it is known why not. */
  readonly changed: () => void;
}

/** The events of a recording from some piece on, brought ahead of what is shown and forgotten behind it. */
export class PlayerFeed {
  readonly #options: FeedOptions;
  #events: CastEvent[] = [];
  #times: number[] = [];
  /** Index of the first piece that is not wholly here. */
  #next = 0;
  #bytes = 0;
  /** The index behind what is shown first; more is brought once that is drawn, and takes no time from it. */
  #soonEnd = 0;
  #isHeld = false;
  #running: AbortController | undefined;
  /** Why the next piece did not come. */
  error: unknown;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Of events that were not taken yet. */
  get times(): readonly number[] {
    return this.#times;
  }

  /** Everything up to this, and with it, is here or was taken. */
  get knownMs(): number {
    const { chunks, durationMs } = this.#options;
    const next = chunks[this.#next];
    return next ? next.fromMs - 1 : durationMs;
  }

  get isWhole(): boolean {
    return this.#next >= this.#options.chunks.length;
  }

  /** Nothing more is brought before some of it is taken. */
  get isFull(): boolean {
    const [first] = this.#times;
    return this.#bytes >= batchBytes || (first !== undefined && this.knownMs - first >= aheadMs);
  }

  /** Begins anew with the piece of this index; only what is shown up to `soonMs` comes, until `goOn`. */
  start(index: number, soonMs: number): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#events = [];
    this.#times = [];
    this.#bytes = 0;
    this.#next = index;
    const behind = this.#options.chunks.findIndex(({ fromMs }, at) => at > index && fromMs > soonMs);
    this.#soonEnd = behind < 0 ? this.#options.chunks.length : behind;
    this.#isHeld = true;
    this.error = undefined;
    this.want();
  }

  /** Has more brought when little is left. */
  want(): void {
    if (this.#running || this.isWhole || this.error !== undefined || this.isFull) return;
    if (this.#isHeld && this.#next >= this.#soonEnd) return;
    void this.#bring();
  }

  /** Has more brought ahead. */
  goOn(): void {
    this.#isHeld = false;
    this.want();
  }

  /** Tries again what did not come. */
  retry(): void {
    this.error = undefined;
    this.want();
  }

  /** Takes the first events away. */
  take(count: number): CastEvent[] {
    this.#times.splice(0, count);
    const taken = this.#events.splice(0, count);
    for (const { data } of taken) this.#bytes -= data.length;
    this.want();
    return taken;
  }

  close(): void {
    this.#running?.abort();
  }

  async #bring(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    const { chunks, fetch, changed } = this.#options;
    const first = this.#next;
    const batchEnd = endOfBatch(chunks, first);
    const end = this.#isHeld ? Math.min(batchEnd, this.#soonEnd) : batchEnd;
    const from = chunks[first];
    if (!from) return;
    try {
      const events: CastEvent[] = [];
      for await (const event of fetch(from.seq, end - first, running.signal)) {
        if (running.signal.aborted) return;
        events.push(event);
      }
      if (running.signal.aborted) return;
      for (const event of events) this.#add(event);
      this.#next = end;
    } catch (error) {
      if (running.signal.aborted) return;
      this.error = error;
    }
    this.#running = undefined;
    this.want();
    changed();
  }

  #add(event: CastEvent): void {
    // Times are rounded: where a piece begins they may step back by one.
    const atMs = Math.max(event.atMs, this.#times.at(-1) ?? 0);
    this.#events.push({ ...event, atMs });
    this.#times.push(atMs);
    this.#bytes += event.data.length;
  }
}

/** The index behind the pieces that are asked for together: at least one, else as much as a batch may show. */
export function endOfBatch(chunks: readonly Chunk[], first: number, most = batchBytes): number {
  let bytes = 0;
  let end = first;
  while (end < Math.min(chunks.length, first + batchPieces) && (end === first || bytes + (chunks[end] as Chunk).bytes <= most)) {
    bytes += (chunks[end] as Chunk).bytes;
    end += 1;
  }
  return end;
}
