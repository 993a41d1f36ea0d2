import { quoted } from '../../elements/filter-tokens.ts';
import type { TableSort } from '../../elements/table-columns.ts';

/** What the address of a list says of it. */
export interface ListAddress {
  readonly filter: string;
  readonly sort: TableSort;
  /** Undefined: as the person has them. */
  readonly columns: readonly string[] | undefined;
  /** RFC 3339; undefined: now. */
  readonly at: string | undefined;
}

export const firstSort: TableSort = { column: 'name', isDescending: false };

export function readAddress(query: URLSearchParams): ListAddress {
  const columns = (query.get('columns') ?? '').split(',').filter((name) => /^[A-Za-z]{1,40}$/.test(name));
  return {
    filter: query.get('filter') ?? '',
    sort: readSort(query.get('sort') ?? ''),
    columns: columns.length > 0 ? [...new Set(columns)] : undefined,
    at: momentIn(query),
  };
}

/** A moment that can be read and is past; anything else is now. */
function momentIn(query: URLSearchParams): string | undefined {
  const at = Date.parse(query.get('at') ?? '');
  return Number.isNaN(at) || at >= Date.now() ? undefined : new Date(at).toISOString();
}

export function readSort(text: string): TableSort {
  if (!/^-?[A-Za-z]{1,40}$/.test(text)) return firstSort;
  return text.startsWith('-') ? { column: text.slice(1), isDescending: true } : { column: text, isDescending: false };
}

export const writeSort = ({ column, isDescending }: TableSort): string => (isDescending ? `-${column}` : column);

/** The filter with the clusters that are in view. */
export function withClusters(filter: string, clusters: readonly string[]): string {
  if (clusters.length === 0) return filter;
  return [filter, `cluster:${clusters.map(quoted).join(',')}`].filter((part) => part !== '').join(' ');
}
