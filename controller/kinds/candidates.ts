import type { ImportFilter } from '#controller/engine/kind.ts';
import type { Resources, ResourceType } from '#controller/inventory/inventory.ts';
import { TRACKED, type Tracked } from '#controller/inventory/tracked.ts';
import { isMadeByCloud } from '#controller/inventory/undeclared.ts';
import type { CloudHandle } from './handle.ts';

/** Ids of the rows of our own project that people made and `filter` picks; all of them for an empty filter. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- T ties the rows to what is known of their type.
export function candidatesOf<T extends ResourceType>({ inventory }: CloudHandle, type: T, filter: ImportFilter): readonly string[] {
  const tracked: Tracked<Resources[T]> = TRACKED[type];
  const own = inventory.projectId();
  const isOwn = (row: Resources[T]) => {
    const project = tracked.project?.(row);
    return project === undefined || project === own;
  };
  const rows = filter.name === undefined ? [...inventory.all(type)] : inventory.byName(type, filter.name);
  return rows
    .filter((row) => isOwn(row) && !isMadeByCloud(type, row) && fits(row, filter))
    .map((row) => tracked.id(row))
    .toSorted();
}

function fits(row: object, { tags = [], metadata = {} }: ImportFilter): boolean {
  const given = 'tags' in row && Array.isArray(row.tags) ? (row.tags as readonly unknown[]) : [];
  // An image keeps its properties beside its fields.
  const pairs = ('metadata' in row ? row.metadata : row) as Readonly<Record<string, unknown>> | null;
  return tags.every((tag) => given.includes(tag)) && Object.entries(metadata).every(([key, value]) => pairs?.[key] === value);
}
