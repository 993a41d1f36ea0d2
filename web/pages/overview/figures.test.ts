import { describe, expect, it } from 'vitest';
import type { DriftOverTime, HealthOverTime } from '../../data/overview.ts';
import { capacities, driftLines, driftNow, errorRate, healthLines, rangeNamed, shareOf, stateSegments, together } from './figures.ts';

const at = ['2026-11-29T12:00:00.000Z', '2026-11-29T12:01:00.000Z'];
const all = () => true;
const counts = { drifted: 0, missing: 0, contested: 0, undeclared: 0, stalled: 0 };
const none = [null, null];

function cloud(cluster: string, more: Partial<HealthOverTime['clouds'][number]> = {}): HealthOverTime['clouds'][number] {
  return { cluster, asked: [1, 1], reachable: [1, 1], calls: [10, 0], errors: [1, 0], p50: [5, null], p95: [9, null], ...more };
}

describe('the health of clouds', () => {
  it('is a line a cloud that leads to it, those out of view left out', () => {
    const health: HealthOverTime = { step: 60, at, clouds: [cloud('a'), cloud('b')] };
    const lines = healthLines(
      health,
      (cluster) => cluster === 'b',
      ({ p95 }, index) => p95[index] ?? null,
    );
    expect(lines).toEqual([
      {
        name: 'b',
        href: '/clusters/b',
        points: [
          { x: Date.parse('2026-11-29T12:00:00Z'), y: 9, href: '/clusters/b' },
          { x: Date.parse('2026-11-29T12:01:00Z'), y: null, href: '/clusters/b' },
        ],
      },
    ]);
  });

  it('counts a cloud that answers nothing as failing, and one that nobody asks not at all', () => {
    expect([errorRate(cloud('a'), 0), errorRate(cloud('a'), 1)]).toEqual([10, 0]);
    expect(errorRate(cloud('a', { reachable: [0, 0] }), 1)).toBe(100);
    expect(errorRate(cloud('a', { asked: [0, 0], reachable: [0, 0] }), 1)).toBeNull();
    expect(errorRate(cloud('a', { calls: none, errors: none }), 0)).toBeNull();
  });
});

describe('drift', () => {
  const drift: DriftOverTime = {
    step: 60,
    at,
    clouds: [
      { cluster: 'a', now: { ...counts, drifted: 2, undeclared: 4 }, ...counts2([1, 2]) },
      { cluster: 'b', now: null, ...counts2([3, null]) },
    ],
  };
  function counts2(drifted: (number | null)[]) {
    return { drifted, missing: none, contested: none, undeclared: none, stalled: none };
  }

  it('is a line a cause, summed over clouds as far as known', () => {
    const lines = driftLines(drift, all, (cause) => cause);
    expect(lines.map(({ name, points }) => [name, ...points.map(({ y }) => y)])).toEqual([
      ['drifted', 4, 2],
      ['missing', null, null],
      ['contested', null, null],
      ['undeclared', null, null],
    ]);
    expect(lines[0]?.href).toBe('/drift?cause=drifted');
  });

  it('is counted now, and says of which clouds nobody knows', () => {
    expect(driftNow(drift, all)).toEqual({ counts: { drifted: 2, missing: 0, contested: 0, undeclared: 4 }, unknown: ['b'] });
  });
});

describe('instances by state', () => {
  it('lead to the instances in it', () => {
    const [active, unknown] = stateSegments(
      [
        { value: 'ACTIVE', count: 3 },
        { value: null, count: 1 },
      ],
      'none',
    );
    expect(active).toEqual({ x: 'ACTIVE', y: 3, tone: 'success', href: '/resources/server?filter=status%3AACTIVE' });
    expect(unknown).toMatchObject({ x: 'none', href: '/resources/server?filter=status%3A%22%22' });
  });
});

describe('capacity', () => {
  const host = { cluster: 'a', vcpus: 16, vcpusUsed: 4, memoryMiB: 1000, memoryMiBUsed: 900, diskGiB: 50, diskGiBUsed: 5 };
  const quota = (cluster: string, name: string, used: number, limit: number | null) => ({ cluster, service: 'compute', name, used, limit });

  it('is that of the hosts where they are shown, else of the quotas; the fullest cloud first', () => {
    const quotas = [quota('a', 'cores', 1, 2), quota('b', 'cores', 19, 20), quota('b', 'gigabytes', 3, null), quota('b', 'ports', 1, 2)];
    const found = capacities([host, host], quotas, all);
    expect(found).toEqual([
      { cluster: 'b', of: 'quotas', uses: { vcpus: { used: 19, total: 20 }, disk: { used: 3, total: null } } },
      {
        cluster: 'a',
        of: 'hosts',
        uses: { vcpus: { used: 8, total: 32 }, memory: { used: 1800, total: 2000 }, disk: { used: 10, total: 100 } },
      },
    ]);
    expect(shareOf({ used: 3, total: null })).toBeUndefined();
  });

  it('together has no limit where one cloud has none', () => {
    const found = capacities([], [quota('a', 'cores', 1, 2), quota('b', 'cores', 3, 20), quota('b', 'ramMiB', 3, null)], all);
    expect(together(found, 'quotas')).toEqual({ vcpus: { used: 4, total: 22 }, memory: { used: 3, total: null } });
    expect(together(found, 'hosts')).toEqual({});
  });
});

it('an address with a range nobody knows shows a day', () => {
  expect([rangeNamed('7d'), rangeNamed('toString'), rangeNamed(null)]).toEqual(['7d', '24h', '24h']);
});
