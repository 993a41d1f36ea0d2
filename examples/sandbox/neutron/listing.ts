import { type Answer, asText, pythonRepr, type ScopedCall } from '../call.ts';
import { badRequest, refuse } from './errors.ts';

type Document = Record<string, unknown>;

export interface Collection {
  /** Key of the list in the answer: `security_groups`. */
  readonly plural: string;
  /** Name in the path: `security-groups`. */
  readonly path: string;
  /** Word in `NetworkNotFound`. */
  readonly notFound: (id: string) => never;
  /** Attributes that may be filtered by besides those a row shows. */
  readonly alsoFilters?: readonly string[];
  /** What may be filtered by when there is no row to look at. */
  readonly filters: readonly string[];
}

const controls = new Set([
  'fields',
  'limit',
  'marker',
  'page_reverse',
  'sort_key',
  'sort_dir',
  'tags',
  'tags-any',
  'not-tags',
  'not-tags-any',
]);

/** A list the way Neutron answers it: filtered, sorted, with some fields, in pages if a limit is asked for. */
export function listAnswer(call: ScopedCall, collection: Collection, rows: readonly Document[]): Answer {
  const filters = [...new Set(call.query.keys())].filter((key) => !controls.has(key));
  // `changed_since` too is refused: the timestamp extension reads it, but filter validation never lets it through (2025.1).
  const unknown = filters.filter((key) => !collection.filters.includes(key));
  if (unknown.length > 0) badRequest(`${pythonRepr(unknown)} is invalid attribute for filtering`);
  const limit = readLimit(call.query.get('limit'));
  const kept = rows.filter((row) => filters.every((key) => matches(row, key, call.query.getAll(key))) && matchesTags(row, call.query));
  kept.sort(order(call.query));
  const fields = call.query.getAll('fields');
  const show = (row: Document) =>
    fields.length === 0 ? row : Object.fromEntries(fields.filter((name) => name in row).map((name) => [name, row[name]]));
  if (limit === undefined) return { status: 200, body: { [collection.plural]: kept.map(show) } };
  const page = cut(call, collection, kept, limit);
  const body: Document = { [collection.plural]: page.map(show) };
  const pageLinks = links(call, collection, page, limit);
  if (pageLinks.length > 0) body[`${collection.plural}_links`] = pageLinks;
  return { status: 200, body };
}

function readLimit(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (!/^\d+$/.test(text)) refuse(400, 'BadRequest', `Bad limit request: Limit must be an integer 0 or greater and not '${text}'.`);
  return Number(text) === 0 ? undefined : Number(text);
}

function matches(row: Document, key: string, wanted: readonly string[]): boolean {
  const value = row[key];
  if (key === 'fixed_ips') return matchesFixedIps(value, wanted);
  if (Array.isArray(value)) return wanted.some((item) => value.includes(item));
  if (typeof value === 'boolean') return wanted.some((item) => ['true', '1'].includes(item.toLowerCase()) === value);
  return wanted.some((item) => asText(value) === item || (value === null && item === 'None'));
}

/** `fixed_ips=ip_address=10.0.0.3` and `fixed_ips=subnet_id=...`; both must hold if both are given. */
function matchesFixedIps(value: unknown, wanted: readonly string[]): boolean {
  const addresses = value as Record<string, string>[];
  return wanted.every((item) => {
    const at = item.indexOf('=');
    const key = item.slice(0, at);
    const expected = item.slice(at + 1);
    return addresses.some((address) => (key === 'ip_address_substr' ? address.ip_address?.includes(expected) : address[key] === expected));
  });
}

function matchesTags(row: Document, query: URLSearchParams): boolean {
  const tags = (row.tags ?? []) as string[];
  const asked = (key: string) => query.get(key)?.split(',');
  const has = (tag: string) => tags.includes(tag);
  if (asked('tags')?.every(has) === false) return false;
  if (asked('tags-any')?.some(has) === false) return false;
  if (asked('not-tags')?.every(has)) return false;
  return !asked('not-tags-any')?.some(has);
}

function order(query: URLSearchParams): (a: Document, b: Document) => number {
  const keys = query.getAll('sort_key');
  const directions = query.getAll('sort_dir');
  return (a, b) => {
    for (const [index, key] of [...keys, 'id'].entries()) {
      const sign = directions[index] === 'desc' ? -1 : 1;
      const [left, right] = [asText(a[key]), asText(b[key])];
      if (left !== right) return sign * (left < right ? -1 : 1);
    }
    return 0;
  };
}

function isReverse(call: ScopedCall): boolean {
  return call.query.get('page_reverse')?.toLowerCase() === 'true';
}

function cut(call: ScopedCall, collection: Collection, rows: readonly Document[], limit: number): readonly Document[] {
  const marker = call.query.get('marker');
  const at = marker === null ? undefined : rows.findIndex((row) => row.id === marker);
  if (marker !== null && at === -1) collection.notFound(marker);
  if (!isReverse(call)) return rows.slice((at ?? -1) + 1, (at ?? -1) + 1 + limit);
  const end = at ?? rows.length;
  return rows.slice(Math.max(0, end - limit), end);
}

function links(call: ScopedCall, collection: Collection, page: readonly Document[], limit: number): object[] {
  const first = page[0];
  const last = page.at(-1);
  if (!first || !last) return [];
  const href = (marker: unknown, back: boolean) => {
    const query = new URLSearchParams(call.query);
    query.delete('marker');
    query.delete('page_reverse');
    query.append('marker', String(marker));
    if (back) query.append('page_reverse', 'True');
    return `${call.world.origin}/network/v2.0/${collection.path}?${query.toString()}`;
  };
  const found: object[] = [];
  // A full page is followed by another one, or so Neutron supposes.
  if (page.length >= limit || isReverse(call)) found.push({ rel: 'next', href: href(last.id, false) });
  found.push({ rel: 'previous', href: href(first.id, true) });
  return found;
}
