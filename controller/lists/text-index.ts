import type { Holder } from './order.ts';

/** Rows whose texts are kept in one piece: most pieces hold nothing of what is looked for, and looking through one is a single step. */
interface Piece {
  readonly holders: Set<Holder>;
  /** Undefined when a row has changed since. */
  text: string | undefined;
}

const ROWS_IN_PIECE = 128;

/** Finds the rows in whose text something occurs, much faster than asking each. */
export class TextIndex {
  readonly #pieces = new Set<Piece>();
  readonly #pieceOf = new Map<Holder, Piece>();
  /** Where the next row goes. */
  #open: Piece | undefined;

  /** Tells that a row came, went or changed. */
  changed(holder: Holder): void {
    const known = this.#pieceOf.get(holder);
    if (known) known.text = undefined;
    if (!holder.entry) this.#remove(holder, known);
    else if (!known) this.#add(holder);
  }

  /** Rows whose text may hold `wanted`, in small letters: all that do are among them. */
  *mayHold(wanted: string): Iterable<Holder> {
    for (const piece of this.#pieces) {
      piece.text ??= textOf(piece);
      if (!piece.text.includes(wanted)) continue;
      yield* piece.holders;
    }
  }

  #add(holder: Holder): void {
    if (!this.#open || this.#open.holders.size >= ROWS_IN_PIECE) this.#open = { holders: new Set(), text: undefined };
    this.#open.holders.add(holder);
    this.#open.text = undefined;
    this.#pieces.add(this.#open);
    this.#pieceOf.set(holder, this.#open);
  }

  #remove(holder: Holder, piece: Piece | undefined): void {
    this.#pieceOf.delete(holder);
    if (!piece) return;
    piece.holders.delete(holder);
    if (piece.holders.size === 0) this.#pieces.delete(piece);
    // Its room is filled again before another piece is begun.
    else this.#open = piece;
  }
}

function textOf({ holders }: Piece): string {
  const texts: string[] = [];
  for (const { entry } of holders) if (entry) texts.push(entry.text);
  return texts.join('');
}
