import type { KubeConfig, KubernetesObject } from '@kubernetes/client-node';
import { createOrPatch } from './manifests.ts';

const apiVersion = 'openstack.stackwarden.io/v1alpha1';

/** The Cluster every example names. */
export const defaultCluster = 'main';

/**
 * Declares the cloud that `npm start` was given as Cluster `main` with its credentials in a Secret: the same two objects
 * a person would apply. A Cluster that is there keeps its other fields.
 */
export async function declareCluster(kubeConfig: KubeConfig, options: { cloud: string; cloudsYaml: string }): Promise<void> {
  const secret: KubernetesObject & { type: string; stringData: Record<string, string> } = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cloud-main', namespace: 'default' },
    type: 'Opaque',
    stringData: { 'clouds.yaml': options.cloudsYaml },
  };
  const cluster: KubernetesObject & { spec: object } = {
    apiVersion,
    kind: 'Cluster',
    metadata: { name: defaultCluster },
    spec: { cloud: options.cloud, credentialsSecretRef: { namespace: 'default', name: 'cloud-main', key: 'clouds.yaml' } },
  };
  await createOrPatch(kubeConfig, secret);
  await createOrPatch(kubeConfig, cluster);
}
