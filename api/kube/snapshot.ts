import type { ObjectStore, StoredEvent, StoredObject } from './object-store.ts';

/** Part of a list, as the store was at `version`. */
export interface SnapshotPage {
  readonly version: number;
  readonly items: StoredObject[];
  /** Set when there is more: where the next page begins, and about how many objects are left. */
  readonly next?: { readonly after: { namespace: string; name: string } };
}

export interface SnapshotRange {
  readonly namespace?: string;
  readonly after?: { readonly namespace: string; readonly name: string };
  readonly limit?: number;
}

/**
 * Objects of `resource` exactly as they were at `version` (now, when undefined): the rows as they are now, with every later change
 * undone by the event log. Rows are read first and events second, so no transaction is needed and no writer waits.
 * Throws Compacted when the events since `version` are no longer kept.
 */
export async function readSnapshot(store: ObjectStore, resource: string, range: SnapshotRange, version?: number): Promise<SnapshotPage> {
  const at = version ?? (await store.version());
  const { limit } = range;
  const rows = await store.page(resource, { ...range, ...(limit === undefined ? {} : { limit: limit + 1 }) });
  const isEnd = limit === undefined || rows.length <= limit;
  const last = isEnd ? undefined : rows.at(-1);
  const earlier = await statesBefore(store, resource, range, at, last);
  const items = merge(rows, earlier);
  if (limit === undefined || (isEnd && items.length <= limit)) return { version: at, items };
  const page = items.slice(0, limit);
  const end = page.at(-1) ?? last;
  return end ? { version: at, items: page, next: { after: { namespace: end.namespace, name: end.name } } } : { version: at, items: page };
}

/** For every key of the range that changed after `version`: its state at `version`, undefined when it did not exist. */
async function statesBefore(
  store: ObjectStore,
  resource: string,
  range: SnapshotRange,
  version: number,
  last: StoredObject | undefined,
): Promise<Map<string, StoredObject | undefined>> {
  const states = new Map<string, StoredObject | undefined>();
  for (let after = version; ; ) {
    const events = await store.events(after, 1000);
    for (const event of events) {
      const key = `${event.namespace}\n${event.name}`;
      if (event.resource !== resource || states.has(key) || !isInside(event, range, last)) continue;
      states.set(key, event.previous === undefined ? undefined : stateOf(event, event.previous));
    }
    const newest = events.at(-1);
    if (!newest || events.length < 1000) return states;
    after = newest.resourceVersion;
  }
}

function stateOf(event: StoredEvent, body: string): StoredObject {
  const { metadata } = JSON.parse(body) as { metadata: { uid: string; resourceVersion: string } };
  return { namespace: event.namespace, name: event.name, uid: metadata.uid, resourceVersion: Number(metadata.resourceVersion), body };
}

function isInside(key: { namespace: string; name: string }, range: SnapshotRange, last: StoredObject | undefined): boolean {
  if (range.namespace !== undefined && key.namespace !== range.namespace) return false;
  if (range.after && compareKeys(key, range.after) <= 0) return false;
  return last === undefined || compareKeys(key, last) <= 0;
}

function merge(rows: StoredObject[], earlier: Map<string, StoredObject | undefined>): StoredObject[] {
  if (earlier.size === 0) return rows;
  const items = rows.filter((row) => !earlier.has(`${row.namespace}\n${row.name}`));
  for (const state of earlier.values()) if (state) items.push(state);
  return items.toSorted(compareKeys);
}

/** The order of lists: by namespace, then name, code unit by code unit. */
export function compareKeys(a: { namespace: string; name: string }, b: { namespace: string; name: string }): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  return a.name === b.name ? 0 : a.name < b.name ? -1 : 1;
}
