import type { RowSource } from './table-rows.ts';

export interface CursorPage<Row> {
  readonly items: readonly Row[];
  /** Where the page behind begins; without it there is none. */
  readonly next?: string;
}

/** Rows that are read page by page, each from where the one before ended, as one scrolls down. */
export class CursorRows<Row> implements RowSource<Row> {
  readonly #read: (cursor: string | undefined, signal: AbortSignal) => Promise<CursorPage<Row>>;
  readonly #listeners = new Set<() => void>();
  readonly #end = new AbortController();
  #next: string | undefined;
  #isRead = false;
  #isReading = false;
  protected rows: readonly Row[] = [];
  /** Why the newest page did not come. */
  error: unknown;

  constructor(read: (cursor: string | undefined, signal: AbortSignal) => Promise<CursorPage<Row>>) {
    this.#read = read;
  }

  /** With one more where others can be read. */
  get total(): number | undefined {
    return this.#isRead ? this.rows.length + (this.#next === undefined ? 0 : 1) : undefined;
  }

  at(index: number): Row | undefined {
    return this.rows[index];
  }

  want(_first: number, end: number): void {
    const isMissing = !this.#isRead || (this.#next !== undefined && end > this.rows.length);
    if (isMissing && this.error === undefined) void this.#bring();
  }

  /** Asks again for what did not come. */
  retry(): void {
    this.error = undefined;
    void this.#bring();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#end.abort();
  }

  async #bring(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const { signal } = this.#end;
    try {
      const { items, next } = await this.#read(this.#next, signal);
      this.rows = [...this.rows, ...items];
      this.#next = next;
      this.#isRead = true;
      this.error = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.error = error;
    } finally {
      this.#isReading = false;
    }
    this.tell();
  }

  protected tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
