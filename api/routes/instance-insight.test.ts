import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as servers from '#controller/openstack/compute/servers.ts';
import { type Acting, startActing } from '#tests/parts/acting.ts';
import { type BuiltInRole, rolePermissions } from '../auth/permissions.ts';

let acting: Acting;
let id = '';
const grant = (role: BuiltInRole, namespace = '*') => ({
  role,
  permissions: new Set(rolePermissions[role]),
  cluster: 'main',
  namespace,
});
const path = (rest: string, of = id) => `resources/server/main/${of}/${rest}`;
interface Logged {
  readonly action: string;
  readonly requestId: string;
  readonly byUs: boolean;
  readonly result: string | null;
  readonly events: readonly object[];
}

async function boot(): Promise<void> {
  const imageRef = [...acting.sandbox.store.images.keys()][0] ?? '';
  id = (await servers.create(acting.client.compute, { name: 'web', flavorRef: '3', imageRef, networks: 'none' })).id;
  await vi.waitFor(() => expect(acting.sandbox.store.servers.get(id)?.vmState).toBe('active'), { timeout: 10_000 });
  await acting.inventory.sweep();
}

async function start(user: 'demo' | 'admin'): Promise<void> {
  acting = await startActing({ user });
  acting.people.set('vera', [grant('viewer')]);
  acting.people.set('sam', [grant('viewer', 'shop')]);
  await boot();
}

describe("the cloud's own log of actions", () => {
  beforeAll(async () => start('demo'), 30_000);
  afterAll(() => acting.close());
  const log = async (query = '') => {
    const { body } = await acting.get(path(`events${query}`), { as: 'vera' });
    return body as unknown as { items: Logged[]; next?: string };
  };

  it('tells who did what, newest first, with what became of it', async () => {
    await acting.act(id, 'stop');
    const { items } = await log();
    expect(items.map(({ action, result }) => [action, result])).toEqual([
      ['stop', 'Success'],
      ['create', 'Success'],
    ]);
    expect(items[0]).toMatchObject({
      byUs: true,
      requestId: expect.stringMatching(/^req-/),
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      events: [{ event: 'compute_stop_instance', result: 'Success' }],
    });
    const { items: entries } = await acting.audit.list({ requestId: items[0]?.requestId ?? '' });
    expect(entries[0]?.cloudId, 'the audit knows our own by the same id').toBe(id);
  });

  it('tells of what is under way that it is', async () => {
    acting.sandbox.store.servers.get(id)?.actions.unshift({
      action: 'start',
      requestId: 'req-open',
      userId: 'somebody',
      projectId: 'p',
      startedAt: Date.now(),
      finishedAt: null,
    });
    expect((await log()).items[0]).toMatchObject({ action: 'start', byUs: false, result: null, finishedAt: null });
  });

  it('is paged', async () => {
    const first = await log('?limit=2');
    expect(first.items).toHaveLength(2);
    const rest = await log(`?limit=2&cursor=${first.next}`);
    expect(rest.items.map(({ action }) => action)).toEqual(['create']);
    expect(rest.next).toBeUndefined();
  });

  it('is shown of instances that one may see, and of nothing else', async () => {
    expect((await acting.get(path('events'), { as: 'sam' })).status).toBe(404);
    expect((await acting.get('resources/volume/main/x/events')).status).toBe(404);
    expect((await acting.get(path('events?limit=0'))).status).toBe(400);
  });
});

describe('the console log', () => {
  beforeAll(async () => start('demo'), 30_000);
  afterAll(() => acting.close());

  it('is in the audit once for who follows it, and for each who reads it', async () => {
    const reads = async () => (await acting.audit.list({ type: 'ConsoleRead', cloudId: id })).items.map(({ actor }) => actor);
    for (let count = 0; count < 3; count += 1) expect((await acting.get(path('console-log'))).status).toBe(200);
    expect(await reads()).toEqual(['root']);
    acting.people.set('oli', [grant('operator')]);
    await acting.get(path('console-log'), { as: 'oli' });
    expect(await reads()).toEqual(['oli', 'root']);
    expect((await acting.get(path('console-log'), { as: 'vera' })).status).toBe(403);
  });
});

describe('what the hypervisor counts', () => {
  it('is a figure of every part of an instance that runs, to a user the cloud shows it to', async () => {
    await start('admin');
    const { status, body } = await acting.get(path('diagnostics'), { as: 'vera' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      at: expect.stringMatching(/Z$/),
      state: 'running',
      uptimeSeconds: expect.any(Number),
      memory: { maximumMiB: 4096, usedMiB: expect.any(Number) },
      cpus: [{ id: 0, timeNs: expect.any(Number), utilisation: expect.any(Number) }, { id: 1 }],
      disks: [{ readBytes: expect.any(Number), writeRequests: expect.any(Number) }],
    });
    await acting.act(id, 'stop');
    const stopped = await acting.get(path('diagnostics'));
    expect([stopped.status, stopped.body['title']]).toEqual([409, 'NotRunning']);
    expect(stopped.body['detail']).toBe('web does not run, so nothing is counted; start it first.');
    await acting.close();
  }, 30_000);

  it('is said to be hidden, or not to be had, where that is so', async () => {
    await start('demo');
    const hidden = await acting.get(path('diagnostics'));
    expect([hidden.status, hidden.body['title']]).toEqual([409, 'HiddenByCloud']);
    acting.sandbox.faults.add({ path: '/diagnostics$', effect: { type: 'status', status: 501 } });
    const missing = await acting.get(path('diagnostics'));
    expect([missing.status, missing.body['title']]).toEqual([501, 'UnsupportedByCloud']);
    await acting.close();
  }, 30_000);
});
