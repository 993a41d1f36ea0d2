import type { Resources, ResourceType } from './inventory.ts';
import type { Rows } from './rows.ts';
import { stampOf } from './stamp.ts';
import { TRACKED, type Tracked } from './tracked.ts';

/** Says whether an object stands behind this row. */
export type IsDeclared = <T extends ResourceType>(type: T, id: string, resource: Resources[T]) => boolean;

/** A row of our own project without an object. */
export interface UndeclaredRow {
  readonly type: ResourceType;
  readonly id: string;
  readonly name: string;
  /** uid of the object that once made it, if it carries a stamp. */
  readonly ownerUid?: string;
  readonly resource: object;
}

/** Types people declare; flavors and volume types are what the cloud offers, as are the images of others. */
export const DECLARABLE: readonly ResourceType[] = [
  'network',
  'subnet',
  'port',
  'router',
  'floatingip',
  'security_group',
  'keypair',
  'image',
  'volume',
  'volume_snapshot',
  'server_group',
  'server',
];

export function undeclaredRows(rows: Pick<Rows, 'all'>, projectId: string | undefined, isDeclared: IsDeclared): UndeclaredRow[] {
  const found: UndeclaredRow[] = [];
  for (const type of DECLARABLE) {
    const tracked = TRACKED[type] as unknown as Tracked<object>;
    for (const resource of rows.all(type)) {
      const project = tracked.project?.(resource);
      if (project !== undefined && project !== projectId) continue;
      const id = tracked.id(resource);
      if (isMadeByCloud(type, resource) || isDeclared(type, id, resource)) continue;
      const ownerUid = stampOf(type, resource);
      found.push({ type, id, name: tracked.name(resource), resource, ...(ownerUid !== undefined && { ownerUid }) });
    }
  }
  return found;
}

/**
 * What the cloud makes by itself and nobody can declare: service ports, the default security group, and the image a shelved server is
 * kept in.
 */
export function isMadeByCloud(type: ResourceType, resource: object): boolean {
  if (type === 'port') return (resource as Resources['port']).device_owner.startsWith('network:');
  if (type === 'image') return isOfShelvedServer(resource as Resources['image']);
  return type === 'security_group' && (resource as Resources['security_group']).name === 'default';
}

function isOfShelvedServer(image: Resources['image']): boolean {
  return image['image_type'] === 'snapshot' && image['instance_uuid'] !== undefined && (image.name ?? '').endsWith('-shelved');
}
