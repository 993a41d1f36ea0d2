import type { AuditFilter } from '../../data/audit.ts';
import { results } from '../../data/audit.ts';

/** Times that can be chosen by name; others are `since` and `until`. */
export const ranges = { '1h': 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000, '30d': 30 * 86_400_000 } as const;
export type RangeName = keyof typeof ranges;

/** Parameters of the address that hold one value each, as the API calls them. */
export const single = ['actor', 'object', 'cloudId', 'requestId', 'reconcileId', 'address', 'session', 'path', 'text'] as const;
/** Parameters with commas between their values. */
export const several = ['type', 'kind'] as const;
/** Fields that are behind "more": a filter that hides itself is none. */
export const rarer = ['object', 'cloudId', 'requestId', 'reconcileId', 'address', 'session', 'path'] as const;

export function rangeNamed(query: URLSearchParams): RangeName | undefined {
  const name = query.get('range');
  return name !== null && Object.hasOwn(ranges, name) ? (name as RangeName) : undefined;
}

/** What the address asks for; `clusters` are those in view, none for all. */
export function filterIn(query: URLSearchParams, clusters: readonly string[], now: number): AuditFilter {
  const range = rangeNamed(query);
  const result = results.find((one) => one === query.get('result'));
  const texts = single.flatMap((name) => (query.get(name) ? [[name, query.get(name)?.trim()] as const] : []));
  const lists = several.flatMap((name) => {
    const values = (query.get(name) ?? '').split(',').filter((value) => value !== '');
    return values.length > 0 ? [[name, values] as const] : [];
  });
  const since = range ? new Date(now - ranges[range]).toISOString() : momentIn(query.get('since'));
  const until = range ? undefined : momentIn(query.get('until'));
  return {
    ...Object.fromEntries([...texts, ...lists]),
    ...(result && { result }),
    ...(clusters.length > 0 && { cluster: clusters }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

function momentIn(text: string | null): string | undefined {
  const at = text ? new Date(text) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}

/** The address without any filter. */
export const noFilter: Readonly<Record<string, undefined>> = Object.fromEntries(
  [...single, ...several, 'result', 'range', 'since', 'until'].map((name) => [name, undefined]),
);

export function isFiltered(query: URLSearchParams): boolean {
  return Object.keys(noFilter).some((name) => (query.get(name) ?? '') !== '');
}
