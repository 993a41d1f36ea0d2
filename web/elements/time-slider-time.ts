/** A moment as the fields of a `datetime-local` input show it in a time zone: `2026-11-29T20:31:05`. */
export function toFields(ms: number, timeZone: string | undefined): string {
  return new Date(ms + offsetMs(ms, timeZone)).toISOString().slice(0, 19);
}

/** The moment that such fields name in a time zone; undefined for none. */
export function fromFields(text: string, timeZone: string | undefined): number | undefined {
  const local = Date.parse(`${text}Z`);
  if (Number.isNaN(local)) return undefined;
  const guess = local - offsetMs(local, timeZone);
  return local - offsetMs(guess, timeZone);
}

/** How far clocks of the zone are ahead of UTC at that moment. */
function offsetMs(at: number, timeZone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...(timeZone !== undefined && { timeZone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - (at - (((at % 1000) + 1000) % 1000));
}

/** The mark next to a moment, in either direction; undefined when there is none. Times in any order. */
export function nextMark(marks: readonly number[], at: number, direction: 'earlier' | 'later'): number | undefined {
  const fitting = marks.filter((one) => (direction === 'earlier' ? one < at : one > at));
  if (fitting.length === 0) return undefined;
  return direction === 'earlier' ? Math.max(...fitting) : Math.min(...fitting);
}
