import type { Cell } from './cell.ts';
import { columnsOf } from './columns.ts';
import type { Entry } from './entry.ts';

/** A row as it is given out: times in RFC 3339; `declared` is the object that stands for it, or null. */
export type PresentedRow = Readonly<Record<string, unknown>> & {
  readonly cluster: string;
  readonly type: string;
  readonly id: string | null;
};

/** Columns that `declared` gathers. */
const OF_OBJECT: ReadonlySet<string> = new Set(['kind', 'namespace', 'object', 'ready', 'drifted']);

/** `fields`: the columns wanted; all when undefined. Cluster, type and id are always there. */
export function present(entry: Entry, fields?: readonly string[]): PresentedRow {
  const row: Record<string, unknown> = { cluster: entry.cluster, type: entry.type, id: entry.id || null };
  for (const field of fields ?? Object.keys(entry.cells)) {
    if (field === 'declared') row[field] = objectOf(entry.cells);
    else if (fields || !OF_OBJECT.has(field)) row[field] = valueOf(entry, field);
  }
  return row as PresentedRow;
}

/** A row for a table of text: one value a column, lists with spaces between. */
export function presentFlat(entry: Entry, fields: readonly string[]): string[] {
  return fields.map((field) => {
    const value = valueOf(entry, field);
    return Array.isArray(value) ? value.join(' ') : String(value ?? '');
  });
}

function objectOf({ declared, kind, namespace, object, ready, drifted }: Readonly<Record<string, Cell>>) {
  return declared === true ? { kind, namespace, name: object, ready, drifted } : null;
}

function valueOf(entry: Entry, field: string): Cell {
  const cell = entry.cells[field] ?? null;
  return typeof cell === 'number' && columnsOf(entry.type).get(field)?.kind === 'time' ? new Date(cell).toISOString() : cell;
}
