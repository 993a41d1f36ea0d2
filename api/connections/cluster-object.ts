import { createHash } from 'node:crypto';
import type { ClusterSpec } from '#controller/kinds/cluster.ts';
import { apiGroup, apiVersion } from '#controller/kinds/index.ts';
import type { StoredObject } from './kube-door.ts';

export const clustersPath = `/apis/${apiGroup}/${apiVersion}/clusters`;
export const clusterPath = (name: string) => `${clustersPath}/${encodeURIComponent(name)}`;

const description = `${apiGroup}/description`;
/** Has an object reconciled when it changes. */
export const lookAt = `${apiGroup}/reconcile-at`;
/** On a Secret: the Cluster it was made for, and goes with. */
export const madeFor = `${apiGroup}/cluster`;

/** Where a connection stands; `reason` says more. */
export type Phase = 'Pending' | 'Reconciling' | 'Ready' | 'Stalled' | 'Disabled' | 'Deleting';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime?: string;
}

export interface ConnectionView {
  readonly name: string;
  readonly uid: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly phase: Phase;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339; absent before its first reconcile. */
  readonly since?: string;
  readonly createdAt: string;
  readonly spec: ClusterSpec;
  readonly conditions: readonly Condition[];
  readonly projectId?: string;
  readonly userId?: string;
  readonly undeclared: Readonly<Record<string, number>>;
}

export function specOf(object: StoredObject): ClusterSpec {
  return object['spec'] as ClusterSpec;
}

/** A Cluster object to be sent. */
export function clusterBody(name: string, spec: object, text: string | undefined): object {
  const annotations = text === undefined || text === '' ? {} : { annotations: { [description]: text } };
  return { apiVersion: `${apiGroup}/${apiVersion}`, kind: 'Cluster', metadata: { name, ...annotations }, spec };
}

/** A merge patch; undefined leaves the text alone, '' takes it off. */
export function describing(text: string | undefined): object {
  return text === undefined ? {} : { annotations: { [description]: text === '' ? null : text } };
}

export function viewOf(object: StoredObject): ConnectionView {
  const { name, uid, creationTimestamp, deletionTimestamp, annotations = {} } = object.metadata;
  const status = (object['status'] ?? {}) as {
    conditions?: readonly Condition[];
    projectId?: string;
    userId?: string;
    undeclared?: Record<string, number>;
  };
  const { conditions = [], projectId, userId, undeclared = {} } = status;
  const spec = specOf(object);
  const ready = conditions.find(({ type }) => type === 'Ready');
  const enabled = spec.enabled !== false;
  const isStalled = conditions.some((condition) => condition.type === 'Stalled' && condition.status === 'True');
  const phase = phaseOf({ isGoing: deletionTimestamp !== undefined, enabled, isStalled, ready: ready?.status });
  return {
    name,
    uid,
    description: annotations[description] ?? '',
    enabled,
    phase,
    reason: ready?.reason ?? 'Pending',
    message: ready?.message ?? 'It was not looked at yet.',
    ...(ready?.lastTransitionTime !== undefined && { since: ready.lastTransitionTime }),
    createdAt: creationTimestamp,
    spec,
    conditions,
    ...(projectId !== undefined && { projectId }),
    ...(userId !== undefined && { userId }),
    undeclared,
  };
}

function phaseOf(at: { isGoing: boolean; enabled: boolean; isStalled: boolean; ready: string | undefined }): Phase {
  if (at.isGoing) return 'Deleting';
  if (!at.enabled) return 'Disabled';
  if (at.ready === undefined) return 'Pending';
  if (at.ready === 'True') return 'Ready';
  return at.isStalled ? 'Stalled' : 'Reconciling';
}

/** Of what people edit: status does not count. */
export function etagOf({ metadata: { uid, generation = 0, annotations = {} } }: StoredObject): string {
  const hash = createHash('sha256').update(JSON.stringify([uid, generation, annotations[description] ?? '']));
  return `"${hash.digest('hex').slice(0, 20)}"`;
}

/** Whether an If-Match header lets a write of this object pass. */
export function isMatched(header: string, etag: string): boolean {
  return header.split(',').some((one) => ['*', etag].includes(one.trim()));
}
