import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '#migrations/store.ts';
import { FakeClock } from '../engine/testing/fake-clock.ts';
import type { Cloud, RequestOptions } from '../openstack/cloud.ts';
import { type CallCounter, createCallCounter } from './calls.ts';
import { createHealthRecords, type HealthRecords } from './records.ts';
import { recordsSuite } from './records-suite.ts';
import { type DriftCounts, type HealthSample, mergeSamples } from './sample.ts';
import { startSampler } from './sampler.ts';

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

describe('calls of a minute', () => {
  it('are counted by service: how many, how many failed, and how long the answered ones took', () => {
    const counter = createCallCounter();
    for (let ms = 1; ms <= 100; ms += 1) counter.count('main', { service: 'compute', status: 200, durationMs: ms });
    counter.count('main', { service: 'network', status: 404, durationMs: 7 });
    counter.count('main', { service: 'network', status: 503, durationMs: 9 });
    counter.count('main', { service: 'image', status: 'timeout', durationMs: 10_000 });
    counter.count('main', { service: 'image', status: 'aborted', durationMs: 1 });
    counter.count('other', { service: 'image', status: 200, durationMs: 1 });
    expect(counter.take('main')).toEqual({
      calls: 103,
      answered: 102,
      services: {
        compute: { calls: 100, errors: 0, p50: 51, p95: 96 },
        network: { calls: 2, errors: 1, p50: 9, p95: 9 },
        image: { calls: 1, errors: 1 },
      },
    });
    expect(counter.take('main')).toEqual({ calls: 0, answered: 0, services: {} });
  });
});

describe('samples put together', () => {
  it('add up calls and errors, weigh the middle by calls, keep the worst and what was told last', () => {
    expect(
      mergeSamples([
        plain({ services: { compute: { calls: 3, errors: 0, p50: 10, p95: 20 } }, tokenExpiresAt: 'then', quota: { compute: {} } }),
        plain({ reachable: 0, services: { compute: { calls: 2, errors: 2 } } }),
        plain({ asked: 0, reachable: 0, reason: 'Disabled', services: { compute: { calls: 1, errors: 0, p50: 50, p95: 90 } } }),
      ]),
    ).toEqual({
      samples: 3,
      asked: 2,
      reachable: 1,
      reason: 'Disabled',
      services: { compute: { calls: 6, errors: 2, p50: 20, p95: 90 } },
      tokenExpiresAt: 'then',
      quota: { compute: {} },
    });
  });

  it('keep the most of each count of drift, and none where none was known', () => {
    const drift = { drifted: 1, missing: 0, contested: 0, undeclared: 7, stalled: 0 };
    const merged = mergeSamples([plain({ drift }), plain(), plain({ drift: { ...drift, drifted: 0, missing: 3, undeclared: 6 } })]);
    expect(merged.drift).toEqual({ drifted: 1, missing: 3, contested: 0, undeclared: 7, stalled: 0 });
    expect(mergeSamples([plain(), plain()])).not.toHaveProperty('drift');
  });
});

recordsSuite('SQLite', () => openStore('sqlite::memory:'));

describe('the sampler', () => {
  let store: Store;
  let records: HealthRecords;
  let calls: CallCounter;
  let clock: FakeClock;
  let stop: () => Promise<void>;
  let why: string | undefined;
  let asked: string[];
  let drift: Map<string, DriftCounts>;
  const answers: Record<string, object> = {
    '/limits': { limits: { absolute: { totalCoresUsed: 3, maxTotalCores: 20, totalVolumesUsed: 1, maxTotalVolumes: -1 } } },
    '/quotas/p1/details.json': { quota: { network: { used: 2, limit: 10, reserved: 0 }, port: { used: 5, limit: -1 } } },
  };

  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    records = createHealthRecords(store);
    calls = createCallCounter();
    clock = new FakeClock(start);
    why = undefined;
    asked = [];
    drift = new Map();
    const sampler = startSampler({
      records,
      calls,
      clock,
      clusters: () => ['main'],
      client: () => (why === undefined ? cloud() : { reason: why }),
      drift: () => drift,
      log: () => undefined,
    });
    stop = () => sampler.stop();
  });
  afterEach(async () => {
    await stop();
    await store.close();
  });

  function cloud(): Cloud {
    const client = (service: 'compute' | 'network' | 'block-storage') => ({
      async request({ path }: RequestOptions) {
        asked.push(`${service} ${path}`);
        calls.count('main', { service, status: 200, durationMs: 5 });
        return { body: answers[path] ?? {} };
      },
    });
    const token = { projectId: 'p1', expiresAt: new Date(start + 8 * hour) };
    const parts = { compute: client('compute'), network: client('network'), blockStorage: client('block-storage') };
    return { ...parts, config: { auth: { method: 'password' } }, authenticate: async () => token } as unknown as Cloud;
  }
  const pass = async (minutes: number) => {
    for (let one = 0; one < minutes; one += 1) {
      const want = (await records.read('main', all)).length + 1;
      await clock.advance(minute);
      await expect.poll(async () => (await records.read('main', all)).length, { timeout: 10_000, interval: 5 }).toBe(want);
    }
  };

  it('records every minute what was called, when the token ends, and how much of the quotas is used', async () => {
    calls.count('main', { service: 'image', status: 200, durationMs: 12 });
    await pass(1);
    expect(await records.newest('main')).toMatchObject({
      at: start + minute,
      asked: 1,
      reachable: 1,
      reason: '',
      services: { image: { calls: 1, errors: 0, p50: 12 } },
      tokenExpiresAt: '2026-11-29T20:00:00.000Z',
      quota: {
        compute: { cores: { used: 3, limit: 20 } },
        'block-storage': { volumes: { used: 1, limit: null } },
        network: { networks: { used: 2, limit: 10 }, ports: { used: 5, limit: null } },
      },
    });
  });

  it('asks for quotas every 5 minutes only, and asks a quiet cloud once a minute whether it is there', async () => {
    await pass(5);
    const count = (call: string) => asked.filter((one) => one === call).length;
    expect([count('compute /limits'), count('network /networks')]).toEqual([1, 4]);
    await pass(1);
    expect(count('compute /limits')).toBe(2);
  });

  it('records what has drifted where the cloud is seen, and nothing where it is not', async () => {
    const counts = { drifted: 2, missing: 1, contested: 0, undeclared: 4, stalled: 1 };
    drift.set('main', counts);
    await pass(1);
    expect(await records.newest('main')).toMatchObject({ drift: counts });
    drift.clear();
    await pass(1);
    expect(await records.newest('main')).not.toHaveProperty('drift');
  });

  it('tells a cloud that does not answer from one that is not asked', async () => {
    why = 'TCPFailed';
    calls.count('main', { service: 'identity', status: 'connection', durationMs: 3 });
    await pass(1);
    expect(await records.newest('main')).toMatchObject({
      asked: 1,
      reachable: 0,
      reason: 'TCPFailed',
      services: { identity: { errors: 1 } },
    });
    why = 'Disabled';
    await pass(1);
    expect(await records.newest('main')).toMatchObject({ asked: 0, reachable: 0, reason: 'Disabled', services: {} });
    expect(asked).toEqual([]);
  });
});
