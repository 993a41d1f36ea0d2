import { and, eq, or, type SQL } from 'drizzle-orm';
import type { Transaction } from '#migrations/store.ts';
import {
  AlreadyStored,
  type Commit,
  isTerminating,
  NamespaceClosed,
  type ObjectKey,
  type StoredEvent,
  type StoredObject,
  VersionConflict,
  type Write,
} from './object-store.ts';

/** Counts versions; its row is the lock under which they are given out. */
export const counter = 'object_version';

const mostBytesTogether = 4 * 1024 * 1024;

interface Row extends ObjectKey, StoredObject {
  readonly createdAt: number;
}
interface TimedEvent extends StoredEvent {
  readonly at: number;
}

/** Stores what has to be there with these writes or not at all; MUST have no side effects outside the transaction, which may run again. */
export type Alongside = (tx: Transaction, commits: readonly Commit[]) => Promise<void>;

/**
 * Carries out writes in their order inside one transaction; each succeeds or fails by itself, and only those that succeed take a version.
 * Has no side effects outside the transaction, which may run again.
 */
export async function commitTogether(tx: Transaction, writes: readonly Write[], alongside?: Alongside): Promise<(StoredObject | Error)[]> {
  // The lock comes first: what is read behind it is what others committed, and commit order is version order.
  const base = await tx.next(counter, 0);
  const states = await read(tx, writes);
  const touched = new Map<string, ObjectKey>();
  const events: TimedEvent[] = [];
  const commits: Commit[] = [];
  const outcomes = writes.map((write) => {
    const fault = faultOf(write, states);
    if (fault) return fault;
    const version = base + events.length + 1;
    const { key, uid, at, by } = write;
    const before = states.get(text(key));
    const after = { namespace: key.namespace, name: key.name, uid, resourceVersion: version, body: write.body(version) };
    states.set(text(key), write.op === 'delete' ? undefined : after);
    touched.set(text(key), key);
    const type = write.op === 'create' ? 'ADDED' : write.op === 'delete' ? 'DELETED' : 'MODIFIED';
    events.push({ ...key, type, resourceVersion: version, body: after.body, at, ...(before ? { previous: before.body } : {}) });
    commits.push({ key, at, after, isGone: write.op === 'delete', ...(by ? { by } : {}), ...(before ? { before } : {}) });
    return after;
  });
  if (events.length > 0) await store(tx, base + events.length, events, touched, states);
  if (commits.length > 0) await alongside?.(tx, commits);
  return outcomes;
}

type States = Map<string, StoredObject | undefined>;

/** Every object the writes are about, and the namespaces they write into, as they are now. */
async function read(tx: Transaction, writes: readonly Write[]): Promise<States> {
  const keys = new Map<string, ObjectKey>();
  for (const write of writes) {
    keys.set(text(write.key), write.key);
    if (write.op === 'create' && write.within) keys.set(text(write.within), write.within);
  }
  const { objects } = tx.tables;
  const rows = await tx.db
    .select()
    .from(objects)
    .where(or(...[...keys.values()].map((key) => place(tx, key))));
  return new Map(rows.map((row) => [text(row), row]));
}

function faultOf(write: Write, states: States): Error | undefined {
  const before = states.get(text(write.key));
  if (write.op !== 'create') return before?.resourceVersion === write.expected ? undefined : new VersionConflict(write.key);
  const namespace = write.within && states.get(text(write.within));
  if (write.within && !namespace) return new NamespaceClosed('missing');
  if (namespace && isTerminating(namespace.body)) return new NamespaceClosed('terminating');
  return before ? new AlreadyStored(write.key) : undefined;
}

async function store(
  tx: Transaction,
  version: number,
  events: readonly TimedEvent[],
  touched: Map<string, ObjectKey>,
  states: States,
): Promise<void> {
  const { counters, objects, objectEvents } = tx.tables;
  const at = events.at(-1)?.at ?? 0;
  const kept: Row[] = [];
  const gone: ObjectKey[] = [];
  for (const [id, key] of touched) {
    const state = states.get(id);
    if (state) kept.push({ ...key, ...state, createdAt: at });
    else gone.push(key);
  }
  await tx.db.update(counters).set({ value: version }).where(eq(counters.name, counter));
  for (const rows of portions(kept)) {
    await tx.upsert(objects, rows, { key: ['resource', 'namespace', 'name'], update: ['uid', 'resourceVersion', 'body'] });
  }
  if (gone.length > 0) await tx.db.delete(objects).where(or(...gone.map((key) => place(tx, key))));
  for (const rows of portions(events)) await tx.db.insert(objectEvents).values([...rows]);
}

/** Cut so that one statement stays well below what MySQL takes in one packet. */
function portions<T extends { body: string; previous?: string }>(rows: readonly T[]): T[][] {
  const result: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const size = 4 * (row.body.length + (row.previous?.length ?? 0));
    if (bytes + size > mostBytesTogether) {
      result.push([]);
      bytes = 0;
    }
    result.at(-1)?.push(row);
    bytes += size;
  }
  return result;
}

function place({ tables: { objects } }: Transaction, key: ObjectKey): SQL | undefined {
  return and(eq(objects.resource, key.resource), eq(objects.namespace, key.namespace), eq(objects.name, key.name));
}

function text(key: ObjectKey): string {
  return `${key.resource}\n${key.namespace}\n${key.name}`;
}
