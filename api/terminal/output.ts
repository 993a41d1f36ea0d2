/** What a terminal showed: its newest part, and how far it is. Positions count bytes of UTF-8 since the beginning. */
export interface Output {
  /** Position behind the newest byte. */
  readonly at: number;
  /** Takes what the far side sent; undefined while all of it is the beginning of a character. */
  take(bytes: Uint8Array): Piece | undefined;
  /** What is left at the end: half a character whose rest never came. */
  finish(): Piece | undefined;
  /** Everything from a position on; undefined when a part of it is no longer kept, or never was. */
  since(position: number): Buffer | undefined;
}

/** The same twice: what is recorded is what is sent. */
export interface Piece {
  readonly text: string;
  readonly bytes: Buffer;
}

/** So much can be asked for again. */
export const RING_BYTES = 1024 * 1024;
const firstBytes = 16 * 1024;

export function createOutput(keep = RING_BYTES): Output {
  // Also where characters are cut between two pieces; what is no UTF-8 comes out as U+FFFD.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const ring = new Ring(keep);
  const add = (text: string): Piece | undefined => {
    if (text === '') return undefined;
    const bytes = Buffer.from(text, 'utf8');
    ring.add(bytes);
    return { text, bytes };
  };
  return {
    get at() {
      return ring.at;
    },
    take: (bytes) => add(decoder.decode(bytes, { stream: true })),
    finish: () => add(decoder.decode()),
    since: (position) => ring.since(position),
  };
}

/** The newest bytes, in one block that grows up to its bound: most terminals show little. Byte n stands at n modulo its size. */
class Ring {
  readonly #keep: number;
  #block: Buffer;
  at = 0;

  constructor(keep: number) {
    this.#keep = keep;
    this.#block = Buffer.alloc(Math.min(firstBytes, keep));
  }

  add(bytes: Buffer): void {
    if (this.#block.length < this.#keep && this.at + bytes.length > this.#block.length) this.#grow(this.at + bytes.length);
    const size = this.#block.length;
    const newest = bytes.subarray(Math.max(0, bytes.length - size));
    const start = (this.at + bytes.length - newest.length) % size;
    const copied = newest.copy(this.#block, start);
    newest.copy(this.#block, 0, copied);
    this.at += bytes.length;
  }

  since(position: number): Buffer | undefined {
    const size = this.#block.length;
    if (!Number.isSafeInteger(position) || position > this.at || position < Math.max(0, this.at - size)) return undefined;
    const found = Buffer.allocUnsafe(this.at - position);
    const copied = this.#block.copy(found, 0, position % size, Math.min(size, (position % size) + found.length));
    this.#block.copy(found, copied, 0, found.length - copied);
    return found;
  }

  #grow(needed: number): void {
    let size = this.#block.length;
    while (size < needed && size < this.#keep) size = Math.min(size * 2, this.#keep);
    const old = this.since(Math.max(0, this.at - this.#block.length)) ?? Buffer.alloc(0);
    const start = this.at - old.length;
    this.#block = Buffer.alloc(size);
    const copied = old.copy(this.#block, start % size);
    old.copy(this.#block, 0, copied);
  }
}
