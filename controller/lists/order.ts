import { type CellKind, compareKeys, type SortKey, sortKeyOf } from './cell.ts';
import type { Entry } from './entry.ts';

/** Where a row is kept; the entry in it changes, and is undefined once the row is gone. */
export interface Holder {
  readonly key: string;
  entry: Entry | undefined;
}

/** A row at its place in an order. */
export interface Placed {
  readonly at: SortKey;
  readonly holder: Holder;
}

/** So many changes are put in their places without waiting for a reader. */
const TAKEN_IN = 2_000;

/**
 * The rows of one type sorted by one column, ties by key. What changes meanwhile is only noted; it is put in its place at the next read, all
 * of it in one pass. A list that was read is never changed: who still reads it goes on undisturbed.
 */
export class Order {
  readonly column: string;
  readonly #kind: CellKind;
  readonly #moved = new Set<Holder>();
  #placed: readonly Placed[];

  constructor(column: string, kind: CellKind, holders: Iterable<Holder>) {
    this.column = column;
    this.#kind = kind;
    this.#placed = this.#sorted(holders);
  }

  /** Tells that a row came, went, or changed from `before` to what its holder has now. */
  changed(holder: Holder, before: Entry | undefined): void {
    const { entry } = holder;
    if (before && entry && this.#keyOf(before) === this.#keyOf(entry)) return;
    this.#moved.add(holder);
    // A whole cloud is coming: the next reader is not to wait for all of it.
    if (this.#moved.size >= TAKEN_IN) this.placed();
  }

  placed(): readonly Placed[] {
    if (this.#moved.size === 0) return this.#placed;
    const staying = this.#placed.filter(({ holder }) => !this.#moved.has(holder));
    this.#placed = merged(staying, this.#sorted(this.#moved));
    this.#moved.clear();
    return this.#placed;
  }

  #keyOf(entry: Entry): SortKey {
    return sortKeyOf(entry.cells[this.column] ?? null, this.#kind);
  }

  #sorted(holders: Iterable<Holder>): Placed[] {
    const placed: Placed[] = [];
    for (const holder of holders) if (holder.entry) placed.push({ at: this.#keyOf(holder.entry), holder });
    return placed.toSorted(compare);
  }
}

/** Index of the first row behind this place. */
export function behind(placed: readonly Placed[], at: SortKey, key: string): number {
  let [low, high] = [0, placed.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { at: there, holder } = placed[middle] as Placed;
    if ((compareKeys(there, at) || compareKeys(holder.key, key)) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Index of the first row that is not before this place. */
export function from(placed: readonly Placed[], at: SortKey, key: string): number {
  const index = behind(placed, at, key);
  const previous = placed[index - 1];
  return previous && previous.at === at && previous.holder.key === key ? index - 1 : index;
}

function compare(a: Placed, b: Placed): number {
  return compareKeys(a.at, b.at) || compareKeys(a.holder.key, b.holder.key);
}

function merged(staying: readonly Placed[], coming: readonly Placed[]): readonly Placed[] {
  const all: Placed[] = [];
  let next = 0;
  for (const one of staying) {
    for (let other = coming[next]; other && compare(other, one) < 0; other = coming[next]) {
      all.push(other);
      next++;
    }
    all.push(one);
  }
  while (next < coming.length) all.push(coming[next++] as Placed);
  return all;
}
