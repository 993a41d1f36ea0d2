import { inArray, max } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import { generationOf, type Seen } from './sighting.ts';

/** Those of these objects whose present generation has no revision; a start on a history that is whole costs one statement a page. */
export async function unrecorded(store: Store, objects: readonly Seen[]): Promise<Seen[]> {
  if (objects.length === 0) return [];
  const { revisions } = store.tables;
  const uids = objects.map(({ metadata }) => metadata.uid ?? '');
  const rows = await store.db
    .select({ uid: revisions.uid, newest: max(revisions.revision) })
    .from(revisions)
    .where(inArray(revisions.uid, uids))
    .groupBy(revisions.uid);
  const newest = new Map(rows.map((row) => [row.uid, row.newest ?? 0]));
  return objects.filter((object) => (newest.get(object.metadata.uid ?? '') ?? 0) < generationOf(object));
}
