const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [1, 2, 5, 10, 15, 30].map((count) => count * minute).concat([1, 2, 3, 6, 12].map((count) => count * hour));
const daySteps = [1, 2, 5, 7, 14, 30].map((count) => count * day);

/** Places for labels on an axis of time, at most so many: full minutes, hours or days of the zone. Epoch ms. */
export function timeTicks(from: number, until: number, most: number, zone?: string): number[] {
  const step = [...steps, ...daySteps].find((one) => (until - from) / one <= most) ?? 30 * day;
  const ticks: number[] = [];
  // The day may begin elsewhere after a change to or from summer time, so each place is worked out for itself.
  for (let at = aligned(from, step, zone); at <= until; at = aligned(at + step * 1.25, step, zone)) if (at >= from) ticks.push(at);
  return ticks;
}

/** The last full step of local time at or before a moment. */
function aligned(at: number, step: number, zone: string | undefined): number {
  const offset = offsetOf(at, zone);
  const local = at + offset;
  const full = local - (local % step);
  // Across a change of the clock the offset there is another.
  return full - offsetOf(full - offset, zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far local time is ahead of UTC, ms. */
function offsetOf(at: number, zone: string | undefined): number {
  const key = zone ?? '';
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(key, format);
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * hour + Number(minutes) * minute);
}

/** `14:30`, at the beginning of a day and for steps of days `Nov 29`. */
export function tickText(at: number, step: number, language: string, zone?: string): string {
  const local = at + offsetOf(at, zone);
  const isDay = step >= day || local % day === 0;
  const shown: Intl.DateTimeFormatOptions = isDay
    ? { month: 'short', day: 'numeric' }
    : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return new Intl.DateTimeFormat(language, { ...shown, ...(zone !== undefined && { timeZone: zone }) }).format(at);
}
