import { type CloudOfList, type ListPage, type ListQuery, type ListRow, listPage, rowKey } from '../../data/lists.ts';
import { live, watch } from '../../data/watch.ts';
import { PagedRows } from '../../elements/table-rows.ts';

/** Ms in which changes are gathered before they are shown, and after which what is in view is looked at once more; without a stream, and with one. */
const gatherMs = 200;
const lookMs = 2000;
const deafMs = 10_000;
const cloudsMs = 30_000;

export interface LiveRowsOptions {
  readonly type: string;
  readonly query: ListQuery;
  /** Whether rows may come, go and move now: nobody points at them. */
  readonly mayMove: () => boolean;
}

/** Rows of a list that follow the world: what changes is shown at its place, and what would move waits until nobody points at it. */
export class LiveRows {
  readonly rows: PagedRows<ListRow, ListPage>;
  readonly #options: LiveRowsOptions;
  readonly #gone = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #waiting = new Map<string, ListRow | null>();
  #clouds: readonly CloudOfList[] = [];
  #isExact = true;
  #isPaused = false;
  #unwatch: (() => void) | undefined;
  #leave: (() => void) | undefined;
  #gather: ReturnType<typeof setTimeout> | undefined;
  #lookSoon: ReturnType<typeof setTimeout> | undefined;
  #deaf: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LiveRowsOptions) {
    this.#options = options;
    const { type, query } = options;
    this.rows = new PagedRows({
      page: (offset, limit, signal) => listPage(type, query, { offset, limit, signal }),
      keyOf: rowKey,
      came: ({ clouds, isExact }) => {
        this.#clouds = clouds;
        this.#isExact = isExact;
      },
    });
  }

  get clouds(): readonly CloudOfList[] {
    return this.#clouds;
  }

  get isExact(): boolean {
    return this.#isExact;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  isGone(row: ListRow): boolean {
    return this.#gone.has(rowKey(row));
  }

  /** Calls back when there is something else to show; what it returns ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows until `close`. */
  open(): void {
    this.#lookNowAndThen();
    this.#leave = this.rows.subscribe(() => this.#tell());
    this.#unwatch = watch({
      types: [this.#options.type],
      changed: ({ resource, key, body }) => {
        if (resource === this.#options.type) this.#take(key, body as ListRow | null);
      },
      reset: () => {
        if (this.rows.total !== undefined) this.#lookLater(0);
      },
    });
  }

  close(): void {
    this.#unwatch?.();
    this.#leave?.();
    clearTimeout(this.#gather);
    clearTimeout(this.#lookSoon);
    clearTimeout(this.#deaf);
    this.#gather = undefined;
    this.#lookSoon = undefined;
    this.rows.close();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (!isPaused) this.#lookLater(0);
    this.#tell();
  }

  /** Shows what waits to be shown. */
  show(): void {
    this.#gone.clear();
    this.rows.show();
    this.#tell();
  }

  /** Looks once more, and shows whatever there is. */
  async again(): Promise<void> {
    await this.rows.look();
    this.show();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #take(key: string, body: ListRow | null): void {
    if (this.#isPaused) return;
    this.#waiting.set(key, body);
    this.#gather ??= setTimeout(() => this.#showChanges(), gatherMs);
  }

  #showChanges(): void {
    this.#gather = undefined;
    const changes = new Map<string, (row: ListRow) => ListRow>();
    for (const [streamKey, body] of this.#waiting) {
      // What is declared and lost goes by the id it had in lists, and by its object in the stream.
      const key = body ? rowKey(body) : streamKey;
      if (body) this.#gone.delete(key);
      else this.#gone.add(key);
      changes.set(key, (row) => body ?? { ...row });
    }
    this.#waiting = new Map();
    this.rows.replace(changes);
    this.#lookLater(lookMs);
  }

  /** The stream may be lost; and that a cloud answers no more changes no row that would be told of. */
  #lookNowAndThen(sinceMs = 0): void {
    this.#deaf = setTimeout(() => {
      const passedMs = sinceMs + deafMs;
      const isDue = live.value.state !== 'live' || passedMs >= cloudsMs;
      if (isDue && this.rows.total !== undefined) this.#lookLater(0);
      this.#lookNowAndThen(isDue ? 0 : passedMs);
    }, deafMs);
  }

  #lookLater(afterMs: number): void {
    this.#lookSoon ??= setTimeout(() => void this.#look(), afterMs);
  }

  async #look(): Promise<void> {
    this.#lookSoon = undefined;
    if (this.#isPaused) return;
    // Nobody sees a tab that is hidden; it is looked at when it comes back.
    if (document.hidden) return document.addEventListener('visibilitychange', () => this.#lookLater(0), { once: true });
    try {
      await this.rows.look();
    } catch {
      return this.#lookLater(5 * lookMs);
    }
    if (this.rows.held && this.#options.mayMove()) this.show();
    return undefined;
  }
}
