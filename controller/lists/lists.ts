import type { KubeObject } from '#controller/engine/object.ts';
import type { StoreChange } from '#controller/engine/object-store.ts';
import type { NoConnection } from '#controller/engine/ports.ts';
import type { ManagedInventory } from '../inventory/cloud-inventory.ts';
import type { InventoryEvent, ResourceType } from '../inventory/inventory.ts';
import { BadQuery } from './bad-query.ts';
import { type CloudState, cloudState } from './clouds.ts';
import { columnsOf } from './columns.ts';
import type { Entry } from './entry.ts';
import { Feed, type RowChange } from './feed.ts';
import { parseFilter } from './filter.ts';
import { listedTypes } from './noun.ts';
import { parseSort, readCursor } from './page.ts';
import { type Relation, relatedTo } from './related.ts';
import { type Hit, type SearchOptions, search, wordsOf } from './search.ts';
import { type MaySee, type Page, Table } from './table.ts';

export interface ListRequest {
  /** Tokens; see `parseFilter`. */
  readonly filter: string;
  /** A column, `-` before it for descending; `name` unless given. */
  readonly sort?: string;
  readonly maySee: MaySee | undefined;
}

export interface PageRequest extends ListRequest {
  readonly limit: number;
  readonly cursor?: string;
  /** Rows that fit and come before the page; not with a cursor. */
  readonly offset?: number;
}

/** A resource as its service shows it, what stands for it, and what belongs to it. */
export interface Detail {
  readonly entry: Entry;
  /** The service's own JSON; undefined for what is declared and not there. */
  readonly body: object | undefined;
  readonly object: KubeObject | undefined;
  readonly related: readonly Relation[];
}

/** One list for each resource type over all clouds, out of memory: no question costs a call to a cloud. All throw BadQuery. */
export interface Lists {
  page(type: ResourceType, request: PageRequest): Page;
  /** All that fit, in order. Goes on while it is read slowly; what goes meanwhile is left out. */
  rows(type: ResourceType, request: ListRequest): Iterable<Entry>;
  /** Values of a column with how often they occur among what fits, most often first; `others` is how many more values there are. */
  facets(type: ResourceType, request: Omit<ListRequest, 'sort'> & { readonly column: string; readonly limit: number }): Facets;
  /** Over these types, best first. */
  search(types: readonly ResourceType[], text: string, options: SearchOptions): Hit[];
  detail(type: ResourceType, cluster: string, id: string): Detail | undefined;
  entry(type: ResourceType, cluster: string, id: string): Entry | undefined;
  /** How far the rows of each Cluster can be trusted, by name. */
  clouds(types: readonly ResourceType[]): readonly CloudState[];
}

export interface Facets {
  readonly values: readonly { readonly value: Entry['cells'][string]; readonly count: number }[];
  readonly others: number;
}

/** What keeps the lists as the world is. May be told in any order. */
export interface ListsFeed {
  /** A cloud's inventory can be read from now on; undefined: no longer. */
  opened(cluster: string, inventory: ManagedInventory | undefined): void;
  changed(event: InventoryEvent): void;
  /** A type was listed whole. */
  listed(cluster: string, type: ResourceType): void;
  object(change: StoreChange): void;
}

export interface ListsDeps {
  /** Names of the Cluster objects. */
  clusters(): readonly string[];
  /** Why a cluster has no connection, if it has none. */
  why(cluster: string): NoConnection | undefined;
  /** Ms without a complete list after which what is shown of a cluster counts as stale. */
  staleMs(cluster: string): number;
  /** Epoch ms. */
  now(): number;
  /** Calls back soon, but not at once. */
  defer(call: () => void): void;
  onChange?(change: RowChange): void;
  /** A row could not be made. */
  onError(error: unknown, row: string): void;
  /** Ms that a page may spend on counting all rows that fit; default 40. */
  readonly countMs?: number;
}

/** Rows made anew before a read is answered, at most. */
const AT_READ = 5_000;

export function createLists(deps: ListsDeps): { readonly lists: Lists; readonly feed: ListsFeed } {
  const tables = new Map(listedTypes.map((type) => [type, new Table(type, () => performance.now())]));
  const inventories = new Map<string, ManagedInventory>();
  const feed = new Feed({
    table: (type) => tables.get(type) as Table,
    defer: (call) => deps.defer(call),
    onChange: (change) => deps.onChange?.(change),
    onError: (error, row) => deps.onError(error, row),
  });
  /** A read sees what was told before it, unless that is a whole cloud: nobody waits for thousands of rows that are just coming. */
  const table = (type: ResourceType): Table => {
    feed.work(AT_READ);
    return tables.get(type) as Table;
  };
  const wanted = (type: ResourceType, { filter, maySee, sort = 'name' }: ListRequest) => {
    return { fits: parseFilter(type, filter, deps.now()), maySee, sort: parseSort(type, sort) };
  };
  /** What is declared and lost goes by the id it had. */
  const entry = (type: ResourceType, cluster: string, id: string): Entry | undefined => {
    const rows = table(type);
    return (
      rows.get(`${cluster}/${id}`) ??
      feed
        .absentKeys(type, cluster, id)
        .map((key) => rows.get(key))
        .find((one) => one !== undefined)
    );
  };
  const lists: Lists = {
    page(type, request) {
      const query = wanted(type, request);
      const { cursor, offset = 0, limit } = request;
      if (cursor !== undefined && offset > 0) throw new BadQuery('offset', 'A page begins at a cursor or at an offset; give one of them.');
      const after = cursor === undefined ? undefined : readCursor(type, query.sort, cursor);
      return table(type).page({ ...query, limit, offset, ...(after && { after }), countMs: deps.countMs ?? 40 });
    },
    rows: (type, request) => table(type).inOrder(wanted(type, request)),
    facets(type, { column, limit, ...request }) {
      if (!columnsOf(type).has(column)) {
        throw new BadQuery('column', `There is no column ${column}; known are ${[...columnsOf(type).keys()].toSorted().join(', ')}.`);
      }
      const values = table(type).facets(column, wanted(type, request));
      return { values: values.slice(0, limit), others: Math.max(0, values.length - limit) };
    },
    search: (types, text, options) => search(mayHold(types.map(table), wordsOf(text)), text, options),
    entry,
    detail(type, cluster, id) {
      const found = entry(type, cluster, id);
      if (!found) return undefined;
      const inventory = feed.inventory(cluster);
      const body: object | undefined = inventory?.get(type, id);
      return { entry: found, body, object: feed.objectOf(found), related: body && inventory ? relatedTo(type, body, inventory) : [] };
    },
    clouds: (types) =>
      deps
        .clusters()
        .toSorted()
        .map((cluster) =>
          cloudState(
            { cluster, inventory: inventories.get(cluster), why: deps.why(cluster), staleMs: deps.staleMs(cluster) },
            types,
            deps.now(),
          ),
        ),
  };
  return {
    lists,
    feed: {
      opened(cluster, inventory) {
        if (inventory) inventories.set(cluster, inventory);
        else inventories.delete(cluster);
        feed.opened(cluster, inventory);
      },
      changed: (event) => feed.changed(event),
      listed: (cluster, type) => feed.listed(cluster, type),
      object: (change) => feed.object(change),
    },
  };
}

function* mayHold(tables: readonly Table[], wanted: string): Iterable<Entry> {
  for (const one of tables) yield* one.mayHold(wanted);
}
