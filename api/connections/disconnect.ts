import { apiGroup, apiVersion, kinds } from '#controller/kinds/index.ts';
import { clusterPath, clustersPath, madeFor, specOf } from './cluster-object.ts';
import { ask, each, find, type KubeDoor, KubeRefused, type StoredObject, secretPath } from './kube-door.ts';

/** An object by its place. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Users {
  readonly objects: readonly ObjectRef[];
  /** There are more than those. */
  readonly more: boolean;
}

const mostNamed = 20;

/** Declared objects that name a Cluster; at most 20. */
export async function usersOf(door: KubeDoor, cluster: string): Promise<Users> {
  const objects: ObjectRef[] = [];
  for (const { kind, plural } of kinds) {
    for await (const { metadata, ...rest } of each(door, `/apis/${apiGroup}/${apiVersion}/${plural}`)) {
      if ((rest['spec'] as { clusterRef?: { name?: string } } | undefined)?.clusterRef?.name !== cluster) continue;
      if (objects.length === mostNamed) return { objects, more: true };
      objects.push({ kind, namespace: metadata.namespace ?? '', name: metadata.name });
    }
  }
  return { objects, more: false };
}

/** The Secret that goes with a Cluster: made for it, and used by no other. */
export async function secretOf(door: KubeDoor, cluster: StoredObject): Promise<StoredObject | undefined> {
  const { namespace, name } = specOf(cluster).credentialsSecretRef;
  const secret = await find(door, secretPath({ namespace, name }));
  if (secret?.metadata.annotations?.[madeFor] !== cluster.metadata.name) return undefined;
  for await (const other of each(door, clustersPath)) {
    const ref = specOf(other).credentialsSecretRef;
    if (other.metadata.name !== cluster.metadata.name && ref.namespace === namespace && ref.name === name) return undefined;
  }
  return secret;
}

/**
 * Deletes a Cluster and then the Secret that goes with it, both only as they were read. Resolves to why the Secret stays although it should not;
 * throws KubeRefused when the Cluster stays.
 */
export async function disconnect(door: KubeDoor, cluster: StoredObject, secret: StoredObject | undefined): Promise<string | undefined> {
  await remove(door, clusterPath(cluster.metadata.name), cluster);
  if (!secret) return undefined;
  const { namespace = '', name } = secret.metadata;
  try {
    await remove(door, secretPath({ namespace, name }), secret);
    return undefined;
  } catch (error) {
    if (!(error instanceof KubeRefused)) throw error;
    return error.status === 404 ? undefined : `Secret ${namespace}/${name} is still there: ${error.message}`;
  }
}

async function remove(door: KubeDoor, path: string, { metadata: { uid } }: StoredObject): Promise<void> {
  await ask(door, { method: 'DELETE', path, body: { preconditions: { uid } } });
}
