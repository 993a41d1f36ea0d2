import { Stored } from '../data/stored.ts';
import { languageTag } from './language.ts';

/** IANA name of the time zone that times are shown in; undefined: that of the browser. */
export const timeZone = new Stored<string | undefined>(globalThis.localStorage?.getItem('timeZone') ?? undefined);

/** Undefined: that of the browser. Remembered in this browser. */
export function setTimeZone(zone: string | undefined): void {
  if (zone === undefined) localStorage.removeItem('timeZone');
  else localStorage.setItem('timeZone', zone);
  timeZone.set(zone);
}

type Moment = string | number | Date;

/** `2026-11-29 20:31:05` in the order people of the language read it. */
export function formatTime(at: Moment, options: { readonly withSeconds?: boolean } = {}): string {
  const timeStyle = (options.withSeconds ?? true) ? 'medium' : 'short';
  const zone = timeZone.value;
  return made(`time ${languageTag()} ${timeStyle} ${zone}`, () => {
    return new Intl.DateTimeFormat(languageTag(), { dateStyle: 'medium', timeStyle, ...(zone !== undefined && { timeZone: zone }) });
  }).format(new Date(at));
}

const formats = new Map<string, unknown>();

/** Formats are slow to make: a table that scrolls would make hundreds a second. */
function made<Format>(key: string, make: () => Format): Format {
  const format = (formats.get(key) as Format | undefined) ?? make();
  formats.set(key, format);
  return format;
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** `3 minutes ago`, or `in 2 days`. */
export function formatAgo(at: Moment, now: number = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const);
  return made(`ago ${languageTag()}`, () => new Intl.RelativeTimeFormat(languageTag(), { numeric: 'auto', style: 'short' })).format(
    Math.trunc(seconds / size),
    unit,
  );
}

/** `1m 12s` of seconds. */
export function formatDuration(seconds: number): string {
  const parts = steps.slice(2).flatMap(([unit, size], index) => {
    const count = Math.floor((index === 0 ? seconds : seconds % (steps[index + 1] as readonly [string, number])[1]) / size);
    return count > 0 ? [[unit, count] as const] : [];
  });
  const shown = parts.length === 0 ? ([['second', Math.round(seconds * 10) / 10]] as const) : parts.slice(0, 2);
  return shown
    .map(([unit, count]) => new Intl.NumberFormat(languageTag(), { style: 'unit', unit, unitDisplay: 'narrow' }).format(count))
    .join(' ');
}

/** `12,431`; with a few digits behind the point where there are any. */
export function formatNumber(value: number): string {
  return made(`number ${languageTag()}`, () => new Intl.NumberFormat(languageTag(), { maximumFractionDigits: 2 })).format(value);
}

/** `46 %` of a share from 0 to 1. */
export function formatPercent(share: number): string {
  return new Intl.NumberFormat(languageTag(), { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1.5 GiB` of bytes. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), sizes.length - 1);
  return `${formatNumber(Math.round((bytes / 1024 ** step) * 10) / 10)} ${sizes[step]}`;
}

/** `a, b and c`, as the language does it. */
export function formatList(parts: readonly string[]): string {
  return new Intl.ListFormat(languageTag(), { type: 'conjunction' }).format(parts);
}
