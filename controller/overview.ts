import type { ClusterHealth } from './clusters.ts';
import { clusterOf } from './connections.ts';
import { conditionOf } from './engine/conditions.ts';
import type { Loop } from './engine/loop.ts';
import type { KubeObject } from './engine/object.ts';
import { WHOLE } from './engine/plan.ts';
import type { DriftCounts } from './health/sample.ts';

/** What is wrong now, over all clouds: from the loop's cache, at no call. */
export interface Overview {
  /** By Cluster; without those whose cloud was not looked at since the start, or does not answer. */
  drift(): ReadonlyMap<string, DriftCounts>;
  /** Objects that need a person, those that began to last first. */
  stalled(): readonly StalledObject[];
}

export interface StalledObject {
  readonly kind: string;
  /** '' for a Cluster. */
  readonly namespace: string;
  readonly name: string;
  readonly cluster: string;
  /** In the cloud; '' for what was never made. */
  readonly id: string;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly since: string;
}

export interface OverviewDeps {
  readonly loop: () => Pick<Loop, 'list'>;
  /** Kinds with a cloud resource. */
  readonly kinds: readonly string[];
  readonly health: (cluster: string) => ClusterHealth | undefined;
}

type Counting = { -readonly [Count in keyof DriftCounts]: DriftCounts[Count] };

export function createOverview({ loop, kinds, health }: OverviewDeps): Overview {
  return {
    drift() {
      const counts = new Map<string, Counting>();
      for (const { metadata } of loop().list('Cluster')) {
        const undeclared = undeclaredIn(health(metadata.name));
        if (undeclared !== undefined) counts.set(metadata.name, { drifted: 0, missing: 0, contested: 0, undeclared, stalled: 0 });
      }
      for (const object of kinds.flatMap((kind) => loop().list(kind))) {
        const counted = counts.get(clusterOf(object));
        if (!counted) continue;
        const cause = causeOf(object);
        if (cause) counted[cause] += 1;
        if (isStalled(object)) counted.stalled += 1;
      }
      return counts;
    },
    stalled: () =>
      ['Cluster', ...kinds]
        .flatMap((kind) => loop().list(kind))
        .flatMap((object) => describe(object) ?? [])
        .toSorted((a, b) => (a.since === b.since ? 0 : a.since < b.since ? 1 : -1)),
  };
}

/** Undefined before everything was listed once, and while nothing can be. */
function undeclaredIn(health: ClusterHealth | undefined): number | undefined {
  if (!health || health.isUnreachable || Object.keys(health.undeclared).length === 0) return undefined;
  return Object.values(health.undeclared).reduce((sum, count) => sum + count, 0);
}

/** The one cause an object is counted under. */
export function causeOf(object: KubeObject): 'drifted' | 'missing' | 'contested' | undefined {
  const drift = object.status?.drift ?? [];
  if (drift.length === 0) return undefined;
  if (drift.some(({ path }) => path === WHOLE)) return 'missing';
  return conditionOf(object, 'Contested')?.status === 'True' ? 'contested' : 'drifted';
}

function isStalled(object: KubeObject): boolean {
  return conditionOf(object, 'Stalled')?.status === 'True';
}

function describe(object: KubeObject): StalledObject | undefined {
  const stalled = conditionOf(object, 'Stalled');
  if (stalled?.status !== 'True') return undefined;
  const { kind, metadata, status } = object;
  return {
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    cluster: kind === 'Cluster' ? metadata.name : clusterOf(object),
    id: status?.id ?? '',
    reason: stalled.reason,
    message: stalled.message,
    since: stalled.lastTransitionTime,
  };
}
