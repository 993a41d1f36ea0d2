import type { Moments } from './moment.ts';
import type { Seen } from './rows.ts';

/** A list read to its end. */
export interface Listed {
  /** When its first page was asked for. */
  readonly askedAt: number;
  readonly pages: number;
  readonly rows: number;
  readonly ids: ReadonlySet<string>;
}

/**
 * Reads all pages and hands out their rows as they come: what a page shows is true even when a later one fails. Throws when one
 * fails, so that what it returns is always complete.
 */
export async function readList(
  pages: AsyncIterable<readonly object[]>,
  idOf: (row: object) => string,
  moments: Moments,
  take: (row: object, seen: Seen) => void,
): Promise<Listed> {
  const ids = new Set<string>();
  const iterator = pages[Symbol.asyncIterator]();
  let first: number | undefined;
  for (let [count, rows] = [0, 0]; ; count += 1) {
    const askedAt = moments.next();
    first ??= askedAt;
    const page = await iterator.next();
    if (page.done === true) return { askedAt: first, pages: count, rows, ids };
    const seen = { askedAt, receivedAt: moments.next() };
    rows += page.value.length;
    for (const row of page.value) {
      const id: unknown = idOf(row);
      if (typeof id !== 'string' || id === '') throw new Error('a row of the list has no id');
      ids.add(id);
      take(row, seen);
    }
  }
}
