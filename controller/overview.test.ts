import { describe, expect, it } from 'vitest';
import type { ClusterHealth } from './clusters.ts';
import type { Condition, DriftEntry, KubeObject } from './engine/object.ts';
import { createOverview } from './overview.ts';

const seen: ClusterHealth = { errors: {}, isUnreachable: false, undeclared: { server: 2, volume: 1 } };
const size: DriftEntry = { path: 'spec.sizeGiB', declared: 2, observed: 3, since: '2026-11-29T10:00:00Z' };
const gone: DriftEntry = { path: '', declared: 'present', observed: 'missing', since: '2026-11-29T10:00:00Z' };

function condition(type: string, at = '2026-11-29T10:00:00Z'): Condition {
  return { type, status: 'True', reason: 'QuotaExceeded', message: 'No room.', lastTransitionTime: at, observedGeneration: 1 };
}

function volume(name: string, more: { cluster?: string; drift?: DriftEntry[]; conditions?: Condition[] } = {}): KubeObject {
  const { cluster = 'a', drift = [], conditions = [] } = more;
  return {
    apiVersion: 'v1alpha1',
    kind: 'Volume',
    metadata: { name, namespace: 'shop', uid: name, resourceVersion: '1' },
    spec: { clusterRef: { name: cluster } },
    status: { id: `id-${name}`, drift, conditions },
  };
}

function cluster(name: string, conditions: Condition[] = []): KubeObject {
  return { ...volume(name, { conditions }), kind: 'Cluster', metadata: { name, uid: name, resourceVersion: '1' }, spec: {} };
}

function overviewOf(objects: readonly KubeObject[], health: Readonly<Record<string, ClusterHealth | undefined>> = { a: seen, b: seen }) {
  return createOverview({
    loop: () => ({ list: (kind) => objects.filter((object) => object.kind === kind) }),
    kinds: ['Volume'],
    health: (name) => health[name],
  });
}

describe('what has drifted', () => {
  it('is counted by cluster, each object under one cause', () => {
    const overview = overviewOf([
      cluster('a'),
      cluster('b'),
      volume('fine'),
      volume('grown', { drift: [size, { ...size, path: 'spec.name' }] }),
      volume('lost', { drift: [gone], conditions: [condition('Stalled')] }),
      volume('fought-over', { drift: [size], conditions: [condition('Contested')] }),
      volume('elsewhere', { cluster: 'b', drift: [size] }),
      volume('nowhere', { cluster: 'c', drift: [size] }),
    ]);
    expect(Object.fromEntries(overview.drift())).toEqual({
      a: { drifted: 1, missing: 1, contested: 1, undeclared: 3, stalled: 1 },
      b: { drifted: 1, missing: 0, contested: 0, undeclared: 3, stalled: 0 },
    });
  });

  it('is not told of a cloud that was not looked at, or does not answer', () => {
    const objects = [cluster('a'), cluster('b'), cluster('c'), volume('grown', { drift: [size] })];
    const listing = { ...seen, undeclared: {} };
    expect([...overviewOf(objects, { a: { ...seen, isUnreachable: true }, b: listing }).drift()]).toEqual([]);
  });
});

describe('what needs a person', () => {
  it('is told with the reason, the newest first, Clusters too', () => {
    const overview = overviewOf([
      cluster('a', [condition('Stalled', '2026-11-29T11:00:00Z')]),
      volume('old', { conditions: [condition('Stalled', '2026-11-29T09:00:00Z')] }),
      volume('new', { cluster: 'b', conditions: [condition('Stalled', '2026-11-29T12:00:00Z')] }),
      volume('fine', { conditions: [{ ...condition('Stalled'), status: 'False' }] }),
    ]);
    expect(overview.stalled().map(({ kind, name, cluster: where }) => [kind, name, where])).toEqual([
      ['Volume', 'new', 'b'],
      ['Cluster', 'a', 'a'],
      ['Volume', 'old', 'a'],
    ]);
    expect(overview.stalled()[0]).toMatchObject({
      namespace: 'shop',
      id: 'id-new',
      reason: 'QuotaExceeded',
      message: 'No room.',
      since: '2026-11-29T12:00:00Z',
    });
  });
});
