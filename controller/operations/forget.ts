import { inArray, lt } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';

const atOnce = 500;

/**
 * Removes operations that ended before `before` (epoch ms), a few at a time, until `isStopping`; says how many. What was done stays in the
 * audit.
 */
export async function forgetOperations(store: Store, before: number, isStopping: () => boolean): Promise<number> {
  const { operations } = store.tables;
  let removed = 0;
  while (!isStopping()) {
    const rows = await store.db.select({ id: operations.id }).from(operations).where(lt(operations.endedAt, before)).limit(atOnce);
    if (rows.length === 0) break;
    const ids = rows.map(({ id }) => id);
    removed += await store.changed(store.db.delete(operations).where(inArray(operations.id, ids)));
  }
  return removed;
}
