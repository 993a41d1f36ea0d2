import type { ResourceType } from '../inventory/inventory.ts';
import type { Cell } from './cell.ts';
import { columnsOf } from './columns.ts';
import type { Entry } from './entry.ts';
import type { Fits } from './filter.ts';
import { behind, from, type Holder, Order, type Placed } from './order.ts';
import { cursorOf, type Place, type Sort } from './page.ts';

/** Whether somebody may see what is at a place. */
export type MaySee = (cluster: string, namespace: string) => boolean;

export interface PageQuery {
  readonly fits: Fits;
  /** Undefined when everything may be seen. */
  readonly maySee: MaySee | undefined;
  readonly sort: Sort;
  readonly limit: number;
  readonly after?: Place;
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
const COUNTED_AT_ONCE = 2_000;

/** The rows of one type over all clouds. */
export class Table {
  readonly #type: ResourceType;
  readonly #now: () => number;
  readonly #holders = new Map<string, Holder>();
  readonly #orders = new Map<string, Order>();

  /** `now`: a clock in ms, for the time spent. */
  constructor(type: ResourceType, now: () => number) {
    this.#type = type;
    this.#now = now;
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
    for (const order of this.#orders.values()) order.changed(holder, before);
  }

  *entries(): Iterable<Entry> {
    for (const { entry } of this.#holders.values()) if (entry) yield entry;
  }

  page({ fits, maySee, sort, limit, after, countMs }: PageQuery): Page {
    const placed = this.#order(sort.column).placed();
    const isWanted = (entry: Entry) => (!maySee || maySee(entry.cluster, entry.namespace)) && fits(entry);
    const found: Placed[] = [];
    for (const one of inOrder(placed, sort.isDescending, after)) {
      if (one.holder.entry && isWanted(one.holder.entry)) found.push(one);
      if (found.length > limit) break;
    }
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = last && found.length > limit ? cursorOf(this.#type, sort, { at: last.at, key: last.holder.key }) : undefined;
    const total = this.#count(placed, isWanted, countMs);
    return {
      entries: page.map(({ holder }) => holder.entry).filter((entry) => entry !== undefined),
      ...(next !== undefined && { next }),
      // An estimate never contradicts what is on the page.
      total: total.isExact ? total : { ...total, count: Math.max(total.count, found.length) },
    };
  }

  /** All that fit, in order, as the list is now; a row that goes meanwhile is left out. */
  *inOrder({ fits, maySee, sort }: Pick<PageQuery, 'fits' | 'maySee' | 'sort'>): Iterable<Entry> {
    for (const { holder } of inOrder(this.#order(sort.column).placed(), sort.isDescending, undefined)) {
      const { entry } = holder;
      if (entry && (!maySee || maySee(entry.cluster, entry.namespace)) && fits(entry)) yield entry;
    }
  }

  /** How often each value of a column occurs among the rows that fit, most often first. */
  facets(column: string, { fits, maySee }: Pick<PageQuery, 'fits' | 'maySee'>): { value: Cell; count: number }[] {
    const counts = new Map<Cell, number>();
    for (const entry of this.entries()) {
      if ((maySee && !maySee(entry.cluster, entry.namespace)) || !fits(entry)) continue;
      const cell = entry.cells[column] ?? null;
      const values: readonly Cell[] = Array.isArray(cell) ? [...new Set(cell)] : [cell];
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const rows = [...counts].map(([value, count]) => ({ value, count }));
    return rows.toSorted((a, b) => b.count - a.count || (String(a.value) < String(b.value) ? -1 : 1));
  }

  #count(placed: readonly Placed[], isWanted: (entry: Entry) => boolean, countMs: number): Page['total'] {
    const end = this.#now() + countMs;
    let count = 0;
    for (const [index, { holder }] of placed.entries()) {
      if (holder.entry && isWanted(holder.entry)) count++;
      if ((index + 1) % COUNTED_AT_ONCE === 0 && index + 1 < placed.length && this.#now() > end)
        return { count: Math.round((count / (index + 1)) * placed.length), isExact: false };
    }
    return { count, isExact: true };
  }

  #order(column: string): Order {
    const kind = columnsOf(this.#type).get(column)?.kind ?? 'text';
    const order = this.#orders.get(column) ?? new Order(column, kind, this.#holders.values());
    // Again at the end: the first one is then the one that was not asked for longest.
    this.#orders.delete(column);
    this.#orders.set(column, order);
    for (const oldest of this.#orders.keys()) {
      if (this.#orders.size <= KEPT_ORDERS) break;
      this.#orders.delete(oldest);
    }
    return order;
  }
}

function* inOrder(placed: readonly Placed[], isDescending: boolean, after: Place | undefined): Iterable<Placed> {
  if (isDescending) {
    const start = after ? from(placed, after.at, after.key) - 1 : placed.length - 1;
    for (let index = start; index >= 0; index--) yield placed[index] as Placed;
    return;
  }
  for (let index = after ? behind(placed, after.at, after.key) : 0; index < placed.length; index++) yield placed[index] as Placed;
}
