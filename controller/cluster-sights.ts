import { and, count, eq, isNull } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import type { Connections } from './connections.ts';
import type { ManagedInventory } from './inventory/cloud-inventory.ts';
import { RESOURCE_TYPES } from './inventory/tracked.ts';

/** How much was seen of a cloud, and how long ago. */
export interface ClusterSight {
  /** `stored`: there is no connection now; this is what was seen before it ended. */
  readonly from: 'live' | 'stored';
  /** When the oldest of the newest complete lists was asked for, RFC 3339; absent before the first sweep since start. */
  readonly lastSweepAt?: string;
  /** Why the newest look at a resource type failed. */
  readonly errors: Readonly<Record<string, string>>;
  /** Rows by resource type; types without any are left out. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface ClusterSights {
  of(cluster: string): Promise<ClusterSight>;
}

export function createClusterSights({ connections, store }: { connections: Connections; store: Store }): ClusterSights {
  return {
    async of(cluster) {
      const inventory = connections.inventory(cluster);
      // Before the first sweep ended memory holds less than the database.
      const isLive = inventory !== undefined && connections.phase(cluster) === 'ready';
      return isLive ? live(inventory) : { from: 'stored', errors: {}, counts: await storedCounts(store, cluster) };
    },
  };
}

function live(inventory: ManagedInventory): ClusterSight {
  const listed = RESOURCE_TYPES.map((type) => inventory.listedAt(type)).filter((at) => at > 0);
  const failed = [...inventory.lastSweep.values()].filter(({ error }) => error !== undefined);
  const counts = RESOURCE_TYPES.map((type) => [type, sizeOf(inventory.all(type))] as const);
  return {
    from: 'live',
    ...(listed.length > 0 && { lastSweepAt: new Date(Math.min(...listed)).toISOString() }),
    errors: Object.fromEntries(failed.map(({ type, error }) => [type, String(error)])),
    counts: Object.fromEntries(counts.filter(([, size]) => size > 0)),
  };
}

function sizeOf(rows: Iterable<unknown>): number {
  let size = 0;
  for (const each = rows[Symbol.iterator](); each.next().done !== true; ) size += 1;
  return size;
}

async function storedCounts(store: Store, cluster: string): Promise<Record<string, number>> {
  const { inventory } = store.tables;
  const rows = await store.db
    .select({ type: inventory.type, size: count() })
    .from(inventory)
    .where(and(eq(inventory.cluster, cluster), isNull(inventory.goneAt)))
    .groupBy(inventory.type);
  return Object.fromEntries(rows.map(({ type, size }) => [type, size]));
}
