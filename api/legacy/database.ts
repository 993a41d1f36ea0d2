/** A value that is too long to be what its column is for; it is not read. */
export class TooLong {
  readonly bytes: number;
  constructor(bytes: number) {
    this.bytes = bytes;
  }
}

/** A row as it lies there: any column may hold anything. `id` is a whole number. */
export type LegacyRow = Readonly<Record<string, unknown>> & { readonly id: number };

/** The old database; nothing is ever written to it. */
export interface LegacyDatabase {
  /** What people call it: the file's or database's name. */
  readonly name: string;
  /** Names of a table's columns; empty when there is no such table. */
  columns(table: string): Promise<readonly string[]>;
  /** Rows with an id above `after`, in the order of their ids; of these columns and `id`. */
  rows(table: string, columns: readonly string[], after: number, limit: number): Promise<LegacyRow[]>;
  /** How many rows there are, and how many of them `rows` can never give because their id is none or not theirs alone. */
  count(table: string): Promise<{ readonly rows: number; readonly unreadable: number }>;
  close(): Promise<void>;
}

/** Longer values are given as TooLong. */
export const longestBytes = 1_000_000;

/** The first of rows that share an id. */
export function onePerId(rows: readonly LegacyRow[]): LegacyRow[] {
  return rows.filter(({ id }, index) => id !== rows[index - 1]?.id);
}
