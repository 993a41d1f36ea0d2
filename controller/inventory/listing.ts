import type { Moments } from './moment.ts';
import type { Seen } from './rows.ts';

/** A list read to its end. */
export interface Listed {
  /** When its first page was asked for. */
  readonly askedAt: number;
  readonly pages: number;
  readonly ids: ReadonlySet<string>;
  readonly rows: readonly { readonly resource: object; readonly seen: Seen }[];
}

/** Reads all pages; throws when one fails, so that what it returns is always complete. */
export async function readList(pages: AsyncIterable<readonly object[]>, idOf: (row: object) => string, moments: Moments): Promise<Listed> {
  const rows: { resource: object; seen: Seen }[] = [];
  const ids = new Set<string>();
  const iterator = pages[Symbol.asyncIterator]();
  let first: number | undefined;
  for (let count = 0; ; count += 1) {
    const askedAt = moments.next();
    first ??= askedAt;
    const page = await iterator.next();
    if (page.done === true) return { askedAt: first, pages: count, ids, rows };
    const seen = { askedAt, receivedAt: moments.next() };
    const known = ids.size;
    for (const resource of page.value) {
      ids.add(idOf(resource));
      rows.push({ resource, seen });
    }
    // Neutron starts again from the top when the row its marker names was deleted meanwhile.
    if (page.value.length > 0 && ids.size === known) {
      await iterator.return?.();
      throw new Error('the list repeats a page: a row it continued from was deleted meanwhile');
    }
  }
}
