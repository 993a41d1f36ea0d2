import type { AnyKind } from '#controller/engine/kind.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { ResourceType } from '../inventory/inventory.ts';
import { stampOf } from '../inventory/stamp.ts';
import { RESOURCE_TYPES, TRACKED, type Tracked } from '../inventory/tracked.ts';
import type { CloudHandle } from '../kinds/handle.ts';

/** A cloud resource that an object of `kind` could stand for. */
export interface Resource {
  readonly kind: AnyKind<CloudHandle>;
  readonly type: ResourceType;
  readonly id: string;
  /** As the cloud calls it; '' for none. */
  readonly name: string;
  readonly tags: readonly string[];
}

/** Everything of a cloud that the kinds could stand for, in the order of the kinds; where two kinds could, it is the first one's. */
export function resourcesOf(cloud: CloudHandle, kinds: readonly AnyKind<CloudHandle>[]): Resource[] {
  const seen = new Set<string>();
  return kinds.flatMap((kind) => {
    const ids = kind.candidates(cloud, {});
    // A kind does not tell its resource type; its candidates do.
    const type = RESOURCE_TYPES.find((candidate) => ids.every((id) => cloud.inventory.get(candidate, id) !== undefined));
    if (type === undefined) return [];
    const fresh = ids.filter((id) => !seen.has(`${type}/${id}`));
    for (const id of fresh) seen.add(`${type}/${id}`);
    return fresh.flatMap((id) => {
      const row: object | undefined = cloud.inventory.get(type, id);
      return row === undefined
        ? []
        : [{ kind, type, id, name: (TRACKED[type] as unknown as Tracked<object>).name(row), tags: tagsOf(row) }];
    });
  });
}

const tagsOf = (row: object): readonly string[] => ('tags' in row && Array.isArray(row.tags) ? row.tags : []);

/** Finds the object of a cluster that stands for a resource already, or is about to. */
export type FindObject = (resource: { readonly type: ResourceType; readonly id: string; readonly row: object }) => KubeObject | undefined;

/** By the id in status, the id it asks to import, the stamp while the id is on its way there; of a key pair by its name. */
export function objectsByResource(objects: readonly KubeObject[], cluster: string): FindObject {
  const known = new Map<string, KubeObject>();
  for (const object of objects) {
    const spec = object.spec as { clusterRef?: { name?: string }; import?: { id?: string }; name?: string };
    if (spec.clusterRef?.name !== cluster) continue;
    const keyPair = object.kind === 'KeyPair' ? (spec.name ?? object.metadata.name) : undefined;
    for (const key of [object.status?.id ?? keyPair, spec.import?.id, object.metadata.uid]) if (key) known.set(key, object);
  }
  return ({ type, id, row }) => known.get(id) ?? known.get(stampOf(type, row) ?? '');
}
