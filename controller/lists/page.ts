import type { ResourceType } from '../inventory/inventory.ts';
import { BadQuery } from './bad-query.ts';
import type { SortKey } from './cell.ts';
import { columnsOf } from './columns.ts';

export interface Sort {
  readonly column: string;
  readonly isDescending: boolean;
}

/** A place in a sorted list: behind a row, whether or not that row is still there. */
export interface Place {
  readonly at: SortKey;
  readonly key: string;
}

/** Reads `name`, `-created` (descending) and `age`, which is `-created`. Throws BadQuery. */
export function parseSort(type: ResourceType, text: string): Sort {
  const isTurned = text.startsWith('-');
  const column = isTurned ? text.slice(1) : text;
  if (column === 'age') return { column: 'created', isDescending: !isTurned };
  const columns = columnsOf(type);
  if (columns.has(column)) return { column, isDescending: isTurned };
  const known = ['age', ...columns.keys()].toSorted().join(', ');
  throw new BadQuery('sort', `There is no column ${column}; known are ${known}, each with a - before it for descending.`);
}

/** The columns named by `fields=name,status`; undefined for all. Throws BadQuery. */
export function parseFields(type: ResourceType, text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const fields = [...new Set(text.split(',').map((field) => field.trim()))];
  const columns = columnsOf(type);
  const unknown = fields.find((field) => !columns.has(field));
  if (unknown === undefined) return fields;
  throw new BadQuery('fields', `There is no column ${unknown}; known are ${[...columns.keys()].toSorted().join(', ')}.`);
}

export function cursorOf(type: ResourceType, { column, isDescending }: Sort, { at, key }: Place): string {
  return Buffer.from(JSON.stringify([type, column, isDescending, at, key])).toString('base64url');
}

/** Throws BadQuery for what was not given out for this order. */
export function readCursor(type: ResourceType, sort: Sort, cursor: string): Place {
  const place = parsed(cursor);
  const [ofType, column, isDescending, at, key] = Array.isArray(place) ? (place as unknown[]) : [];
  const isKey = at === null || typeof at === 'string' || typeof at === 'number';
  if (typeof key !== 'string' || !isKey) throw new BadQuery('cursor', 'The cursor is not one this server gave.');
  if (ofType !== type || column !== sort.column || isDescending !== sort.isDescending)
    throw new BadQuery('cursor', 'The cursor belongs to another list or order; begin again without it.');
  return { at, key };
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
