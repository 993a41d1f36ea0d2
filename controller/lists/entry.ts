import type { KubeObject } from '#controller/engine/object.ts';
import type { CloudInventory, ResourceType } from '../inventory/inventory.ts';
import { TRACKED, type Tracked } from '../inventory/tracked.ts';
import type { Cell } from './cell.ts';
import { type Column, type Names, ownColumns, timesOf } from './columns.ts';

/** A row of a list. It is never changed: a new one takes its place. */
export interface Entry {
  /** `CLUSTER/ID`, or `CLUSTER/~KIND/NAMESPACE/NAME` for what is declared and not in the cloud. */
  readonly key: string;
  readonly type: ResourceType;
  readonly cluster: string;
  /** '' for what was never made. */
  readonly id: string;
  /** Of the object that stands for it; `*` without one: who sees it has to see all of the cluster. */
  readonly namespace: string;
  readonly cells: Readonly<Record<string, Cell>>;
  /** What free text looks in, in small letters, each part between line ends: name, id, addresses, MACs. */
  readonly text: string;
  /** Ids of rows whose names it shows. */
  readonly refs: readonly string[];
}

/** A resource of a cloud, and the object that stands for it, if one does. */
export function presentEntry(
  type: ResourceType,
  cluster: string,
  row: object,
  { inventory, object }: { inventory: CloudInventory; object: KubeObject | undefined },
): Entry {
  const tracked = TRACKED[type] as unknown as Tracked<object>;
  const id = tracked.id(row);
  const refs = new Set<string>();
  const names: Names = {
    inventory,
    name(of, other) {
      refs.add(other);
      const found: object | undefined = inventory.get(of, other);
      return (found && (TRACKED[of] as unknown as Tracked<object>).name(found)) || other;
    },
  };
  const own: Record<string, Cell> = {};
  for (const [name, column] of Object.entries(ownColumns(type))) own[name] = cellOf(column, row, names);
  const { status, tags } = row as { status?: unknown; tags?: unknown };
  const cells = {
    cluster,
    name: tracked.name(row),
    status: typeof status === 'string' ? status : null,
    id,
    ...own,
    ...timesOf(row),
    tags: Array.isArray(tags) ? (tags as readonly string[]) : [],
    project: tracked.project?.(row) ?? null,
    ...declarationOf(object),
    missing: false,
  };
  return {
    key: `${cluster}/${id}`,
    type,
    cluster,
    id,
    namespace: object?.metadata.namespace ?? '*',
    cells,
    text: textOf(cells),
    refs: [...refs],
  };
}

/** A cloud may leave out what its API promises; one odd row must not take the list away. */
function cellOf(column: Column, row: object, names: Names): Cell {
  try {
    return column.of(row, names) ?? null;
  } catch {
    return null;
  }
}

/** An object without a resource in its cloud; `isSeen` says whether the cloud was listed, so that this is known. */
export function absentEntry(type: ResourceType, cluster: string, object: KubeObject, isSeen: boolean): Entry {
  const { namespace = '', name } = object.metadata;
  const spec = object.spec as { name?: unknown };
  const id = object.status?.id ?? '';
  const own: Record<string, Cell> = {};
  for (const column of Object.keys(ownColumns(type))) own[column] = null;
  const known = id === '' ? 'DECLARED' : 'MISSING';
  const cells = {
    cluster,
    name: typeof spec.name === 'string' ? spec.name : name,
    status: isSeen ? known : 'UNKNOWN',
    id: id || null,
    ...own,
    created: null,
    updated: null,
    tags: [],
    project: null,
    ...declarationOf(object),
    missing: isSeen,
  };
  return { key: absentKey(cluster, object), type, cluster, id, namespace, cells, text: textOf(cells), refs: [] };
}

export function absentKey(cluster: string, { kind, metadata }: KubeObject): string {
  return `${cluster}/~${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Whether two rows say the same. */
export function saysTheSame(a: Entry, b: Entry): boolean {
  if (a.namespace !== b.namespace) return false;
  for (const [name, cell] of Object.entries(a.cells)) {
    const other = b.cells[name] as Cell;
    if (cell === other) continue;
    if (!Array.isArray(cell) || !Array.isArray(other) || cell.length !== other.length) return false;
    if (cell.some((part, index) => part !== other[index])) return false;
  }
  return true;
}

function declarationOf(object: KubeObject | undefined) {
  if (!object) return { declared: false, kind: null, namespace: null, object: null, ready: null, drifted: false };
  const ready = object.status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
  const { kind, metadata, status } = object;
  return {
    declared: true,
    kind,
    namespace: metadata.namespace ?? '',
    object: metadata.name,
    ready,
    drifted: (status?.drift ?? []).length > 0,
  };
}

/** Columns that free text looks in. */
export const textColumns: readonly string[] = ['name', 'id', 'addresses', 'macs', 'cidr'];

function textOf(cells: Readonly<Record<string, Cell>>): string {
  const parts = textColumns.flatMap((column) => cells[column]).filter((part) => typeof part === 'string' && part !== '');
  return `\n${parts.join('\n')}\n`.toLowerCase();
}
