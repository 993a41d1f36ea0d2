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
import { compareKeys } from './snapshot.ts';

interface TimedEvent extends StoredEvent {
  readonly at: number;
}

/** An ObjectStore that forgets: for unit tests of what stands on it. */
export class MemoryObjectStore implements ObjectStore {
  readonly #objects = new Map<string, StoredObject>();
  readonly #listeners = new Set<() => void>();
  #events: TimedEvent[] = [];
  #version = 0;
  #compacted = 0;

  async get(key: ObjectKey): Promise<StoredObject | undefined> {
    return this.#objects.get(text(key));
  }

  async page(resource: string, range: Range): Promise<StoredObject[]> {
    const found: StoredObject[] = [];
    for (const [key, object] of this.#objects) {
      if (key.startsWith(`${resource}\n`) && isWithin(object, range)) found.push(object);
    }
    return found.toSorted(compareKeys).slice(0, range.limit);
  }

  async count(resource: string, range: Omit<Range, 'limit'>): Promise<number> {
    return (await this.page(resource, range)).length;
  }

  async write(write: Write): Promise<StoredObject> {
    const { key } = write;
    const before = this.#objects.get(text(key));
    if (write.op === 'create') {
      if (write.within) this.#checkOpen(write.within);
      if (before) throw new AlreadyStored(key);
    } else if (before?.resourceVersion !== write.expected) {
      throw new VersionConflict(key);
    }
    const resourceVersion = this.#version + 1;
    const after = { namespace: key.namespace, name: key.name, uid: write.uid, resourceVersion, body: write.body(resourceVersion) };
    this.#version = resourceVersion;
    if (write.op === 'delete') this.#objects.delete(text(key));
    if (write.op !== 'delete') this.#objects.set(text(key), after);
    const type = write.op === 'create' ? 'ADDED' : write.op === 'delete' ? 'DELETED' : 'MODIFIED';
    this.#events.push({ ...key, type, resourceVersion, body: after.body, at: write.at, ...(before ? { previous: before.body } : {}) });
    for (const call of this.#listeners) call();
    return after;
  }

  async version(): Promise<number> {
    return this.#version;
  }

  async events(after: number, limit: number): Promise<StoredEvent[]> {
    if (after < this.#compacted) throw new Compacted(this.#compacted);
    const from = this.#events.findIndex((event) => event.resourceVersion > after);
    return from < 0 ? [] : this.#events.slice(from, from + limit);
  }

  async compact(keep: number, before: number): Promise<void> {
    const gone = this.#events.filter((event, index) => index < this.#events.length - keep || event.at < before).at(-1);
    if (!gone) return;
    this.#compacted = gone.resourceVersion;
    this.#events = this.#events.filter((event) => event.resourceVersion > gone.resourceVersion);
  }

  onWrite(call: () => void): () => void {
    this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  }

  #checkOpen(namespace: ObjectKey): void {
    const found = this.#objects.get(text(namespace));
    if (!found) throw new NamespaceClosed('missing');
    if (isTerminating(found.body)) throw new NamespaceClosed('terminating');
  }
}

function text(key: ObjectKey): string {
  return `${key.resource}\n${key.namespace}\n${key.name}`;
}

function isWithin(object: StoredObject, range: Omit<Range, 'limit'>): boolean {
  if (range.namespace !== undefined && object.namespace !== range.namespace) return false;
  return range.after === undefined || compareKeys(object, range.after) > 0;
}
