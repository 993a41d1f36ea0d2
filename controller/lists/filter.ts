import type { ResourceType } from '../inventory/inventory.ts';
import { BadQuery } from './bad-query.ts';
import type { Cell, CellKind } from './cell.ts';
import { columnsOf } from './columns.ts';
import { type Entry, textColumns } from './entry.ts';

/** Whether a row is asked for. */
export interface Fits {
  (entry: Entry): boolean;
  /** What the text of every such row holds, where that is known: few rows may have to be asked. */
  readonly holds?: string;
}

interface Token {
  readonly text: string;
  readonly isNegated: boolean;
  /** Undefined for free text. */
  readonly test?: { readonly key: string; readonly operator: string; readonly value: string };
  readonly words: string;
}

const OTHER_NAMES: Readonly<Record<string, string>> = { tag: 'tags', ip: 'addresses', mac: 'macs', address: 'addresses' };
const MAX_TOKENS = 30;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** How a filter asks for a column: what may stand between its name and a value, and by which other names it knows it. */
export function filteredBy(column: string, kind: CellKind): { readonly operators: readonly string[]; readonly also: readonly string[] } {
  const also = Object.keys(OTHER_NAMES).filter((name) => OTHER_NAMES[name] === column);
  return { operators: kind === 'number' || kind === 'time' ? [':', '>', '>=', '<', '<='] : [':'], also };
}

/**
 * Reads tokens such as `status:ERROR,BUILD cluster:bj-* age>7d -tag:test size>=100 web`: all have to fit. `:` takes patterns (`*` any
 * characters, `?` one) with commas between alternatives, `""` for none; `> >= < <=` compare numbers and times; `-` before a token turns it
 * round; anything else is looked for in name, id, IP and MAC. Undefined when all rows fit. Throws BadQuery for a token that means nothing.
 */
export function parseFilter(type: ResourceType, text: string, now: number): Fits | undefined {
  const tokens = tokensOf(text, type);
  if (tokens.length > MAX_TOKENS) throw new BadQuery('filter', `At most ${MAX_TOKENS} tokens, not ${tokens.length}.`);
  const tests = tokens.map((token) => {
    const fits = token.test ? testOf(type, token, token.test, now) : textTest(token.words);
    return token.isNegated ? (entry: Entry) => !fits(entry) : fits;
  });
  if (tests.length === 0) return undefined;
  const fits = (entry: Entry) => tests.every((test) => test(entry));
  const [holds] = tokens.flatMap(heldBy).toSorted((a, b) => b.length - a.length);
  return holds === undefined ? fits : Object.assign(fits, { holds });
}

/** What a token asks of a row's text: a word somewhere in it, or one of its parts. */
function heldBy({ isNegated, test, words }: Token): string[] {
  if (isNegated) return [];
  if (!test) return [words];
  const name = OTHER_NAMES[test.key] ?? test.key;
  const isPart = textColumns.includes(name) && /^[:=]$/.test(test.operator) && !/[*?,"]/.test(test.value);
  return isPart ? [`\n${test.value.toLowerCase()}\n`] : [];
}

function tokensOf(text: string, type: ResourceType): Token[] {
  const found: Token[] = [];
  for (const [whole] of text.matchAll(/(?:"[^"]*"?|[^\s"])+/g)) {
    if ((whole.match(/"/g) ?? []).length % 2 === 1) throw new BadQuery('filter', `${whole}: a quotation mark is missing.`);
    const isNegated = whole.startsWith('-') && whole.length > 1;
    const rest = isNegated ? whole.slice(1) : whole;
    found.push({ text: whole, isNegated, words: rest.replaceAll('"', '').toLowerCase(), ...testIn(rest, type) });
  }
  return found;
}

function testIn(text: string, type: ResourceType): Pick<Token, 'test'> {
  const [, key, operator, value] = /^([A-Za-z]+)(>=|<=|[:><=])(.*)$/s.exec(text) ?? [];
  if (key === undefined || operator === undefined || value === undefined) return {};
  const isKnown = key === 'age' || columnsOf(type).has(OTHER_NAMES[key] ?? key);
  // `fa:16:3e:` begins a MAC and `fe80::1` is an address; neither is a column.
  if (!isKnown && operator === ':' && /^[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,}(?:%\w+)?$|^[0-9a-f]{2}:[0-9a-f]{2}$/i.test(text)) return {};
  return { test: { key, operator, value } };
}

function textTest(words: string): Fits {
  return ({ text }) => text.includes(words);
}

function testOf(type: ResourceType, token: Token, { key, operator, value }: NonNullable<Token['test']>, now: number): Fits {
  const columns = columnsOf(type);
  if (value === '') throw new BadQuery('filter', `${token.text}: a value is missing; "" stands for none.`);
  if (key === 'age') return ageTest(token.text, operator, value, now);
  const name = OTHER_NAMES[key] ?? key;
  const column = columns.get(name);
  if (!column) {
    const known = ['age', ...columns.keys()].toSorted().join(', ');
    throw new BadQuery('filter', `${token.text}: there is no column ${key}; known are ${known}. Quote it to look for the text.`);
  }
  if (operator === ':' || operator === '=') return valueTest(name, column.kind, token.text, value);
  const limit = column.kind === 'time' ? timeValue(token.text, value) : numberValue(token.text, key, column.kind, value);
  return compareTest(name, operator, limit);
}

function valueTest(name: string, kind: CellKind, token: string, value: string): Fits {
  if (kind === 'flag') return flagTest(name, token, value);
  const isNone = (cell: Cell) => cell === null || cell === '' || (Array.isArray(cell) && cell.length === 0);
  if (value === '""') return ({ cells }) => isNone(cells[name] ?? null);
  if (kind === 'number') {
    const wanted = value.split(',').map((one) => numberValue(token, name, kind, one));
    return ({ cells }) => wanted.includes(cells[name] as number);
  }
  // A time is known by its beginning: created:2026-11-29 is that day.
  const isLikeOne = anyOf(alternativesOf(value).map((one) => (kind === 'time' ? `${one}*` : one)));
  const mayFit = wordTest(name, value);
  return (entry) => {
    const cell = mayFit(entry) ? (entry.cells[name] ?? null) : null;
    if (cell === null) return false;
    if (Array.isArray(cell)) {
      for (const part of cell as readonly string[]) if (isLikeOne(part)) return true;
      return false;
    }
    return isLikeOne(kind === 'time' && typeof cell === 'number' ? new Date(cell).toISOString() : String(cell));
  };
}

/** Sorts out most rows by what free text looks in, which is quicker than their cells. */
function wordTest(name: string, value: string): Fits {
  if (!textColumns.includes(name) || /[*?]/.test(value)) return () => true;
  const words = alternativesOf(value).map((word) => `\n${word.toLowerCase()}\n`);
  return ({ text }) => words.some((word) => text.includes(word));
}

/** A comma between quotation marks is part of the value. */
function alternativesOf(value: string): string[] {
  return [...value.matchAll(/(?:"[^"]*"|[^,"])+/g)].map(([one]) => one.replaceAll('"', ''));
}

/** Whether a text is one of these words or patterns, in small or capital letters. */
function anyOf(alternatives: readonly string[]): (text: string) => boolean {
  const wanted = alternatives.map((one) => one.toLowerCase());
  const patterns = wanted.filter((one) => /[*?]/.test(one));
  const words = new Set(wanted.filter((one) => !patterns.includes(one)));
  if (patterns.length === 0) return (text) => words.has(text.toLowerCase());
  return (text) => {
    const own = text.toLowerCase();
    return words.has(own) || patterns.some((pattern) => isLike(own, pattern));
  };
}

/** Whether a text fits a pattern of `*` and `?`; in time that grows with their product at most, whatever somebody writes. */
function isLike(text: string, pattern: string): boolean {
  let [at, next, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (next < pattern.length && pattern[next] === '*') {
      star = next++;
      mark = at;
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
      at++;
      next++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}

function flagTest(name: string, token: string, value: string): Fits {
  const wanted = /^(?:yes|true)$/i.test(value);
  if (!wanted && !/^(?:no|false)$/i.test(value)) throw new BadQuery('filter', `${token}: allowed are ${name}:yes and ${name}:no.`);
  return ({ cells }) => (cells[name] ?? false) === wanted;
}

function ageTest(token: string, operator: string, value: string, now: number): Fits {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(value) ?? [];
  const turned = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' }[operator];
  if (count === undefined || unit === undefined || turned === undefined)
    throw new BadQuery('filter', `${token}: an age is written age>7d or age<=12h, with s, m, h, d or w.`);
  return compareTest('created', turned, now - Number(count) * (UNITS[unit] as number));
}

function timeValue(token: string, value: string): number {
  const at = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/i.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw new BadQuery('filter', `${token}: allowed is a date or a time such as 2026-11-23T09:30:00Z.`);
  return at;
}

function numberValue(token: string, key: string, kind: CellKind, value: string): number {
  if (kind !== 'number') throw new BadQuery('filter', `${token}: ${key} is no number and no time; compare it with ${key}:VALUE.`);
  if (!/^-?\d{1,15}(?:\.\d{1,6})?$/.test(value)) throw new BadQuery('filter', `${token}: ${value} is no number.`);
  return Number(value);
}

function compareTest(name: string, operator: string, limit: number): Fits {
  const test = {
    '>': (value: number) => value > limit,
    '>=': (value: number) => value >= limit,
    '<': (value: number) => value < limit,
    '<=': (value: number) => value <= limit,
  }[operator] as (value: number) => boolean;
  return ({ cells }) => {
    const value = cells[name];
    return typeof value === 'number' && test(value);
  };
}
