import type { KubeConfig, KubernetesObject } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import type { ServiceName } from '#controller/openstack/cloud.ts';
import type { CloudAuth, Identified } from '#controller/openstack/cloud-auth.ts';
import { type CloudConfig, parseCloudConfig, readCloudSource } from '#controller/openstack/clouds-yaml.ts';
import { createOrPatch } from './manifests.ts';

const apiVersion = 'openstack.stackwarden.io/v1alpha1';

/** The Cluster every example names. */
export const defaultCluster = 'main';

/** What `declareCluster` needs: the entry's name and a clouds.yaml that holds it. */
export interface NamedCloud {
  readonly cloud: string;
  /** Complete in itself: no files, no environment, no secure.yaml. Holds secrets. */
  readonly cloudsYaml: string;
  /** The cloud loses everything when it ends: what is lost is made anew, however much it is. */
  readonly isForgetful?: true;
}

/** The entry `cloud` as openstacksdk finds it (clouds.yaml, secure.yaml, `OS_*`, certificate files). Throws an error naming what is wrong. */
export function readNamedCloud(cloud: string, env: NodeJS.ProcessEnv): NamedCloud {
  return { cloud, cloudsYaml: writeCloudsYaml(parseCloudConfig({ ...readCloudSource(env), cloud })) };
}

/** A clouds.yaml with this one entry, which reads back as the same connection. Holds secrets. */
export function writeCloudsYaml(config: CloudConfig): string {
  const overrides = Object.entries(config.endpointOverrides).map(([service, url]) => [overrideNames[service as ServiceName], url]);
  const entry = {
    auth_type: authTypes[config.auth.method],
    auth: { auth_url: config.authUrl, ...authFields(config.auth) },
    interface: config.interface,
    verify: config.verify,
    ...(config.region ? { region_name: config.region } : {}),
    ...(config.ca ? { cacert: config.ca } : {}),
    ...(config.clientCertificate ? { cert: config.clientCertificate.cert, key: config.clientCertificate.key.reveal() } : {}),
    ...(config.timeoutMs ? { api_timeout: config.timeoutMs / 1000 } : {}),
    ...Object.fromEntries(overrides),
  };
  return stringify({ clouds: { [config.name]: entry } });
}

const authTypes: Record<CloudAuth['method'], string> = {
  password: 'password',
  application_credential: 'v3applicationcredential',
  token: 'v3token',
};
const overrideNames: Record<ServiceName, string> = {
  identity: 'identity_endpoint_override',
  compute: 'compute_endpoint_override',
  'block-storage': 'block_storage_endpoint_override',
  network: 'network_endpoint_override',
  image: 'image_endpoint_override',
};

function authFields(auth: CloudAuth): Record<string, string> {
  switch (auth.method) {
    case 'password':
      return {
        password: auth.password.reveal(),
        ...identified('user', 'username', auth.user),
        ...identified('project', 'project_name', auth.project),
      };
    case 'application_credential':
      return {
        application_credential_secret: auth.secret.reveal(),
        ...(auth.id ? { application_credential_id: auth.id } : {}),
        ...(auth.name ? { application_credential_name: auth.name } : {}),
        ...identified('user', 'username', auth.user),
      };
    case 'token':
      return { token: auth.token.reveal(), ...identified('project', 'project_name', auth.project) };
  }
}

function identified(what: 'user' | 'project', nameField: string, who: Identified | undefined): Record<string, string> {
  if (!who) return {};
  if (who.id) return { [`${what}_id`]: who.id };
  const domain =
    who.domain && ('id' in who.domain ? { [`${what}_domain_id`]: who.domain.id } : { [`${what}_domain_name`]: who.domain.name });
  return { [nameField]: who.name ?? '', ...domain };
}

/**
 * Declares the cloud that `npm start` was given as Cluster `main` with its credentials in a Secret: the same two objects
 * a person would apply. A Cluster that is there keeps its other fields.
 */
export async function declareCluster(kubeConfig: KubeConfig, { cloud, cloudsYaml, isForgetful }: NamedCloud): Promise<void> {
  const secret: KubernetesObject & { type: string; stringData: Record<string, string> } = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cloud-main', namespace: 'default' },
    type: 'Opaque',
    stringData: { 'clouds.yaml': cloudsYaml },
  };
  const cluster: KubernetesObject & { spec: object } = {
    apiVersion,
    kind: 'Cluster',
    metadata: { name: defaultCluster },
    spec: {
      cloud,
      credentialsSecretRef: { namespace: 'default', name: 'cloud-main', key: 'clouds.yaml' },
      ...(isForgetful && { limits: { recreations: 10_000 } }),
    },
  };
  await createOrPatch(kubeConfig, secret);
  await createOrPatch(kubeConfig, cluster);
}
