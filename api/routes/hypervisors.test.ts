import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CloudHypervisors } from '#controller/hypervisors.ts';
import { addGate } from '../auth/gate.ts';
import { everywhereAs, type Grant } from '../auth/identity.ts';
import { type HypervisorRoutesOptions, hypervisorRoutes } from './hypervisors.ts';

const host = (name: string) => ({
  id: `id-${name}`,
  hypervisor_hostname: name,
  hypervisor_type: 'QEMU',
  host_ip: '192.0.2.1',
  state: 'up',
  status: 'enabled',
  vcpus: 8,
  vcpus_used: 3,
  memory_mb: 16_000,
  memory_mb_used: 4_000,
  local_gb: 100,
  local_gb_used: 10,
  running_vms: 3,
  service: { id: 's', host: name, disabled_reason: null },
});

describe('GET /api/v1/hypervisors', () => {
  let app: FastifyInstance;
  let found: ReturnType<HypervisorRoutesOptions['hypervisors']>;
  const grants: Record<string, Grant[]> = {
    admin: [everywhereAs('admin')],
    local: [{ ...everywhereAs('admin'), cluster: 'b' }],
    viewer: [everywhereAs('viewer')],
  };

  beforeEach(async () => {
    const of = async (clusters: readonly string[]): Promise<CloudHypervisors[]> =>
      clusters.map((cluster) => {
        if (cluster === 'c') return { cluster, state: 'Hidden', askedAt: 0, rows: [] };
        return { cluster, state: 'Fresh', askedAt: Date.parse('2026-11-29T12:00:00Z'), rows: [host(`${cluster}-2`), host(`${cluster}-1`)] };
      });
    found = { hypervisors: { of }, clusters: ['a', 'b', 'c'] };
    app = fastify();
    await app.register(async (platform) => {
      const identify = (user: string) => ({ user, groups: [], grants: grants[user] ?? [], how: 'token' as const });
      addGate(platform, {
        authenticate: async ({ headers }) => identify([headers['x-user']].flat().join()),
        denied: async () => undefined,
      });
      await platform.register(hypervisorRoutes, { hypervisors: () => found });
    });
  });
  afterEach(() => app.close());
  const get = async (user: string, query = '') => {
    const reply = await app.inject({ url: `/api/v1/hypervisors${query}`, headers: { 'x-user': user } });
    return { status: reply.statusCode, body: reply.json<{ items: { cluster: string; name: string }[]; clouds: object[] }>() };
  };

  it('shows the hosts of all clouds, by cluster and name, and how each cloud is', async () => {
    const { body } = await get('admin');
    expect(body.items.map(({ name }) => name)).toEqual(['a-1', 'a-2', 'b-1', 'b-2']);
    expect(body.items[0]).toMatchObject({ cluster: 'a', kind: 'QEMU', vcpus: 8, vcpusUsed: 3, memoryMiB: 16_000, disabledReason: null });
    expect(body.clouds[0]).toEqual({ cluster: 'a', state: 'Fresh', askedAt: '2026-11-29T12:00:00.000Z' });
    expect(body.clouds[2]).toMatchObject({ cluster: 'c', state: 'Hidden' });
  });

  it('shows each person only their clusters, and nobody without the permission any', async () => {
    expect((await get('local')).body.clouds).toHaveLength(1);
    expect((await get('local', '?cluster=a')).body).toEqual({ items: [], clouds: [] });
    expect((await get('admin', '?cluster=a')).body.clouds).toHaveLength(1);
    expect((await get('viewer')).status).toBe(403);
    expect((await get('admin', '?name=x')).status).toBe(400);
  });

  it('answers 503 while the controller starts', async () => {
    found = undefined;
    expect((await get('admin')).status).toBe(503);
  });
});
