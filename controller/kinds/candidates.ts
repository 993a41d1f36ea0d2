import type { ImportFilter } from '#controller/engine/kind.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import { TRACKED, type Tracked } from '#controller/inventory/tracked.ts';
import { isMadeByCloud } from '#controller/inventory/undeclared.ts';
import type { CloudHandle } from './handle.ts';

/**
 * Ids of the rows of a type that an object could take over and `filter` picks: those of our own project that the cloud did not make by
 * itself. A type without projects (key pairs belong to a user) is ours as it is listed.
 */
export function candidatesOf(cloud: CloudHandle, type: ResourceType, filter: ImportFilter): readonly string[] {
  const { inventory } = cloud;
  const tracked = TRACKED[type] as unknown as Tracked<object>;
  const isOurs = (row: object) => [undefined, inventory.projectId].includes(tracked.project?.(row)) && tracked.isGone?.(row) !== true;
  const fits = (row: object) =>
    (filter.name === undefined || tracked.name(row) === filter.name) &&
    hasTags(row, filter.tags) &&
    hasMetadata(type, row, filter.metadata);
  const rows: readonly object[] = filter.name === undefined ? [...inventory.all(type)] : inventory.byName(type, filter.name);
  return rows.filter((row) => isOurs(row) && !isMadeByCloud(type, row) && fits(row)).map((row) => tracked.id(row));
}

function hasTags(row: object, wanted: readonly string[] = []): boolean {
  const tags = 'tags' in row && Array.isArray(row.tags) ? row.tags : [];
  return wanted.every((tag) => tags.includes(tag));
}

function hasMetadata(type: ResourceType, row: object, wanted: Readonly<Record<string, string>> = {}): boolean {
  // Glance keeps an image's properties among its fields.
  const metadata: unknown = type === 'image' ? row : 'metadata' in row ? row.metadata : undefined;
  const held = typeof metadata === 'object' && metadata !== null ? (metadata as Readonly<Record<string, unknown>>) : {};
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(held, key) && held[key] === value);
}
