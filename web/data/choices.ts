import { cloudStates, readCloudStates } from './cloud-states.ts';
import type { ObjectName } from './declare.ts';
import { ask } from './http.ts';
import { may, session } from './session.ts';

/** A row of a list, to be chosen from; it has the columns that were asked for. */
export interface ChoiceRow {
  readonly cluster: string;
  readonly id: string | null;
  readonly name: string;
  readonly status?: string;
  readonly declared: (ObjectName & { readonly ready: string }) | null;
  readonly [column: string]: unknown;
}

const atOnce = 1000;

/** What a cloud has of a type, by name; the first thousand. Throws Problem. */
export async function choicesOf(
  type: string,
  cluster: string,
  fields: readonly string[] = [],
  signal?: AbortSignal,
): Promise<readonly ChoiceRow[]> {
  const { items } = await ask<{ items: readonly ChoiceRow[] }>(`/api/v1/resources/${type}`, {
    query: {
      filter: `cluster:${cluster}`,
      sort: 'name',
      limit: atOnce,
      fields: [...new Set(['name', 'status', 'declared', ...fields])].join(','),
    },
    ...(signal && { signal }),
  });
  return items;
}

export interface Quota {
  readonly service: string;
  readonly name: string;
  readonly used: number;
  /** Null: there is none. */
  readonly limit: number | null;
}

/** What is used of the quotas of a cloud; empty when that is not known. Throws Problem. */
export async function quotasOf(cluster: string, signal?: AbortSignal): Promise<readonly Quota[]> {
  if (!may('catalog.read', { cluster, namespace: '*' })) return [];
  return (await ask<{ items: readonly Quota[] }>('/api/v1/quotas', { query: { cluster }, ...(signal && { signal }) })).items;
}

/** Names of the clusters the person may see. Throws Problem. */
export async function clusterNames(): Promise<readonly string[]> {
  if (cloudStates.value === undefined && may('cluster.read')) await readCloudStates();
  const granted = session.value?.permissions.flatMap(({ places }) => places.map(({ cluster }) => cluster)) ?? [];
  const known = cloudStates.value?.map(({ name }) => name) ?? [];
  return [...new Set([...known, ...granted.filter((name) => name !== '*')])].toSorted();
}

/** Names of namespaces: all there are, or where one may not list them, those one has a role in. */
export async function namespaceNames(): Promise<readonly string[]> {
  const granted = session.value?.permissions.flatMap(({ places }) => places.map(({ namespace }) => namespace)) ?? [];
  const own = [...new Set(granted.filter((name) => name !== '*'))];
  if (!may('namespace.read', { cluster: '*', namespace: '*' })) return own.toSorted();
  const { items } = await ask<{ items: readonly { metadata: { name: string } }[] }>('/api/v1/namespaces', { query: { limit: 500 } });
  const names = items.map(({ metadata }) => metadata.name).filter((name) => !name.startsWith('kube-'));
  return [...new Set([...names, ...own])].toSorted();
}

/** Whether a cloud answers, as far as that is known. */
export function isUp(cluster: string): boolean {
  const health = cloudStates.value?.find(({ name }) => name === cluster)?.health ?? 'up';
  return health === 'up' || health === 'partly';
}

/** The first cluster that answers, as nothing can be chosen in any other. */
export function firstUp(clusters: readonly string[]): string {
  return clusters.find(isUp) ?? clusters[0] ?? '';
}
