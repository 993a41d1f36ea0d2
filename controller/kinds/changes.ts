import { isDeepStrictEqual } from 'node:util';
import type { Json } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';

/** Path of a key below a field: `spec.metadata.tier`; brackets where a dot would mislead: `spec.metadata[app.tier]`. */
export function memberPath(field: string, key: string): string {
  return /^[\w-]+$/.test(key) ? `${field}.${key}` : `${field}[${key}]`;
}

/** Path of an element of a list that is told apart by `label`: `spec.tags[web]`. */
export function elementPath(field: string, label: string): string {
  return `${field}[${label}]`;
}

interface Comparison {
  /** When two values mean the same; equality of JSON otherwise. */
  readonly same?: (observed: Json, declared: Json) => boolean;
  readonly by?: 'replace' | 'rebuild';
}

/** The difference of one field, if it is declared and there is one. */
export function fieldChange(path: string, observed: Json | undefined, declared: Json | undefined, how: Comparison = {}): Change[] {
  if (declared === undefined) return [];
  const from = observed ?? null;
  const same = how.same ?? isDeepStrictEqual;
  if (same(from, declared)) return [];
  return [{ path, from, to: declared, ...(how.by && { by: how.by }) }];
}

/** One change per element that is declared and missing, or there and not declared; order does not count. */
export function setChanges(field: string, observed: readonly string[], declared: readonly string[] | undefined): Change[] {
  if (!declared) return [];
  const missing = declared
    .filter((item) => !observed.includes(item))
    .map((item) => ({ path: elementPath(field, item), from: null, to: item }));
  const surplus = observed
    .filter((item) => !declared.includes(item))
    .map((item) => ({ path: elementPath(field, item), from: item, to: null }));
  return [...missing, ...surplus];
}

type TextMap = Readonly<Record<string, string>>;

/** One change per key whose value differs, is missing, or is there and not declared. */
export function mapChanges(field: string, observed: TextMap, declared: TextMap | undefined): Change[] {
  if (!declared) return [];
  const keys = [...Object.keys(declared), ...Object.keys(observed).filter((key) => !Object.hasOwn(declared, key))];
  return keys
    .map((key) => ({ path: memberPath(field, key), from: valueOf(observed, key), to: valueOf(declared, key) }))
    .filter((change) => change.from !== change.to);
}

const valueOf = (map: TextMap, key: string): string | null => (Object.hasOwn(map, key) ? (map[key] ?? null) : null);

/** The set after those of `changes` that are about it. */
export function setAfter(field: string, observed: readonly string[], changes: readonly Change[]): string[] {
  const mine = changes.filter((change) => change.path.startsWith(`${field}[`));
  const gone = new Set(mine.filter((change) => change.to === null).map((change) => change.from));
  const come = mine.flatMap((change) => (typeof change.to === 'string' ? [change.to] : []));
  return [...observed.filter((item) => !gone.has(item)), ...come];
}

/** What to write for those of `changes` that are about a map: keys to set, and keys to take away. */
export function mapWrites(
  field: string,
  observed: TextMap,
  declared: TextMap | undefined,
  changes: readonly Change[],
): { set: Record<string, string>; remove: string[] } {
  const keys = new Set([...Object.keys(observed), ...Object.keys(declared ?? {})]);
  const touched = [...keys].filter((key) => concerns(changes, memberPath(field, key)));
  return {
    set: Object.fromEntries(touched.flatMap((key) => (valueOf(declared ?? {}, key) === null ? [] : [[key, declared?.[key] ?? '']]))),
    remove: touched.filter((key) => valueOf(declared ?? {}, key) === null),
  };
}

/** Whether `changes` has one at this very path. */
export function concerns(changes: readonly Change[], path: string): boolean {
  return changes.some((change) => change.path === path);
}

/** Whether `changes` has one about this field or anything below it. */
export function concernsBelow(changes: readonly Change[], field: string): boolean {
  return changes.some(({ path }) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
}

/** The parts of `bodies` (path to request body) that `changes` is about, as one request body; undefined when there is none. */
export function bodyOf<Body extends object>(
  changes: readonly Change[],
  bodies: Readonly<Record<string, { readonly [Field in keyof Body]?: Body[Field] | undefined }>>,
): Body | undefined {
  const parts = Object.entries(bodies).filter(([path]) => concerns(changes, path));
  // A change exists only for a declared field, so none of the fields put together here is undefined.
  return parts.length === 0 ? undefined : (Object.assign({}, ...parts.map(([, body]) => body)) as Body);
}

/** Values mean the same when their keys are equal; null equals only null. `key` is given values of the field's own type. */
export function sameBy(key: (value: never) => string): (observed: Json, declared: Json) => boolean {
  return (observed, declared) =>
    observed === null || declared === null ? observed === declared : key(observed as never) === key(declared as never);
}
