import type { AuditFilter } from '../../data/audit.ts';
import { results } from '../../data/audit.ts';
import { spanIn, timeParameters } from '../../elements/time-span.ts';

/** Parameters of the address that hold one value each, as the API calls them. */
export const single = ['actor', 'object', 'cloudId', 'requestId', 'reconcileId', 'address', 'session', 'path', 'text'] as const;
/** Parameters with commas between their values. */
export const several = ['type', 'kind'] as const;
/** Fields that are behind "more": a filter that hides itself is none. */
export const rarer = ['object', 'cloudId', 'requestId', 'reconcileId', 'address', 'session', 'path'] as const;

/** What the address asks for; `clusters` are those in view, none for all. */
export function filterIn(query: URLSearchParams, clusters: readonly string[], now: number): AuditFilter {
  const result = results.find((one) => one === query.get('result'));
  const texts = single.flatMap((name) => (query.get(name) ? [[name, query.get(name)?.trim()] as const] : []));
  const lists = several.flatMap((name) => {
    const values = (query.get(name) ?? '').split(',').filter((value) => value !== '');
    return values.length > 0 ? [[name, values] as const] : [];
  });
  return {
    ...Object.fromEntries([...texts, ...lists]),
    ...(result && { result }),
    ...(clusters.length > 0 && { cluster: clusters }),
    ...spanIn(query, now),
  };
}

/** The address without any filter. */
export const noFilter: Readonly<Record<string, undefined>> = Object.fromEntries(
  [...single, ...several, 'result', ...timeParameters].map((name) => [name, undefined]),
);

export function isFiltered(query: URLSearchParams): boolean {
  return Object.keys(noFilter).some((name) => (query.get(name) ?? '') !== '');
}
