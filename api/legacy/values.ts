import type { Json } from '#controller/engine/json.ts';
import { TooLong } from './database.ts';

/** Text of a column; undefined when there is none. Bytes are read as UTF-8 where they are that, else as Latin-1. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Uint8Array) return decoded(value);
  return undefined;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** Trimmed text without control characters, cut to `most`; undefined when nothing is left. */
export function lineOf(value: unknown, most: number): string | undefined {
  const line = textOf(value)
    ?.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return line
    ? Array.from(line.slice(0, 2 * most))
        .slice(0, most)
        .join('')
    : undefined;
}

/** A yes or no as databases keep it: 1, `true`, a bit. Undefined when it is neither. */
export function flagOf(value: unknown): boolean | undefined {
  if (value instanceof Uint8Array && value.length === 1 && (value[0] === 0 || value[0] === 1)) return value[0] === 1;
  const word = textOf(value)?.trim().toLowerCase();
  if (word === '1' || word === 'true' || word === 't' || word === 'yes') return true;
  return word === '0' || word === 'false' || word === 'f' || word === 'no' ? false : undefined;
}

/** Epoch ms of `2021-03-04 05:06:07.890123` (UTC, as Flask wrote it), of RFC 3339 or of seconds; undefined when it is no time from 1970 to 2199. */
export function momentOf(value: unknown): number | undefined {
  const text = textOf(value)?.trim() ?? '';
  const at = /^\d{1,10}(?:\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : momentOfText(text);
  return at >= 0 && at < Date.UTC(2200, 0) ? at : undefined;
}

function momentOfText(text: string): number {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|[+-]\d\d:?\d\d)?$/i.exec(text);
  if (!parts) return Number.NaN;
  const [, day = '', clock = '00:00', seconds = '00', fraction = '', zone = 'Z'] = parts;
  const offset = zone.toUpperCase().replace(/^(...)(\d\d)$/, '$1:$2');
  return Date.parse(`${day}T${clock}:${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`);
}

export type JsonColumn =
  | { readonly is: 'json'; readonly value: Json }
  | { readonly is: 'absent' }
  /** Or too deeply nested. */
  | { readonly is: 'tooLong' }
  | { readonly is: 'broken'; readonly text: string };

/** What a JSON column holds. */
export function jsonOf(value: unknown): JsonColumn {
  if (value instanceof TooLong) return { is: 'tooLong' };
  const text = textOf(value)?.trim() ?? '';
  if (text === '' || text === 'null') return { is: 'absent' };
  if (isTooDeep(text)) return { is: 'tooLong' };
  try {
    const parsed = JSON.parse(text) as Json;
    // Some columns hold JSON within JSON: a serializer ran twice.
    if (typeof parsed === 'string' && /^\s*[[{]/.test(parsed))
      return isTooDeep(parsed) ? { is: 'tooLong' } : { is: 'json', value: JSON.parse(parsed) as Json };
    return { is: 'json', value: parsed };
  } catch {
    return { is: 'broken', text };
  }
}

const deepest = 100;

/** Whoever walks through it would run out of stack. Brackets within texts count too: so many are no use of either. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const letter of text.match(/[[\]{}]/g) ?? []) {
    depth += letter === '[' || letter === '{' ? 1 : -1;
    if (depth > deepest) return true;
  }
  return false;
}

/** A map of JSON; undefined for anything else. */
export function mapOf(value: Json | undefined): { readonly [key: string]: Json } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: Json }) : undefined;
}
