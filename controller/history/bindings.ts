import { and, eq, inArray, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/mysql-core';
import type { Store } from '#migrations/store.ts';
import { scalar } from './scalar.ts';

/** The cloud resource that stood for an object. */
export interface Binding {
  readonly cluster: string;
  /** Null when there was none. */
  readonly cloudId: string | null;
}

/** By uid, what stood for each of these objects at a time; nothing for those of which nothing was known yet. */
export async function bindingsAt(store: Store, uids: readonly string[], time: number): Promise<ReadonlyMap<string, Binding>> {
  if (uids.length === 0) return new Map();
  const { bindings, revisedObjects: objects } = store.tables;
  const past = alias(bindings, 'past');
  const version = scalar(
    sql`select ${past.version} from ${bindings} ${past} where ${past.uid} = ${objects.uid} and ${past.at} <= ${time} order by ${past.at} desc, ${past.version} desc limit 1`,
  );
  const known = await store.db
    .selectDistinct({ uid: objects.uid, version })
    .from(objects)
    .where(inArray(objects.uid, [...uids]));
  const wanted = known.flatMap(({ uid, version: found }) =>
    found === null ? [] : [and(eq(bindings.uid, uid), eq(bindings.version, found))],
  );
  if (wanted.length === 0) return new Map();
  const rows = await store.db
    .select()
    .from(bindings)
    .where(or(...wanted));
  return new Map(rows.map(({ uid, cluster, cloudId }) => [uid, { cluster, cloudId }]));
}
