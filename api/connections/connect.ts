import type { ClusterSpec } from '#controller/kinds/cluster.ts';
import type { CloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { clusterBody, clusterPath, clustersPath, lookAt, madeFor, specOf } from './cluster-object.ts';
import { storedForm } from './credentials.ts';
import { ask, find, type KubeDoor, KubeRefused, type StoredObject, secretPath, secretsPath } from './kube-door.ts';

export interface NewConnection {
  readonly name: string;
  readonly description?: string;
  readonly spec: Omit<ClusterSpec, 'credentialsSecretRef'>;
  /** The credentials for a Secret of our own in this namespace, or a Secret that is there. */
  readonly credentials: { readonly config: CloudConfig; readonly namespace: string } | ClusterSpec['credentialsSecretRef'];
}

const strictly = { fieldValidation: 'Strict' } as const;

/**
 * Makes a Cluster and, unless it is given one, its Secret: both or neither. Throws KubeRefused; nothing is left behind then, or the error says
 * what is.
 */
export async function connect(door: KubeDoor, { name, description, spec, credentials }: NewConnection): Promise<StoredObject> {
  if (!('config' in credentials)) return createCluster(door, name, { ...spec, credentialsSecretRef: credentials }, description);
  const { config, namespace } = credentials;
  const secret = { namespace, name: `cloud-${name}` };
  const { region } = config;
  const whole = { ...spec, cloud: config.name, ...(region !== undefined && { region }), credentialsSecretRef: secret };
  // What is wrong with the Cluster is found before anything is written.
  await createCluster(door, name, whole, description, { dryRun: 'All' });
  const made = await createSecret(door, name, secret, storedForm(config, whole));
  try {
    return await createCluster(door, name, whole, description);
  } catch (error) {
    await undo(door, secret, made, error);
    throw error;
  }
}

function createCluster(
  door: KubeDoor,
  name: string,
  spec: object,
  description: string | undefined,
  query: { readonly dryRun?: 'All' } = {},
): Promise<StoredObject> {
  return ask(door, {
    method: 'POST',
    path: clustersPath,
    query: { ...strictly, ...query },
    body: clusterBody(name, spec, description),
    ...(query.dryRun && { isPartOfPlan: true }),
  });
}

async function createSecret(
  door: KubeDoor,
  cluster: string,
  place: { readonly namespace: string; readonly name: string },
  cloudsYaml: string,
): Promise<StoredObject> {
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...place, annotations: { [madeFor]: cluster } },
    type: 'Opaque',
    stringData: { 'clouds.yaml': cloudsYaml },
  };
  try {
    return await ask(door, { method: 'POST', path: secretsPath(place.namespace), body });
  } catch (error) {
    if (!(error instanceof KubeRefused) || error.reason !== 'AlreadyExists') throw error;
    const there = await find(door, secretPath(place));
    const isLeftOver = there?.metadata.annotations?.[madeFor] === cluster && !(await find(door, clusterPath(cluster)));
    if (!there || !isLeftOver) throw error;
    const { uid, resourceVersion } = there.metadata;
    return ask(door, {
      method: 'PUT',
      path: secretPath(place),
      body: { ...body, metadata: { ...body.metadata, uid, resourceVersion } },
    });
  }
}

/** Removes exactly the Secret that was made; when even that fails, the error to be thrown says so. */
async function undo(
  door: KubeDoor,
  place: { readonly namespace: string; readonly name: string },
  made: StoredObject,
  error: unknown,
): Promise<void> {
  try {
    const preconditions = { uid: made.metadata.uid };
    await ask(door, { method: 'DELETE', path: secretPath(place), body: { preconditions } });
  } catch {
    if (error instanceof Error)
      error.message += ` The Secret ${place.namespace}/${place.name} was made and could not be removed again; try once more, or delete it.`;
  }
}

/**
 * Puts other credentials into the Secret a Cluster names, leaves its other entries alone, and has the Cluster looked at: its Secret is not watched.
 * Throws KubeRefused.
 */
export async function changeCredentials(door: KubeDoor, cluster: StoredObject, config: CloudConfig): Promise<StoredObject> {
  const written = await writeCredentials(door, cluster, config);
  const metadata = { annotations: { [lookAt]: new Date().toISOString() } };
  // Without it the change is noticed all the same, only a minute later.
  await door({ method: 'PATCH', path: clusterPath(cluster.metadata.name), body: { metadata } });
  return written;
}

async function writeCredentials(door: KubeDoor, cluster: StoredObject, config: CloudConfig): Promise<StoredObject> {
  const spec = specOf(cluster);
  const { namespace, name, key = 'clouds.yaml' } = spec.credentialsSecretRef;
  const cloudsYaml = storedForm(config, spec);
  const place = { namespace, name };
  if (await find(door, secretPath(place)))
    return ask(door, { method: 'PATCH', path: secretPath(place), body: { stringData: { [key]: cloudsYaml } } });
  const metadata = { ...place, annotations: { [madeFor]: cluster.metadata.name } };
  const body = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: { [key]: cloudsYaml } };
  return ask(door, { method: 'POST', path: secretsPath(namespace), body });
}
