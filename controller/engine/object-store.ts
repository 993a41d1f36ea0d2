import type { KubeObject } from './object.ts';
import { isOlder } from './resource-version.ts';

/** What happened to one object of the cache. A re-created object (same name, other uid) is a `deleted` and an `added`. */
export type StoreChange =
  | { readonly type: 'added'; readonly object: KubeObject; readonly initial: boolean }
  | { readonly type: 'changed'; readonly object: KubeObject; readonly before: KubeObject }
  | { readonly type: 'deleted'; readonly object: KubeObject };

/** Values under which an object is found beside its name. */
export type Indexes = Readonly<Record<string, (object: KubeObject) => Iterable<string>>>;

/** uids are never used again, so a dead one may be remembered; so many are. */
const TOMBSTONES = 10_000;

/**
 * The cache behind an informer. Never goes back in time: of two versions of one uid the newer counts, whichever way it came (list, watch or the answer
 * to our own write), and what was deleted stays so. Without this a late watch event would hide an id just stored, and the next pass
 * would create a second resource.
 */
export class ObjectStore {
  readonly #objects = new Map<string, KubeObject>();
  readonly #indexes: Indexes;
  readonly #indexed = new Map<string, Set<string>>();
  readonly #dead = new Set<string>();
  #listed = false;
  /** The newest version the server has shown us. */
  newest = '';

  constructor(indexes: Indexes = {}) {
    this.#indexes = indexes;
  }

  /** `key` is `namespace/name`, `/name` for cluster-scoped objects. */
  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  list(): KubeObject[] {
    return [...this.#objects.values()];
  }

  by(index: string, value: string): KubeObject[] {
    const keys = this.#indexed.get(entry(index, value));
    if (!keys) return [];
    return [...keys].map((key) => this.#objects.get(key)).filter((object) => object !== undefined);
  }

  /** The server is at least this far. */
  saw(version: string): void {
    if (isOlder(this.newest, version)) this.newest = version;
  }

  apply(object: KubeObject): StoreChange[] {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (this.#dead.has(object.metadata.uid)) return [];
    if (before && !isOlder(before.metadata.resourceVersion, object.metadata.resourceVersion)) return [];
    this.#set(key, object, before);
    if (before?.metadata.uid === object.metadata.uid) return [{ type: 'changed', object, before }];
    const added: StoreChange = { type: 'added', object, initial: !this.#listed };
    if (!before) return [added];
    this.#bury(before.metadata.uid);
    return [{ type: 'deleted', object: before }, added];
  }

  remove(object: KubeObject): StoreChange[] {
    this.#bury(object.metadata.uid);
    const key = keyOf(object);
    const before = this.#objects.get(key);
    // A straggler about an earlier object of this name says nothing about the present one.
    if (before?.metadata.uid !== object.metadata.uid) return [];
    this.#set(key, undefined, before);
    return [{ type: 'deleted', object: before }];
  }

  /** Takes a complete list of this version. `fromThePast`: the server lost its newest history, its word counts against ours. */
  replace(items: readonly KubeObject[], version: string, options: { fromThePast?: boolean } = {}): StoreChange[] {
    const changes: StoreChange[] = [];
    if (options.fromThePast) this.#dead.clear();
    const listed = new Map(items.map((object) => [keyOf(object), object]));
    for (const [key, object] of this.#objects) {
      const other = listed.get(key);
      const outlived = !other && !isOlder(version, object.metadata.resourceVersion);
      const rewound = options.fromThePast && other?.metadata.resourceVersion !== object.metadata.resourceVersion;
      if (outlived || rewound) changes.push(...this.remove(object));
    }
    if (options.fromThePast) {
      this.#dead.clear();
      this.newest = version;
    }
    for (const object of listed.values()) changes.push(...this.apply(object));
    this.#listed = true;
    this.saw(version);
    return changes;
  }

  #set(key: string, object: KubeObject | undefined, before: KubeObject | undefined): void {
    if (before) this.#index(key, before, (keys) => keys.delete(key));
    if (object) {
      this.#objects.set(key, object);
      this.#index(key, object, (keys) => keys.add(key));
      return;
    }
    this.#objects.delete(key);
  }

  #index(key: string, object: KubeObject, change: (keys: Set<string>) => void): void {
    for (const [index, valuesOf] of Object.entries(this.#indexes)) {
      for (const value of valuesOf(object)) {
        const name = entry(index, value);
        const keys = this.#indexed.get(name) ?? new Set<string>();
        change(keys);
        if (keys.size > 0) this.#indexed.set(name, keys);
        if (keys.size === 0) this.#indexed.delete(name);
      }
    }
  }

  #bury(uid: string): void {
    this.#dead.add(uid);
    for (const oldest of this.#dead) {
      if (this.#dead.size <= TOMBSTONES) return;
      this.#dead.delete(oldest);
    }
  }
}

/** `namespace/name`; cluster-scoped objects have an empty namespace. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function entry(index: string, value: string): string {
  return `${index}\0${value}`;
}
