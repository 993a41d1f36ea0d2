import type { AnyAction, Look } from '#controller/actions/action.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { NoConnection } from '#controller/engine/ports.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import { TRACKED, type Tracked } from '#controller/inventory/tracked.ts';
import type { DeclaredObjects } from '#controller/operations/declared.ts';
import type { Clouds } from '#controller/operations/runner.ts';
import type { Place } from '../auth/decide.ts';
import type { Permission } from '../auth/permissions.ts';

/** What actions are thought over with: what the clouds hold, and who declared it. */
export interface World {
  readonly clouds: Clouds;
  readonly objects: DeclaredObjects;
}

/** One resource, or with `id` undefined a cloud, as an action sees it. */
export interface Seen {
  readonly cluster: string;
  readonly look: Look<never>;
  /** Where one needs a permission: in the namespace of its object, or everywhere in the cluster when nobody declared it. */
  readonly place: Place;
  readonly name: string;
  readonly object?: KubeObject;
}

/** Sees many resources with one reading of the objects of each cluster. */
export function createSight({ clouds, objects }: World) {
  const finders = new Map<string, ReturnType<DeclaredObjects['inCluster']>>();
  const finderOf = (cluster: string) => {
    const found = finders.get(cluster) ?? objects.inCluster(cluster);
    finders.set(cluster, found);
    return found;
  };
  /** Undefined when the cloud holds no such thing. */
  return (cluster: string, type: ResourceType, id: string | undefined): Seen | NoConnection | undefined => {
    const cloud = clouds.look(cluster);
    if ('reason' in cloud) return cloud;
    const { inventory } = cloud;
    if (id === undefined) {
      return { cluster, look: { target: undefined, inventory } as unknown as Look<never>, place: { cluster, namespace: '*' }, name: '' };
    }
    const target: object | undefined = inventory.get(type, id);
    if (!target) return undefined;
    const find = finderOf(cluster);
    const object = find(type, id);
    const namespace = object?.metadata.namespace ?? '*';
    const look = {
      target,
      inventory,
      ...(object && {
        declared: {
          spec: object.spec,
          nameOf: (other: ResourceType, otherId: string) => {
            const manager = find(other, otherId);
            return manager?.metadata.namespace === namespace ? manager.metadata.name : undefined;
          },
        },
      }),
      managerOf: (other: ResourceType, otherId: string) => {
        const manager = find(other, otherId);
        return manager && `${manager.kind} ${manager.metadata.namespace}/${manager.metadata.name}`;
      },
    } as unknown as Look<never>;
    const name = (TRACKED[type] as unknown as Tracked<object>).name(target);
    return { cluster, look, place: { cluster, namespace }, name, ...(object && { object }) };
  };
}

export type Sight = ReturnType<typeof createSight>;

/** The permission an action names, which the policy table has. */
export function permissionOf(action: AnyAction): Permission {
  return action.permission as Permission;
}
