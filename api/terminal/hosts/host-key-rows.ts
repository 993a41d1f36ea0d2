import { and, asc, eq, gt, inArray, isNull, lt, or } from 'drizzle-orm';
import type { Queries, Store } from '#migrations/store.ts';
import { isDuplicate } from '#migrations/store-error.ts';
import type { HostKeyFound } from '../protocol.ts';

/** Where a host listens: the server, by cloud and id, and the port. */
export interface HostPlace {
  readonly cluster: string;
  readonly serverId: string;
  readonly port: number;
}

/** A key by which a host is known. */
export interface Pin extends HostPlace, HostKeyFound {
  /** Base64; '' where only the fingerprint is known. */
  readonly publicKey: string;
  readonly learntFrom: 'console-log' | 'accepted';
  readonly by: string;
  /** Epoch ms. */
  readonly at: number;
  readonly lastSeenAt: number | null;
}

export interface PinFilter {
  /** Undefined: all. */
  readonly clusters?: readonly string[];
  readonly serverId?: string;
}

/** Keys of one host; far more than any has. */
const mostOfHost = 32;

/** The keys of one host. */
export async function pinsOf({ db, tables: { hostKeys } }: Queries, place: HostPlace): Promise<Pin[]> {
  return db.select().from(hostKeys).where(isAt(hostKeys, place)).orderBy(asc(hostKeys.at), asc(hostKeys.fingerprint)).limit(mostOfHost);
}

/** All keys of a server, whatever the port. */
export async function pinsOfServer({ db, tables: { hostKeys } }: Queries, { cluster, serverId }: Omit<HostPlace, 'port'>): Promise<Pin[]> {
  const where = and(eq(hostKeys.cluster, cluster), eq(hostKeys.serverId, serverId));
  return db.select().from(hostKeys).where(where).orderBy(asc(hostKeys.port), asc(hostKeys.fingerprint)).limit(1000);
}

/** A page in the order of the table's key, behind `after`. */
export async function listPins(
  { db, tables: { hostKeys } }: Queries,
  { clusters, serverId }: PinFilter,
  { limit, after }: { readonly limit: number; readonly after?: Pick<Pin, 'cluster' | 'serverId' | 'port' | 'fingerprint'> },
): Promise<Pin[]> {
  if (clusters?.length === 0) return [];
  const { cluster, serverId: server, port, fingerprint } = hostKeys;
  const behind =
    after &&
    or(
      gt(cluster, after.cluster),
      and(eq(cluster, after.cluster), gt(server, after.serverId)),
      and(eq(cluster, after.cluster), eq(server, after.serverId), gt(port, after.port)),
      and(eq(cluster, after.cluster), eq(server, after.serverId), eq(port, after.port), gt(fingerprint, after.fingerprint)),
    );
  return db
    .select()
    .from(hostKeys)
    .where(and(clusters && inArray(cluster, [...clusters]), serverId === undefined ? undefined : eq(server, serverId), behind))
    .orderBy(asc(cluster), asc(server), asc(port), asc(fingerprint))
    .limit(limit);
}

/** Adds pins; those that are there stay as they are. */
export async function addPins(store: Store, pins: readonly Pin[]): Promise<void> {
  for (const pin of pins) {
    try {
      await store.db.insert(store.tables.hostKeys).values(pin);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }
}

/** Adds pins to a host that has none; false when somebody was faster. */
export async function addFirstPins(store: Store, place: HostPlace, pins: readonly Pin[]): Promise<boolean> {
  return store.tx(async (tx) => {
    // One at a time: two who accept different keys at once must not both be right.
    await tx.next('host_keys');
    if ((await pinsOf(tx, place)).length > 0) return false;
    for (const pin of pins) await tx.db.insert(tx.tables.hostKeys).values(pin);
    return true;
  });
}

export async function markSeen({ db, tables: { hostKeys } }: Queries, place: HostPlace, fingerprint: string, at: number): Promise<void> {
  await db
    .update(hostKeys)
    .set({ lastSeenAt: at })
    .where(and(isAt(hostKeys, place), eq(hostKeys.fingerprint, fingerprint)));
}

/** Forgets keys of a server, all of them or those of a port or with a fingerprint; returns what they were. */
export async function forgetPins(
  store: Store,
  { cluster, serverId }: Omit<HostPlace, 'port'>,
  which: { readonly port?: number; readonly fingerprint?: string },
): Promise<Pin[]> {
  return store.tx(async (tx) => {
    await tx.next('host_keys');
    const { hostKeys } = tx.tables;
    const found = (await pinsOfServer(tx, { cluster, serverId })).filter(
      (pin) => pin.port === (which.port ?? pin.port) && pin.fingerprint === (which.fingerprint ?? pin.fingerprint),
    );
    for (const pin of found) await tx.db.delete(hostKeys).where(and(isAt(hostKeys, pin), eq(hostKeys.fingerprint, pin.fingerprint)));
    return found;
  });
}

const atOnce = 200;

/**
 * Forgets keys of servers that no inventory holds any more, pinned before `before` (epoch ms); returns how many. Of a cluster that is only away
 * the inventory holds what was there last.
 */
export async function forgetPinsOfGone(store: Store, before: number, isStopping: () => boolean): Promise<number> {
  const { hostKeys, inventory } = store.tables;
  let removed = 0;
  let after = '';
  while (!isStopping()) {
    const rows = await store.db
      .selectDistinct({ cluster: hostKeys.cluster, serverId: hostKeys.serverId })
      .from(hostKeys)
      .where(and(lt(hostKeys.at, before), gt(hostKeys.serverId, after)))
      .orderBy(asc(hostKeys.serverId), asc(hostKeys.cluster))
      .limit(atOnce);
    const ids = rows.map(({ serverId }) => serverId);
    if (ids.length === 0) return removed;
    const there = await store.db
      .select({ cluster: inventory.cluster, id: inventory.id })
      .from(inventory)
      .where(and(eq(inventory.type, 'server'), inArray(inventory.id, ids), isNull(inventory.goneAt)));
    const known = new Set(there.map(({ cluster, id }) => `${cluster}/${id}`));
    for (const { cluster, serverId } of rows.filter((row) => !known.has(`${row.cluster}/${row.serverId}`)))
      removed += (await forgetPins(store, { cluster, serverId }, {})).length;
    after = ids.at(-1) ?? '';
  }
  return removed;
}

function isAt(hostKeys: Queries['tables']['hostKeys'], { cluster, serverId, port }: HostPlace) {
  return and(eq(hostKeys.cluster, cluster), eq(hostKeys.serverId, serverId), eq(hostKeys.port, port));
}
