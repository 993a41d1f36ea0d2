import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInventoryRepository } from '#controller/inventory/repository.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { type HistoryApp, iso, objects, openHistoryApp, volumes } from './history.fixture.ts';

describe('the history API', () => {
  let app: HistoryApp;
  beforeEach(async () => {
    app = await openHistoryApp();
  });
  afterEach(async () => app.close());

  it('lists the revisions of an object with who made them and through what', async () => {
    await app.declare();
    await app.grow(2);
    await app.call('DELETE', `${volumes}/data`);
    const { status, body } = await app.get(`${objects}/revisions`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'Volume', namespace: 'default', name: 'data', uid: expect.any(String) });
    const by = { actor: 'anna', through: 'kubectl/v1.32.0', cluster: 'main' };
    expect(body.items).toEqual([
      { revision: 3, at: iso(3), action: 'deleted', ...by },
      { revision: 2, at: iso(2), action: 'changed', ...by },
      { revision: 1, at: iso(1), action: 'declared', ...by },
    ]);
    const first = await app.get(`${objects}/revisions?limit=2`);
    expect((await app.get(`${objects}/revisions?limit=2&cursor=${String(first.body.next)}`)).body.items).toMatchObject([{ revision: 1 }]);
  });

  it('shows a revision with its spec and what it changed', async () => {
    await app.declare();
    await app.grow(2, { description: 'more' });
    expect((await app.get(`${objects}/revisions/2`)).body).toMatchObject({
      revision: 2,
      before: 1,
      spec: { clusterRef: { name: 'main' }, sizeGiB: 2, description: 'more' },
      changes: [
        { path: 'spec.description', from: null, to: 'more' },
        { path: 'spec.sizeGiB', from: 1, to: 2 },
      ],
    });
    expect((await app.get(`${objects}/revisions/1`)).body).not.toHaveProperty('before');
  });

  it('tells what was declared and observed at a time', async () => {
    await app.declare();
    const change = { type: 'volume', id: 'v-1', change: 'appeared', at: app.now(), after: { id: 'v-1', name: 'data', size: 1 } } as const;
    await createInventoryRepository(app.store, 'main').save([change]);
    await app.call('PATCH', `${volumes}/data/status`, { status: { id: 'v-1' } });
    await app.grow(5);
    const then = (await app.get(`${objects}?at=${iso(2)}`)).body;
    expect(then).toMatchObject({
      at: iso(2),
      declared: { state: 'declared', revision: 1, since: iso(1), actor: 'anna', spec: { sizeGiB: 1 } },
      observed: { state: 'present', cluster: 'main', type: 'volume', id: 'v-1', since: iso(1), body: { size: 1 } },
    });
    expect((await app.get(objects)).body).toMatchObject({
      declared: { revision: 2, spec: { sizeGiB: 5 } },
      observed: { state: 'present' },
    });
    expect((await app.get(`${objects}?at=${iso(0)}`)).body).toMatchObject({
      declared: { state: 'notDeclared' },
      observed: { state: 'absent' },
    });
    expect((await app.get(`${objects}?at=2020-01-01T00:00:00Z`)).body).toMatchObject({
      declared: { state: 'unknown', knownSince: iso(0) },
    });
    await app.call('DELETE', `${volumes}/data`);
    expect((await app.get(objects)).body).toMatchObject({
      declared: { state: 'notDeclared', deletedBy: 'anna' },
      observed: { state: 'present' },
    });
  });

  it('lists objects and cloud resources as of a time, a page at a time', async () => {
    await app.declare();
    const appeared = (id: string) => ({ type: 'volume', id, change: 'appeared', at: app.now(), after: { id, name: id, size: 1 } }) as const;
    await createInventoryRepository(app.store, 'main').save([appeared('v-1'), appeared('v-2')]);
    await app.grow(9);
    const list = await app.get(`/api/v1/objects?kind=Volume&cluster=main&namespace=default&at=${iso(1)}`);
    expect(list.body).toMatchObject({
      at: iso(1),
      known: true,
      knownSince: iso(0),
      items: [{ name: 'data', declared: { spec: { sizeGiB: 1 } } }],
    });
    expect((await app.get('/api/v1/objects?cluster=other')).body.items).toEqual([]);
    expect((await app.get('/api/v1/objects?at=2020-01-01T00:00:00Z')).body).toMatchObject({ known: false, knownSince: iso(0), items: [] });
    const rows = await app.get('/api/v1/inventory/main?type=volume&limit=1');
    expect(rows.body).toMatchObject({
      cluster: 'main',
      known: true,
      items: [{ type: 'volume', id: 'v-1', since: iso(1), body: { size: 1 } }],
    });
    expect((await app.get(`/api/v1/inventory/main?limit=1&cursor=${String(rows.body.next)}`)).body).toMatchObject({
      items: [{ id: 'v-2' }],
    });
    expect((await app.get(`/api/v1/inventory/main?at=${iso(0)}`)).body).toMatchObject({ known: false, knownSince: iso(1), items: [] });
  });

  it('never keeps a Secret, nor what is no kind of ours', async () => {
    await app.call('POST', '/api/v1/namespaces/default/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { a: 'aHVudGVyMg==' },
    });
    await app.call('POST', '/api/v1/namespaces/default/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } });
    expect(await app.store.db.select().from(app.store.tables.revisions)).toEqual([]);
    expect((await app.get('/api/v1/objects/Secret/default/s')).status).toBe(404);
  });

  it('lets no write through whose revision cannot be stored', async () => {
    await app.declare();
    const { uid } = (await app.get(objects)).body.declared as { uid: string };
    const failing = createObjectStore(app.store, {
      alongside: async () => {
        throw new Error('no room for the revision');
      },
    });
    const key = { resource: 'volumes.openstack.stackwarden.io', namespace: 'default', name: 'data' };
    const stored = await failing.get(key);
    const write = { op: 'replace', key, uid, at: app.now(), expected: stored?.resourceVersion ?? 0, body: () => '{}' } as const;
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
    await app.declare();
    await createInventoryRepository(app.store, 'main').save([
      { type: 'network', id: 'n', change: 'appeared', at: app.now(), after: { id: 'n', name: 'n' } },
    ]);
    const { status, type, body } = await app.get(url);
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
    await app.declare();
    const { status, body } = await app.get(url);
    expect([status, body.title]).toEqual([404, 'NotFound']);
    expect(body.detail).toContain(detail);
  });
});
