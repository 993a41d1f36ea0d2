import { invalidShape, isListOfObjects, isObject } from './calls.ts';
import type { RequestOptions, ServiceClient, ServiceResponse } from './cloud.ts';

export interface PageOptions<Row> extends Pick<RequestOptions, 'path' | 'query' | 'microversion' | 'signal' | 'timeoutMs'> {
  /** Key of the rows in the answer: `servers`. */
  readonly key: string;
  /** What the next page is asked for with, where the service gives no link; `id` by default. */
  readonly marker?: (row: Row) => string | undefined;
}

type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

/**
 * All pages of a list, in the service's order. Only the query of a `next` link is used, so that a service which gives itself a wrong
 * address (behind a proxy) still works and none can lead us elsewhere. A page that was asked for before is an error, not a loop.
 */
export async function* pages<Row>(client: ServiceClient, options: PageOptions<Row>): AsyncGenerator<Row[]> {
  const { key, marker = idOf, query: first = {}, ...rest } = options;
  const request = { ...rest, method: 'GET' as const };
  const seen = new Set<string>();
  let query: Query | undefined = { ...first };
  while (query) {
    seen.add(fingerprint(query));
    const response: ServiceResponse<unknown> = await client.request({ ...request, query });
    const { body } = response;
    const rows = isObject(body) ? body[key] : undefined;
    if (!isObject(body) || !isListOfObjects(rows)) throw invalidShape(client, request, response, `no list "${key}"`);
    yield rows as Row[];
    const next: Query | undefined = nextQuery(body, key, first) ?? markerQuery(body, key, rows as Row[], first, marker);
    if (next && seen.has(fingerprint(next))) throw invalidShape(client, request, response, 'a link to a page that was read already');
    query = next;
  }
}

/** Nova, Neutron and Cinder: `servers_links` with a `next` (Cinder's types: `volume_type_links`); Glance: `next`. */
function nextQuery(body: Record<string, unknown>, key: string, first: Query): Query | undefined {
  const links = linksOf(body, key);
  const link = links ? links.find((one) => one['rel'] === 'next')?.['href'] : body['next'];
  if (typeof link !== 'string') return undefined;
  const asked: Record<string, string[]> = {};
  for (const [name, value] of new URL(link, 'http://ignored.invalid').searchParams) (asked[name] ??= []).push(value);
  const single = Object.entries(asked).map(([name, values]) => [name, values.length === 1 ? values[0] : values] as const);
  return { ...first, ...Object.fromEntries(single) };
}

function linksOf(body: Record<string, unknown>, key: string): Record<string, unknown>[] | undefined {
  const links = body[`${key}_links`] ?? body[`${key.replace(/s$/, '')}_links`];
  return isListOfObjects(links) ? links : undefined;
}

/** Without any link a page as long as asked for may not be the last one: ask for what follows its last row. */
function markerQuery<Row>(
  body: Record<string, unknown>,
  key: string,
  rows: readonly Row[],
  first: Query,
  marker: (row: Row) => string | undefined,
): Query | undefined {
  const last = rows.at(-1);
  if (linksOf(body, key) || 'first' in body || last === undefined || rows.length !== first['limit']) return undefined;
  const value = marker(last);
  return value === undefined ? undefined : { ...first, marker: value };
}

function idOf(row: unknown): string | undefined {
  return isObject(row) && typeof row['id'] === 'string' ? row['id'] : undefined;
}

function fingerprint(query: Query): string {
  const entries = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return JSON.stringify(entries.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}
