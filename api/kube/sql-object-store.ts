import { setImmediate } from 'node:timers/promises';
import { and, asc, count, eq, gt, lt, lte, max, or, type SQL } from 'drizzle-orm';
import type { Queries, Store } from '#migrations/store.ts';
import { type Alongside, commitTogether, counter } from './commit.ts';
import {
  Compacted,
  type ObjectKey,
  type ObjectStore,
  type Range,
  type StoredEvent,
  type StoredObject,
  type Write,
} from './object-store.ts';

const mostTogether = 64;

/** How processes on one database tell each other of writes; without it each finds them when it looks. */
export interface Neighbours {
  tell(): void;
  hear(call: () => void): void;
}

export interface ObjectStoreOptions {
  /** Stored with each write, in its transaction. */
  readonly alongside?: Alongside;
  readonly neighbours?: Neighbours;
}

/** The ObjectStore over the project's database. */
export function createObjectStore(store: Store, options: ObjectStoreOptions = {}): ObjectStore {
  return new SqlObjectStore(store, options);
}

/** Every version is one event, so a gap in the log can only be compaction. */
class SqlObjectStore implements ObjectStore {
  readonly #store: Store;
  readonly #alongside: Alongside | undefined;
  readonly #neighbours: Neighbours | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #queue: { write: Write; resolve: (stored: StoredObject) => void; reject: (error: unknown) => void }[] = [];
  #isDraining = false;

  constructor(store: Store, { alongside, neighbours }: ObjectStoreOptions) {
    this.#store = store;
    this.#alongside = alongside;
    this.#neighbours = neighbours;
    neighbours?.hear(() => this.#callListeners());
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

  /** Writes that arrive while others are being committed go together: one transaction, one lock, a few statements. */
  write(write: Write): Promise<StoredObject> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ write, resolve, reject });
      if (!this.#isDraining) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#queue.length > 0) {
      // Lets the requests that came in the same turn of the event loop join; SQLite would else commit each before the next is read.
      await setImmediate();
      const batch = this.#queue.splice(0, mostTogether);
      try {
        const outcomes = await this.#store.tx((tx) =>
          commitTogether(
            tx,
            batch.map(({ write }) => write),
            this.#alongside,
          ),
        );
        for (const [index, outcome] of outcomes.entries()) {
          if (outcome instanceof Error) batch[index]?.reject(outcome);
          else batch[index]?.resolve(outcome);
        }
        this.#callListeners();
        this.#neighbours?.tell();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isDraining = false;
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

  #callListeners(): void {
    for (const call of this.#listeners) call();
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

function place({ tables: { objects } }: Queries, key: ObjectKey): SQL | undefined {
  return and(eq(objects.resource, key.resource), eq(objects.namespace, key.namespace), eq(objects.name, key.name));
}

async function row(queries: Queries, key: ObjectKey): Promise<StoredObject | undefined> {
  const [found] = await queries.db.select(columns(queries)).from(queries.tables.objects).where(place(queries, key));
  return found;
}
