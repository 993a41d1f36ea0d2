import { DAYS, type Day } from './kinds/cluster.ts';

/** When drift of a cluster may be corrected: `spec.maintenanceWindows`. */
export interface MaintenanceWindow {
  /** Days on which it opens; every day when absent. */
  readonly days?: readonly Day[];
  /** HH:MM, 24 hours, in `timeZone`. */
  readonly start: string;
  readonly durationMs: number;
  /** IANA name; UTC when absent. */
  readonly timeZone?: string;
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** A week and a day: whatever opens at all opens within. */
const SEARCHED_DAYS = 8;

/** undefined while one of the windows is open (or there is none); else when the next one opens, epoch ms. */
export function shutUntil(windows: readonly MaintenanceWindow[], now: number): number | undefined {
  if (windows.length === 0) return undefined;
  const openings = windows.flatMap((window) => openingsAround(window, now).map((at) => ({ at, until: at + window.durationMs })));
  if (openings.some(({ at, until }) => at <= now && now < until)) return undefined;
  return Math.min(...openings.filter(({ at }) => at > now).map(({ at }) => at));
}

/** What keeps a window from ever opening, in words; undefined when nothing does. */
export function flawOf({ days, durationMs, timeZone, start }: MaintenanceWindow): string | undefined {
  if (timeZone !== undefined && !isTimeZone(timeZone))
    return `"${timeZone}" is no time zone; name one of the IANA database, as Europe/Berlin`;
  if (days?.length === 0) return 'it names no day; leave days out to have it every day';
  if (durationMs < MINUTE) return `it is open for less than a minute; give a duration such as 2h`;
  if (durationMs > 7 * DAY) return 'it is open for more than a week; leave maintenanceWindows out to correct drift at any time';
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(start) ? undefined : `"${start}" is no time of day; write it as 02:00`;
}

/** Every moment it opens from a window's length ago until a week from now. */
function openingsAround(window: MaintenanceWindow, now: number): number[] {
  const back = Math.ceil(window.durationMs / DAY) + 1;
  const first = localDay(now, window.timeZone) - back * DAY;
  const days = Array.from({ length: back + SEARCHED_DAYS + 1 }, (_, index) => first + index * DAY);
  return days
    .filter((day) => window.days === undefined || window.days.includes(DAYS[new Date(day).getUTCDay()] as Day))
    .map((day) => instantOf(day + minutesOf(window.start) * MINUTE, window.timeZone));
}

function minutesOf(start: string): number {
  const [hours = 0, minutes = 0] = start.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Midnight of the local day, written as if the zone were UTC. */
function localDay(at: number, timeZone: string | undefined): number {
  const local = at + offsetMs(at, timeZone);
  return local - (local % DAY);
}

/** The moment at which clocks of the zone show `local`; where they skip it, the moment they would have shown it. */
function instantOf(local: number, timeZone: string | undefined): number {
  const guess = local - offsetMs(local, timeZone);
  return local - offsetMs(guess, timeZone);
}

/** How far clocks of the zone are ahead of UTC at that moment. */
function offsetMs(at: number, timeZone = 'UTC'): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
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

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
