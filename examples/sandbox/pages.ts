/** A slice of a sorted collection after a marker. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** Id to ask the next page with; Nova, Cinder and Neutron offer one whenever this page is full, even when nothing follows. */
  readonly nextMarker?: string;
}

/** Cuts one page; undefined if the marker is not among the rows. `limit` undefined means all up to `max`. */
export function cutPage<T>(
  rows: readonly T[],
  options: { limit: number | undefined; marker: string | null; max: number; idOf: (row: T) => string },
): Page<T> | undefined {
  const { marker, idOf } = options;
  const markerAt = marker === null ? -1 : rows.findIndex((row) => idOf(row) === marker);
  if (marker !== null && markerAt < 0) return undefined;
  const limit = options.limit === undefined || options.limit === 0 ? options.max : Math.min(options.limit, options.max);
  const page = rows.slice(markerAt + 1, markerAt + 1 + limit);
  const last = page.at(-1);
  const isFull = last !== undefined && page.length >= limit;
  return { rows: page, ...(isFull ? { nextMarker: idOf(last) } : {}) };
}

/** The query of the next page: as asked, with another marker. */
export function nextQuery(query: URLSearchParams, marker: string): string {
  const next = new URLSearchParams(query);
  next.delete('marker');
  next.append('marker', marker);
  return next.toString();
}
