import { ask } from './http.ts';
import { type Manifest, readManifests } from './manifests.ts';

/** A resource that nobody declared. */
export interface Undeclared {
  readonly type: string;
  /** The kind that could stand for it; absent when none could. */
  readonly kind?: string;
  readonly id: string;
  readonly name: string;
  readonly createdAt?: string;
}

export interface UndeclaredPage {
  readonly items: readonly Undeclared[];
  /** Types that could not be listed. */
  readonly unseen: readonly string[];
  readonly next?: string;
}

export interface UndeclaredQuery {
  readonly kind?: string;
  readonly name?: string;
  readonly cursor?: string;
}

/** Manifests of what exists, and what is not among them. */
export interface Exported {
  readonly manifests: readonly Manifest[];
  readonly leftOut: readonly { readonly kind: string; readonly id: string; readonly name: string; readonly reason: string }[];
  readonly notes: readonly string[];
}

/** Kinds with a cloud resource, those first that others are built on. */
export const declarableKinds = [
  'Network',
  'Subnet',
  'SecurityGroup',
  'Port',
  'Router',
  'KeyPair',
  'Image',
  'Volume',
  'VolumeSnapshot',
  'ServerGroup',
  'Instance',
  'InstanceSnapshot',
  'FloatingIP',
] as const;

/** How many selectors one export takes. */
export const mostSelectors = 200;

/** What a cloud holds and nobody declared, a page. Throws Problem. */
export function undeclaredOf(cluster: string, { kind, name, cursor }: UndeclaredQuery, signal?: AbortSignal): Promise<UndeclaredPage> {
  return ask<UndeclaredPage>(`/api/v1/clusters/${encodeURIComponent(cluster)}/undeclared`, {
    query: { limit: 500, kind, name: patternOf(name), cursor },
    ...(signal && { signal }),
  });
}

/** What somebody types is looked for anywhere in the name, unless it is a pattern. */
export function patternOf(text = ''): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return /[*?]/.test(trimmed) ? trimmed : `*${trimmed}*`;
}

/** Manifests that import what nobody declared; each selector as `kind=Volume`, `name=web-*`, `tag=prod`, `id=…`. Throws Problem. */
export function exportUndeclared(cluster: string, namespace: string, select: readonly string[]): Promise<Exported> {
  return ask<Exported>(`/api/v1/clusters/${encodeURIComponent(cluster)}/export`, {
    method: 'POST',
    body: { namespace, select },
    timeoutMs: 120_000,
  });
}

/** What is declared for a cloud, as it stands. Throws Problem. */
export async function exportDeclared(
  cluster: string,
  { kinds, name }: { kinds: readonly string[]; name: string | undefined },
): Promise<readonly Manifest[]> {
  const wanted = kinds.length > 0 ? declarableKinds.filter((kind) => kinds.includes(kind)) : declarableKinds;
  const all = await Promise.all(wanted.map((kind) => readManifests(kind)));
  const fits = matching(name);
  return all
    .flat()
    .filter(({ metadata, spec }) => (spec?.['clusterRef'] as { name?: string } | undefined)?.name === cluster && fits(metadata.name));
}

/** Whether a name fits a pattern in which `*` stands for any characters and `?` for one; without a pattern all do. */
export function matching(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined || pattern === '') return () => true;
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const whole = new RegExp(`^${source}$`, 'su');
  return (name) => whole.test(name);
}

/** The same manifests, taken over: from then on differences are corrected. */
export function managed(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.map((one) => ({ ...one, spec: { ...one.spec, managementPolicy: 'Manage' } }));
}
