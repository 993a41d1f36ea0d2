import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHealthRecords, type HealthRecords } from '#controller/health/records.ts';
import type { HealthSample } from '#controller/health/sample.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { addGate } from '../auth/gate.ts';
import { everywhereAs, type Grant } from '../auth/identity.ts';
import { quotaRoutes } from './quotas.ts';

const now = Date.parse('2026-11-29T12:00:00Z');
const minute = 60_000;
const sample = (more: Partial<HealthSample> = {}): HealthSample => ({
  samples: 1,
  asked: 1,
  reachable: 1,
  reason: '',
  services: {},
  ...more,
});
const cores = (used: number, limit: number | null = 20) => sample({ quota: { compute: { cores: { used, limit } } } });

describe('the quotas of all clouds', () => {
  let store: Store;
  let health: HealthRecords;
  let app: FastifyInstance;
  let clusters: readonly string[] | undefined;

  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    health = createHealthRecords(store);
    clusters = ['a', 'b'];
    app = fastify();
    await app.register(async (platform) => {
      const grants: Record<string, Grant[]> = { ann: [everywhereAs('viewer')], bea: [{ ...everywhereAs('viewer'), cluster: 'b' }] };
      addGate(platform, {
        authenticate: async ({ headers }) => {
          const user = String(headers['x-user']);
          return { user, groups: [], grants: grants[user] ?? [], how: 'token' };
        },
        denied: async () => undefined,
      });
      await platform.register(quotaRoutes, { health, clusters: () => clusters, now: () => now });
    });
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });
  const get = async (user: string, query = '') => {
    const answer = await app.inject({ url: `/api/v1/quotas${query}`, headers: { 'x-user': user } });
    return { status: answer.statusCode, body: answer.json<{ items: object[]; clouds: object[] }>() };
  };

  it('are those sampled last, whichever minute told them', async () => {
    await health.add('a', now - 9 * minute, cores(3));
    await health.add('a', now - 5 * minute, cores(4));
    await health.add('a', now - minute, sample());
    await health.add('b', now - minute, cores(1, null));
    const { body } = await get('ann');
    expect(body.items).toEqual([
      { cluster: 'a', service: 'compute', name: 'cores', used: 4, limit: 20 },
      { cluster: 'b', service: 'compute', name: 'cores', used: 1, limit: null },
    ]);
    expect(body.clouds).toEqual([
      { cluster: 'a', at: '2026-11-29T11:55:00.000Z' },
      { cluster: 'b', at: '2026-11-29T11:59:00.000Z' },
    ]);
  });

  it('are not told when they are older than an hour', async () => {
    await health.add('a', now - 61 * minute, cores(3));
    expect((await get('ann', '?cluster=a')).body).toEqual({ items: [], clouds: [{ cluster: 'a', at: null }] });
  });

  it('are told of the clusters that somebody may see', async () => {
    for (const cluster of ['a', 'b']) await health.add(cluster, now - minute, cores(1));
    expect((await get('bea')).body.items).toMatchObject([{ cluster: 'b' }]);
    expect((await get('bea', '?cluster=a')).body).toEqual({ items: [], clouds: [] });
    expect((await get('carl')).status).toBe(403);
  });

  it('are asked for again while the controller starts, and name a parameter that is wrong', async () => {
    expect((await get('ann', '?clusters=a')).body).toMatchObject({ status: 400, errors: [{ field: 'clusters' }] });
    clusters = undefined;
    expect((await get('ann')).body).toMatchObject({ status: 503, title: 'Starting' });
  });
});
