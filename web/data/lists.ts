import { ask, urlOf } from './http.ts';

/** How far the rows of a cluster can be trusted. */
export interface CloudOfList {
  readonly cluster: string;
  readonly state: 'Fresh' | 'Stale' | 'Listing' | 'Unreachable';
  readonly listedAt: string | null;
  readonly ageSeconds: number | null;
  readonly error?: { readonly reason: string; readonly message: string };
}

/** The object that stands for a row. */
export interface DeclaredBy {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly ready: string;
  readonly drifted: boolean;
}

/** A row of a list: what its columns hold, by name. */
export type ListRow = Readonly<Record<string, unknown>> & {
  readonly cluster: string;
  readonly type: string;
  /** Null for what is declared and was never made. */
  readonly id: string | null;
  readonly name?: string;
  readonly status?: string | null;
  readonly declared?: DeclaredBy | null;
};

export interface ListPage {
  readonly items: readonly ListRow[];
  readonly total: number;
  /** False: the total is estimated. */
  readonly isExact: boolean;
  readonly clouds: readonly CloudOfList[];
}

export interface ListColumn {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'time' | 'flag' | 'list' | 'addresses';
  /** What it holds, in English. */
  readonly says: string;
  readonly operators: readonly string[];
  readonly also: readonly string[];
}

export interface ListQuery {
  readonly filter: string;
  readonly sort: string;
  readonly fields?: string;
}

const of = (type: string, more = '') => `/api/v1/resources/${encodeURIComponent(type)}${more}`;

/** Rows of a list from the one at `offset` on. Throws Problem. */
export async function listPage(
  type: string,
  { filter, sort, fields }: ListQuery,
  { offset, limit, signal }: { readonly offset: number; readonly limit: number; readonly signal: AbortSignal },
): Promise<ListPage> {
  const query = { filter, sort, fields, limit, offset: offset === 0 ? undefined : offset };
  interface Answer {
    readonly items: readonly ListRow[];
    readonly total: { readonly count: number; readonly exact: boolean };
    readonly clouds: readonly CloudOfList[];
  }
  const { items, total, clouds } = await ask<Answer>(of(type), { query, signal });
  return { items, total: total.count, isExact: total.exact, clouds };
}

const knownColumns = new Map<string, readonly ListColumn[]>();

/** What columns a list has; they change with a new version of the server only, and are asked for once. Throws Problem. */
export async function listColumns(type: string): Promise<readonly ListColumn[]> {
  const known = knownColumns.get(type);
  if (known) return known;
  const { columns } = await ask<{ columns: readonly ListColumn[] }>(of(type, '/columns'));
  knownColumns.set(type, columns);
  return columns;
}

/** Values of a column among the rows that fit, most often first. Throws Problem. */
export function listFacets(
  type: string,
  query: { readonly column: string; readonly filter: string; readonly limit?: number },
  signal?: AbortSignal,
) {
  interface Answer {
    readonly values: readonly { readonly value: string | number | boolean | null; readonly count: number }[];
    readonly others: number;
  }
  return ask<Answer>(of(type, '/facets'), { query, ...(signal && { signal }) });
}

/** Where the browser fetches exactly what fits, as a file. */
export function exportUrl(type: string, query: ListQuery & { readonly format: 'csv' | 'jsonl' }): string {
  return urlOf(of(type, '/export'), { ...query });
}

/** What tells rows of a list apart; the keys of the stream. */
export function rowKey({ cluster, id, declared, name }: ListRow): string {
  if (id !== null && id !== '') return `${cluster}/${id}`;
  return declared ? `${cluster}/~${declared.kind}/${declared.namespace}/${declared.name}` : `${cluster}/~${name ?? ''}`;
}

/** The page of a row; undefined for what was never made. */
export function rowHref({ cluster, type, id }: ListRow): string | undefined {
  if (id === null || id === '') return undefined;
  return `/resources/${encodeURIComponent(type)}/${encodeURIComponent(cluster)}/${encodeURIComponent(id)}`;
}
