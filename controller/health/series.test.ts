import { describe, expect, it } from 'vitest';
import type { HealthPoint } from './records.ts';
import type { HealthSample } from './sample.ts';
import { createHealthSeries } from './series.ts';

const minute = 60_000;
const start = Date.parse('2026-11-29T12:00:00Z');

/** Samples a minute apart, and what was read of them. */
function createMinutes() {
  const samples: HealthPoint[] = [];
  const asked: string[] = [];
  let now = start;
  const text = (at: number) => (at - start) / minute;
  const series = createHealthSeries(
    {
      async read(cluster, { since, until }) {
        asked.push(`${cluster} ${text(since)}-${text(until)}`);
        return samples.filter(({ at }) => at >= since && at < until);
      },
    },
    () => now,
  );
  const add = (count: number, sample: Partial<HealthSample> = {}) => {
    for (let one = 0; one < count; one += 1, now += minute) {
      samples.push({ at: now, samples: 1, asked: 1, reachable: 1, reason: '', services: {}, ...sample });
    }
  };
  const read = async (since: number, until: number, cluster = 'a') => {
    const range = { since: start + since * minute, until: start + until * minute, stepMs: minute };
    return (await series.read(cluster, range)).map(({ at }) => text(at));
  };
  return { add, read, asked, series, samples };
}

describe('the health of a cloud for charts', () => {
  it('is told in few figures, calls to all services together', async () => {
    const { add, series } = createMinutes();
    const drift = { drifted: 1, missing: 0, contested: 0, undeclared: 2, stalled: 0 };
    add(1, {
      services: { compute: { calls: 3, errors: 1, p50: 10, p95: 20 }, network: { calls: 1, errors: 0, p50: 30, p95: 30 } },
      quota: { compute: {} },
      drift,
    });
    expect(await series.read('a', { since: start, until: start + minute, stepMs: minute })).toEqual([
      { at: start, asked: 1, reachable: 1, calls: 4, errors: 1, p50: 15, p95: 30, drift },
    ]);
  });

  it('is read once, and from then on only what may have come since', async () => {
    const { add, read, asked } = createMinutes();
    add(10);
    expect(await read(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    add(1);
    expect(await read(1, 11)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await read(2, 5)).toEqual([2, 3, 4]);
    expect(await read(1, 11, 'b')).toHaveLength(10);
    expect(asked).toEqual(['a 0-10', 'a 8-11', 'b 1-11']);
  });

  it('shows a sample that was stored late', async () => {
    const { add, read, samples } = createMinutes();
    add(10);
    const [late] = samples.splice(9, 1);
    expect(await read(0, 10)).not.toContain(9);
    if (late) samples.push(late);
    expect(await read(0, 10)).toContain(9);
  });

  it('is read anew for a time before what is remembered', async () => {
    const { add, read } = createMinutes();
    add(10);
    expect(await read(5, 10)).toEqual([5, 6, 7, 8, 9]);
    expect(await read(2, 8)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(await read(0, 10)).toHaveLength(10);
  });
});
