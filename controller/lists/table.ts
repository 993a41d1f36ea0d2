import type { ResourceType } from '../inventory/inventory.ts';
import type { Cell } from './cell.ts';
import { columnsOf } from './columns.ts';
import type { Entry } from './entry.ts';
import type { Fits } from './filter.ts';
import { behind, from, type Holder, Order, type Placed } from './order.ts';
import { cursorOf, type Place, type Sort } from './page.ts';
import { TextIndex } from './text-index.ts';

/** Whether somebody may see what is at a place. */
export type MaySee = (cluster: string, namespace: string) => boolean;

export interface PageQuery {
  /** Undefined when every row fits. */
  readonly fits: Fits | undefined;
  /** Undefined when everything may be seen. */
  readonly maySee: MaySee | undefined;
  readonly sort: Sort;
  readonly limit: number;
  readonly after?: Place;
  /** Rows that fit and come before the page, behind `after`. */
  readonly offset: number;
  /** Ms that may be spent on counting what is not on the page. */
  readonly countMs: number;
}

export interface Page {
  readonly entries: readonly Entry[];
  /** Cursor of the page behind, if there is one. */
  readonly next?: string;
  /** How many rows fit; where counting them all took too long, an estimate from those looked at. */
  readonly total: { readonly count: number; readonly isExact: boolean };
}

/** Orders that are kept up to date; the one that was not asked for longest goes. */
const KEPT_ORDERS = 6;
/** What lists are opened with: kept from the first row on, so that no reader waits for it to be made. */
const ALWAYS_KEPT: readonly string[] = ['name', 'created'];
/** So many rows are quicker sorted by themselves than found on the way through all. */
const FEW = 1_000;
const LOOKS_AT_CLOCK = 1_000;

/** The rows of one type over all clouds. */
export class Table {
  readonly #type: ResourceType;
  readonly #now: () => number;
  readonly #holders = new Map<string, Holder>();
  readonly #orders = new Map<string, Order>();
  readonly #texts = new TextIndex();

  /** `now`: a clock in ms, for the time spent. */
  constructor(type: ResourceType, now: () => number) {
    this.#type = type;
    this.#now = now;
    for (const column of ALWAYS_KEPT) this.#order(column);
  }

  get size(): number {
    return this.#holders.size;
  }

  get(key: string): Entry | undefined {
    return this.#holders.get(key)?.entry;
  }

  /** Puts a row in place of the one before, or takes it away. */
  set(key: string, entry: Entry | undefined): void {
    const known = this.#holders.get(key);
    const before = known?.entry;
    if (!known && !entry) return;
    const holder = known ?? { key, entry };
    holder.entry = entry;
    if (entry) this.#holders.set(key, holder);
    else this.#holders.delete(key);
    if (before?.text !== entry?.text) this.#texts.changed(holder);
    for (const order of this.#orders.values()) order.changed(holder, before);
  }

  *entries(): Iterable<Entry> {
    for (const { entry } of this.#holders.values()) if (entry) yield entry;
  }

  /** Rows whose text may hold `wanted`, in small letters: all that do are among them, and few others. */
  *mayHold(wanted: string): Iterable<Entry> {
    for (const { entry } of this.#texts.mayHold(wanted)) if (entry) yield entry;
  }

  page({ fits, maySee, sort, limit, after, offset, countMs }: PageQuery): Page {
    const order = this.#order(sort.column);
    const few = this.#few(fits, maySee);
    const placed = few ? order.only(few) : order.placed();
    const isWanted = few ? () => true : wantedBy(fits, maySee);
    const isAll = few !== undefined || (!fits && !maySee);
    const walk = walkOf(placed, sort.isDescending, after);
    const found: Placed[] = [];
    const counted = new Counted(placed.length, { isAll, now: this.#now, ms: countMs });
    // Where every row fits, so many rows are as many steps.
    const begin = walk.begin + (isAll ? offset : 0);
    let toSkip = isAll ? 0 : offset;
    // What is before the page is only counted, and left out when that takes too long.
    for (let step = 0; step < begin && !counted.isOver; step++) counted.saw(isWantedAt(walk.at(step), isWanted));
    for (let step = begin; step < placed.length && (found.length <= limit || !counted.isOver); step++) {
      const one = walk.at(step);
      const isFound = isWantedAt(one, isWanted);
      counted.saw(isFound);
      if (isFound && toSkip-- <= 0 && found.length <= limit) found.push(one);
    }
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = last && found.length > limit ? cursorOf(this.#type, sort, { at: last.at, key: last.holder.key }) : undefined;
    return {
      entries: page.map(({ holder }) => holder.entry).filter((entry) => entry !== undefined),
      ...(next !== undefined && { next }),
      total: counted.total(),
    };
  }

  /** All that fit, in order, as the list is now; a row that goes meanwhile is left out. */
  *inOrder({ fits, maySee, sort }: Pick<PageQuery, 'fits' | 'maySee' | 'sort'>): Iterable<Entry> {
    const placed = this.#order(sort.column).placed();
    const walk = walkOf(placed, sort.isDescending, undefined);
    const isWanted = wantedBy(fits, maySee);
    for (let step = 0; step < placed.length; step++) {
      const { entry } = walk.at(step).holder;
      if (entry && isWanted(entry)) yield entry;
    }
  }

  /** How often each value of a column occurs among the rows that fit, most often first. */
  facets(column: string, { fits, maySee }: Pick<PageQuery, 'fits' | 'maySee'>): { value: Cell; count: number }[] {
    const counts = new Map<Cell, number>();
    const isWanted = wantedBy(fits, maySee);
    for (const entry of this.entries()) {
      if (!isWanted(entry)) continue;
      const cell = entry.cells[column] ?? null;
      const values: readonly Cell[] = Array.isArray(cell) ? [...new Set(cell)] : [cell];
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const rows = [...counts].map(([value, count]) => ({ value, count }));
    return rows.toSorted((a, b) => b.count - a.count || (String(a.value) < String(b.value) ? -1 : 1));
  }

  /** The rows that fit, where what their text holds leaves only few to ask. */
  #few(fits: Fits | undefined, maySee: MaySee | undefined): Holder[] | undefined {
    if (fits?.holds === undefined) return undefined;
    const isWanted = wantedBy(fits, maySee);
    const found: Holder[] = [];
    for (const holder of this.#texts.mayHold(fits.holds)) {
      if (holder.entry && isWanted(holder.entry)) found.push(holder);
      if (found.length > FEW) return undefined;
    }
    return found;
  }

  #order(column: string): Order {
    const kind = columnsOf(this.#type).get(column)?.kind ?? 'text';
    const order = this.#orders.get(column) ?? new Order(column, kind, this.#holders.values());
    // Again at the end: the first one is then the one that was not asked for longest.
    this.#orders.delete(column);
    this.#orders.set(column, order);
    for (const oldest of this.#orders.keys()) {
      if (this.#orders.size <= KEPT_ORDERS) break;
      if (!ALWAYS_KEPT.includes(oldest)) this.#orders.delete(oldest);
    }
    return order;
  }
}

/** The steps of a way through an order; those before `begin` lie before the page. */
function walkOf(placed: readonly Placed[], isDescending: boolean, after: Place | undefined) {
  const last = placed.length - 1;
  if (isDescending) {
    return { begin: after ? placed.length - from(placed, after.at, after.key) : 0, at: (step: number) => placed[last - step] as Placed };
  }
  return { begin: after ? behind(placed, after.at, after.key) : 0, at: (step: number) => placed[step] as Placed };
}

function wantedBy(fits: Fits | undefined, maySee: MaySee | undefined): Fits {
  if (!maySee) return fits ?? (() => true);
  return (entry) => maySee(entry.cluster, entry.namespace) && (!fits || fits(entry));
}

function isWantedAt({ holder }: Placed, isWanted: (entry: Entry) => boolean): boolean {
  return holder.entry !== undefined && isWanted(holder.entry);
}

/** Counts what fits among what was looked at, for a time. */
class Counted {
  readonly #of: number;
  readonly #now: () => number;
  readonly #end: number;
  #seen = 0;
  #fitting = 0;
  readonly #isAll: boolean;
  /** The time is over, and what was not looked at yet is estimated; or there is nothing to count. */
  isOver: boolean;

  /** `isAll`: every row fits. */
  constructor(of: number, { isAll, now, ms }: { isAll: boolean; now: () => number; ms: number }) {
    this.#of = of;
    this.#isAll = isAll;
    this.#now = now;
    this.#end = now() + ms;
    this.isOver = isAll;
  }

  saw(isFitting: boolean): void {
    this.#seen++;
    if (isFitting) this.#fitting++;
    if (this.#seen % LOOKS_AT_CLOCK === 0 && this.#now() > this.#end) this.isOver = true;
  }

  total(): Page['total'] {
    if (this.#isAll) return { count: this.#of, isExact: true };
    if (this.#seen >= this.#of) return { count: this.#fitting, isExact: true };
    return { count: Math.round((this.#fitting / this.#seen) * this.#of), isExact: false };
  }
}
