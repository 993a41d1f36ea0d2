import { type KeyProvider, newDataKey, open, type Sealed } from './encryption.ts';
import type { ObjectKey, ObjectStore, Range, StoredEvent, StoredObject, Write } from './object-store.ts';

interface SealedBody {
  readonly uid: string;
  readonly sealed: Sealed;
}

/**
 * An ObjectStore that encrypts the bodies of some resources on their way into `inner`: whole, as annotations repeat the data. The place and uid of
 * an object are authenticated, so a row cannot be passed off as another one.
 */
export class SealedStore implements ObjectStore {
  readonly #inner: ObjectStore;
  readonly #keys: KeyProvider;
  readonly #resources: ReadonlySet<string>;

  constructor(inner: ObjectStore, keys: KeyProvider, resources: readonly string[] = ['secrets']) {
    this.#inner = inner;
    this.#keys = keys;
    this.#resources = new Set(resources);
  }

  async get(key: ObjectKey): Promise<StoredObject | undefined> {
    const stored = await this.#inner.get(key);
    return stored && this.#opened(key.resource, stored);
  }

  async page(resource: string, range: Range): Promise<StoredObject[]> {
    const page = await this.#inner.page(resource, range);
    return this.#resources.has(resource) ? Promise.all(page.map((stored) => this.#opened(resource, stored))) : page;
  }

  count(resource: string, range: Omit<Range, 'limit'>): Promise<number> {
    return this.#inner.count(resource, range);
  }

  async write(write: Write): Promise<StoredObject> {
    const { key, uid } = write;
    if (!this.#resources.has(key.resource)) return this.#inner.write(write);
    const dataKey = await newDataKey(this.#keys);
    let plain = '';
    const body = (version: number): string => {
      plain = write.body(version);
      return JSON.stringify({ uid, sealed: dataKey.seal(plain, context(key, uid)) } satisfies SealedBody);
    };
    const stored = await this.#inner.write({ ...write, body });
    return { ...stored, body: plain };
  }

  version(): Promise<number> {
    return this.#inner.version();
  }

  async events(after: number, limit: number): Promise<StoredEvent[]> {
    const events = await this.#inner.events(after, limit);
    if (!events.some((event) => this.#resources.has(event.resource))) return events;
    return Promise.all(events.map(async (event) => (this.#resources.has(event.resource) ? this.#openedEvent(event) : event)));
  }

  compact(keep: number, before: number): Promise<void> {
    return this.#inner.compact(keep, before);
  }

  onWrite(call: () => void): () => void {
    return this.#inner.onWrite(call);
  }

  async #opened(resource: string, stored: StoredObject): Promise<StoredObject> {
    if (!this.#resources.has(resource)) return stored;
    return { ...stored, body: await this.#open({ resource, namespace: stored.namespace, name: stored.name }, stored.body) };
  }

  async #openedEvent(event: StoredEvent): Promise<StoredEvent> {
    const body = await this.#open(event, event.body);
    return event.previous === undefined ? { ...event, body } : { ...event, body, previous: await this.#open(event, event.previous) };
  }

  async #open(key: ObjectKey, body: string): Promise<string> {
    const { uid, sealed } = JSON.parse(body) as SealedBody;
    try {
      return await open(this.#keys, sealed, context(key, uid));
    } catch (error) {
      throw new Error(
        `${key.resource} ${key.namespace}/${key.name} cannot be decrypted: ${error instanceof Error ? error.message : 'unknown'}`,
        { cause: error },
      );
    }
  }
}

function context(key: ObjectKey, uid: string): string {
  return `${key.resource}|${key.namespace}|${key.name}|${uid}`;
}
