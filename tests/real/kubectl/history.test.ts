import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as networks from '#controller/openstack/network/networks.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { condition, eventually, type Live, type Session, startSession } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';

interface ObjectAt {
  readonly declared: { readonly state: string; readonly revision?: number; readonly spec?: object };
  readonly observed: { readonly state: string; readonly id?: string; readonly body?: object };
}
interface RevisionItem {
  readonly revision: number;
  readonly action: string;
  readonly actor: string;
  readonly through: string;
}

const path = '/api/v1/objects/Network/default/past';

/** A life of one object through the stock kubectl, asked about afterwards. The tests build on each other, in order. */
describe('the history of a network on the sandbox', () => {
  let world: World;
  let session: Session;
  const times: Record<string, string> = {};
  const mark = async (name: string) => {
    times[name] = new Date().toISOString();
    // The next write gets a later millisecond than the mark.
    await eventually(
      60,
      async () => (Date.now() > Date.parse(times[name] ?? '') ? true : undefined),
      () => 'the clock stands',
      1,
    );
  };

  beforeAll(async () => {
    world = await sandboxWorld();
    session = await startSession(world);
  });
  afterAll(async () => {
    await session?.process.stop();
    await world?.close();
  });

  const read = async () => JSON.parse(await session.must('get', 'network', 'past', '-o', 'json')) as Live & { spec: object };
  const settled = () =>
    eventually(
      60,
      async () => {
        const object = await read();
        const ready = condition(object, 'Ready') as { status: string; observedGeneration?: number } | undefined;
        return ready?.status === 'True' && ready.observedGeneration === object.metadata.generation ? object : undefined;
      },
      async () => JSON.stringify(await read()),
    );
  const ask = async <T>(url: string): Promise<T> => {
    const { status, text } = await session.process.get(url);
    expect(status, text).toBe(200);
    return JSON.parse(text) as T;
  };
  const at = (name: string) => ask<ObjectAt>(`${path}?at=${times[name]}`);
  const post = async (url: string, body: object) => {
    const { status, text } = await session.process.post(url, body);
    return { status, body: JSON.parse(text) as Record<string, unknown> };
  };

  it('is written: applied, edited, changed behind our back', async () => {
    await mark('before');
    const manifest = {
      apiVersion: 'openstack.stackwarden.io/v1alpha1',
      kind: 'Network',
      metadata: { name: 'past', namespace: 'default' },
      spec: { clusterRef: { name: 'main' }, name: 'past', description: 'first', driftPolicy: 'Report' },
    };
    const applied = await session.kubectlWith({ input: JSON.stringify(manifest) }, 'apply', '-f', '-');
    expect(applied.code, applied.stderr).toBe(0);
    const id = (await settled()).status?.id ?? '';
    await mark('applied');
    const edited = await session.kubectlWith({ env: { KUBE_EDITOR: 'sed -i s/first/second/' } }, 'edit', 'network', 'past');
    expect(edited.code, edited.stderr).toBe(0);
    await settled();
    await mark('edited');
    await networks.update(world.client.network, id, { name: 'drifted' });
    await eventually(
      60,
      async () => ((await read()).status?.drift?.some((entry) => entry.path === 'spec.name') ? true : undefined),
      async () => JSON.stringify((await read()).status),
    );
    await mark('drifted');
  });

  it('goes back to the first revision by plan and apply, seen in the cloud', async () => {
    const plan = await post(`${path}/revisions/1/plan`, {});
    expect(plan.status).toBe(200);
    expect(plan.body).toMatchObject({ generation: 2, changes: [{ path: 'spec.description', from: 'second', to: 'first' }] });
    expect((await read()).metadata.generation).toBe(2);
    const { generation, uid } = plan.body;
    expect((await post(`${path}/revisions/1/apply`, { generation: 1, uid })).status).toBe(409);
    const applied = await post(`${path}/revisions/1/apply`, { generation, uid });
    expect([applied.status, applied.body.generation]).toEqual([200, 3]);
    const { status } = await settled();
    expect((await networks.get(world.client.network, status?.id ?? '')).description).toMatch(/^first /);
    await mark('back');
    const [entry] = await session.audit('type=RolledBack&result=ok');
    expect(entry).toMatchObject({ actor: 'admin', object: { kind: 'Network', name: 'past' }, changes: plan.body.changes });
  });

  it('ends with its deletion', async () => {
    await session.must('delete', 'network', 'past', '--timeout=60s');
    await eventually(
      60,
      async () => ((await ask<ObjectAt>(path)).observed.state === 'absent' ? true : undefined),
      async () => JSON.stringify(await ask(path)),
    );
    await mark('deleted');
  });

  it('names every revision, who made it and through what', async () => {
    const { items } = await ask<{ items: RevisionItem[] }>(`${path}/revisions`);
    expect(items.map(({ revision, action }) => [revision, action])).toEqual([
      [4, 'deleted'],
      [3, 'changed'],
      [2, 'changed'],
      [1, 'declared'],
    ]);
    expect(new Set(items.map(({ actor }) => actor))).toEqual(new Set(['admin']));
    const through = items.map((item) => item.through);
    expect(through[1]).toBe('stackwarden-rollback/1');
    for (const each of [through[0], through[2], through[3]]) expect(each).toMatch(/^kubectl\/v1\.\d+/);
  });

  it('is told as of every time in between, declared and observed', async () => {
    expect(await at('before')).toMatchObject({ declared: { state: 'notDeclared' }, observed: { state: 'absent' } });
    const first = { state: 'declared', revision: 1, spec: { description: 'first' } };
    expect(await at('applied')).toMatchObject({ declared: first, observed: { state: 'present', body: { name: 'past' } } });
    const second = { state: 'declared', revision: 2, spec: { description: 'second' } };
    const bodyOf = (name: string, description: string) => ({
      state: 'present',
      body: { name, description: expect.stringMatching(`^${description} `) },
    });
    expect(await at('edited')).toMatchObject({ declared: second, observed: bodyOf('past', 'second') });
    expect(await at('drifted')).toMatchObject({ declared: second, observed: bodyOf('drifted', 'second') });
    expect(await at('back')).toMatchObject({ declared: { revision: 3, spec: { description: 'first' } }, observed: { state: 'present' } });
    expect(await at('deleted')).toMatchObject({ declared: { state: 'notDeclared', deletedBy: 'admin' }, observed: { state: 'absent' } });
  });

  it('is in the lists of those times, and in no other', async () => {
    const namesAt = async (name: string) => {
      const list = await ask<{ items: { name: string }[] }>(`/api/v1/objects?kind=Network&namespace=default&at=${times[name]}`);
      return list.items.map((item) => item.name);
    };
    expect([await namesAt('before'), await namesAt('edited'), await namesAt('deleted')]).toEqual([[], ['past'], []]);
    const rows = async (name: string) => {
      const list = await ask<{ items: { name: string }[] }>(`/api/v1/inventory/main?type=network&at=${times[name]}`);
      return list.items.map((item) => item.name);
    };
    expect(await rows('edited')).toContain('past');
    expect(await rows('drifted')).toContain('drifted');
    expect((await rows('deleted')).filter((name) => ['past', 'drifted'].includes(name))).toEqual([]);
    expect((await session.process.get(`${path}?at=2999-01-01T00:00:00Z`)).status).toBe(400);
  });

  it('begins anew when a revision of the deleted object is applied', async () => {
    const plan = await post(`${path}/revisions/2/plan`, {});
    expect(plan.body).toMatchObject({ generation: 0 });
    expect((await post(`${path}/revisions/2/apply`, { generation: 0 })).status).toBe(200);
    expect((await settled()).spec).toMatchObject({ description: 'second' });
    const { items, predecessor } = await ask<{ items: RevisionItem[]; predecessor: string }>(`${path}/revisions`);
    expect(items).toMatchObject([{ revision: 1, action: 'declared', through: 'stackwarden-rollback/2' }]);
    const old = await ask<{ items: RevisionItem[] }>(`${path}/revisions?uid=${predecessor}`);
    expect(old.items).toHaveLength(4);
  });
});
