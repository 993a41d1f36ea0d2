import { and, asc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/mysql-core';
import type { Store } from '#migrations/store.ts';

const settingName = 'inventory-changes';
/** Removed with one transaction: few enough to hold up no sweep that is being stored. */
const removedAtOnce = 500;

/**
 * Removes changes of cloud resources older than `before` (epoch ms), a few at a time, but of each resource the newest of them: it tells what
 * the resource was from then on. Gives the number removed; ends early when `isStopping`.
 */
export async function forgetChanges(store: Store, before: number, isStopping: () => boolean = () => false): Promise<number> {
  let removed = 0;
  for (const cluster of await clustersOf(store)) {
    let from = 0;
    while (!isStopping()) {
      const rows = await superseded(store, { cluster, before, from });
      if (rows.length === 0) break;
      await remove(
        store,
        rows.map(({ seq }) => seq),
        before,
      );
      removed += rows.length;
      from = rows.at(-1)?.at ?? from;
    }
  }
  return removed;
}

/** What clouds held before that (epoch ms) is not known any more; 0 when nothing was ever removed. */
export async function forgottenBefore(store: Store): Promise<number> {
  const { settings } = store.tables;
  const [row] = await store.db.select({ value: settings.value }).from(settings).where(eq(settings.name, settingName));
  return (row?.value as { before?: number } | undefined)?.before ?? 0;
}

async function clustersOf(store: Store): Promise<string[]> {
  const { inventoryChanges } = store.tables;
  const rows = await store.db.selectDistinct({ cluster: inventoryChanges.cluster }).from(inventoryChanges);
  return rows.map(({ cluster }) => cluster);
}

/** Old changes after which another old one came, oldest first. */
function superseded(store: Store, { cluster, before, from }: { cluster: string; before: number; from: number }) {
  const { inventoryChanges: change } = store.tables;
  const later = alias(change, 'later');
  const isLater = sql`${later.at} > ${change.at} or (${later.at} = ${change.at} and ${later.seq} > ${change.seq})`;
  const sameRow = sql`${later.cluster} = ${change.cluster} and ${later.type} = ${change.type} and ${later.id} = ${change.id}`;
  const exists = sql`exists (select 1 from ${change} ${later} where ${sameRow} and ${later.at} < ${before} and (${isLater}))`;
  return store.db
    .select({ seq: change.seq, at: change.at, type: change.type })
    .from(change)
    .where(and(eq(change.cluster, cluster), gte(change.at, from), lt(change.at, before), exists))
    .orderBy(asc(change.at), asc(change.seq))
    .limit(removedAtOnce);
}

/** With the note of what is not known any more: nobody is told half a past as the whole. */
function remove(store: Store, seqs: readonly number[], before: number): Promise<void> {
  return store.tx(async (tx) => {
    await tx.upsert(tx.tables.settings, { name: settingName, value: { before } }, { key: ['name'], update: ['value'] });
    await tx.db.delete(tx.tables.inventoryChanges).where(inArray(tx.tables.inventoryChanges.seq, [...seqs]));
  });
}
