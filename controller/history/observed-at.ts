import { and, asc, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/mysql-core';
import { keptBody } from '#controller/inventory/body.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import { RESOURCE_TYPES } from '#controller/inventory/tracked.ts';
import type { Tables } from '#migrations/schema.ts';
import type { Store } from '#migrations/store.ts';
import { forgottenBefore } from './forget-changes.ts';
import { type Page, readCursor, writeCursor } from './place.ts';
import { scalar } from './scalar.ts';

/** A cloud resource as it was seen. */
export interface ObservedResource {
  readonly cluster: string;
  readonly type: string;
  readonly id: string;
  readonly name: string;
  /** Epoch ms since when it was seen like this; absent when that was before its history begins. */
  readonly since?: number;
  readonly body: object;
}

/** What a cloud was seen to hold at a time. */
export type Observed =
  | (ObservedResource & { readonly state: 'present' })
  | { readonly state: 'absent'; readonly id?: string; readonly goneAt?: number }
  | { readonly state: 'unknown'; readonly knownSince?: number };

/** Which cloud resource is meant. */
export interface CloudRef {
  readonly cluster: string;
  readonly id: string;
  /** The id of a key pair is its name; all others are unique in their cloud. */
  readonly isKeyPair: boolean;
}

type InventoryRow = Tables['inventory']['$inferSelect'];
type ChangeRow = Tables['inventoryChanges']['$inferSelect'];
type Candidate = Pick<InventoryRow, 'cluster' | 'type' | 'id' | 'name' | 'body' | 'changedAt' | 'goneAt'> & { readonly seq: number | null };

const candidatesAtOnce = 128;

/** What each of these was seen to be, by cluster and id. */
export async function observedAt(store: Store, refs: readonly CloudRef[], time: number): Promise<(ref: CloudRef) => Observed | undefined> {
  const found = new Map<string, Observed>();
  const keyOf = ({ cluster, id, isKeyPair }: CloudRef) => JSON.stringify([cluster, id, isKeyPair]);
  for (const cluster of new Set(refs.map((ref) => ref.cluster))) {
    for (const isKeyPair of [false, true]) {
      const ids = refs.filter((ref) => ref.cluster === cluster && ref.isKeyPair === isKeyPair).map(({ id }) => id);
      if (ids.length === 0) continue;
      const types = RESOURCE_TYPES.filter((type) => (type === 'keypair') === isKeyPair);
      const place = and(eq(store.tables.inventory.cluster, cluster), inArray(store.tables.inventory.type, types));
      const rows = await candidates(store, and(place, inArray(store.tables.inventory.id, ids)), time, ids.length * types.length);
      for (const { row, state } of await statesOf(store, rows, time)) found.set(keyOf({ cluster, id: row.id, isKeyPair }), state);
    }
  }
  return (ref) => found.get(keyOf(ref));
}

/** What a cloud was seen to hold, by type and id; a page costs a page and the rows in between that were not there. Throws BadCursor. */
export async function listObservedAt(
  store: Store,
  { cluster, type }: { readonly cluster: string; readonly type?: string },
  time: number,
  page: Page,
): Promise<{ items: ObservedResource[]; next?: string }> {
  const { inventory } = store.tables;
  const after = readCursor(page.cursor, 2);
  const items: ObservedResource[] = [];
  const wanted = type === undefined ? RESOURCE_TYPES.toSorted() : [type];
  for (const each of wanted.filter((one) => after === undefined || one >= (after[0] ?? ''))) {
    let behind = each === after?.[0] ? after[1] : undefined;
    while (items.length <= page.limit) {
      const place = and(
        eq(inventory.cluster, cluster),
        eq(inventory.type, each),
        behind === undefined ? undefined : gt(inventory.id, behind),
      );
      const rows = await candidates(store, and(place, or(isNull(inventory.goneAt), gt(inventory.goneAt, time))), time, candidatesAtOnce);
      for (const { state } of await statesOf(store, rows, time)) if (state.state === 'present') items.push(withoutState(state));
      behind = rows.at(-1)?.id;
      if (rows.length < candidatesAtOnce) break;
    }
  }
  const shown = items.slice(0, page.limit);
  const last = shown.at(-1);
  return items.length > page.limit && last ? { items: shown, next: writeCursor([last.type, last.id]) } : { items: shown };
}

/** Epoch ms of the first change seen in this cloud, or from which on all are kept; undefined when nothing was seen. */
export async function cloudKnownSince(store: Store, cluster: string): Promise<number | undefined> {
  const { inventoryChanges } = store.tables;
  const [first] = await store.db
    .select({ at: inventoryChanges.at })
    .from(inventoryChanges)
    .where(eq(inventoryChanges.cluster, cluster))
    .orderBy(asc(inventoryChanges.at))
    .limit(1);
  return first && Math.max(first.at, await forgottenBefore(store));
}

/**
 * Rows of the inventory with the change that tells what they were: the last one up to that time, else the first one after it, whose
 * `before` does. What has not changed since is told by the row itself.
 */
function candidates(store: Store, where: SQL | undefined, time: number, limit: number): Promise<Candidate[]> {
  const { inventory: row, inventoryChanges: changes } = store.tables;
  const past = alias(changes, 'past');
  const later = alias(changes, 'later');
  const sameRow = (t: typeof past | typeof later) => sql`${t.cluster} = ${row.cluster} and ${t.type} = ${row.type} and ${t.id} = ${row.id}`;
  const last = scalar(
    sql`select ${past.seq} from ${changes} ${past} where ${sameRow(past)} and ${past.at} <= ${time} order by ${past.at} desc, ${past.seq} desc limit 1`,
  );
  const next = scalar(
    sql`select ${later.seq} from ${changes} ${later} where ${sameRow(later)} and ${later.at} > ${time} order by ${later.at}, ${later.seq} limit 1`,
  );
  const seq = sql<number | null>`case when ${row.changedAt} <= ${time} then null else coalesce(${last}, ${next}) end`;
  const { cluster, type, id, name, body, changedAt, goneAt } = row;
  return store.db
    .select({ cluster, type, id, name, body, changedAt, goneAt, seq })
    .from(row)
    .where(where)
    .orderBy(asc(id))
    .limit(limit)
    .then((rows) => rows);
}

async function statesOf(store: Store, rows: readonly Candidate[], time: number): Promise<{ row: Candidate; state: Observed }[]> {
  const { inventoryChanges } = store.tables;
  const seqs = rows.map(({ seq }) => seq).filter((seq) => seq !== null);
  const changes = seqs.length === 0 ? [] : await store.db.select().from(inventoryChanges).where(inArray(inventoryChanges.seq, seqs));
  const bySeq = new Map(changes.map((change) => [change.seq, change]));
  return rows.map((row) => ({ row, state: stateOf(row, row.seq === null ? undefined : bySeq.get(row.seq), time) }));
}

function stateOf(row: Candidate, change: ChangeRow | undefined, time: number): Observed {
  const { cluster, type, id, name } = row;
  const present = (body: unknown, since?: number): Observed => {
    const kept = keptBody(type as ResourceType, body as object);
    const then = { name: (kept as { name?: string | null }).name ?? name, ...(since === undefined ? {} : { since }) };
    return { state: 'present', cluster, type, id, ...then, body: kept };
  };
  if (!change) return row.goneAt === null ? present(row.body, row.changedAt) : { state: 'absent', id, goneAt: row.goneAt };
  // The first change after that time tells what was before it; since when, nobody knows.
  if (change.at > time) return change.before === null ? { state: 'absent', id } : present(change.before);
  return change.after === null ? { state: 'absent', id, goneAt: change.at } : present(change.after, change.at);
}

function withoutState({ state: _state, ...resource }: Extract<Observed, { state: 'present' }>): ObservedResource {
  return resource;
}
