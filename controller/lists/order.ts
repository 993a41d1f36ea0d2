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
  /** Each with the key it stands at now; undefined when it stands nowhere. */
  readonly #moved = new Map<Holder, SortKey | undefined>();
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
    if (!this.#moved.has(holder)) this.#moved.set(holder, before && this.#keyOf(before));
    // A whole cloud is coming: the next reader is not to wait for all of it.
    if (this.#moved.size >= TAKEN_IN) this.placed();
  }

  placed(): readonly Placed[] {
    if (this.#moved.size === 0) return this.#placed;
    this.#placed = changedBy(this.#placed, {
      going: [...this.#moved].flatMap(([holder, at]) => (at === undefined ? [] : [from(this.#placed, at, holder.key)])),
      coming: this.#sorted(this.#moved.keys()),
    });
    this.#moved.clear();
    return this.#placed;
  }

  /** Some of the rows, in this order. */
  only(holders: Iterable<Holder>): readonly Placed[] {
    return this.#sorted(holders);
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

/** A list without the rows at some indexes and with others in their places: copied in stretches, so that the length of the list hardly counts. */
function changedBy(
  placed: readonly Placed[],
  { going, coming }: { going: readonly number[]; coming: readonly Placed[] },
): readonly Placed[] {
  const cuts = going.toSorted((a, b) => a - b);
  const stretches: (readonly Placed[])[] = [];
  let [copied, cut] = [0, 0];
  const copyUntil = (end: number) => {
    for (let index = cuts[cut]; index !== undefined && index < end; index = cuts[++cut]) {
      stretches.push(placed.slice(copied, index));
      copied = index + 1;
    }
    stretches.push(placed.slice(copied, end));
    copied = end;
  };
  for (const one of coming) {
    copyUntil(behind(placed, one.at, one.holder.key));
    stretches.push([one]);
  }
  copyUntil(placed.length);
  return stretches.flat();
}
