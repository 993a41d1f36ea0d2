import type { Priority } from './loop.ts';
import type { KubeObject } from './object.ts';
import { CLUSTER, clusterOf } from './references.ts';
import type { Work } from './workqueue.ts';

/** Line of objects that were never told anything; they need no cloud for that, so a cloud that hangs does not hold them up. */
const NEW = 'new objects';

/** Whether nothing was said about the object yet. To kstatus such an object is fine, which nobody knows. */
export function isNew(object: KubeObject): boolean {
  return object.status?.conditions === undefined && object.metadata.deletionTimestamp === undefined;
}

/** A Cluster's own passes stand in a line of their own: when its cloud hangs, they say so. */
export function workFor(object: KubeObject, priority: Priority): Work {
  const { namespace = '', name } = object.metadata;
  const cluster = object.kind === CLUSTER ? `${CLUSTER} ${name}` : (clusterOf(object) ?? '');
  return { key: `${object.kind}/${namespace}/${name}`, group: isNew(object) ? NEW : cluster, priority };
}
