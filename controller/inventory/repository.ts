import { and, eq, gt, isNull } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import { contentHash } from './body.ts';
import type { Resources, ResourceType } from './inventory.ts';
import type { Transition } from './rows.ts';
import { stampOf } from './stamp.ts';
import { TRACKED, type Tracked } from './tracked.ts';

/** A change with the time at which we saw it (epoch ms). */
export interface StoredChange extends Omit<Transition, 'ids'> {
  readonly at: number;
}

/** The rows of one cloud in the database, and the history of their changes. */
export interface InventoryRepository {
  /** The rows that were there when last stored. */
  load(): Promise<{ type: ResourceType; resource: object }[]>;
  /** Stores changes, oldest first: all of them or, when it throws, none. */
  save(changes: readonly StoredChange[]): Promise<void>;
  /** History after `seq`, oldest first; folding it gives the rows. */
  changes(options?: { after?: number; limit?: number }): Promise<(StoredChange & { seq: number })[]>;
  /** Removes rows and history, for a cluster that is no longer declared. */
  erase(): Promise<void>;
}

/** Length of the columns; a cloud may hold longer text, and one such row must not keep the others from being stored. */
const NAME_LENGTH = 255;
const UID_LENGTH = 36;
const PROJECT_LENGTH = 64;

export function createInventoryRepository(store: Store, cluster: string): InventoryRepository {
  const { inventory, inventoryChanges } = store.tables;
  const UPDATED = ['name', 'projectId', 'ownerUid', 'body', 'hash', 'changedAt', 'goneAt'] as const;

  const rowOf = ({ type, id, change, before, after, at }: StoredChange): typeof inventory.$inferInsert => {
    const body = after ?? before ?? {};
    const tracked = TRACKED[type] as unknown as Tracked<object>;
    return {
      cluster,
      type,
      id,
      name: tracked.name(body).slice(0, NAME_LENGTH),
      projectId: fitting(tracked.project?.(body), PROJECT_LENGTH),
      ownerUid: fitting(stampOf(type, body), UID_LENGTH),
      body,
      hash: contentHash(body),
      firstSeen: at,
      changedAt: at,
      goneAt: change === 'gone' ? at : null,
    };
  };

  return {
    async load() {
      const rows = await store.db
        .select({ type: inventory.type, body: inventory.body })
        .from(inventory)
        .where(and(eq(inventory.cluster, cluster), isNull(inventory.goneAt)));
      return rows
        .filter((row) => row.type in TRACKED)
        .map((row) => ({ type: row.type as ResourceType, resource: row.body as Resources[ResourceType] }));
    },
    async save(changes) {
      if (changes.length === 0) return;
      // Only the newest state of a row goes into `inventory`; each change of it into the history.
      const newest = new Map(changes.map((change) => [`${change.type}/${change.id}`, change]));
      const history = changes.map(({ type, id, change, before, after, at }) => ({
        cluster,
        type,
        id,
        at,
        change,
        before: before ?? null,
        after: after ?? null,
      }));
      await store.tx(async (tx) => {
        await tx.upsert(inventory, [...newest.values()].map(rowOf), { key: ['cluster', 'type', 'id'], update: [...UPDATED] });
        await tx.db.insert(inventoryChanges).values(history);
      });
    },
    async changes({ after = 0, limit = 1000 } = {}) {
      const rows = await store.db
        .select()
        .from(inventoryChanges)
        .where(and(eq(inventoryChanges.cluster, cluster), gt(inventoryChanges.seq, after)))
        .orderBy(inventoryChanges.seq)
        .limit(limit);
      return rows.map((row) => ({
        seq: row.seq,
        type: row.type as ResourceType,
        id: row.id,
        change: row.change,
        at: row.at,
        ...(row.before !== null && { before: row.before as object }),
        ...(row.after !== null && { after: row.after as object }),
      }));
    },
    async erase() {
      await store.tx(async (tx) => {
        await tx.db.delete(inventory).where(eq(inventory.cluster, cluster));
        await tx.db.delete(inventoryChanges).where(eq(inventoryChanges.cluster, cluster));
      });
    },
  };
}

function fitting(text: string | undefined, length: number): string | null {
  return text === undefined || text.length > length ? null : text;
}
