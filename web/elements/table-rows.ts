/** Where a table has its rows from; a row that is not there yet is undefined. */
export interface RowSource<Row> {
  /** How many rows there are; undefined while that is not known. */
  readonly total: number | undefined;
  at(index: number): Row | undefined;
  /** These are about to be shown, the last one left out. */
  want(first: number, end: number): void;
  /** Calls back when there is something else to show; what it returns ends that. */
  subscribe(listener: () => void): () => void;
}

/** Rows that are all here. */
export function plainRows<Row>(rows: readonly Row[]): RowSource<Row> {
  return { total: rows.length, at: (index) => rows[index], want: () => undefined, subscribe: () => () => undefined };
}

export interface PageOfRows<Row> {
  readonly items: readonly Row[];
  readonly total: number;
}

export interface PagedRowsOptions<Row, Page extends PageOfRows<Row>> {
  /** Asks for rows from the one at `offset` on. Rejects with what `signal` aborts with once nobody wants them any more. */
  readonly page: (offset: number, limit: number, signal: AbortSignal) => Promise<Page>;
  readonly keyOf: (row: Row) => string;
  /** Each page that arrives, for what it tells beside its rows. */
  readonly came?: (page: Page) => void;
  readonly pageSize?: number;
  /** Pages that are kept beside those in view; 10. */
  readonly kept?: number;
  /** Ms between two askings while somebody scrolls; 80. */
  readonly paceMs?: number;
}

/** What a newer look at the rows in view found to be otherwise than shown. */
export interface Held {
  /** Rows there are more (or, below nought, less) than shown. */
  readonly more: number;
}

/** Rows that are asked for by page as they come into view; what has left the view before it came is called off. */
export class PagedRows<Row, Page extends PageOfRows<Row> = PageOfRows<Row>> implements RowSource<Row> {
  readonly #options: PagedRowsOptions<Row, Page>;
  readonly #size: number;
  readonly #listeners = new Set<() => void>();
  /** By number, the one that was not in view longest first. */
  readonly #pages = new Map<number, readonly Row[]>();
  /** On which page a key is. */
  readonly #places = new Map<string, number>();
  readonly #asked = new Map<number, AbortController>();
  #wanted: readonly [first: number, end: number] = [0, 1];
  #total: number | undefined;
  #held: { readonly pages: Map<number, readonly Row[]>; readonly total: number } | undefined;
  #looking: AbortController | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Why the newest page did not come. */
  error: unknown;

  constructor(options: PagedRowsOptions<Row, Page>) {
    this.#options = options;
    this.#size = options.pageSize ?? 100;
  }

  get total(): number | undefined {
    return this.#total;
  }

  /** A newer look found other rows in view; `show` shows them. */
  get held(): Held | undefined {
    return this.#held && { more: this.#held.total - (this.#total ?? 0) };
  }

  at(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / this.#size))?.[index % this.#size];
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  want(first: number, end: number): void {
    this.#wanted = [first, Math.max(end, first + 1)];
    for (const number of this.#inView()) this.#touch(number);
    for (const [number, asked] of this.#asked) if (!this.#inView().includes(number)) this.#callOff(number, asked);
    if (this.#missing().length === 0 || this.#timer !== undefined) return;
    const wait = Math.max(0, this.#askedAt + (this.#options.paceMs ?? 80) - Date.now());
    if (wait === 0) return this.#ask();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#ask();
    }, wait);
  }

  /** Asks again for what did not come. */
  retry(): void {
    this.error = undefined;
    this.#ask();
    this.#tell();
  }

  /** Some of the rows that are here. */
  some(most: number): Row[] {
    return [...this.#pages.values()].flat().slice(0, most);
  }

  /** The row of a key, where it is here. */
  find(key: string): Row | undefined {
    const number = this.#places.get(key);
    return number === undefined ? undefined : this.#pages.get(number)?.find((row) => this.#options.keyOf(row) === key);
  }

  /** Shows rows as they are now, each at the place where it is; keys of rows that are not here are left out. Says how many were here. */
  replace(changes: ReadonlyMap<string, (row: Row) => Row>): number {
    let replaced = 0;
    for (const [key, change] of changes) {
      const number = this.#places.get(key);
      const rows = number === undefined ? undefined : this.#pages.get(number);
      const index = rows?.findIndex((row) => this.#options.keyOf(row) === key) ?? -1;
      if (!rows || number === undefined || index < 0) continue;
      this.#pages.set(number, rows.with(index, change(rows[index] as Row)));
      replaced += 1;
    }
    if (replaced > 0) this.#tell();
    return replaced;
  }

  /** Looks once more at what is in view. The same rows in the same places are shown as they are now; others are held until `show`. Throws Problem. */
  async look(): Promise<void> {
    this.#looking?.abort();
    const looking = new AbortController();
    this.#looking = looking;
    const numbers = this.#inView();
    const asked = Promise.all(numbers.map((number) => this.#options.page(number * this.#size, this.#size, looking.signal)));
    const found = await asked.catch((error: unknown) => {
      if (looking.signal.aborted) return undefined;
      throw error;
    });
    if (!found || this.#looking !== looking) return;
    this.#looking = undefined;
    const pages = new Map(numbers.map((number, index) => [number, (found[index] as Page).items]));
    for (const page of found) this.#options.came?.(page);
    const total = found[0]?.total ?? 0;
    const isSame = total === this.#total && numbers.every((number) => this.#hasKeys(number, pages.get(number) ?? []));
    this.#held = isSame ? undefined : { pages, total };
    if (isSame) for (const [number, rows] of pages) this.#set(number, rows);
    this.#tell();
  }

  /** Shows what is held. */
  show(): void {
    if (!this.#held) return;
    const { pages, total } = this.#held;
    this.#held = undefined;
    this.#pages.clear();
    this.#places.clear();
    this.#total = total;
    for (const [number, rows] of pages) this.#set(number, rows);
    this.#tell();
    this.want(...this.#wanted);
  }

  /** Calls off whatever was asked for. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#looking?.abort();
    for (const [number, asked] of this.#asked) this.#callOff(number, asked);
  }

  #hasKeys(number: number, rows: readonly Row[]): boolean {
    const shown = this.#pages.get(number);
    const { keyOf } = this.#options;
    return shown?.length === rows.length && rows.every((row, index) => keyOf(row) === keyOf(shown[index] as Row));
  }

  #inView(): number[] {
    const [first, end] = this.#wanted;
    const last = Math.floor((Math.min(end, this.#total ?? end) - 1) / this.#size);
    const begin = Math.floor(Math.max(0, first) / this.#size);
    return Array.from({ length: Math.max(1, last - begin + 1) }, (_, index) => begin + index);
  }

  #missing(): number[] {
    if (this.#total === 0) return [];
    return this.#inView().filter((number) => !this.#pages.has(number) && !this.#asked.has(number));
  }

  /** It is then the last one to be forgotten. */
  #touch(number: number): void {
    const rows = this.#pages.get(number);
    if (!rows) return;
    this.#pages.delete(number);
    this.#pages.set(number, rows);
  }

  #callOff(number: number, asked: AbortController): void {
    this.#asked.delete(number);
    asked.abort();
  }

  #ask(): void {
    this.#askedAt = Date.now();
    for (const number of this.#missing()) void this.#bring(number);
  }

  async #bring(number: number): Promise<void> {
    const asked = new AbortController();
    this.#asked.set(number, asked);
    try {
      const page = await this.#options.page(number * this.#size, this.#size, asked.signal);
      if (this.#asked.get(number) !== asked) return;
      this.error = undefined;
      this.#total = page.total;
      this.#set(number, page.items);
      this.#forget();
      this.#options.came?.(page);
    } catch (error) {
      if (asked.signal.aborted) return;
      this.error = error;
    } finally {
      if (this.#asked.get(number) === asked) this.#asked.delete(number);
    }
    this.#tell();
  }

  #set(number: number, rows: readonly Row[]): void {
    this.#drop(number);
    this.#pages.set(number, rows);
    for (const row of rows) this.#places.set(this.#options.keyOf(row), number);
  }

  #drop(number: number): void {
    for (const row of this.#pages.get(number) ?? []) {
      const key = this.#options.keyOf(row);
      // A row that moved stands on the page that came last.
      if (this.#places.get(key) === number) this.#places.delete(key);
    }
    this.#pages.delete(number);
  }

  #forget(): void {
    const inView = this.#inView();
    for (const number of this.#pages.keys()) {
      if (this.#pages.size <= inView.length + (this.#options.kept ?? 10)) return;
      if (!inView.includes(number)) this.#drop(number);
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
