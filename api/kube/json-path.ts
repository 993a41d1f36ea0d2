import { isRecord } from './schema.ts';

type Step = (values: unknown[]) => unknown[];

const part =
  /\.((?:[A-Za-z0-9_$-]|\\\.)+)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(-?\d+)\]|\[\*\]|\[\?\(@\.([A-Za-z0-9_.-]+)\s*==\s*["']([^"']*)["']\)\]/y;

/**
 * Compiles the JSONPath of a printer column: fields, `['a.b']`, `\.`-escaped dots, indexes, `[*]` and `[?(@.type=="Ready")]`. The result gives
 * all values found. Throws an Error on a path it cannot read.
 */
export function compilePath(path: string): (object: unknown) => unknown[] {
  const steps: Step[] = [];
  // A reader of its own: conditions are compiled while the outer path is still being read.
  const reader = new RegExp(part);
  while (reader.lastIndex < path.length) {
    const from = reader.lastIndex;
    const found = reader.exec(path);
    if (!found) throw new Error(`column path ${path}: cannot read "${path.slice(from)}"`);
    steps.push(stepOf(found));
  }
  return (object) => steps.reduce<unknown[]>((values, step) => step(values), [object]);
}

function stepOf(found: RegExpExecArray): Step {
  const [text, plain, single, double, index, field, wanted] = found;
  if (index !== undefined) return (values) => values.flatMap((value) => (Array.isArray(value) ? present(value.at(Number(index))) : []));
  if (field !== undefined) {
    const read = compilePath(`.${field}`);
    return (values) => values.flatMap((value) => (Array.isArray(value) ? value.filter((item) => String(read(item)[0]) === wanted) : []));
  }
  if (text === '[*]')
    return (values) => values.flatMap((value) => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []));
  const key = plain?.replaceAll('\\.', '.') ?? single ?? double ?? '';
  return (values) => values.flatMap((value) => (isRecord(value) && Object.hasOwn(value, key) ? present(value[key]) : []));
}

function present(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : [value];
}
