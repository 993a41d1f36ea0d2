import { createHash } from 'node:crypto';
import type { ClusterSpec } from '#controller/kinds/cluster.ts';
import type { CloudAuth, Identified } from '#controller/openstack/cloud-auth.ts';
import { type CloudConfig, type Clouds, loadClouds } from '#controller/openstack/clouds-yaml.ts';
import { writeCloudsYaml } from '../cloud-source.ts';
import type { StoredObject } from './kube-door.ts';

/** Credentials as a person gives them. Holds secrets. */
export interface GivenCredentials {
  /** Text of a clouds.yaml ... */
  readonly cloudsYaml?: string;
  /** ... and of the secure.yaml that goes with it; */
  readonly secureYaml?: string;
  /** or one entry of a clouds.yaml, as an object. */
  readonly entry?: object;
  /** Which entry; the only one when absent. */
  readonly cloud?: string;
}

export type ConnectionOverrides = Pick<ClusterSpec, 'region' | 'interface' | 'caBundle'>;

/** What may be shown of credentials. */
export interface CredentialsView {
  readonly kind: CloudAuth['method'];
  readonly authUrl: string;
  /** By name where it is known, else by id. */
  readonly user?: string;
  readonly project?: string;
  readonly applicationCredential?: string;
  readonly verify: boolean;
  readonly clientCertificate: boolean;
}

export function entriesOf({ cloudsYaml, secureYaml, entry, cloud }: GivenCredentials): Clouds {
  const text = entry === undefined ? cloudsYaml : JSON.stringify({ clouds: { [cloud ?? 'cloud']: entry } });
  return loadClouds({
    ...(text !== undefined && { cloudsYaml: text }),
    ...(secureYaml !== undefined && { secureYaml }),
    ...(cloud !== undefined && { cloud }),
  });
}

/** Throws CloudConfigError, which names the field and never a secret. */
export function configOf(given: GivenCredentials, { region, interface: face, caBundle }: ConnectionOverrides): CloudConfig {
  return entriesOf(given).get({
    ...(given.cloud !== undefined && { cloud: given.cloud }),
    ...(region !== undefined && { region }),
    ...(face !== undefined && { interface: face }),
    ...(caBundle !== undefined && { caBundle }),
  });
}

/**
 * The clouds.yaml to store, under an entry of the name the Cluster asks for. What the Cluster's spec says itself is left to it: there it can be
 * seen and changed. Holds secrets.
 */
export function storedForm(config: CloudConfig, { cloud, region, caBundle }: Pick<ClusterSpec, 'cloud' | 'region' | 'caBundle'>): string {
  const { region: ownRegion, ca, ...rest } = config;
  return writeCloudsYaml({
    ...rest,
    name: cloud ?? config.name,
    ...(region === undefined && ownRegion !== undefined && { region: ownRegion }),
    ...(caBundle === undefined && ca !== undefined && { ca }),
  });
}

export function describeCredentials({ auth, authUrl, verify, clientCertificate }: CloudConfig): CredentialsView {
  const project = auth.method === 'application_credential' ? undefined : auth.project;
  const user = auth.method === 'token' ? undefined : auth.user;
  return {
    kind: auth.method,
    authUrl,
    ...(user && { user: called(user) }),
    ...(project && { project: called(project) }),
    ...(auth.method === 'application_credential' && { applicationCredential: auth.id ?? auth.name ?? '' }),
    verify,
    clientCertificate: clientCertificate !== undefined,
  };
}

function called({ name, id }: Identified): string {
  return name ?? id ?? '';
}

/** Another one after each write of the Secret; nothing of what it holds goes into it. */
export function fingerprintOf({ metadata: { uid, resourceVersion } }: StoredObject): string {
  return createHash('sha256').update(`${uid} ${resourceVersion}`).digest('hex').slice(0, 16);
}

/** What a Cluster finds in its Secret. Throws CloudConfigError. */
export function storedConfig(secret: StoredObject, spec: ClusterSpec): CloudConfig | undefined {
  const encoded = (secret['data'] as Record<string, string> | undefined)?.[spec.credentialsSecretRef.key ?? 'clouds.yaml'];
  if (encoded === undefined) return undefined;
  const cloudsYaml = Buffer.from(encoded, 'base64').toString('utf8');
  return configOf({ cloudsYaml, ...(spec.cloud !== undefined && { cloud: spec.cloud }) }, spec);
}
