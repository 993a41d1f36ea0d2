import { stringify } from 'yaml';
import { type ObjectName, type Seen } from './declare.ts';
import { ask } from './http.ts';
import { pluralOf } from './object-progress.ts';
import { stackwardenApi } from './schemas.ts';

/** An object as people declare it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

interface Stored extends Manifest {
  readonly metadata: Manifest['metadata'] & { readonly uid: string; readonly generation?: number };
}

/** As YAML that the server reads the same: documents with lines between, undefined fields left out. */
export function toYaml(manifests: readonly object[]): string {
  return manifests
    .map((one) => stringify(JSON.parse(JSON.stringify(one)), { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
}

const notes = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'finalizers',
  'selfLink',
  'deletionTimestamp',
]);
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Without what the server and its controllers noted in it. */
export function declaredPart(object: Manifest & { readonly status?: unknown }): Manifest {
  const { apiVersion, kind, metadata, status: _status, ...rest } = object;
  const { annotations, ...own } = Object.fromEntries(
    Object.entries(metadata).filter(([name]) => !notes.has(name)),
  ) as Manifest['metadata'] & {
    annotations?: Readonly<Record<string, string>>;
  };
  const kept = Object.entries(annotations ?? {}).filter(([name]) => name !== lastApplied);
  return { apiVersion, kind, metadata: { ...own, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) }, ...rest };
}

/** An object as it is declared now, to be edited, with the version that is. Throws Problem. */
export async function readManifest({ kind, namespace, name }: ObjectName): Promise<{ readonly manifest: Manifest; readonly seen: Seen }> {
  const within = namespace ? `namespaces/${encodeURIComponent(namespace)}/` : '';
  const found = await ask<Stored>(`/apis/${stackwardenApi}/${within}${pluralOf(kind)}/${encodeURIComponent(name)}`);
  const { uid, generation = 1 } = found.metadata;
  const key = `${kind}/${namespace ? `${namespace}/` : ''}${name}`;
  return { manifest: declaredPart(found), seen: { [key]: { uid, generation } } };
}

/** Every object of a kind, as declared. Throws Problem. */
export async function readManifests(kind: string): Promise<readonly Manifest[]> {
  const found: Manifest[] = [];
  for (let next: string | undefined = ''; next !== undefined; ) {
    const page: { items: readonly Manifest[]; metadata: { continue?: string } } = await ask(`/apis/${stackwardenApi}/${pluralOf(kind)}`, {
      query: { limit: 500, continue: next },
    });
    found.push(...page.items.map((one) => declaredPart({ ...one, apiVersion: stackwardenApi, kind })));
    next = page.metadata.continue || undefined;
  }
  return found;
}

/** Has the browser save a text as a file. */
export function download(name: string, text: string, type = 'application/yaml'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
