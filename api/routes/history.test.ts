import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import type { PlanRequest, SetPlan } from '#controller/engine/set-plan.ts';
import { createHistory } from '#controller/history/history.ts';
import { createInventoryRepository } from '#controller/inventory/repository.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { createMetrics } from '#controller/metrics.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { createTokens } from '../auth/tokens.ts';
import { createFileKeyProvider } from '../kube/encryption.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { recordAlongside } from '../kube-history.ts';
import { createServer } from '../server.ts';

const room = mkdtempSync(join(tmpdir(), 'stackwarden-history-api-'));
afterAll(() => rmSync(room, { recursive: true }));
const volumes = '/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/volumes';
const objects = '/api/v1/objects/Volume/default/data';
const began = Date.parse('2026-11-25T10:00:00Z');
const iso = (seconds: number) => new Date(began + seconds * 1000).toISOString();

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

describe('the history API', () => {
  let store: Store;
  let audit: Audit;
  let app: FastifyInstance;
  let anna: string;
  let now: number;
  let planned: PlanRequest[];
  beforeEach(async () => {
    now = began;
    planned = [];
    store = await openStore('sqlite::memory:');
    const clock = { now: () => now, after: () => () => undefined };
    audit = createAudit(store, { clock });
    const tokens = createTokens(store);
    anna = tokens.issueForProcess({ user: 'anna', groups: ['system:masters', 'system:authenticated'] });
    const history = createHistory(store, { clock });
    await history.complete(nothing());
    const planner = {
      plan: async (request: PlanRequest): Promise<SetPlan> => {
        planned.push(request);
        return { objects: [], gaps: [{ cluster: 'main', reason: 'Unreachable', message: 'no answer' }] };
      },
    };
    const definitions = resourceDefinitions();
    app = await createServer({
      audit,
      tokens,
      metrics: createMetrics(),
      log: () => undefined,
      history: { history, kinds: definitions, clock, planner },
      kube: {
        store: createObjectStore(store, { alongside: recordAlongside(history) }),
        resources: definitions,
        keyProvider: createFileKeyProvider(join(room, 'encryption.key')),
        clock,
      },
      notReady: async () => [],
    });
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });

  const call = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object): Promise<Answer> => {
    now += 1000;
    const patch = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = { authorization: `Bearer ${anna}`, 'user-agent': 'kubectl/v1.32.0 (linux/amd64) kubernetes/70d3cc9' };
    const reply = await app.inject({
      method,
      url,
      headers: { ...headers, ...(payload ? { 'content-type': patch } : {}) },
      ...(payload ? { payload } : {}),
    });
    return { status: reply.statusCode, type: String(reply.headers['content-type']), body: reply.json<Record<string, unknown>>() };
  };
  const get = (url: string) => call('GET', url);
  const declare = (sizeGiB = 1) =>
    call('POST', volumes, {
      apiVersion: 'openstack.stackwarden.io/v1alpha1',
      kind: 'Volume',
      metadata: { name: 'data' },
      spec: { clusterRef: { name: 'main' }, sizeGiB },
    });
  const grow = (sizeGiB: number, more: object = {}) => call('PATCH', `${volumes}/data`, { spec: { sizeGiB, ...more } });

  it('lists the revisions of an object with who made them and through what', async () => {
    await declare();
    await grow(2);
    await call('DELETE', `${volumes}/data`);
    const { status, body } = await get(`${objects}/revisions`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'Volume', namespace: 'default', name: 'data', uid: expect.any(String) });
    const by = { actor: 'anna', through: 'kubectl/v1.32.0', cluster: 'main' };
    expect(body.items).toEqual([
      { revision: 3, at: iso(3), action: 'deleted', ...by },
      { revision: 2, at: iso(2), action: 'changed', ...by },
      { revision: 1, at: iso(1), action: 'declared', ...by },
    ]);
    const first = await get(`${objects}/revisions?limit=2`);
    expect((await get(`${objects}/revisions?limit=2&cursor=${String(first.body.next)}`)).body.items).toMatchObject([{ revision: 1 }]);
  });

  it('shows a revision with its spec and what it changed', async () => {
    await declare();
    await grow(2, { description: 'more' });
    expect((await get(`${objects}/revisions/2`)).body).toMatchObject({
      revision: 2,
      before: 1,
      spec: { clusterRef: { name: 'main' }, sizeGiB: 2, description: 'more' },
      changes: [
        { path: 'spec.description', from: null, to: 'more' },
        { path: 'spec.sizeGiB', from: 1, to: 2 },
      ],
    });
    expect((await get(`${objects}/revisions/1`)).body).not.toHaveProperty('before');
  });

  it('tells what was declared and observed at a time', async () => {
    await declare();
    const change = { type: 'volume', id: 'v-1', change: 'appeared', at: now, after: { id: 'v-1', name: 'data', size: 1 } } as const;
    await createInventoryRepository(store, 'main').save([change]);
    await call('PATCH', `${volumes}/data/status`, { status: { id: 'v-1' } });
    await grow(5);
    const then = (await get(`${objects}?at=${iso(2)}`)).body;
    expect(then).toMatchObject({
      at: iso(2),
      declared: { state: 'declared', revision: 1, since: iso(1), actor: 'anna', spec: { sizeGiB: 1 } },
      observed: { state: 'present', cluster: 'main', type: 'volume', id: 'v-1', since: iso(1), body: { size: 1 } },
    });
    expect((await get(objects)).body).toMatchObject({ declared: { revision: 2, spec: { sizeGiB: 5 } }, observed: { state: 'present' } });
    expect((await get(`${objects}?at=${iso(0)}`)).body).toMatchObject({
      declared: { state: 'notDeclared' },
      observed: { state: 'absent' },
    });
    expect((await get(`${objects}?at=2020-01-01T00:00:00Z`)).body).toMatchObject({ declared: { state: 'unknown', knownSince: iso(0) } });
    await call('DELETE', `${volumes}/data`);
    expect((await get(objects)).body).toMatchObject({
      declared: { state: 'notDeclared', deletedBy: 'anna' },
      observed: { state: 'present' },
    });
  });

  it('lists objects and cloud resources as of a time, a page at a time', async () => {
    await declare();
    const appeared = (id: string) => ({ type: 'volume', id, change: 'appeared', at: now, after: { id, name: id, size: 1 } }) as const;
    await createInventoryRepository(store, 'main').save([appeared('v-1'), appeared('v-2')]);
    await grow(9);
    const list = await get(`/api/v1/objects?kind=Volume&cluster=main&namespace=default&at=${iso(1)}`);
    expect(list.body).toMatchObject({
      at: iso(1),
      known: true,
      knownSince: iso(0),
      items: [{ name: 'data', declared: { spec: { sizeGiB: 1 } } }],
    });
    expect((await get('/api/v1/objects?cluster=other')).body.items).toEqual([]);
    expect((await get('/api/v1/objects?at=2020-01-01T00:00:00Z')).body).toMatchObject({ known: false, knownSince: iso(0), items: [] });
    const rows = await get('/api/v1/inventory/main?type=volume&limit=1');
    expect(rows.body).toMatchObject({
      cluster: 'main',
      known: true,
      items: [{ type: 'volume', id: 'v-1', since: iso(1), body: { size: 1 } }],
    });
    expect((await get(`/api/v1/inventory/main?limit=1&cursor=${String(rows.body.next)}`)).body).toMatchObject({ items: [{ id: 'v-2' }] });
    expect((await get(`/api/v1/inventory/main?at=${iso(0)}`)).body).toMatchObject({ known: false, knownSince: iso(1), items: [] });
  });

  it('plans the way back without a write, and goes it as planned', async () => {
    await declare();
    await grow(2, { description: 'more' });
    const plan = (await call('POST', `${objects}/revisions/1/plan`)).body;
    expect(plan).toMatchObject({
      revision: 1,
      generation: 2,
      changes: [
        { path: 'spec.description', from: 'more', to: null },
        { path: 'spec.sizeGiB', from: 2, to: 1 },
      ],
      plan: { objects: [], gaps: [{ cluster: 'main' }] },
    });
    expect(planned[0]?.objects).toMatchObject([{ kind: 'Volume', metadata: { uid: plan.uid }, spec: { sizeGiB: 1 } }]);
    expect((await get(objects)).body).toMatchObject({ declared: { revision: 2 } });
    const applied = await call('POST', `${objects}/revisions/1/apply`, { generation: 2, uid: plan.uid });
    expect([applied.status, applied.body.generation, applied.body.changes]).toEqual([200, 3, plan.changes]);
    expect((await get(`${volumes}/data`)).body).toMatchObject({
      metadata: { generation: 3 },
      spec: { clusterRef: { name: 'main' }, sizeGiB: 1 },
    });
    expect((await get(`${objects}/revisions`)).body.items).toMatchObject([
      { revision: 3, actor: 'anna', through: 'stackwarden-rollback/1' },
      {},
      {},
    ]);
    expect((await audit.list({ type: 'RolledBack' })).items).toMatchObject([
      {
        actor: 'anna',
        result: 'ok',
        object: { kind: 'Volume', name: 'data', uid: plan.uid },
        message: expect.stringContaining('back to revision 1, as revision 3'),
      },
    ]);
  });

  it('refuses the way back when the object was changed since the plan, but not when only its status was', async () => {
    await declare();
    await grow(2);
    await call('PATCH', `${volumes}/data/status`, { status: { id: 'v-1' } });
    await grow(3);
    const stale = await call('POST', `${objects}/revisions/1/apply`, { generation: 2 });
    expect([stale.status, stale.type]).toEqual([409, 'application/problem+json; charset=utf-8']);
    expect(stale.body).toMatchObject({ generation: 3, detail: expect.stringContaining('was at generation 2 and is at 3') });
    expect((await audit.list({ type: 'RolledBack' })).items).toMatchObject([{ result: 'failed', changes: [] }]);
    expect((await call('POST', `${objects}/revisions/1/apply`, { generation: 3, uid: 'another' })).status).toBe(409);
    await call('PATCH', `${volumes}/data/status`, { status: { id: 'v-2' } });
    expect((await call('POST', `${objects}/revisions/1/apply`, { generation: 3 })).status).toBe(200);
  });

  it('brings back what was deleted, also under the number another object of the name has', async () => {
    await declare(4);
    const { uid } = (await get(objects)).body.declared as { uid: string };
    await call('DELETE', `${volumes}/data`);
    const plan = (await call('POST', `${objects}/revisions/1/plan`)).body;
    expect(plan).toMatchObject({ generation: 0, changes: [{ path: 'spec', from: null }] });
    expect((await call('POST', `${objects}/revisions/2/plan`)).body.detail).toContain('Revision 2 is a deletion');
    expect((await call('POST', `${objects}/revisions/1/apply`, { generation: 0 })).status).toBe(200);
    expect((await get(`${volumes}/data`)).body).toMatchObject({ spec: { sizeGiB: 4 } });
    await grow(6);
    await call('POST', `${objects}/revisions/1/apply?uid=${uid}`, { generation: 2 });
    expect((await get(`${objects}/revisions`)).body.predecessor).toBe(uid);
    expect((await get(`${volumes}/data`)).body).toMatchObject({ spec: { sizeGiB: 4 }, metadata: { generation: 3 } });
  });

  it('passes on why the Kubernetes API refuses', async () => {
    await declare();
    await store.db.update(store.tables.revisions).set({ spec: '{"clusterRef":{"name":"main"},"sizeGiB":-1}' });
    const { status, body } = await call('POST', `${objects}/revisions/1/plan`);
    expect([status, body.title]).toEqual([422, 'Invalid']);
    expect(body.detail).toContain('spec.sizeGiB');
  });

  it('never keeps a Secret, nor what is no kind of ours', async () => {
    await call('POST', '/api/v1/namespaces/default/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { a: 'aHVudGVyMg==' },
    });
    await call('POST', '/api/v1/namespaces/default/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } });
    expect(await store.db.select().from(store.tables.revisions)).toEqual([]);
    expect((await get('/api/v1/objects/Secret/default/s')).status).toBe(404);
  });

  it('lets no write through whose revision cannot be stored', async () => {
    await declare();
    const { uid } = (await get(objects)).body.declared as { uid: string };
    const failing = createObjectStore(store, {
      alongside: async () => {
        throw new Error('no room for the revision');
      },
    });
    const key = { resource: 'volumes.openstack.stackwarden.io', namespace: 'default', name: 'data' };
    const stored = await failing.get(key);
    const write = { op: 'replace', key, uid, at: now, expected: stored?.resourceVersion ?? 0, body: () => '{}' } as const;
    await expect(failing.write(write)).rejects.toThrow('no room for the revision');
    expect(await failing.get(key)).toEqual(stored);
  });

  it.each([
    [`${objects}?at=yesterday`, 'at', 'Allowed: a time such as 2026-11-25T09:30:00Z'],
    [`${objects}?at=2026-11-25`, 'at', 'Allowed: a time such as'],
    [`${objects}?at=2099-01-01T00:00:00Z`, 'at', 'that is past'],
    [`${objects}?when=now`, 'when', 'There is no such parameter; known are at.'],
    [`${objects}/revisions/0`, 'revision', 'Allowed: the number of a revision'],
    [`${objects}/revisions?limit=501`, 'limit', 'Allowed: a whole number from 1 to 500.'],
    [`${objects}/revisions?cursor=x`, 'cursor', 'The cursor is not one this server gave'],
    ['/api/v1/objects?kind=Secret', 'kind', 'Allowed: one of Cluster, Network'],
    ['/api/v1/inventory/main?type=secret', 'type', 'Allowed: one of network, subnet'],
  ])('answers %s with a problem that names the field and what is allowed', async (url, field, message) => {
    await declare();
    await createInventoryRepository(store, 'main').save([
      { type: 'network', id: 'n', change: 'appeared', at: now, after: { id: 'n', name: 'n' } },
    ]);
    const { status, type, body } = await get(url);
    expect([status, type]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(body.errors).toEqual([{ field, message: expect.stringContaining(message) }]);
  });

  it.each([
    ['/api/v1/objects/Volume/default/never', 'Nothing was ever recorded of a Volume default/never.'],
    ['/api/v1/objects/Widget/default/a', 'There is no kind Widget; known are Cluster, '],
    ['/api/v1/objects/Cluster/default/main', 'A Cluster is in no namespace: write "-" for it.'],
    ['/api/v1/objects/Volume/-/data', 'A Volume is in a namespace'],
    [`${objects}/revisions/7`, 'Volume data has no revision 7'],
    ['/api/v1/inventory/nowhere', 'Nothing was ever seen of a Cluster named nowhere.'],
  ])('answers %s with what is not there', async (url, detail) => {
    await declare();
    const { status, body } = await get(url);
    expect([status, body.title]).toEqual([404, 'NotFound']);
    expect(body.detail).toContain(detail);
  });

  it('asks for the generation of the plan', async () => {
    await declare();
    const { status, body } = await call('POST', `${objects}/revisions/1/apply`, {});
    expect([status, body.errors]).toEqual([400, [{ field: 'generation', message: expect.stringContaining('Has to be given') }]]);
  });
});

async function* nothing(): AsyncGenerator<[]> {}
