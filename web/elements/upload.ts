import type { Piece } from '../data/files.ts';
import { Problem } from '../data/http.ts';

/** So much is sent at once. */
export const pieceBytes = 8 * 1024 * 1024;
const firstWaitMs = 1000;
const longestWaitMs = 30_000;
const speedOverMs = 5000;

export interface UploadDeps {
  /** How much of an upload that was not finished is there. Throws Problem. */
  readonly partial: (signal: AbortSignal) => Promise<number>;
  /** Resolves to how much is there then. Throws Problem. */
  readonly put: (piece: Piece) => Promise<number>;
  readonly changed: () => void;
  readonly now: () => number;
  /** Resolves after so long, or when it is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** `away`: the server is not reached; it goes on by itself. */
export type UploadState = 'waiting' | 'running' | 'away' | 'paused' | 'done' | 'failed' | 'cancelled';

/** One file on its way to the far side, piece by piece; after a pause or a lost connection it goes on where it was. */
export class Upload {
  readonly name: string;
  readonly path: string;
  readonly totalBytes: number;
  readonly #bytes: Blob;
  readonly #deps: UploadDeps;
  /** Something of it may be there already. */
  #mayResume: boolean;
  #stop = new AbortController();
  #sent: (readonly [atMs: number, bytes: number])[] = [];
  state: UploadState = 'waiting';
  sentBytes = 0;
  problem: unknown;

  constructor({ name, path, bytes, mayResume }: { name: string; path: string; bytes: Blob; mayResume: boolean }, deps: UploadDeps) {
    this.name = name;
    this.path = path;
    this.#bytes = bytes;
    this.totalBytes = bytes.size;
    this.#mayResume = mayResume;
    this.#deps = deps;
  }

  get isOver(): boolean {
    return this.state === 'done' || this.state === 'failed' || this.state === 'cancelled';
  }

  /** Bytes a second over the last seconds; 0 while that is not known. */
  get speed(): number {
    const [first, last] = [this.#sent[0], this.#sent.at(-1)];
    if (!first || !last || last[0] <= first[0]) return 0;
    return Math.max(0, ((last[1] - first[1]) * 1000) / (last[0] - first[0]));
  }

  pause(): void {
    if (!this.isOver) this.#halt('paused');
  }

  cancel(): void {
    if (!this.isOver) this.#halt('cancelled');
  }

  /** It is its turn again. */
  wake(): void {
    if (this.state === 'paused' || this.state === 'failed') this.#become('waiting');
  }

  /** Sends what is left; resolves when nothing more happens by itself. */
  async run(): Promise<void> {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.problem = undefined;
    this.#become('running');
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
      const before = this.sentBytes;
      try {
        await this.#send(signal);
        if (!signal.aborted) this.#become('done');
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!passes(error)) {
          this.problem = error;
          return this.#become('failed');
        }
        this.#become('away');
        if (this.sentBytes > before) waitMs = firstWaitMs;
        await this.#deps.wait(waitMs, signal);
        if (signal.aborted) return;
      }
    }
  }

  async #send(signal: AbortSignal): Promise<void> {
    let offset = this.#mayResume ? await this.#deps.partial(signal) : 0;
    if (offset > this.totalBytes) offset = 0;
    this.#mayResume = true;
    this.#reach(offset);
    // An empty file is one empty piece; a whole one whose last answer was lost is renamed by one, too.
    do {
      if (signal.aborted) return;
      this.#become('running');
      const from = offset;
      const bytes = this.#bytes.slice(from, from + pieceBytes);
      const sent = (count: number) => !signal.aborted && this.#reach(from + Math.min(count, bytes.size));
      offset = await this.#deps.put({ bytes, offset: from, totalBytes: this.totalBytes, signal, sent });
      this.#reach(offset);
    } while (offset < this.totalBytes);
  }

  #reach(bytes: number): void {
    const now = this.#deps.now();
    this.sentBytes = bytes;
    this.#sent = [...this.#sent.filter(([at]) => at > now - speedOverMs), [now, bytes]];
    this.#deps.changed();
  }

  #halt(state: UploadState): void {
    this.#stop.abort();
    this.#sent = [];
    this.#become(state);
  }

  #become(state: UploadState): void {
    if (state === this.state) return;
    this.state = state;
    this.#deps.changed();
  }
}

/**
 * Whether it makes sense to try again by itself. A piece that begins elsewhere than the file ends was half there already: a browser whose
 * connection broke sends it once more, unasked.
 */
function passes(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return [0, 429, 502, 503].includes(error.status) || error.title === 'UploadOutdated';
}
