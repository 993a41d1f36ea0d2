import { declaredIn } from './cluster-watch.ts';
import type { Connections } from './connections.ts';
import type { Loop } from './engine/loop.ts';
import type { NoConnection } from './engine/ports.ts';
import { type Export, exportManifests } from './export/export-manifests.ts';
import { resourcesOf } from './export/resources.ts';
import { parseSelection } from './export/selection.ts';
import type { ManagedInventory } from './inventory/cloud-inventory.ts';
import type { ResourceType } from './inventory/inventory.ts';
import { DECLARABLE } from './inventory/undeclared.ts';
import { kinds } from './kinds/index.ts';

/** What can be asked about clouds without a write: from the inventories, at no call. */
export interface ClusterViews {
  /** Names of the Cluster objects, in order. */
  names(): readonly string[];
  /** What a Cluster's cloud holds, or why nothing can be said of it. */
  of(cluster: string): ClusterView | NoView;
}

export interface NoView extends NoConnection {
  /** Whether it comes by itself, soon: the first look is under way. */
  readonly passes: boolean;
}

export interface ClusterView {
  /** What nobody declared, by type, name and id. */
  undeclared(): readonly Undeclared[];
  /** Types of resources that could not be listed so far: nothing is known of them. */
  unseen(): readonly ResourceType[];
  /** Manifests for what nobody declared, or the part that `select` picks. Throws BadSelector. */
  export(request: { readonly namespace: string; readonly select: readonly string[] }): Export;
}

/** A resource of the cloud that no object stands for. */
export interface Undeclared {
  readonly type: ResourceType;
  /** The kind that could stand for it, if there is one. */
  readonly kind?: string;
  readonly id: string;
  /** As the cloud calls it; '' for none. */
  readonly name: string;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** uid of the object it was made for, where it carries a stamp. */
  readonly ownerUid?: string;
}

export function createClusterViews({ loop, connections }: { loop: () => Loop; connections: Connections }): ClusterViews {
  return {
    names: () =>
      loop()
        .list('Cluster')
        .map(({ metadata }) => metadata.name)
        .toSorted(),
    of(cluster) {
      const found = connections.look(cluster);
      if ('reason' in found) return { ...found, passes: connections.phase(cluster) === 'listing' };
      const { inventory } = found;
      return {
        undeclared: () =>
          undeclaredOf(inventory, resourcesOf(found, kinds), declaredIn(cluster, { loop, kinds: kinds.map(({ kind }) => kind) })),
        unseen: () => DECLARABLE.filter((type) => inventory.listedAt(type) === 0),
        export: ({ namespace, select }) =>
          exportManifests({
            cloud: found,
            kinds,
            selection: parseSelection(select, kinds),
            cluster,
            namespace,
            objects: kinds.flatMap(({ kind }) => loop().list(kind)),
          }),
      };
    },
  };
}

function undeclaredOf(
  inventory: ManagedInventory,
  resources: ReturnType<typeof resourcesOf>,
  isDeclared: ReturnType<typeof declaredIn>,
): Undeclared[] {
  const kindOf = new Map(resources.map(({ type, id, kind }) => [`${type}/${id}`, kind.kind]));
  const rows = inventory.undeclared(isDeclared).map(({ type, id, name, ownerUid, resource }) => {
    const kind = kindOf.get(`${type}/${id}`);
    const createdAt = createdAtOf(resource);
    return {
      type,
      ...(kind !== undefined && { kind }),
      id,
      name,
      ...(createdAt !== undefined && { createdAt }),
      ...(ownerUid !== undefined && { ownerUid }),
    };
  });
  return rows.toSorted(inOrder);
}

/** By type, name and id: the order of pages. */
export function inOrder(a: Pick<Undeclared, 'type' | 'name' | 'id'>, b: Pick<Undeclared, 'type' | 'name' | 'id'>): number {
  for (const field of ['type', 'name', 'id'] as const) if (a[field] !== b[field]) return a[field] < b[field] ? -1 : 1;
  return 0;
}

/** Nova writes `created`, the others `created_at`, Cinder without a zone; all mean UTC. */
function createdAtOf(resource: object): string | undefined {
  const { created_at: createdAt, created } = resource as { created_at?: unknown; created?: unknown };
  const text = createdAt ?? created;
  if (typeof text !== 'string') return undefined;
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
