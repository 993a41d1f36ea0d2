import { and, asc, count, eq, gt, lt, lte, max, or, type SQL } from 'drizzle-orm';
import type { Queries, Store, Transaction } from '#migrations/store.ts';
import {
  AlreadyStored,
  Compacted,
  isTerminating,
  NamespaceClosed,
  type ObjectKey,
  type ObjectStore,
  type Range,
  type StoredEvent,
  type StoredObject,
  VersionConflict,
  type Write,
} from './object-store.ts';

const counter = 'object_version';

/** The ObjectStore over the project's database. */
export function createObjectStore(store: Store): ObjectStore {
  return new SqlObjectStore(store);
}

/** Every version is one event, so a gap in the log can only be compaction. */
class SqlObjectStore implements ObjectStore {
  readonly #store: Store;
  readonly #listeners = new Set<() => void>();

  constructor(store: Store) {
    this.#store = store;
  }

  async get(key: ObjectKey): Promise<StoredObject | undefined> {
    return row(this.#store, key);
  }

  async page(resource: string, range: Range): Promise<StoredObject[]> {
    const { objects } = this.#store.tables;
    const query = this.#store.db
      .select(columns(this.#store))
      .from(objects)
      .where(this.#within(resource, range))
      .orderBy(asc(objects.namespace), asc(objects.name));
    return range.limit === undefined ? query : query.limit(range.limit);
  }

  async count(resource: string, range: Omit<Range, 'limit'>): Promise<number> {
    const { objects } = this.#store.tables;
    const [found] = await this.#store.db.select({ count: count() }).from(objects).where(this.#within(resource, range));
    return found?.count ?? 0;
  }

  async write(write: Write): Promise<StoredObject> {
    const stored = await this.#store.tx((tx) => carryOut(tx, write));
    for (const call of this.#listeners) call();
    return stored;
  }

  async version(): Promise<number> {
    const { counters } = this.#store.tables;
    const [found] = await this.#store.db.select({ value: counters.value }).from(counters).where(eq(counters.name, counter));
    return found?.value ?? 0;
  }

  async events(after: number, limit: number): Promise<StoredEvent[]> {
    let events = await this.#eventsAbove(after, limit);
    if (events.length === 0) {
      const version = await this.version();
      if (version <= after) return [];
      events = await this.#eventsAbove(after, limit);
      if (events.length === 0) throw new Compacted(version);
    }
    const oldest = events[0]?.resourceVersion ?? 0;
    if (oldest !== after + 1) throw new Compacted(oldest - 1);
    return events;
  }

  async compact(keep: number, before: number): Promise<void> {
    const { objectEvents } = this.#store.tables;
    const [aged] = await this.#store.db
      .select({ version: max(objectEvents.resourceVersion) })
      .from(objectEvents)
      .where(lt(objectEvents.at, before));
    const upTo = Math.max((await this.version()) - keep, aged?.version ?? 0);
    if (upTo > 0) await this.#store.db.delete(objectEvents).where(lte(objectEvents.resourceVersion, upTo));
  }

  onWrite(call: () => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  async #eventsAbove(after: number, limit: number): Promise<StoredEvent[]> {
    const { objectEvents } = this.#store.tables;
    const rows = await this.#store.db
      .select()
      .from(objectEvents)
      .where(gt(objectEvents.resourceVersion, after))
      .orderBy(asc(objectEvents.resourceVersion))
      .limit(limit);
    return rows.map(({ previous, at: _at, type, ...event }) => ({
      ...event,
      type: type as StoredEvent['type'],
      ...(previous === null ? {} : { previous }),
    }));
  }

  #within(resource: string, { namespace, after }: Omit<Range, 'limit'>): SQL | undefined {
    const { objects } = this.#store.tables;
    const behind =
      after && or(gt(objects.namespace, after.namespace), and(eq(objects.namespace, after.namespace), gt(objects.name, after.name)));
    return and(eq(objects.resource, resource), namespace === undefined ? undefined : eq(objects.namespace, namespace), behind);
  }
}

function columns({ tables: { objects } }: Queries) {
  const { namespace, name, uid, resourceVersion, body } = objects;
  return { namespace, name, uid, resourceVersion, body };
}

function place(queries: Queries, key: ObjectKey): SQL | undefined {
  const { objects } = queries.tables;
  return and(eq(objects.resource, key.resource), eq(objects.namespace, key.namespace), eq(objects.name, key.name));
}

async function row(queries: Queries, key: ObjectKey): Promise<StoredObject | undefined> {
  const [found] = await queries.db.select(columns(queries)).from(queries.tables.objects).where(place(queries, key));
  return found;
}

/** The counter comes first: its lock makes commit order version order, and what is read behind it is what others committed. */
async function carryOut(tx: Transaction, write: Write): Promise<StoredObject> {
  const { key, uid, at } = write;
  const resourceVersion = await tx.next(counter);
  const before = await row(tx, key);
  if (write.op === 'create') {
    if (write.within) await checkOpen(tx, write.within);
    if (before) throw new AlreadyStored(key);
  } else if (before?.resourceVersion !== write.expected) {
    throw new VersionConflict(key);
  }
  const body = write.body(resourceVersion);
  const { objects, objectEvents } = tx.tables;
  if (write.op === 'create') await tx.db.insert(objects).values({ ...key, uid, resourceVersion, body, createdAt: at });
  if (write.op === 'replace') await tx.db.update(objects).set({ uid, resourceVersion, body }).where(place(tx, key));
  if (write.op === 'delete') await tx.db.delete(objects).where(place(tx, key));
  const type = write.op === 'create' ? 'ADDED' : write.op === 'delete' ? 'DELETED' : 'MODIFIED';
  await tx.db.insert(objectEvents).values({ resourceVersion, ...key, type, body, previous: before?.body ?? null, at });
  return { namespace: key.namespace, name: key.name, uid, resourceVersion, body };
}

async function checkOpen(tx: Transaction, namespace: ObjectKey): Promise<void> {
  const found = await row(tx, namespace);
  if (!found) throw new NamespaceClosed('missing');
  if (isTerminating(found.body)) throw new NamespaceClosed('terminating');
}
