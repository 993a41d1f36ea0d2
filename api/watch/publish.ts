import type { KubeObject } from '#controller/engine/object.ts';
import type { StoreChange } from '#controller/engine/object-store.ts';
import type { RowChange } from '#controller/lists/feed.ts';
import { typeOfKind } from '#controller/lists/noun.ts';
import { present } from '#controller/lists/present.ts';
import { readPermission } from '../routes/resource-access.ts';
import type { Hub } from './hub.ts';

/** Tells the hub of rows of lists, each as the list gives it out. */
export function publishRow(hub: Hub, row: RowChange): void {
  const { type, key, after } = row;
  const { cluster, namespace } = after ?? row.before ?? { cluster: '*', namespace: '*' };
  const body = () => (after ? present(after) : null);
  hub.publish({ resource: type, permission: readPermission(type), place: { cluster, namespace }, key, row, body });
}

/** Tells the hub of declared objects, in short: the Kubernetes API has the rest. */
export function publishObject(hub: Hub, change: StoreChange): void {
  const { object, type: what } = change;
  const { name, namespace = '' } = object.metadata;
  const body = () => (what === 'deleted' ? null : shortOf(object));
  if (object.kind === 'Cluster') {
    hub.publish({ resource: 'cluster', permission: 'cluster.read', place: { cluster: name, namespace: '*' }, key: name, body });
    return;
  }
  const type = typeOfKind.get(object.kind);
  if (!type) return;
  const place = { cluster: clusterOf(object), namespace };
  hub.publish({ resource: 'object', permission: readPermission(type), place, key: `${object.kind}/${namespace}/${name}`, body });
}

function shortOf(object: KubeObject): object {
  const { kind, metadata, status } = object;
  const { name, namespace = '', uid, generation, resourceVersion, deletionTimestamp } = metadata;
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
  const ready = condition('Ready');
  return {
    kind,
    namespace,
    name,
    uid,
    generation,
    resourceVersion,
    observedGeneration: status?.observedGeneration ?? 0,
    cluster: kind === 'Cluster' ? name : clusterOf(object),
    ready: ready?.status ?? 'Unknown',
    reason: ready?.reason ?? '',
    message: ready?.message ?? '',
    stalled: condition('Stalled')?.status === 'True',
    drifted: (status?.drift ?? []).length > 0,
    deleting: deletionTimestamp !== undefined,
  };
}

function clusterOf(object: KubeObject): string {
  return (object.spec as { clusterRef?: { name?: string } }).clusterRef?.name ?? '';
}
