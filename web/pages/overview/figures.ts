import type { Cause, DriftOverTime, Figures, HealthOverTime, Hypervisor, Quota, StateCount } from '../../data/overview.ts';
import { causes } from '../../data/overview.ts';
import type { ChartPoint, ChartSeries, ChartTone } from '../../elements/chart-series.ts';

/** What the range of the charts can be, and how long each is. */
export const ranges = { '1h': 3600, '6h': 6 * 3600, '24h': 86_400, '7d': 7 * 86_400, '30d': 30 * 86_400 } as const;
export type RangeName = keyof typeof ranges;

export function rangeNamed(name: string | null): RangeName {
  return name !== null && Object.hasOwn(ranges, name) ? (name as RangeName) : '24h';
}

/** A line a cloud, each leading to it. */
export function healthLines(
  { at, clouds }: HealthOverTime,
  isSeen: (cluster: string) => boolean,
  valueOf: (cloud: HealthOverTime['clouds'][number], index: number) => number | null,
): ChartSeries[] {
  const times = at.map((time) => Date.parse(time));
  return clouds
    .filter(({ cluster }) => isSeen(cluster))
    .map((cloud) => {
      const href = `/clusters/${cloud.cluster}`;
      return { name: cloud.cluster, href, points: times.map((x, index) => ({ x, y: valueOf(cloud, index), href })) };
    });
}

/** Per cent of the calls that failed; of a cloud that did not answer at all, all. */
export function errorRate({ asked, reachable, calls, errors }: HealthOverTime['clouds'][number], index: number): number | null {
  const [sent, failed] = [calls[index] ?? null, errors[index] ?? null];
  if (sent === null || failed === null) return null;
  if (sent > 0) return Math.round((1000 * failed) / sent) / 10;
  if ((asked[index] ?? 0) === 0) return null;
  return reachable[index] === 0 ? 100 : 0;
}

const causeTones: Readonly<Record<Cause, ChartTone>> = { drifted: 'warning', missing: 'danger', contested: 'brand', undeclared: 'neutral' };

/** A line a cause, over the clouds that are seen. */
export function driftLines(
  { at, clouds }: DriftOverTime,
  isSeen: (cluster: string) => boolean,
  nameOf: (cause: Cause) => string,
): ChartSeries[] {
  const seen = clouds.filter(({ cluster }) => isSeen(cluster));
  const times = at.map((time) => Date.parse(time));
  return causes.map((cause) => {
    const href = `/drift?cause=${cause}`;
    const sums = sumOf(
      seen.map((cloud) => cloud[cause]),
      times.length,
    );
    return { name: nameOf(cause), tone: causeTones[cause], href, points: times.map((x, index) => ({ x, y: sums[index] ?? null, href })) };
  });
}

/** At each time the sum of what is known; null where nothing is. */
function sumOf(lists: readonly Figures[], length: number): (number | null)[] {
  return Array.from({ length }, (_, index) => {
    const known = lists.flatMap((list) => list[index] ?? []);
    return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0);
  });
}

/** What has drifted now over the clouds that are seen, and the clouds of which nobody knows. */
export function driftNow({ clouds }: DriftOverTime, isSeen: (cluster: string) => boolean) {
  const seen = clouds.filter(({ cluster }) => isSeen(cluster));
  const sum = (cause: Cause) => seen.reduce((total, { now }) => total + (now?.[cause] ?? 0), 0);
  return {
    counts: Object.fromEntries(causes.map((cause) => [cause, sum(cause)])) as Readonly<Record<Cause, number>>,
    unknown: seen.filter(({ now }) => now === null).map(({ cluster }) => cluster),
  };
}

const stateTones: Readonly<Record<string, ChartTone>> = {
  ACTIVE: 'success',
  ERROR: 'danger',
  MISSING: 'danger',
  SHUTOFF: 'neutral',
  BUILD: 'brand',
  DECLARED: 'brand',
  UNKNOWN: 'warning',
};

/** A segment a state, each leading to the instances in it. */
export function stateSegments(states: readonly StateCount[], none: string): ChartPoint[] {
  return states.map(({ value, count }) => {
    const tone = stateTones[value ?? ''];
    return {
      x: value ?? none,
      y: count,
      href: `/resources/server?filter=${encodeURIComponent(`status:${value ?? '""'}`)}`,
      ...(tone && { tone }),
    };
  });
}

export const resources = ['vcpus', 'memory', 'disk'] as const;
export type Resource = (typeof resources)[number];

export interface Use {
  readonly used: number;
  /** Null: there is no limit. */
  readonly total: number | null;
}

/** What one cloud has and how much of it is taken: of its hosts where they are shown, else of what our project may take. */
export interface Capacity {
  readonly cluster: string;
  readonly of: 'hosts' | 'quotas';
  /** CPUs, MiB, GiB. */
  readonly uses: Readonly<Partial<Record<Resource, Use>>>;
}

const quotaNames: Readonly<Record<Resource, string>> = { vcpus: 'cores', memory: 'ramMiB', disk: 'gigabytes' };

/** The fullest first. */
export function capacities(hosts: readonly Hypervisor[], quotas: readonly Quota[], isSeen: (cluster: string) => boolean): Capacity[] {
  const clusters = [...new Set([...hosts, ...quotas].map(({ cluster }) => cluster))].filter(isSeen);
  const found = clusters.map((cluster): Capacity => {
    const own = hosts.filter((host) => host.cluster === cluster);
    if (own.length > 0) return { cluster, of: 'hosts', uses: usesOfHosts(own) };
    const limits = quotas.filter((quota) => quota.cluster === cluster);
    const use = (resource: Resource) => limits.find(({ name }) => name === quotaNames[resource]);
    const uses = resources.flatMap((resource) => {
      const one = use(resource);
      return one ? [[resource, { used: one.used, total: one.limit }] as const] : [];
    });
    return { cluster, of: 'quotas', uses: Object.fromEntries(uses) };
  });
  return found
    .filter(({ uses }) => Object.keys(uses).length > 0)
    .toSorted((a, b) => fullest(b) - fullest(a) || (a.cluster < b.cluster ? -1 : 1));
}

function usesOfHosts(hosts: readonly Hypervisor[]): Capacity['uses'] {
  const sum = (of: (host: Hypervisor) => number) => hosts.reduce((total, host) => total + of(host), 0);
  return {
    vcpus: { used: sum((host) => host.vcpusUsed), total: sum((host) => host.vcpus) },
    memory: { used: sum((host) => host.memoryMiBUsed), total: sum((host) => host.memoryMiB) },
    disk: { used: sum((host) => host.diskGiBUsed), total: sum((host) => host.diskGiB) },
  };
}

/** From 0 on; more than 1 where more is promised than there is. */
export function shareOf({ used, total }: Use): number | undefined {
  return total === null || total === 0 ? undefined : used / total;
}

function fullest({ uses }: Capacity): number {
  return Math.max(0, ...Object.values(uses).map((use) => shareOf(use) ?? 0));
}

/** Over all clouds of one sort; a resource that one of them has no limit of has none together. */
export function together(capacities: readonly Capacity[], of: Capacity['of']): Capacity['uses'] {
  const own = capacities.filter((one) => one.of === of);
  return Object.fromEntries(
    resources.flatMap((resource) => {
      const uses = own.flatMap(({ uses: each }) => each[resource] ?? []);
      if (uses.length === 0) return [];
      const used = uses.reduce((sum, one) => sum + one.used, 0);
      const total = uses.some((one) => one.total === null) ? null : uses.reduce((sum, one) => sum + (one.total ?? 0), 0);
      return [[resource, { used, total }] as const];
    }),
  );
}
