import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HealthSample } from '#controller/health/sample.ts';
import { type ConnectionsApp, entry, openConnectionsApp } from './cloud-connections.fixture.ts';

const url = '/api/v1/clusters/lab/health';
const minute = 60_000;
const start = Date.parse('2026-11-29T12:00:00Z');

describe('the health of a cloud over time', () => {
  let at: ConnectionsApp;
  beforeAll(async () => {
    at = await openConnectionsApp();
    await at.call('POST', '/api/v1/clusters', { name: 'lab', credentials: { entry: entry() } });
    const services: HealthSample['services'] = { compute: { calls: 4, errors: 1, p50: 10, p95: 40 } };
    for (let one = 0; one < 10; one += 1) {
      const more = one === 9 ? { credentialExpiresAt: '2027-01-01T00:00:00.000Z' } : {};
      await at.health.add('lab', start + one * minute, { samples: 1, asked: 1, reachable: one % 2, reason: '', services, ...more });
    }
  });
  afterAll(() => at.close());

  it('is told in steps of one’s choice', async () => {
    const { status, body, text } = await at.call('GET', `${url}?since=2026-11-29T12:00:00Z&until=2026-11-29T13:00:00Z&step=5m`);
    expect(status, text).toBe(200);
    expect(body).toMatchObject({ cluster: 'lab', step: 300 });
    expect(body['items']).toMatchObject([
      {
        at: '2026-11-29T12:00:00.000Z',
        samples: 5,
        asked: 5,
        reachable: 2,
        services: { compute: { calls: 20, errors: 5, p50: 10, p95: 40 } },
      },
      { at: '2026-11-29T12:05:00.000Z', reachable: 3 },
    ]);
  });

  it('takes steps that give 300 points at most, unless told', async () => {
    const step = async (query: string) => (await at.call('GET', `${url}?${query}`)).body['step'];
    expect(await step('since=2026-11-29T12:00:00Z&until=2026-11-29T13:00:00Z')).toBe(60);
    expect(await step('until=2026-11-29')).toBe(300);
    expect(await step('since=2026-11-01&until=2026-11-29')).toBe(3 * 3600);
  });

  it('shows at the credentials when they end', async () => {
    expect((await at.call('GET', '/api/v1/clusters/lab/credentials')).body).toMatchObject({ expiresAt: '2027-01-01T00:00:00.000Z' });
  });

  it.each([
    ['since=yesterday', 'since'],
    ['since=2026-11-29&until=2026-11-28', 'since'],
    ['step=5s', 'step'],
    ['step=0m', 'step'],
    ['since=2026-11-01&until=2026-11-29&step=1m', 'step'],
    ['colour=red', 'colour'],
  ])('refuses %s and names the field', async (query, field) => {
    expect(await at.call('GET', `${url}?${query}`)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('is asked of a Cluster there is, by who may see it', async () => {
    expect((await at.call('GET', '/api/v1/clusters/nowhere/health')).status).toBe(404);
    expect((await at.call('GET', '/api/v1/clusters/prod/health', undefined, { who: 'olga' })).status).toBe(403);
  });
});
