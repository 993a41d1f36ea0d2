import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { ClusterView, ClusterViews, NoView, Undeclared } from '#controller/cluster-views.ts';
import type { Export } from '#controller/export/export-manifests.ts';
import { parseSelection } from '#controller/export/selection.ts';
import { kinds } from '#controller/kinds/index.ts';
import { clusterRoutes } from './clusters.ts';

const volume = (name: string, id = `v-${name}`): Undeclared => ({ type: 'volume', kind: 'Volume', id, name });
const rows: Undeclared[] = [
  { type: 'network', kind: 'Network', id: 'n-1', name: 'front', createdAt: '2026-11-23T10:00:00.000Z', ownerUid: 'u-1' },
  { type: 'server', id: 's-1', name: 'web-1' },
  volume('', 'v-9'),
  volume('data'),
  volume('web-1'),
  volume('web-2'),
];
const manifest = (name: string) => ({
  apiVersion: 'openstack.stackwarden.io/v1alpha1',
  kind: 'Volume',
  metadata: { name, namespace: 'shop' },
  spec: { clusterRef: { name: 'main' }, managementPolicy: 'Observe', import: { id: `v-${name}` }, sizeGiB: 1 },
});

describe('the cluster API', () => {
  let app: FastifyInstance;
  let clusters: ClusterViews | undefined;
  let answer: Export;
  let unseen: readonly ('volume' | 'port')[];
  let asked: unknown[];
  const away: Record<string, NoView> = {
    asleep: { reason: 'AuthFailed', message: 'The password is wrong.', passes: false },
    waking: { reason: 'ClusterListing', message: 'Waiting for the first complete look at Cluster waking.', passes: true },
  };

  beforeEach(async () => {
    asked = [];
    unseen = [];
    answer = { manifests: [], leftOut: [], notes: [] };
    const view: ClusterView = {
      undeclared: () => rows,
      unseen: () => unseen,
      export(request) {
        asked.push(request);
        parseSelection(request.select, kinds);
        return answer;
      },
    };
    clusters = { names: () => ['asleep', 'main', 'waking'], of: (name) => away[name] ?? view };
    app = fastify();
    await app.register(clusterRoutes, { clusters: () => clusters });
  });
  afterEach(() => app.close());

  const get = async (path: string) => {
    const reply = await app.inject(`/api/v1/clusters/${path}`);
    return { status: reply.statusCode, headers: reply.headers, body: reply.json<Record<string, unknown>>() };
  };
  const post = (path: string, payload: object, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: `/api/v1/clusters/${path}`, payload, headers });
  const ids = async (query: string) => ((await get(`main/undeclared${query}`)).body['items'] as Undeclared[]).map(({ id }) => id);

  it('lists what nobody declared, with all that is known of it', async () => {
    expect((await get('main/undeclared')).body).toEqual({ items: rows, unseen: [] });
  });

  it('filters by kind and by name', async () => {
    expect(await ids('?kind=Volume&name=web-*')).toEqual(['v-web-1', 'v-web-2']);
    expect(await ids('?name=web-1')).toEqual(['s-1', 'v-web-1']);
    expect(await ids('?kind=Subnet')).toEqual([]);
  });

  it('pages through all of it, each once', async () => {
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const { body } = await get(`main/undeclared?limit=2${next === undefined ? '' : `&cursor=${next}`}`);
      seen.push(...(body['items'] as Undeclared[]).map(({ id }) => id));
      next = body['next'] as string | undefined;
    } while (next !== undefined);
    expect(seen).toEqual(rows.map(({ id }) => id));
  });

  it('says which types it could not see', async () => {
    unseen = ['volume'];
    expect((await get('main/undeclared')).body['unseen']).toEqual(['volume']);
    const reply = await post('main/export', {});
    expect(reply.json<Export>().notes).toEqual(['Nothing is known of the volume rows of Cluster main: they could not be listed.']);
  });

  it.each([
    ['?limit=0', 'limit', 'Allowed: a whole number from 1 to 500.'],
    ['?kind=Volum', 'kind', 'Allowed: one of Network, Subnet, '],
    ['?colour=red', 'colour', 'There is no such parameter; known are kind, name, limit, cursor.'],
    ['?cursor=x', 'cursor', 'The cursor is not one this server gave.'],
    [`?cursor=${Buffer.from('[1,2,3]').toString('base64url')}`, 'cursor', 'The cursor is not one this server gave.'],
  ])('answers %s with a problem that names the field', async (query, field, message) => {
    const { status, headers, body } = await get(`main/undeclared${query}`);
    expect([status, headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(body['errors']).toEqual([{ field, message: expect.stringContaining(message) }]);
  });

  it.each(['undeclared', 'export'])('tells of %s why there is nothing to tell, and what to do', async (what) => {
    const ask = async (name: string) => {
      const reply = what === 'export' ? await post(`${name}/export`, {}) : await app.inject(`/api/v1/clusters/${name}/undeclared`);
      expect(reply.headers['content-type']).toContain('application/problem+json');
      return { status: reply.statusCode, retry: reply.headers['retry-after'], detail: reply.json<{ detail: string }>().detail };
    };
    expect(await ask('mian')).toMatchObject({ status: 404, detail: 'There is no Cluster mian; known are asleep, main, waking.' });
    expect(await ask('asleep')).toMatchObject({
      status: 409,
      detail: expect.stringContaining('is not connected, so nothing is known of its cloud. The password is wrong.'),
    });
    expect(await ask('waking')).toMatchObject({ status: 503, retry: '5', detail: expect.stringContaining('Try again in a few seconds.') });
    clusters = undefined;
    expect(await ask('main')).toMatchObject({ status: 503, retry: '5' });
  });

  it('exports what is selected, as JSON', async () => {
    answer = { manifests: [manifest('data')], leftOut: [{ kind: 'Subnet', id: 's', name: 'sub', reason: 'why' }], notes: ['so'] };
    const reply = await post('main/export', { namespace: 'shop', select: ['kind=Volume'] });
    expect(reply.json()).toEqual(answer);
    expect(asked).toEqual([{ namespace: 'shop', select: ['kind=Volume'] }]);
    await post('main/export', {});
    expect(asked.at(-1)).toEqual({ namespace: 'default', select: [] });
  });

  it('exports as YAML with what was left out at its top', async () => {
    const leftOut = [{ kind: 'Subnet', id: 's', name: 'evil\n---\nkind: Secret', reason: 'why' }];
    answer = { manifests: [manifest('a'), manifest('b')], leftOut, notes: ['so'] };
    const reply = await post('main/export', { namespace: 'shop' }, { accept: 'application/yaml' });
    expect(reply.headers['content-type']).toContain('application/yaml');
    expect(reply.body).toContain('# 2 objects of namespace shop for what nobody declared in Cluster main.\n');
    expect(reply.body).toContain('# Left out: Subnet evil --- kind: Secret (s): why\n# Note: so\n---\n');
    expect(
      parseAllDocuments(reply.body)
        .map((document) => document.toJS() as unknown)
        .filter(Boolean),
    ).toEqual(answer.manifests);
  });

  it.each([
    [{ namespace: 'No' }, 'namespace', 'Allowed: the namespace the objects will be in'],
    [{ select: 'kind=Volume' }, 'select', 'Allowed: a list of selectors'],
    [{ selct: [] }, 'selct', 'There is no such parameter; known are namespace, select.'],
    [{ select: ['kind=Volum'] }, 'select', '"kind=Volum": there is no kind Volum; known are Network'],
    [[], 'body', 'Allowed: a JSON object'],
  ])('answers the request %j with a problem that names the field', async (payload, field, message) => {
    const reply = await post('main/export', payload);
    expect(reply.statusCode).toBe(400);
    expect(reply.json<{ errors: unknown }>().errors).toEqual([{ field, message: expect.stringContaining(message) }]);
  });
});
