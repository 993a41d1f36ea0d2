import type { Schema, Schemas } from '../data/schemas.ts';
import type { Path } from '../data/validate.ts';

/** Where a cursor stands in YAML, told from indentation alone: what somebody is typing is seldom well-formed. */
export interface Place {
  /** `apiVersion/Kind` of the document, as far as it says so. */
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  /** Of the mapping that a key would be in, or of the value. List entries are 0. */
  readonly path: Path;
  readonly is: 'key' | 'value';
  /** What of the word stands before the cursor. */
  readonly typed: string;
  /** Keys that stand beside it already. */
  readonly beside: readonly string[];
  /** Columns in front of the key. */
  readonly column: number;
  /** Between braces, on one line. */
  readonly isFlow: boolean;
  /** Nothing stands in the document yet. */
  readonly isBlank: boolean;
}

interface Line {
  readonly indent: number;
  readonly dashes: number;
  readonly column: number;
  readonly key: string | undefined;
}

export function placeAt(text: string, offset: number): Place {
  const all = text.split('\n');
  const row = text.slice(0, offset).split('\n').length - 1;
  const first = all.findLastIndex((line, index) => index <= row && /^---(?:\s|$)/.test(line)) + 1;
  const end = all.findIndex((line, index) => index >= Math.max(first, row) && index > row && /^---(?:\s|$)/.test(line));
  const lines = all.slice(first, end < 0 ? undefined : end);
  const at = Math.max(0, row - first);
  const before = (lines[at] ?? '').slice(0, offset - text.lastIndexOf('\n', offset - 1) - 1);
  const about = {
    apiVersion: valueOf(lines, 'apiVersion'),
    kind: valueOf(lines, 'kind'),
    isBlank: lines.every((line, index) => index === at || line.trim() === ''),
  };
  const [, indent = '', dashes = '', rest = ''] = /^(\s*)((?:- +)*)(.*)$/.exec(before) ?? [];
  const column = indent.length + dashes.length;
  const above = [...parentsOf(lines, at, { indent: indent.length, dashes: dashes.length, column })];
  const flow = flowOf(rest);
  if (flow) return { ...about, ...flow, path: [...above, ...flow.path], column, isFlow: true };
  const [, key, typed = ''] = /^([^\s:#]+):\s+(.*)$/.exec(rest) ?? [];
  if (key !== undefined) return { ...about, path: [...above, key], is: 'value', typed, beside: [], column, isFlow: false };
  return { ...about, path: above, is: 'key', typed: rest, beside: besides(lines, at, column, dashes.length > 0), column, isFlow: false };
}

/** The schema of what stands at a path. */
export function schemaAt(schema: Schema | undefined, path: Path): Schema | undefined {
  return path.reduce<Schema | undefined>((found, step) => {
    if (typeof step === 'number') return found?.items;
    const own = found?.properties && Object.hasOwn(found.properties, step) ? found.properties[step] : undefined;
    return own ?? (typeof found?.additionalProperties === 'object' ? found.additionalProperties : undefined);
  }, schema);
}

export function schemaOf(schemas: Schemas, { apiVersion, kind }: Pick<Place, 'apiVersion' | 'kind'>): Schema | undefined {
  return schemas.get(`${apiVersion}/${kind}`);
}

function valueOf(lines: readonly string[], key: string): string | undefined {
  const line = lines.find((one) => one.startsWith(`${key}:`));
  return (
    line
      ?.slice(key.length + 1)
      .trim()
      .replace(/^["']|["']$/g, '') || undefined
  );
}

function read(line: string): Line | undefined {
  if (/^\s*(?:#|$)/.test(line)) return undefined;
  const [, indent = '', dashes = '', key] = /^(\s*)((?:-(?: +|$))*)(?:([^\s:#{["'][^:]*):(?:\s|$))?/.exec(line) ?? [];
  return { indent: indent.length, dashes: dashes.length, column: indent.length + dashes.length, key };
}

/** Keys and list entries around a place, outermost first. */
function parentsOf(lines: readonly string[], at: number, { indent, dashes, column: from }: Omit<Line, 'key'>): (string | number)[] {
  const path: (string | number)[] = [];
  let column = dashes > 0 ? indent : from;
  let isEntry = dashes > 0;
  if (isEntry) path.unshift(0);
  for (const text of lines.slice(0, at).toReversed()) {
    if (column === 0 && !isEntry) break;
    const line = read(text);
    if (!line) continue;
    const isParent = line.key !== undefined && (line.column < column || (isEntry && line.column === column && line.dashes === 0));
    const opensEntry = !isEntry && line.dashes > 0 && line.column === column;
    if (isParent && line.key !== undefined) {
      path.unshift(line.key);
      column = line.column;
      isEntry = false;
    }
    if ((isParent || opensEntry) && line.dashes > 0) {
      path.unshift(0);
      column = line.indent;
      isEntry = true;
    }
  }
  return path;
}

function besides(lines: readonly string[], at: number, column: number, opensEntry: boolean): string[] {
  const found: string[] = [];
  const collect = (some: readonly string[], stopsAtEntry: 'behind' | 'before'): void => {
    for (const text of some) {
      const line = read(text);
      if (!line || line.column > column) continue;
      if (line.column < column || (stopsAtEntry === 'before' && line.dashes > 0)) return;
      if (line.key !== undefined) found.push(line.key);
      if (line.dashes > 0) return;
    }
  };
  if (!opensEntry) collect(lines.slice(0, at).toReversed(), 'behind');
  collect(lines.slice(at + 1), 'before');
  return found;
}

/** Inside braces that are open yet: `network: { na`. */
function flowOf(rest: string): Pick<Place, 'path' | 'is' | 'typed' | 'beside'> | undefined {
  const open: { key: string | undefined; beside: string[] }[] = [];
  let word = '';
  let key: string | undefined;
  for (const letter of rest) {
    if (letter === '{') {
      open.push({ key, beside: [] });
      [word, key] = ['', undefined];
    } else if (letter === '}') {
      open.pop();
      [word, key] = ['', undefined];
    } else if (letter === ',') [word, key] = ['', undefined];
    else if (letter === ':' && key === undefined) {
      key = word.trim();
      open.at(-1)?.beside.push(key);
      word = '';
    } else word += letter;
  }
  const inner = open.at(-1);
  if (!inner) return undefined;
  const path = open.flatMap((one) => (one.key === undefined ? [] : [one.key]));
  if (key !== undefined) return { path: [...path, key], is: 'value', typed: word.trimStart(), beside: [] };
  return { path, is: 'key', typed: word.trimStart(), beside: inner.beside };
}
