import type { KubeObject } from '#controller/engine/object.ts';
import type { StoreChange } from '#controller/engine/object-store.ts';
import type { CloudInventory, InventoryEvent, ResourceType } from '../inventory/inventory.ts';
import { TRACKED, type Tracked } from '../inventory/tracked.ts';
import { timesOf } from './columns.ts';
import { clusterOfObject, Declared, rowsOf } from './declared.ts';
import { absentEntry, absentKey, type Entry, presentEntry, saysTheSame } from './entry.ts';
import { listedTypes, typeOfKind } from './noun.ts';
import { References } from './references.ts';
import type { Table } from './table.ts';

/** A row that came (`before` undefined), went (`after` undefined) or changed. */
export interface RowChange {
  readonly type: ResourceType;
  readonly key: string;
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

export interface FeedDeps {
  readonly table: (type: ResourceType) => Table;
  /** Calls back soon, but not at once. */
  defer(call: () => void): void;
  /** Told of each change of a row, after the tables show it. */
  onChange(change: RowChange): void;
  /** A row could not be made, or its change was not taken: it stays as it was. */
  onError(error: unknown, row: string): void;
}

type Work = { readonly type: ResourceType; readonly cluster: string; readonly id: string } | { readonly absent: string };

/** Rows made anew in one go before others get their turn. */
const AT_ONCE = 500;

/**
 * Keeps the tables as inventories and objects are. What is told only marks rows; each is made anew from what is there then, soon, or at the
 * next read. So the order in which things are told does not matter.
 */
export class Feed {
  readonly #deps: FeedDeps;
  readonly #inventories = new Map<string, CloudInventory>();
  readonly #declared = new Declared();
  /** By `absentKey`. */
  readonly #objects = new Map<string, KubeObject>();
  readonly #references = new References();
  /** Keys of rows that are declared and not in the cloud. */
  readonly #absent = new Set<string>();
  readonly #work = new Map<string, Work>();
  #isDeferred = false;

  constructor(deps: FeedDeps) {
    this.#deps = deps;
  }

  inventory(cluster: string): CloudInventory | undefined {
    return this.#inventories.get(cluster);
  }

  objectOf(entry: Entry): KubeObject | undefined {
    const row: object | undefined = this.inventory(entry.cluster)?.get(entry.type, entry.id);
    return row ? this.#declared.objectOf(entry.cluster, entry.type, entry.id, row) : this.#objects.get(entry.key);
  }

  /** Where rows are that stand for an id which the cloud no longer knows. */
  absentKeys(type: ResourceType, cluster: string, id: string): string[] {
    return this.#declared.concernedBy(cluster, type, id).map((object) => absentKey(cluster, object));
  }

  /** A cloud can be read from now on, or no longer. */
  opened(cluster: string, inventory: CloudInventory | undefined): void {
    for (const type of listedTypes) for (const entry of this.#deps.table(type).entries()) if (entry.cluster === cluster) this.#again(entry);
    if (inventory) this.#inventories.set(cluster, inventory);
    else this.#inventories.delete(cluster);
    for (const type of inventory ? listedTypes : []) this.#allOf(type, cluster);
    for (const [key, object] of this.#objects) if (clusterOfObject(object) === cluster) this.#mark(key, { absent: key });
  }

  changed({ cluster, type, id, ids }: InventoryEvent): void {
    this.#row(type, cluster, id);
    for (const one of ids) for (const object of this.#declared.concernedBy(cluster, type, one)) this.#object(object, false);
  }

  /** A type was listed whole: what moves by itself (times) is no event, and what is not there is known to be missing. */
  listed(cluster: string, type: ResourceType): void {
    const tracked = TRACKED[type] as unknown as Tracked<object>;
    const table = this.#deps.table(type);
    for (const row of (this.inventory(cluster)?.all(type) ?? []) as Iterable<object>) {
      const id = tracked.id(row);
      if (table.get(`${cluster}/${id}`)?.cells['updated'] !== timesOf(row).updated) this.#row(type, cluster, id);
    }
    for (const key of this.#absent) if (table.get(key)?.cluster === cluster) this.#mark(key, { absent: key });
  }

  object(change: StoreChange): void {
    const { object } = change;
    if (!typeOfKind.has(object.kind)) return;
    const before = change.type === 'changed' ? change.before : undefined;
    if (before) this.#object(before, true);
    this.#object(object, true);
    if (before) this.#declared.remove(before);
    const key = absentKey(clusterOfObject(object), object);
    if (before && absentKey(clusterOfObject(before), before) !== key) this.#objects.delete(absentKey(clusterOfObject(before), before));
    if (change.type === 'deleted') {
      this.#declared.remove(object);
      if (this.#objects.get(key)?.metadata.uid === object.metadata.uid) this.#objects.delete(key);
    } else {
      this.#declared.add(object);
      this.#objects.set(key, object);
    }
  }

  /** Does what is marked, all of it or `most` rows. */
  work(most = Number.POSITIVE_INFINITY): void {
    let done = 0;
    for (const [key, work] of this.#work) {
      if (done++ >= most) return;
      this.#work.delete(key);
      try {
        if ('absent' in work) this.#makeAbsent(work.absent);
        else this.#make(work.type, work.cluster, work.id);
      } catch (error) {
        // One odd row takes neither the others with it nor the process.
        this.#deps.onError(error, key);
      }
    }
  }

  #make(type: ResourceType, cluster: string, id: string): void {
    const inventory = this.inventory(cluster);
    const row: object | undefined = inventory?.get(type, id);
    const entry =
      row && inventory && presentEntry(type, cluster, row, { inventory, object: this.#declared.objectOf(cluster, type, id, row) });
    const before = this.#deps.table(type).get(`${cluster}/${id}`);
    this.#put(type, `${cluster}/${id}`, entry);
    // Others show its name, and what a port leads to.
    if (before?.cells['name'] === entry?.cells['name'] && type !== 'port') return;
    for (const other of this.#references.to(cluster, id)) this.#row(other.type, cluster, other.id);
  }

  #makeAbsent(key: string): void {
    const object = this.#objects.get(key);
    const type = object && typeOfKind.get(object.kind);
    if (!object || !type) {
      this.#absent.delete(key);
      for (const one of listedTypes) if (this.#deps.table(one).get(key)) this.#put(one, key, undefined);
      return;
    }
    const cluster = clusterOfObject(object);
    const inventory = this.inventory(cluster);
    const isThere =
      inventory && rowsOf(object, type, inventory).some((row) => row.type === type && inventory.get(type, row.id) !== undefined);
    if (isThere) this.#absent.delete(key);
    else this.#absent.add(key);
    this.#put(type, key, isThere ? undefined : absentEntry(type, cluster, object, inventory !== undefined && inventory.listedAt(type) > 0));
  }

  #put(type: ResourceType, key: string, entry: Entry | undefined): void {
    const table = this.#deps.table(type);
    const before = table.get(key);
    if (!before && !entry) return;
    this.#references.change(before, entry);
    table.set(key, entry);
    if (!before || !entry || !saysTheSame(before, entry)) this.#deps.onChange({ type, key, before, after: entry });
  }

  /** Marks what an object stands for, and its own place among what is missing. */
  #object(object: KubeObject, withRows: boolean): void {
    const cluster = clusterOfObject(object);
    const type = typeOfKind.get(object.kind);
    const inventory = this.inventory(cluster);
    const key = absentKey(cluster, object);
    this.#mark(key, { absent: key });
    if (!withRows || !type || !inventory) return;
    for (const row of rowsOf(object, type, inventory)) this.#row(row.type, cluster, row.id);
  }

  #allOf(type: ResourceType, cluster: string): void {
    const tracked = TRACKED[type] as unknown as Tracked<object>;
    for (const row of (this.inventory(cluster)?.all(type) ?? []) as Iterable<object>) this.#row(type, cluster, tracked.id(row));
  }

  #again({ key, type, cluster, id }: Entry): void {
    if (this.#objects.has(key)) this.#mark(key, { absent: key });
    else this.#row(type, cluster, id);
  }

  #row(type: ResourceType, cluster: string, id: string): void {
    this.#mark(`${type}/${cluster}/${id}`, { type, cluster, id });
  }

  #mark(key: string, work: Work): void {
    this.#work.set(key, work);
    if (this.#isDeferred) return;
    this.#isDeferred = true;
    this.#deps.defer(() => this.#deferred());
  }

  #deferred(): void {
    this.work(AT_ONCE);
    this.#isDeferred = this.#work.size > 0;
    if (this.#isDeferred) this.#deps.defer(() => this.#deferred());
  }
}
