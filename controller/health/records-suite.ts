import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '#migrations/store.ts';
import { createHealthRecords, type HealthRecords } from './records.ts';
import type { HealthSample } from './sample.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-29T12:00:00Z');
const all = { since: 0, until: Number.MAX_SAFE_INTEGER, stepMs: minute };
const plain = (more: Partial<HealthSample> = {}): HealthSample => ({
  samples: 1,
  asked: 1,
  reachable: 1,
  reason: '',
  services: {},
  ...more,
});

export function recordsSuite(engine: string, openStore: () => Promise<Store>): void {
  describe(`records of health on ${engine}`, () => {
    let store: Store;
    let records: HealthRecords;
    beforeEach(async () => {
      store = await openStore();
      records = createHealthRecords(store);
    });
    afterEach(() => store.close());

    it('are read in steps, the gaps left out', async () => {
      for (const at of [0, 1, 2, 9]) await records.add('main', start + at * minute, plain({ reachable: at === 1 ? 0 : 1 }));
      await records.add('other', start, plain());
      const points = await records.read('main', { since: start, until: start + hour, stepMs: 5 * minute });
      expect(points.map(({ at, samples, reachable }) => [(at - start) / minute, samples, reachable])).toEqual([
        [0, 3, 2],
        [5, 1, 1],
      ]);
      expect(await records.newest('main')).toMatchObject({ at: start + 9 * minute });
      await records.forget('main');
      expect([await records.read('main', all), (await records.read('other', all)).length]).toEqual([[], 1]);
    });

    it('are kept by the minute for 2 days, then by the hour, and for 30 days', async () => {
      const now = start + 40 * 24 * hour;
      const ago = (ms: number) => now - ms;
      await records.add('main', ago(31 * 24 * hour), plain());
      for (let at = 0; at < 120; at += 1) await records.add('main', ago(72 * hour) + at * minute, plain());
      await records.add('main', ago(47 * hour), plain());
      await records.add('main', ago(47 * hour) + minute, plain());
      // The second round finds nothing to do.
      for (let round = 0; round < 2; round += 1) {
        await records.thin(now);
        expect((await records.read('main', all)).map(({ at, samples }) => [(now - at) / hour, samples])).toEqual([
          [72, 60],
          [71, 60],
          [47, 1],
          [47 - 1 / 60, 1],
        ]);
      }
    });
  });
}
