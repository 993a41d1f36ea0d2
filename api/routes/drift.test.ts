import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import type { JsonObject } from '#controller/engine/json.ts';
import type { KubeObject, ObjectStatus } from '#controller/engine/object.ts';
import { createTestLists, instance, serverRow } from '#controller/lists/clouds.fixture.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { auditDenial } from '../auth/denials.ts';
import { addGate } from '../auth/gate.ts';
import { everywhereAs, type Grant, type Identity } from '../auth/identity.ts';
import type { OwnKubeRequest } from '../own-kube.ts';
import { driftRoutes } from './drift.ts';

const grants: Record<string, Grant[]> = {
  ann: [everywhereAs('operator')],
  vera: [everywhereAs('viewer')],
  ben: [{ ...everywhereAs('operator'), cluster: 'bj-1', namespace: 'shop' }],
};
const now = Date.parse('2026-11-29T12:00:00Z');
const since = '2026-11-29T11:00:00Z';

interface Item {
  readonly name: string;
  readonly cause: string;
}

describe('the drift API', () => {
  let store: Store;
  let audit: Audit;
  let app: FastifyInstance;
  let asked: OwnKubeRequest[];
  let objects: KubeObject[];

  const declare = (name: string, cluster: string, status: ObjectStatus, more: { spec?: JsonObject; metadata?: object } = {}) => {
    const object = instance(name, cluster, { id: `id-${name}`, ...status });
    objects.push({ ...object, spec: { ...object.spec, ...more.spec }, metadata: { ...object.metadata, ...more.metadata } });
  };
  const differs = (path: string, declared: string | null, observed: string | null) => ({ drift: [{ path, declared, observed, since }] });

  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    audit = createAudit(store, { clock: { now: () => now } });
    asked = [];
    objects = [];
    const { lists, cloud } = createTestLists();
    cloud('bj-1').put('server', serverRow('stray', { name: 'stray' }));
    cloud('bj-1').put('server', serverRow('foreign', { name: 'foreign', tenant_id: 'another' }));
    declare('web', 'bj-1', differs('spec.metadata.tier', 'gold', 'tin'), { spec: { metadata: { tier: 'gold' } } });
    declare('web-2', 'sh-1', differs('spec.metadata.tier', 'gold', 'tin'), { spec: { metadata: { tier: 'gold' }, driftPolicy: 'Report' } });
    declare('db', 'bj-1', differs('', 'present', 'missing'), { metadata: { namespace: 'data' } });
    declare('hot', 'bj-1', {
      ...differs('spec.powerState', 'Running', 'Stopped'),
      corrections: [{ path: 'spec.powerState', times: 5, firstAt: since, lastAt: '2026-11-29T11:59:00Z', generation: 1 }],
    });
    declare('fine', 'bj-1', {});
    const world = {
      clouds: { look: (cluster: string) => ({ client: {} as never, inventory: cloud(cluster).inventory }) },
      objects: {
        inCluster: () => () => undefined,
        list: (kind: string) => objects.filter((object) => object.kind === kind),
        get: ({ kind, namespace, name }: { kind: string; namespace: string; name: string }) =>
          objects.find((one) => one.kind === kind && one.metadata.namespace === namespace && one.metadata.name === name),
      },
    };
    app = fastify();
    addGate(app, {
      authenticate: async ({ headers }): Promise<Identity | undefined> => {
        const user = String(headers['x-user'] ?? 'ann');
        return user in grants ? { user, groups: [], grants: grants[user] as Grant[], how: 'token' } : undefined;
      },
      denied: (request, decision) => auditDenial(audit, request, decision),
    });
    await app.register(driftRoutes, {
      world: () => world,
      lists: () => lists,
      planner: () => undefined,
      audit,
      clock: { now: () => now },
      kube: async (request) => {
        asked.push(request);
        const name = request.path.split('/').at(-1);
        const object = objects.find(({ metadata }) => metadata.name === name) as KubeObject;
        const { spec = {} } = request.body as { spec?: object };
        return { status: 200, body: { ...object, spec: { ...object.spec, ...spec } } };
      },
    });
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });

  const get = async (path: string, user = 'ann') => {
    const reply = await app.inject({ url: `/api/v1/${path}`, headers: { 'x-user': user } });
    return { status: reply.statusCode, body: reply.json<Record<string, unknown> & { items: Item[] }>() };
  };
  const post = async (name: string, way: string, payload: object, user = 'ann') => {
    const url = `/api/v1/objects/Instance/${name}/drift/${way}`;
    const reply = await app.inject({ method: 'POST', url, payload, headers: { 'x-user': user } });
    return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
  };
  const shown = async (query: string, user?: string) =>
    (await get(`drift?${query}`, user)).body.items.map(({ cause, name }) => `${cause} ${name}`);
  const logged = async () => (await audit.list()).items.map(({ type, result }) => `${type} ${result}`);

  it('tells of all that is not as declared, by cause, with counts', async () => {
    const { body } = await get('drift?sort=name');
    expect(await shown('sort=name')).toEqual(['missing db', 'contested hot', 'undeclared stray', 'drifted web', 'drifted web-2']);
    expect(body['counts']).toMatchObject({
      cause: { drifted: 2, missing: 1, contested: 1, undeclared: 1 },
      cluster: [
        { value: 'bj-1', count: 4 },
        { value: 'sh-1', count: 1 },
      ],
    });
    expect(body.items.find(({ name }) => name === 'web-2')).toMatchObject({
      policy: 'Report',
      fields: [{ path: 'spec.metadata.tier', declared: 'gold', observed: 'tin', since }],
    });
  });

  it('gathers the same difference of several objects over clouds', async () => {
    const { groups } = (await get('drift?cause=drifted')).body as unknown as {
      groups: { key: string; count: number; clusters: string[] }[];
    };
    expect(groups).toMatchObject([{ kind: 'Instance', path: 'spec.metadata.tier', observed: 'tin', count: 2, clusters: ['bj-1', 'sh-1'] }]);
    expect(await shown(`group=${groups[0]?.key}&sort=name`)).toEqual(['drifted web', 'drifted web-2']);
    expect(await shown('group=none')).toEqual([]);
  });

  it('filters, and counts what another choice would show', async () => {
    expect(await shown('cause=missing')).toEqual(['missing db']);
    expect(await shown('cluster=sh-1')).toEqual(['drifted web-2']);
    expect(await shown('cluster=sh-1,bj-1&cause=drifted&sort=name')).toEqual(['drifted web', 'drifted web-2']);
    expect(await shown('namespace=data')).toEqual(['missing db']);
    expect(await shown('text=WEB&sort=name')).toEqual(['drifted web', 'drifted web-2']);
    expect((await get('drift?cause=missing')).body['counts']).toMatchObject({
      cause: { drifted: 2, missing: 1 },
      cluster: [{ value: 'bj-1', count: 1 }],
    });
  });

  it('pages without a gap', async () => {
    const first = await get('drift?sort=name&limit=2');
    expect(first.body.items.map(({ name }) => name)).toEqual(['db', 'hot']);
    expect(await shown(`sort=name&limit=3&cursor=${String(first.body['next'])}`)).toEqual([
      'undeclared stray',
      'drifted web',
      'drifted web-2',
    ]);
    expect((await get(`drift?sort=newest&cursor=${String(first.body['next'])}`)).status).toBe(400);
  });

  it('shows each person what they may see, and says whether they may change it', async () => {
    expect(await shown('sort=name', 'ben')).toEqual(['contested hot', 'drifted web']);
    expect((await get('drift?cause=drifted&cluster=bj-1', 'vera')).body.items).toMatchObject([{ name: 'web', mayChange: false }]);
    expect((await get('objects/Instance/data/db/drift', 'ben')).status).toBe(404);
    expect((await post('data/db', 'revert', {}, 'ben')).status).toBe(404);
    expect((await post('shop/web', 'revert', {}, 'vera')).status).toBe(403);
    expect(await logged()).toEqual(['Denied denied']);
    expect(asked).toEqual([]);
  });

  it('accepts as the person, and records it', async () => {
    const tried = await post('shop/web', 'accept', { dryRun: true });
    expect(tried.body).toMatchObject({
      changes: [{ path: 'spec.metadata.tier', from: 'gold', to: 'tin' }],
      patch: { spec: { metadata: { tier: 'tin' } } },
    });
    expect(tried.body['manifest']).toContain('tier: tin');
    expect([asked.map(({ query }) => query?.['dryRun']), await logged()]).toEqual([['All'], []]);
    expect((await post('shop/web', 'accept', { paths: ['spec.metadata.tier'] })).status).toBe(200);
    expect(asked.at(-1)).toMatchObject({ method: 'PATCH', body: { spec: { metadata: { tier: 'tin' } } }, caller: { 'x-user': 'ann' } });
    expect((await audit.list()).items).toMatchObject([
      { type: 'DriftAccepted', actor: 'ann', changes: [{ path: 'spec.metadata.tier' }], source: { address: '127.0.0.1' } },
    ]);
  });

  it('asks for one correction by an annotation', async () => {
    expect((await post('shop/web-2', 'revert', {})).status).toBe(200);
    expect(asked.at(-1)?.body).toEqual({
      metadata: { annotations: { 'openstack.stackwarden.io/correct-at': '2026-11-29T12:00:00.000Z\nspec.metadata.tier' } },
    });
    expect(await logged()).toEqual(['DriftRevertRequested ok']);
  });

  it('ignores for a reason and a time', async () => {
    const until = '2026-12-24T18:00:00Z';
    expect((await post('shop/web', 'ignore', { reason: 'moving', until })).status).toBe(200);
    expect(asked.at(-1)?.body).toEqual({
      spec: { ignore: [{ path: 'spec.metadata.tier', reason: 'moving', until: '2026-12-24T18:00:00.000Z' }] },
    });
    expect((await post('shop/web', 'ignore', { reason: 'moving', until: '2020-01-01T00:00:00Z' })).body['errors']).toMatchObject([
      { field: 'until' },
    ]);
    expect((await post('shop/web', 'ignore', {})).body['errors']).toMatchObject([{ field: 'reason' }]);
  });

  it('shows the change where a repository owns the declaration, and makes none', async () => {
    declare('flux', 'bj-1', differs('spec.metadata.tier', 'gold', 'tin'), {
      spec: { metadata: { tier: 'gold' } },
      metadata: { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux' } },
    });
    expect((await post('shop/flux', 'accept', { dryRun: true })).body).toMatchObject({
      owner: 'Flux (Kustomization flux/apps)',
      patch: { spec: {} },
    });
    const refused = await post('shop/flux', 'accept', {});
    expect([refused.status, refused.body['title']]).toEqual([409, 'ManagedByGitOps']);
    expect((await post('shop/flux', 'revert', {})).status).toBe(200);
    expect(await logged()).toEqual(['DriftRevertRequested ok', 'DriftAccepted failed']);
  });

  it.each([
    ['data/db', 'accept', {}, 'Conflict', 'gone from the cloud'],
    ['shop/fine', 'revert', {}, 'NotDrifted', 'does not differ at all'],
    ['shop/web', 'accept', { paths: ['spec.name'] }, 'NotDrifted', 'does not differ in spec.name'],
  ])('refuses %s %s %j as %s', async (name, way, body, title, words) => {
    const refused = await post(name, way, body);
    expect([refused.status, refused.body['title']]).toEqual([409, title]);
    expect(refused.body['detail']).toContain(words);
  });

  it('tells of one object, and what stands in the way', async () => {
    declare('watched', 'bj-1', differs('spec.name', 'a', 'b'), { spec: { managementPolicy: 'Observe' } });
    expect((await get('objects/Instance/shop/watched/drift')).body).toMatchObject({
      isDrifted: true,
      policy: 'Observe',
      obstacles: { revert: { reason: 'OnlyObserved' } },
      changedBy: [],
    });
    expect((await get('objects/Instance/shop/fine/drift')).body).toMatchObject({ isDrifted: false, fields: [] });
  });
});
