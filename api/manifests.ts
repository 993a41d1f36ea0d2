import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KubeConfig, type KubernetesObject, KubernetesObjectApi } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';

/** The objects in the YAML files of a directory, files in the order of their names. Throws an error that names file and line. */
export function readManifests(dir: string): KubernetesObject[] {
  const files = readdirSync(dir).filter((name) => /\.ya?ml$/.test(name));
  return files.toSorted().flatMap((name) => parseManifests(readFileSync(join(dir, name), 'utf8'), name));
}

export function parseManifests(text: string, file: string): KubernetesObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`${file}: ${error.message}`);
    const object = document.toJS() as KubernetesObject | null;
    return object ? [object] : [];
  });
}

/** Creates what is not there yet and leaves the rest as it is: what people changed since stays theirs. */
export async function createMissing(kubeConfig: KubeConfig, objects: readonly KubernetesObject[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(kubeConfig);
  for (const object of objects) {
    await api.create(object).catch((error: { code?: number }) => {
      if (error.code !== 409) throw error;
    });
  }
}

/** Creates the object or, when it is there, brings it to this content by a merge patch. */
export async function createOrPatch(kubeConfig: KubeConfig, object: KubernetesObject): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(kubeConfig);
  await api.create(object).catch(async (error: { code?: number }) => {
    if (error.code !== 409) throw error;
    await api.patch(object, undefined, undefined, 'stackwarden', undefined, 'application/merge-patch+json');
  });
}
