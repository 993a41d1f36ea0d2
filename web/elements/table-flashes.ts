import type { TableColumn } from './table-columns.ts';

/** How long a cell shows that it changed. */
const shownMs = 1300;

/** Which cells say something else than a moment ago. */
export class Flashes<Row> {
  readonly #again: () => void;
  #seen = new Map<string, { readonly row: Row; readonly texts: readonly string[] }>();
  #columns: readonly TableColumn<Row>[] = [];
  readonly #shown = new Map<string, ReadonlySet<string>>();

  /** `again`: has the table drawn anew, once a cell need no longer show it. */
  constructor(again: () => void) {
    this.#again = again;
  }

  /** Columns of a row that changed just now. */
  of(key: string): ReadonlySet<string> | undefined {
    return this.#shown.get(key);
  }

  /** Looks at the rows that are drawn now. */
  look(rows: readonly Row[], keyOf: (row: Row) => string, columns: readonly TableColumn<Row>[]): void {
    const before = columns === this.#columns ? this.#seen : new Map<string, never>();
    this.#columns = columns;
    this.#seen = new Map();
    for (const row of rows) {
      const key = keyOf(row);
      const known = before.get(key);
      const texts = known?.row === row ? known.texts : columns.map((column) => column.text(row));
      this.#seen.set(key, { row, texts });
      if (!known || known.texts === texts) continue;
      const changed = columns.filter((_, index) => known.texts[index] !== texts[index]).map(({ name }) => name);
      if (changed.length > 0) this.#show(key, changed);
    }
  }

  /** Other rows come; nothing of them changed. */
  forget(): void {
    this.#seen.clear();
  }

  #show(key: string, changed: readonly string[]): void {
    const shown = new Set([...(this.#shown.get(key) ?? []), ...changed]);
    this.#shown.set(key, shown);
    setTimeout(() => {
      if (this.#shown.get(key) !== shown) return;
      this.#shown.delete(key);
      this.#again();
    }, shownMs);
  }
}
