import type { ImportFilter } from '#controller/engine/kind.ts';
import type { CloudInventory, Resources, ResourceType } from '#controller/inventory/inventory.ts';
import { TRACKED, type Tracked } from '#controller/inventory/tracked.ts';
import { isMadeByCloud } from '#controller/inventory/undeclared.ts';
import type { CloudHandle } from './handle.ts';

/** Ids of the rows of our own project that `filter` picks, in order; what the cloud makes by itself is not among them. */
export function candidatesOf({ inventory }: CloudHandle, type: ResourceType, filter: ImportFilter): readonly string[] {
  const tracked = TRACKED[type] as unknown as Tracked<Resources[ResourceType]>;
  const own = ownProject(inventory);
  const isOurs = (row: Resources[ResourceType]) => {
    const project = tracked.project?.(row);
    return project === undefined || project === own;
  };
  const isCandidate = (row: Resources[ResourceType]) =>
    isOurs(row) && tracked.isGone?.(row) !== true && !isMadeByCloud(type, row) && isPicked(row, tracked.name(row), filter);
  return [...inventory.all(type)]
    .filter(isCandidate)
    .map((row) => tracked.id(row))
    .toSorted();
}

/** Security groups are listed for our project alone, and every project has one. */
function ownProject(inventory: CloudInventory): string | undefined {
  for (const { project_id } of inventory.all('security_group')) return project_id;
  return undefined;
}

function isPicked(row: object, name: string, filter: ImportFilter): boolean {
  const tags: unknown = 'tags' in row ? row.tags : undefined;
  const metadata: unknown = 'metadata' in row ? row.metadata : undefined;
  const texts = (typeof metadata === 'object' && metadata !== null ? metadata : {}) as Record<string, unknown>;
  return (
    (filter.name === undefined || filter.name === name) &&
    (filter.tags ?? []).every((tag) => Array.isArray(tags) && tags.includes(tag)) &&
    Object.entries(filter.metadata ?? {}).every(([key, value]) => Object.hasOwn(texts, key) && texts[key] === value)
  );
}
