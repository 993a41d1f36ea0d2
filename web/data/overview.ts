import { ask } from './http.ts';

/** A figure for each time, null where nothing was sampled. */
export type Figures = readonly (number | null)[];

/** Epoch ms. */
export interface Range {
  readonly since: number;
  readonly until: number;
}

interface OverTime<Cloud> {
  /** Seconds. */
  readonly step: number;
  /** RFC 3339. */
  readonly at: readonly string[];
  readonly clouds: readonly ({ readonly cluster: string } & Cloud)[];
}

/** How each cloud answered. */
export type HealthOverTime = OverTime<{
  readonly asked: Figures;
  readonly reachable: Figures;
  readonly calls: Figures;
  readonly errors: Figures;
  readonly p50: Figures;
  readonly p95: Figures;
}>;

export const causes = ['drifted', 'missing', 'contested', 'undeclared'] as const;
export type Cause = (typeof causes)[number];
type DriftCount = Cause | 'stalled';

/** What had drifted, and what has now; `now` null: the cloud is not seen. */
export type DriftOverTime = OverTime<
  { readonly now: Readonly<Record<DriftCount, number>> | null } & { readonly [count in DriftCount]: Figures }
>;

export interface StalledObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly cluster: string;
  readonly id: string;
  readonly reason: string;
  readonly message: string;
  readonly since: string;
}

const time = ({ since, until }: Range) => ({ since: new Date(since).toISOString(), until: new Date(until).toISOString() });

/** Throws Problem. */
export function healthOverTime(range: Range, signal?: AbortSignal): Promise<HealthOverTime> {
  return ask('/api/v1/overview/health', { query: time(range), ...(signal && { signal }) });
}

/** Throws Problem. */
export function driftOverTime(range: Range, signal?: AbortSignal): Promise<DriftOverTime> {
  return ask('/api/v1/overview/drift', { query: time(range), ...(signal && { signal }) });
}

/** Objects that need a person, of those the person may see. Throws Problem. */
export function stalledObjects(signal?: AbortSignal): Promise<{ readonly items: readonly StalledObject[]; readonly total: number }> {
  return ask('/api/v1/overview/stalled', { query: { limit: 500 }, ...(signal && { signal }) });
}

export interface StateCount {
  readonly value: string | null;
  readonly count: number;
}

/** How many instances are in each state, of these clusters; of all when none is named. Throws Problem. */
export async function instancesByState(clusters: readonly string[], signal?: AbortSignal): Promise<readonly StateCount[]> {
  const filter = clusters.length === 0 ? '' : `cluster:${clusters.join(',')}`;
  const query = { column: 'status', filter, limit: 50 };
  const { values } = await ask<{ values: readonly StateCount[] }>('/api/v1/resources/server/facets', { query, ...(signal && { signal }) });
  return values;
}

export interface Hypervisor {
  readonly cluster: string;
  readonly vcpus: number;
  readonly vcpusUsed: number;
  readonly memoryMiB: number;
  readonly memoryMiBUsed: number;
  readonly diskGiB: number;
  readonly diskGiBUsed: number;
}

/** Of the clouds that show them. Throws Problem. */
export async function hypervisors(signal?: AbortSignal): Promise<readonly Hypervisor[]> {
  return (await ask<{ items: readonly Hypervisor[] }>('/api/v1/hypervisors', { ...(signal && { signal }) })).items;
}

export interface Quota {
  readonly cluster: string;
  readonly service: string;
  readonly name: string;
  readonly used: number;
  readonly limit: number | null;
}

/** Throws Problem. */
export async function quotas(signal?: AbortSignal): Promise<readonly Quota[]> {
  return (await ask<{ items: readonly Quota[] }>('/api/v1/quotas', { ...(signal && { signal }) })).items;
}
