import { isSame, keptBody, withEarlier } from './body.ts';
import type { Resources, ResourceType } from './inventory.ts';
import type { Moments } from './moment.ts';
import { createRowIndex, type RowIndex, type RowKeys } from './row-index.ts';
import { stampOf } from './stamp.ts';
import { RESOURCE_TYPES, TRACKED, type Tracked } from './tracked.ts';

/** One row that appeared, changed or went, with the bodies before and after. */
export interface Transition {
  readonly type: ResourceType;
  readonly id: string;
  readonly change: 'appeared' | 'changed' | 'gone';
  readonly before?: object;
  readonly after?: object;
  /** Own id, and parents and owner before and after. */
  readonly ids: readonly string[];
}

/** When an answer was asked for and when it came; moments, see moment.ts. */
export interface Seen {
  readonly askedAt: number;
  readonly receivedAt: number;
}

interface Held extends Seen {
  readonly resource: object;
}

/** What is remembered of our own writes to a row, whether or not we hold it. */
interface Mark {
  /** Answers asked for before this do not count. */
  readonly notBefore: number;
  /** When the newest own write whose answer we hold was sent. */
  readonly ownAskedAt: number;
  /** When the answer was asked for that showed a row we held to be gone; 0 for never. */
  readonly goneAt: number;
}

/** A lower Neutron revision is a lagging replica this long; after that it is a database somebody restored, and believed. */
const LAGGING_MS = 60_000;

/** The rows of one cloud in memory, and the rule which of two answers counts. */
export interface Rows {
  get<T extends ResourceType>(type: T, id: string): Resources[T] | undefined;
  all<T extends ResourceType>(type: T): Iterable<Resources[T]>;
  by<T extends ResourceType>(type: T, key: 'name' | 'owner' | 'parent', value: string): readonly Resources[T][];
  count(type: ResourceType): number;
  /** Puts back a row as it was stored; any answer of the cloud is newer. */
  restore(type: ResourceType, resource: object): void;
  /** Takes an answer that shows a row, unless a newer one or our own later write stands against it. */
  take(type: ResourceType, resource: object, seen: Seen, isOwnWrite?: boolean): Transition | undefined;
  /** Takes an answer that says the row is gone, under the same rule. */
  drop(type: ResourceType, id: string, askedAt: number): Transition | undefined;
  /** Answers asked for before now no longer count for this row. */
  wrote(type: ResourceType, id: string): void;
  /** Ids held that a list asked for at that moment should have shown, and which `listed` lacks. */
  missingFrom(type: ResourceType, listed: ReadonlySet<string>, askedAt: number): string[];
  /** Epoch ms of the newest change the cloud's own clock has put on a row of this type; 0 when there is none. */
  newestChange(type: ResourceType): number;
  /** Forgets marks older than this moment; no answer on its way is that old. */
  prune(before: number): void;
}

export function createRows(moments: Moments): Rows {
  const tables = new Map<ResourceType, RowIndex<Held>>(RESOURCE_TYPES.map((type) => [type, createRowIndex<Held>()]));
  const marks = new Map<string, Mark>();
  const table = (type: ResourceType) => tables.get(type) as RowIndex<Held>;
  const keyOf = (type: ResourceType, id: string) => `${type}/${id}`;
  const setMark = (type: ResourceType, id: string, change: Partial<Mark>) => {
    const mark = marks.get(keyOf(type, id)) ?? { notBefore: 0, ownAskedAt: 0, goneAt: 0 };
    marks.set(keyOf(type, id), { ...mark, ...change });
  };
  const notBefore = (type: ResourceType, id: string) => marks.get(keyOf(type, id))?.notBefore ?? 0;

  const put = (type: ResourceType, id: string, answer: object, seen: Seen) => {
    const before = table(type).rows.get(id)?.resource;
    const resource = withEarlier(type, answer, before);
    const keys = keysOf(type, resource);
    const keysBefore = table(type).keysOf(id);
    table(type).set(id, { resource, askedAt: seen.askedAt, receivedAt: seen.receivedAt }, keys);
    if (before === undefined) return { type, id, change: 'appeared', after: resource, ids: concerned(id, keys) } as const;
    if (isSame(before, resource)) return undefined;
    return { type, id, change: 'changed', before, after: resource, ids: concerned(id, keysBefore, keys) } as const;
  };

  const drop = (type: ResourceType, id: string, askedAt: number): Transition | undefined => {
    const held = table(type).rows.get(id);
    const keys = table(type).keysOf(id);
    if (askedAt < notBefore(type, id) || (held !== undefined && askedAt < held.askedAt)) return undefined;
    // A list asked for before this, and still on its way, must not bring the row back.
    setMark(type, id, held === undefined ? { notBefore: askedAt } : { notBefore: askedAt, goneAt: askedAt });
    if (held === undefined) return undefined;
    table(type).delete(id);
    return { type, id, change: 'gone', before: held.resource, ids: concerned(id, keys) };
  };

  const takeOwn = (type: ResourceType, id: string, resource: object, askedAt: number): Transition | undefined => {
    const now = moments.next();
    const held = table(type).rows.get(id);
    const { ownAskedAt = 0, goneAt = 0 } = marks.get(keyOf(type, id)) ?? {};
    // A later write of ours was answered already, or the row went while this answer was on its way.
    const isOvertaken = askedAt < ownAskedAt || (held === undefined && askedAt < goneAt);
    setMark(type, id, isOvertaken ? { notBefore: now } : { notBefore: now, ownAskedAt: askedAt });
    if (isOvertaken || (held !== undefined && hasLowerRevision(type, resource, held.resource))) return undefined;
    // The answer to a write may leave fields out that a read shows.
    return put(type, id, { ...held?.resource, ...resource }, { askedAt: now, receivedAt: now });
  };

  return {
    get: (type, id) => table(type).rows.get(id)?.resource as never,
    *all(type) {
      for (const held of table(type).rows.values()) yield held.resource as never;
    },
    by: (type, key, value) =>
      table(type)
        .by(key, value)
        .map((held) => held.resource) as never,
    count: (type) => table(type).rows.size,
    restore(type, resource) {
      table(type).set(trackedOf(type).id(resource), { resource, askedAt: 0, receivedAt: 0 }, keysOf(type, resource));
    },
    take(type, answer, seen, isOwnWrite = false) {
      const resource = keptBody(type, answer);
      const id = trackedOf(type).id(resource);
      if (trackedOf(type).isGone?.(resource) === true) return drop(type, id, seen.askedAt);
      if (isOwnWrite) return takeOwn(type, id, resource, seen.askedAt);
      if (seen.askedAt < notBefore(type, id)) return undefined;
      const held = table(type).rows.get(id);
      if (held !== undefined && isOlder(type, resource, seen, held)) return undefined;
      return put(type, id, resource, seen);
    },
    drop,
    wrote: (type, id) => setMark(type, id, { notBefore: moments.next() }),
    missingFrom(type, listed, askedAt) {
      const missing: string[] = [];
      for (const [id, held] of table(type).rows) {
        if (!listed.has(id) && held.askedAt <= askedAt && notBefore(type, id) <= askedAt) missing.push(id);
      }
      return missing;
    },
    newestChange(type) {
      let newest = 0;
      for (const held of table(type).rows.values()) newest = Math.max(newest, epochOf(trackedOf(type).changedAt?.(held.resource)));
      return newest;
    },
    prune(before) {
      for (const [key, mark] of marks) if (mark.notBefore < before) marks.delete(key);
    },
  };
}

function trackedOf(type: ResourceType): Tracked<object> {
  return TRACKED[type];
}

function keysOf(type: ResourceType, resource: object): RowKeys {
  const tracked = trackedOf(type);
  return { name: tracked.name(resource), owner: stampOf(type, resource), parents: [...new Set(tracked.parents(resource))] };
}

function concerned(id: string, ...keys: readonly (RowKeys | undefined)[]): string[] {
  const ids = new Set([id]);
  for (const of of keys) {
    for (const parent of of?.parents ?? []) ids.add(parent);
    if (of?.owner !== undefined) ids.add(of.owner);
  }
  return [...ids];
}

function isOlder(type: ResourceType, resource: object, seen: Seen, held: Held): boolean {
  if (seen.askedAt < held.askedAt) return true;
  if (hasLowerRevision(type, resource, held.resource)) return seen.askedAt - held.receivedAt < LAGGING_MS;
  // Two answers under way at the same time: the one asked for later may still have been read earlier.
  if (seen.askedAt >= held.receivedAt) return false;
  const tracked = trackedOf(type);
  return epochOf(tracked.changedAt?.(resource)) < epochOf(tracked.changedAt?.(held.resource));
}

function hasLowerRevision(type: ResourceType, resource: object, held: object): boolean {
  const tracked = trackedOf(type);
  const [ours, theirs] = [tracked.revision?.(resource), tracked.revision?.(held)];
  return ours !== undefined && theirs !== undefined && ours < theirs;
}

/** Cinder and Glance write times without a zone in places; all are UTC. */
function epochOf(time: string | null | undefined): number {
  if (time === null || time === undefined || time === '') return 0;
  const epoch = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`);
  return Number.isNaN(epoch) ? 0 : epoch;
}
