import { createHash } from 'node:crypto';
import type { Json } from '#controller/engine/json.ts';
import { BadQuery } from '#controller/lists/bad-query.ts';
import { fieldsOf } from './answer.ts';
import { type Cause, causes, type Found } from './found.ts';

export interface SurveyQuery {
  /** With commas between: any of them. */
  readonly cause?: string;
  /** Names with commas between: any of them. */
  readonly cluster?: string;
  readonly namespace?: string;
  readonly kind?: string;
  /** Part of the name or the id. */
  readonly text?: string;
  /** `key` of a group. */
  readonly group?: string;
  readonly sort: 'newest' | 'oldest' | 'name';
  readonly limit: number;
  readonly cursor?: string;
}

/** The same difference in several objects; of what is missing or undeclared, the same kind in the same cluster. */
export interface DriftGroup {
  readonly key: string;
  readonly cause: Cause;
  readonly kind: string;
  readonly path?: string;
  readonly declared?: Json;
  readonly observed?: Json;
  readonly count: number;
  readonly clusters: readonly string[];
  /** The oldest of them. */
  readonly since: string | null;
}

export interface Counted {
  readonly value: string;
  readonly count: number;
}

export interface Survey {
  readonly items: readonly Found[];
  readonly next?: string;
  readonly total: number;
  /** Each without its own filter, so that they say what another choice would show. */
  readonly counts: {
    readonly cause: Readonly<Record<Cause, number>>;
    readonly kind: readonly Counted[];
    readonly cluster: readonly Counted[];
  };
  /** Largest first. */
  readonly groups: readonly DriftGroup[];
  readonly moreGroups: number;
}

const MOST_GROUPS = 100;

const facets = ['cause', 'cluster', 'kind'] as const;
type Facet = (typeof facets)[number];

/** Filters, counts, groups, sorts and pages. Throws BadQuery. */
export function survey(all: Iterable<Found>, query: SurveyQuery): Survey {
  const counting = { cause: new Map<string, number>(), cluster: new Map<string, number>(), kind: new Map<string, number>() };
  const groups = new Map<string, Gathered>();
  const fitting: Found[] = [];
  for (const found of all) {
    const misses = missesOf(found, query);
    if (misses === 'many' || misses === 'other') continue;
    for (const facet of facets) {
      if (misses === undefined || misses === facet) count(counting[facet], found[facet]);
    }
    if (misses !== undefined) continue;
    const grouping = groupingOf(found);
    for (const one of grouping) gather(groups, one, found);
    if (query.group === undefined || grouping.some(({ key }) => key === query.group)) fitting.push(found);
  }
  const sorted = groupsOf(groups);
  return {
    ...pageOf(fitting, query),
    total: fitting.length,
    counts: {
      cause: Object.fromEntries(causes.map((cause) => [cause, counting.cause.get(cause) ?? 0])) as Record<Cause, number>,
      kind: countsOf(counting.kind),
      cluster: countsOf(counting.cluster),
    },
    groups: sorted.slice(0, MOST_GROUPS),
    moreGroups: Math.max(0, sorted.length - MOST_GROUPS),
  };
}

/** The one facet whose filter does not fit, `many` for several, `other` for a filter that is no facet; undefined when all fit. */
function missesOf(found: Found, query: SurveyQuery): Facet | 'many' | 'other' | undefined {
  if (query.namespace !== undefined && query.namespace !== found.namespace) return 'other';
  if (query.text !== undefined && !`${found.name}\n${found.id}`.toLowerCase().includes(query.text.toLowerCase())) return 'other';
  let missed: Facet | undefined;
  for (const facet of facets) {
    if (query[facet] === undefined || isAmong(query[facet], found[facet])) continue;
    if (missed !== undefined) return 'many';
    missed = facet;
  }
  return missed;
}

function isAmong(names: string | undefined, name: string): boolean {
  return names === name || (names?.split(',').includes(name) ?? false);
}

function count(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function countsOf(counts: ReadonlyMap<string, number>): Counted[] {
  return [...counts]
    .map(([value, number]) => ({ value, count: number }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

type Grouping = Pick<DriftGroup, 'key' | 'cause' | 'kind' | 'path' | 'declared' | 'observed'>;
interface Gathered {
  readonly grouping: Grouping;
  count: number;
  readonly clusters: Set<string>;
  since: number;
}

/** Keys of what is undeclared repeat by the thousand. */
const keys = new Map<string, string>();
const KEPT_KEYS = 10_000;

function groupingOf(found: Found): Grouping[] {
  const { cause, kind, cluster } = found;
  if (cause === 'missing' || cause === 'undeclared') return [{ key: keyOf(`${cause}/${kind}/${cluster}`), cause, kind }];
  return fieldsOf(found).map(({ path, declared, observed }) => ({
    key: keyOf(JSON.stringify([cause, kind, path, declared, observed])),
    cause,
    kind,
    path,
    declared,
    observed,
  }));
}

function keyOf(text: string): string {
  const known = keys.get(text);
  if (known !== undefined) return known;
  const key = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  if (keys.size >= KEPT_KEYS) keys.clear();
  keys.set(text, key);
  return key;
}

function gather(groups: Map<string, Gathered>, grouping: Grouping, { cluster, since }: Found): void {
  const group = groups.get(grouping.key) ?? { grouping, count: 0, clusters: new Set<string>(), since: 0 };
  group.count += 1;
  group.clusters.add(cluster);
  if (since !== 0 && (group.since === 0 || since < group.since)) group.since = since;
  groups.set(grouping.key, group);
}

function groupsOf(groups: ReadonlyMap<string, Gathered>): DriftGroup[] {
  return [...groups.values()]
    .toSorted((a, b) => b.count - a.count || (a.grouping.key < b.grouping.key ? -1 : 1))
    .map(({ grouping, count: number, clusters, since }) => ({
      ...grouping,
      count: number,
      clusters: [...clusters].toSorted(),
      since: since === 0 ? null : new Date(since).toISOString(),
    }));
}

/** What tells two apart, and which comes first. */
type Place = Pick<Found, 'since' | 'cluster' | 'kind' | 'namespace' | 'name' | 'id'>;
type Order = (a: Place, b: Place) => number;

const parts = ['cluster', 'kind', 'namespace', 'name', 'id'] as const;

const byPlace: Order = (a, b) => {
  for (const part of parts) if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  return 0;
};

const orders: Readonly<Record<SurveyQuery['sort'], Order>> = {
  newest: (a, b) => b.since - a.since || byPlace(a, b),
  oldest: (a, b) => a.since - b.since || byPlace(a, b),
  name: (a, b) => (a.name === b.name ? byPlace(a, b) : a.name < b.name ? -1 : 1),
};

function pageOf(found: readonly Found[], { sort, limit, cursor }: SurveyQuery): Pick<Survey, 'items' | 'next'> {
  const order = orders[sort];
  const after = cursor === undefined ? undefined : readCursor(cursor, sort);
  const best = firstOf(found, order, { after, most: limit + 1 });
  const items = best.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(last && best.length > limit && { next: cursorAt(sort, last) }) };
}

/** The first of an order behind a place, without sorting the thousands that nobody asked for. */
function firstOf(found: readonly Found[], order: Order, { after, most }: { after: Place | undefined; most: number }): Found[] {
  const best: Found[] = [];
  for (const one of found) {
    const last = best[most - 1];
    if ((after && order(one, after) <= 0) || (last && order(one, last) >= 0)) continue;
    best.splice(placeIn(best, one, order), 0, one);
    if (best.length > most) best.pop();
  }
  return best;
}

function placeIn(sorted: readonly Found[], one: Found, order: Order): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order(sorted[middle] as Found, one) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cursorAt(sort: string, place: Place): string {
  return Buffer.from(JSON.stringify([sort, place.since, ...parts.map((part) => place[part])])).toString('base64url');
}

function readCursor(cursor: string, sort: string): Place {
  try {
    const [of, since, ...names]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const [cluster = '', kind = '', namespace = '', name = '', id = ''] = names.map(String);
    if (of === sort && typeof since === 'number' && names.length === parts.length) return { since, cluster, kind, namespace, name, id };
  } catch {
    // Said below.
  }
  throw new BadQuery('cursor', 'The cursor is not one this server gave for this order.');
}
