/** How a recording is played: so much faster than it happened, and how long nothing may happen before it is skipped; undefined: nothing is. */
export interface Pace {
  readonly speed: number;
  readonly idleMs: number | undefined;
}

/** What is known of what comes behind the moment that is shown. Times are ms since the recording began. */
export interface Ahead {
  /** Of events that were not shown yet, in order. */
  readonly times: readonly number[];
  /** Everything up to this is known: there is nothing but `times`. */
  readonly knownMs: number;
}

export interface Moment {
  readonly atMs: number;
  /** When something happened last, or where one jumped to: idle time counts from there. */
  readonly sinceMs: number;
}

/** What is shown `elapsedMs` of the viewer's time later. It never runs past what is known: there it waits. */
export function momentAfter({ atMs, sinceMs }: Moment, elapsedMs: number, { times, knownMs }: Ahead, { speed, idleMs }: Pace): Moment {
  let at = atMs;
  let since = sinceMs;
  let budget = elapsedMs * speed;
  for (let index = 0; ; index++) {
    const next = times[index];
    const goal = next === undefined ? knownMs : Math.min(next, knownMs);
    const until = idleMs === undefined ? goal : Math.min(goal, since + idleMs);
    const step = Math.max(0, until - at);
    if (step > budget) return { atMs: at + budget, sinceMs: since };
    budget -= step;
    // What is left of an idle time takes none.
    at = Math.max(at, goal);
    if (next === undefined || next > knownMs) return { atMs: at, sinceMs: since };
    since = next;
  }
}

/** Of times that ascend, how many are not behind `atMs`. */
export function countUpTo(times: readonly number[], atMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `1:02:03` of ms, with tenths where it is exact; the same in every language. */
export function clockText(ms: number, { withTenths = false } = {}): string {
  const tenths = Math.max(0, Math.floor(ms / 100));
  const seconds = Math.floor(tenths / 10);
  const two = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${h > 0 ? `${h}:${two(m)}` : m}:${two(s)}${withTenths ? `.${tenths % 10}` : ''}`;
}

/** Where marks stand on a line of so many places, each place once. */
export function placesOf(times: readonly number[], durationMs: number, places = 200): number[] {
  if (durationMs <= 0) return [];
  return [...new Set(times.map((at) => Math.round((Math.min(at, durationMs) / durationMs) * places)))].map((place) => place / places);
}
