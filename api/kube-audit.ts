import type { Audit } from '#controller/audit/audit.ts';
import type { Json } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import { controllerIdentity } from './auth/identity.ts';
import type { ObjectChange } from './kube/api.ts';
import type { ApiObject } from './kube/definition.ts';

/** The part of a write that decides what is recorded. */
export type KubeChange = Pick<ObjectChange, 'user' | 'before' | 'after'>;

const ourGroup = /^openstack\.stackwarden\.io\//;

/**
 * Records what people declare: who created, changed or deleted which object, and the fields of its spec. Of Secrets only the fact; writes of
 * the reconciler (status, finalizers) are no declarations and are left out.
 */
export async function auditKubeChange(audit: Audit, change: KubeChange): Promise<void> {
  const entry = entryOf(change);
  if (entry) await audit.record(entry);
}

export function entryOf({ user: { user, source }, before, after }: KubeChange): AuditEntry | undefined {
  const object = after ?? before;
  if (!object || user === controllerIdentity.user) return undefined;
  const isSecret = object.apiVersion === 'v1' && object.kind === 'Secret';
  if (!isSecret && !ourGroup.test(object.apiVersion)) return undefined;
  const type = typeOf(before, after);
  const changes = isSecret ? [] : diffJson(before?.spec as Json | undefined, after?.spec as Json | undefined, 'spec');
  if (type === 'SpecChanged' && !isSecret && changes.length === 0) return undefined;
  const { name, namespace = '', uid = '' } = object.metadata;
  const cluster = object.kind === 'Cluster' ? name : (object.spec as { clusterRef?: { name?: string } } | undefined)?.clusterRef?.name;
  return {
    type,
    actor: user,
    ...(cluster ? { cluster } : {}),
    object: { kind: object.kind, namespace, name, uid },
    changes: type === 'SpecChanged' ? changes : [],
    result: 'ok',
    message: `${user} ${words[type]} ${object.kind} ${namespace ? `${namespace}/` : ''}${name}.`,
    requestIds: [],
    ...(source && { source }),
  };
}

type DeclarationType = 'Declared' | 'SpecChanged' | 'DeletionRequested';
const words: Record<DeclarationType, string> = {
  Declared: 'declared',
  SpecChanged: 'changed the declaration of',
  DeletionRequested: 'deleted',
};

function typeOf(before: ApiObject | undefined, after: ApiObject | undefined): DeclarationType {
  if (!before) return 'Declared';
  const isDeleted = !after || (after.metadata.deletionTimestamp !== undefined && before.metadata.deletionTimestamp === undefined);
  return isDeleted ? 'DeletionRequested' : 'SpecChanged';
}

/** Every leaf that differs; lists are compared as a whole. Absent is null. */
export function diffJson(from: Json | undefined, to: Json | undefined, path: string): Change[] {
  if (isMap(from) && isMap(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted();
    return keys.flatMap((key) => diffJson(from[key], to[key], `${path}.${key}`));
  }
  return JSON.stringify(from ?? null) === JSON.stringify(to ?? null) ? [] : [{ path, from: from ?? null, to: to ?? null }];
}

function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
