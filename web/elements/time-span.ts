/** Times that can be chosen by name; others are `since` and `until`. */
export const ranges = { '1h': 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000, '30d': 30 * 86_400_000 } as const;
export type RangeName = keyof typeof ranges;

/** Parameters of the address that say from when until when. */
export const timeParameters = ['range', 'since', 'until'] as const;

export interface Span {
  /** RFC 3339. */
  readonly since?: string;
  readonly until?: string;
}

export function rangeNamed(query: URLSearchParams): RangeName | undefined {
  const name = query.get('range');
  return name !== null && Object.hasOwn(ranges, name) ? (name as RangeName) : undefined;
}

/** From when until when, as the address says. */
export function spanIn(query: URLSearchParams, now: number): Span {
  const range = rangeNamed(query);
  const since = range ? new Date(now - ranges[range]).toISOString() : momentIn(query.get('since'));
  const until = range ? undefined : momentIn(query.get('until'));
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
}

function momentIn(text: string | null): string | undefined {
  const at = text ? new Date(text) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}

/** A moment as the field of the browser takes it, in the time of the browser. */
export function localText(moment: string | null): string {
  const at = moment ? new Date(moment) : undefined;
  if (!at || Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function momentText(local: string): string | undefined {
  return local === '' ? undefined : new Date(local).toISOString();
}
