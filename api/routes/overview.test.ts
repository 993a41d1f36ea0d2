import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHealthRecords, type HealthRecords } from '#controller/health/records.ts';
import type { DriftCounts, HealthSample } from '#controller/health/sample.ts';
import type { StalledObject } from '#controller/overview.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { addGate } from '../auth/gate.ts';
import { everywhereAs, type Grant } from '../auth/identity.ts';
import { overviewRoutes } from './overview.ts';

const now = Date.parse('2026-11-29T12:00:30Z');
const minute = 60_000;
const drift: DriftCounts = { drifted: 1, missing: 0, contested: 0, undeclared: 5, stalled: 2 };
const sample = (more: Partial<HealthSample> = {}): HealthSample => ({
  samples: 1,
  asked: 1,
  reachable: 1,
  reason: '',
  services: {},
  ...more,
});
const volume = (name: string, cluster: string, namespace = 'shop'): StalledObject => ({
  kind: 'Volume',
  namespace,
  name,
  cluster,
  id: '',
  reason: 'QuotaExceeded',
  message: 'No room.',
  since: '2026-11-29T10:00:00Z',
});

describe('the overview of all clouds', () => {
  let store: Store;
  let health: HealthRecords;
  let app: FastifyInstance;
  let isRunning: boolean;
  let stalled: StalledObject[];

  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    health = createHealthRecords(store);
    isRunning = true;
    stalled = [];
    app = fastify();
    await app.register(async (platform) => {
      const grants: Record<string, Grant[]> = {
        ann: [everywhereAs('viewer')],
        bea: [{ ...everywhereAs('viewer'), cluster: 'b' }],
        kim: [{ ...everywhereAs('viewer'), namespace: 'shop' }],
      };
      addGate(platform, {
        authenticate: async ({ headers }) => {
          const user = String(headers['x-user']);
          return { user, groups: [], grants: grants[user] ?? [], how: 'token' };
        },
        denied: async () => undefined,
      });
      await platform.register(overviewRoutes, {
        health,
        now: () => now,
        overview: () =>
          isRunning ? { now: { drift: () => new Map([['a', drift]]), stalled: () => stalled }, clusters: ['a', 'b'] } : undefined,
      });
    });
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });
  const get = async (path: string, user = 'ann') => {
    const answer = await app.inject({ url: `/api/v1/overview/${path}`, headers: { 'x-user': user } });
    return { status: answer.statusCode, body: answer.json() };
  };
  const lastThree = 'since=2026-11-29T11:58:00Z&step=1m';

  it('tells how each cloud answered, with gaps where nothing was sampled', async () => {
    const services: HealthSample['services'] = { compute: { calls: 4, errors: 1, p50: 10, p95: 40 } };
    await health.add('a', now - 2 * minute, sample({ services }));
    await health.add('a', now, sample({ reachable: 0, services: { compute: { calls: 1, errors: 1 } } }));
    const { status, body } = await get(`health?${lastThree}&until=2026-11-29T12:01:00Z`);
    expect(status).toBe(200);
    expect(body).toEqual({
      step: 60,
      at: ['2026-11-29T11:58:00.000Z', '2026-11-29T11:59:00.000Z', '2026-11-29T12:00:00.000Z'],
      clouds: [
        {
          cluster: 'a',
          asked: [1, null, 1],
          reachable: [1, null, 0],
          calls: [4, null, 1],
          errors: [1, null, 1],
          p50: [10, null, null],
          p95: [40, null, null],
        },
        expect.objectContaining({ cluster: 'b', calls: [null, null, null] }),
      ],
    });
  });

  it('tells what had drifted over time, and what has now', async () => {
    await health.add('a', now - 2 * minute, sample({ drift: { ...drift, drifted: 7 } }));
    await health.add('a', now - minute, sample());
    const { body } = await get(`drift?${lastThree}`);
    expect(body.clouds).toMatchObject([
      { cluster: 'a', now: drift, drifted: [7, null, null], undeclared: [5, null, null], stalled: [2, null, null] },
      { cluster: 'b', now: null, drifted: [null, null, null] },
    ]);
  });

  it('takes 120 points at most, unless told', async () => {
    const { body } = await get('health');
    expect([body.step, body.at.length]).toEqual([900, 97]);
  });

  it('tells which objects need a person, and how many there are', async () => {
    stalled = [volume('one', 'a'), volume('two', 'b'), { ...volume('b', 'b', ''), kind: 'Cluster' }];
    expect((await get('stalled?limit=1')).body).toEqual({ items: [stalled[0]], total: 3 });
  });

  it('leaves out what somebody may not see', async () => {
    stalled = [volume('one', 'a'), volume('two', 'b'), volume('hidden', 'b', 'other'), { ...volume('b', 'b', ''), kind: 'Cluster' }];
    const names = async (user: string) => (await get('stalled', user)).body.items.map(({ name }: { name: string }) => name);
    const clouds = async (user: string) => (await get('drift', user)).body.clouds.map(({ cluster }: { cluster: string }) => cluster);
    expect([await names('bea'), await clouds('bea')]).toEqual([['two', 'hidden', 'b'], ['b']]);
    expect([await names('kim'), await clouds('kim')]).toEqual([['one', 'two'], []]);
    expect(await names('nobody')).toEqual([]);
    expect((await get('health', 'nobody')).status).toBe(403);
  });

  it.each([
    ['drift?since=yesterday', 'since'],
    ['health?step=5s', 'step'],
    ['health?cluster=a', 'cluster'],
    ['stalled?limit=0', 'limit'],
  ])('refuses %s and names the field', async (path, field) => {
    expect(await get(path)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('is asked for again while the controller starts', async () => {
    isRunning = false;
    for (const path of ['health', 'drift', 'stalled']) expect((await get(path)).body).toMatchObject({ status: 503, title: 'Starting' });
  });
});
