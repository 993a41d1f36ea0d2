import { conditionOf } from './conditions.ts';
import type { Priority } from './loop.ts';
import type { KubeObject } from './object.ts';
import { ObjectStore, type StoreChange } from './object-store.ts';
import { canonical } from './plan.ts';
import { CLOUD_IDS, CLUSTER, clusterOf, type ReferenceGraph, TARGETS } from './references.ts';

const BY_CLUSTER = 'cluster';

/**
 * A store that finds objects by cloud id (of what was made, and the uid it is stamped with), by what they refer to, and by cluster.
 * `graph` may be built later than the store.
 */
export function indexedStore(graph: () => ReferenceGraph): ObjectStore {
  return new ObjectStore({
    [CLOUD_IDS]: (object) => (object.status?.id ? [object.metadata.uid, object.status.id] : [object.metadata.uid]),
    [TARGETS]: (object) => graph().targetsOf(object),
    [BY_CLUSTER]: (object) => [clusterOf(object) ?? ''],
  });
}

export function byCloudId(store: ObjectStore, id: string): KubeObject[] {
  return store.by(CLOUD_IDS, id);
}

export function byCluster(store: ObjectStore, cluster: string): KubeObject[] {
  return store.by(BY_CLUSTER, cluster);
}

/** Which objects must be looked at because of a change to one, and how soon. */
export function wakenedBy(change: StoreChange, graph: ReferenceGraph, group: string): { object: KubeObject; priority: Priority }[] {
  const { object } = change;
  const woken: { object: KubeObject; priority: Priority }[] = [];
  if (change.type === 'added') woken.push({ object, priority: change.initial ? 'wake' : 'person' });
  if (change.type === 'changed' && isAsked(change.before, object, group)) woken.push({ object, priority: 'person' });
  if (change.type !== 'changed' || concernsOthers(change.before, object)) {
    for (const other of graph.referrers(object)) woken.push({ object: other, priority: 'wake' });
  }
  // What waits to be deleted until nobody refers to it: this one does no more, perhaps.
  const before = change.type === 'changed' ? change.before : object;
  if (change.type === 'deleted' || (change.type === 'changed' && before.metadata.generation !== object.metadata.generation)) {
    for (const other of graph.referred(before))
      if (other.metadata.deletionTimestamp !== undefined) woken.push({ object: other, priority: 'wake' });
  }
  return woken;
}

/** Somebody asked for something: our own writes (status, finalizer) change none of this. */
function isAsked(before: KubeObject, after: KubeObject, group: string): boolean {
  const asked = (object: KubeObject): unknown => [
    object.metadata.generation ?? 0,
    object.metadata.deletionTimestamp ?? '',
    object.metadata.annotations?.[`${group}/paused`] ?? '',
    object.metadata.annotations?.[`${group}/reconcile-at`] ?? '',
    object.metadata.annotations?.[`${group}/correct-at`] ?? '',
  ];
  return canonical(asked(before)) !== canonical(asked(after));
}

/** What objects that refer to this one wait for. For those of a Cluster also its spec counts: the connection changes with it. */
function concernsOthers(before: KubeObject, after: KubeObject): boolean {
  const shown = (object: KubeObject): unknown => [
    object.status?.id ?? '',
    object.metadata.deletionTimestamp ?? '',
    conditionOf(object, 'Ready')?.status ?? '',
    object.kind === CLUSTER ? (object.metadata.generation ?? 0) : 0,
  ];
  return canonical(shown(before)) !== canonical(shown(after));
}
