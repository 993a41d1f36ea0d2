import type { ApiObject } from './definition.ts';
import { compilePath } from './json-path.ts';
import type { Resource } from './resource.ts';

type Cell = string | number | boolean | null;

interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

/** How a kind's objects become rows. */
export interface Tabulation {
  readonly columns: readonly TableColumn[];
  cells(object: ApiObject, now: number): Cell[];
}

const nameColumn: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  priority: 0,
};

/** Compiles the columns of a kind; `cells` gives the values behind `Name`. */
export function tabulate(resource: Pick<Resource, 'columns' | 'cells'>): Tabulation {
  const readers = resource.columns.map((column) => ({ column, read: compilePath(column.path) }));
  const columns = resource.columns.map((column) => ({
    name: column.name,
    type: column.type,
    format: '',
    description: column.description ?? `Custom resource definition column (in JSONPath format): ${column.path}`,
    priority: column.priority ?? 0,
  }));
  const cells = resource.cells ?? ((object, now) => readers.map(({ column, read }) => cell(read(object), column.type, now)));
  return { columns: [nameColumn, ...columns], cells: (object, now) => [object.metadata.name, ...cells(object, now)] };
}

function cell(found: unknown[], type: string, now: number): Cell {
  const [value] = found;
  if (value === undefined) return null;
  if (type === 'date') return typeof value === 'string' ? age(value, now) : '<invalid>';
  if (type === 'integer' || type === 'boolean') return typeof value === 'number' || typeof value === 'boolean' ? value : null;
  if (found.length > 1) return found.map(text).join(',');
  return text(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Time since an RFC 3339 stamp as kubectl shows it: `5s`, `3m10s`, `7h`, `2d`. */
export function age(since: string | undefined, now: number): string {
  const start = since === undefined ? Number.NaN : Date.parse(since);
  if (Number.isNaN(start)) return '<unknown>';
  const seconds = Math.floor((now - start) / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return days < 8 * 365 && days % 365 !== 0 ? `${years}y${days % 365}d` : `${years}y`;
}

/** What a row carries of its object (`includeObject`). */
export type Include = 'None' | 'Metadata' | 'Object';

/** One row. */
export function row(tabulation: Tabulation, object: ApiObject, now: number, include: Include): object {
  const cells = tabulation.cells(object, now);
  if (include === 'None') return { cells };
  return { cells, object: include === 'Object' ? object : partial(object) };
}

/** A table of rows; `columns` false leaves the definitions out, as watches do after the first event. */
export function table(tabulation: Tabulation, rows: object[], metadata: object, columns = true): object {
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: columns ? tabulation.columns : null, rows };
}

/** The object's metadata alone. */
export function partial(object: ApiObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
