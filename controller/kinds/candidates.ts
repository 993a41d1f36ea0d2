import type { ImportFilter } from '#controller/engine/kind.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import { TRACKED, type Tracked } from '#controller/inventory/tracked.ts';
import type { CloudHandle } from './handle.ts';

/** Ids of the rows of our own project that have the name, all the tags and all the metadata; what is not asked for is not looked at. */
export function candidatesOf({ inventory }: CloudHandle, type: ResourceType, filter: ImportFilter): readonly string[] {
  const tracked = TRACKED[type] as unknown as Tracked<object>;
  const own = inventory.projectId();
  const rows: readonly object[] = filter.name === undefined ? [...inventory.all(type)] : inventory.byName(type, filter.name);
  return rows
    .filter((row) => {
      const project = tracked.project?.(row);
      return (project === undefined || project === own) && hasTags(row, filter.tags) && hasMetadata(row, filter.metadata);
    })
    .map((row) => tracked.id(row));
}

function hasTags(row: object, wanted: readonly string[] = []): boolean {
  const tags: unknown = 'tags' in row ? row.tags : undefined;
  return wanted.every((tag) => Array.isArray(tags) && tags.includes(tag));
}

function hasMetadata(row: object, wanted: Readonly<Record<string, string>> = {}): boolean {
  const metadata = 'metadata' in row ? (row.metadata as Readonly<Record<string, unknown>>) : {};
  return Object.entries(wanted).every(([key, value]) => metadata[key] === value);
}
