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

type Facet = 'cause' | 'cluster' | 'kind';

/** Filters, counts, groups, sorts and pages. Throws BadQuery. */
export function survey(all: Iterable<Found>, query: SurveyQuery): Survey {
  const counting = { cause: new Map<string, number>(), cluster: new Map<string, number>(), kind: new Map<string, number>() };
  const groups = new Map<string, Gathered>();
  const fitting: Found[] = [];
  for (const found of all) {
    const misses = missesOf(found, query);
    if (misses === 'many' || misses === 'other') continue;
    for (const facet of ['cause', 'cluster', 'kind'] as const) {
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
  const missed = (['cause', 'cluster', 'kind'] as const).filter(
    (facet) => query[facet] !== undefined && !isAmong(query[facet], found[facet]),
  );
  return missed.length > 1 ? 'many' : missed[0];
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
  since: string;
}

/** Keys of what is undeclared repeat by the thousand. */
const keys = new Map<string, string>();
const KEPT_KEYS = 10_000;

function groupingOf(found: Found): Grouping[] {
  const { cause, kind, cluster } = found;
  if (cause === 'missing' || cause === 'undeclared') return [{ key: keyOf([cause, kind, cluster]), cause, kind }];
  return fieldsOf(found).map(({ path, declared, observed }) => ({
    key: keyOf([cause, kind, path, declared, observed]),
    cause,
    kind,
    path,
    declared,
    observed,
  }));
}

function keyOf(parts: readonly Json[]): string {
  const text = JSON.stringify(parts);
  const known = keys.get(text);
  if (known !== undefined) return known;
  const key = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  if (keys.size >= KEPT_KEYS) keys.clear();
  keys.set(text, key);
  return key;
}

function gather(groups: Map<string, Gathered>, grouping: Grouping, { cluster, since }: Found): void {
  const group = groups.get(grouping.key) ?? { grouping, count: 0, clusters: new Set<string>(), since: '' };
  group.count += 1;
  group.clusters.add(cluster);
  if (since !== '' && (group.since === '' || since < group.since)) group.since = since;
  groups.set(grouping.key, group);
}

function groupsOf(groups: ReadonlyMap<string, Gathered>): DriftGroup[] {
  return [...groups.values()]
    .toSorted((a, b) => b.count - a.count || (a.grouping.key < b.grouping.key ? -1 : 1))
    .map(({ grouping, count: number, clusters, since }) => ({
      ...grouping,
      count: number,
      clusters: [...clusters].toSorted(),
      since: since || null,
    }));
}

/** Where something stands in an order: times turned round for `newest`, then the place, so that no two are the same. */
function placeOf({ since, name, cluster, kind, namespace, id }: Found, sort: SurveyQuery['sort']): string {
  const place = [cluster, kind, namespace, name, id];
  if (sort === 'name') return [name, ...place].join('\0');
  const at = Date.parse(since);
  const time = Number.isNaN(at) ? 0 : at;
  return [String(sort === 'newest' ? 1e15 - time : time).padStart(16, '0'), ...place].join('\0');
}

function pageOf(found: readonly Found[], { sort, limit, cursor }: SurveyQuery): Pick<Survey, 'items' | 'next'> {
  const placed = found.map((one) => ({ one, place: placeOf(one, sort) })).toSorted((a, b) => (a.place < b.place ? -1 : 1));
  const after = cursor === undefined ? undefined : readCursor(cursor, sort);
  const rest = after === undefined ? placed : placed.slice(firstBehind(placed, after));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(({ one }) => one), ...(last && rest.length > limit && { next: cursorAt(sort, last.place) }) };
}

function firstBehind(placed: readonly { readonly place: string }[], after: string): number {
  let [low, high] = [0, placed.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((placed[middle]?.place ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cursorAt(sort: string, place: string): string {
  return Buffer.from(`${sort}\0${place}`).toString('base64url');
}

function readCursor(cursor: string, sort: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith(`${sort}\0`)) throw new BadQuery('cursor', 'The cursor is not one this server gave for this order.');
  return text.slice(sort.length + 1);
}
