import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import { address, createTestLists, instance, serverRow } from '#controller/lists/clouds.fixture.ts';
import type { Lists } from '#controller/lists/lists.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { auditDenial } from '../auth/denials.ts';
import { addGate } from '../auth/gate.ts';
import { everywhereAs, type Grant, type Identity } from '../auth/identity.ts';
import { resourceCounts } from './resource-counts.ts';
import { resourceRoutes } from './resources.ts';

const grants: Record<string, Grant[]> = {
  ann: [everywhereAs('viewer')],
  ben: [{ ...everywhereAs('viewer'), cluster: 'bj-1', namespace: 'shop' }],
  cy: [{ role: 'flavors', permissions: new Set(['catalog.read']), cluster: '*', namespace: '*' }],
};

interface Page {
  readonly items: Record<string, unknown>[];
  readonly next?: string;
  readonly total: unknown;
  readonly clouds: unknown[];
}

describe('the resource API', () => {
  let store: Store;
  let audit: Audit;
  let app: FastifyInstance;
  let lists: Lists | undefined;
  let world: ReturnType<typeof createTestLists>;
  const now = Date.parse('2026-11-29T12:00:00Z');

  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    audit = createAudit(store, { clock: { now: () => now } });
    world = createTestLists();
    lists = world.lists;
    const bj = world.cloud('bj-1');
    bj.put('server', serverRow('s-1', { name: 'web', addresses: address('10.0.0.9'), metadata: { password: 'hunter2', tier: 'web' } }));
    bj.put('server', serverRow('s-2', { name: '=HYPERLINK("x")', status: 'ERROR' }));
    bj.put('volume', { id: 'v-1', name: 'data', size: 5, status: 'in-use', attachments: [{ server_id: 's-1' }], metadata: {} } as never);
    world.cloud('sh-1').put('server', serverRow('s-3', { name: 'db' }));
    bj.listed(now - 2000);
    world.feed.object({ type: 'added', initial: true, object: instance('web', 'bj-1', { id: 's-1' }) });
    app = fastify();
    await app.register(async (platform) => {
      addGate(platform, {
        authenticate: async ({ headers }): Promise<Identity | undefined> => {
          const user = String(headers['x-user'] ?? 'ann');
          return user in grants ? { user, groups: [], grants: grants[user] as Grant[], how: 'token' } : undefined;
        },
        denied: (request, decision) => auditDenial(audit, request, decision),
      });
      await platform.register(resourceRoutes, { lists: () => lists, audit, now: () => now });
      await platform.register(resourceCounts, { lists: () => lists });
    });
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });

  const get = async (path: string, user = 'ann') => {
    const reply = await app.inject({ url: `/api/v1/${path}`, headers: { 'x-user': user } });
    return { status: reply.statusCode, headers: reply.headers, text: reply.body, json: () => reply.json<Page & Record<string, unknown>>() };
  };
  const ids = async (path: string, user?: string) => (await get(path, user)).json().items.map(({ id }) => id);

  it('lists rows of all clouds with the state of each cloud', async () => {
    const { status, json } = await get('resources/server?sort=name');
    expect(status).toBe(200);
    expect(json().items.map(({ id }) => id)).toEqual(['s-2', 's-3', 's-1']);
    expect(json().items[2]).toMatchObject({
      cluster: 'bj-1',
      type: 'server',
      name: 'web',
      status: 'ACTIVE',
      addresses: ['10.0.0.9'],
      created: '2026-11-01T00:00:00.000Z',
      declared: { kind: 'Instance', namespace: 'shop', name: 'web', ready: 'Unknown', drifted: false },
      missing: false,
    });
    expect(json().total).toEqual({ count: 3, exact: true });
    expect(json().clouds).toEqual([
      { cluster: 'bj-1', state: 'Fresh', reachable: true, listedAt: new Date(now - 2000).toISOString(), ageSeconds: 2 },
      { cluster: 'sh-1', state: 'Listing', reachable: false, listedAt: null, ageSeconds: null },
    ]);
    expect(await ids('resources/instance?filter=db')).toEqual(['s-3']);
  });

  it('pages, filters and projects', async () => {
    const first = (await get('resources/server?limit=2&fields=name,status,declared')).json();
    expect(first.items[1]).toEqual({ cluster: 'sh-1', type: 'server', id: 's-3', name: 'db', status: 'ACTIVE', declared: null });
    expect(await ids(`resources/server?limit=2&cursor=${first.next}`)).toEqual(['s-1']);
    expect(await ids('resources/server?limit=2&offset=1')).toEqual(['s-3', 's-1']);
    expect(await ids('resources/server?filter=status:ACTIVE&offset=1')).toEqual(['s-1']);
    expect(await ids('resources/server?offset=3')).toEqual([]);
    expect(await ids('resources/server?filter=status:ERROR')).toEqual(['s-2']);
    expect(await ids('resources/server?filter=10.0.0&sort=-created')).toEqual(['s-1']);
  });

  it.each([
    ['resources/server?filter=colour:red', 'filter', 'there is no column colour; known are'],
    ['resources/server?sort=colour', 'sort', 'There is no column colour; known are'],
    ['resources/server?fields=colour', 'fields', 'There is no column colour; known are'],
    ['resources/server?cursor=x', 'cursor', 'The cursor is not one this server gave.'],
    ['resources/server?offset=-1', 'offset', 'a whole number from 0 to 1000000'],
    ['resources/server?offset=1000001', 'offset', 'a whole number from 0 to 1000000'],
    ['resources/server?offset=1&cursor=x', 'offset', 'give one of them'],
    ['resources/server?limit=0', 'limit', 'Allowed: a whole number from 1 to 1000.'],
    ['resources/server?fliter=x', 'fliter', 'There is no such parameter; known are filter, sort,'],
    [`resources/server?filter=${'x'.repeat(2001)}`, 'filter', 'Allowed: tokens such as'],
    ['resources/servers', 'type', 'Allowed: one of instance, server,'],
    ['resources/__proto__', 'type', 'Allowed: one of instance, server,'],
    ['resources/server/facets', 'column', 'Has to be given'],
    ['resources/server/facets?column=x', 'column', 'There is no column x'],
    ['resources/server/export?format=xml', 'format', 'Allowed: csv or jsonl.'],
    ['search', 'q', 'Has to be given'],
    ['search?q=x&types=server,x', 'types', 'There is no type x'],
  ])('answers %s with a problem that names the field', async (path, field, message) => {
    const { status, headers, json } = await get(path);
    expect([status, headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(json()['errors']).toEqual([{ field, message: expect.stringContaining(message) }]);
  });

  it('shows each person only rows of their places, everywhere alike', async () => {
    expect(await ids('resources/server', 'ben')).toEqual(['s-1']);
    expect((await get('resources/server', 'ben')).json()).toMatchObject({ total: { count: 1 }, clouds: [{ cluster: 'bj-1' }] });
    expect(await ids('search?q=s-', 'ben')).toEqual(['s-1']);
    expect((await get('resources/server/facets?column=status', 'ben')).json()['values']).toEqual([{ value: 'ACTIVE', count: 1 }]);
    expect((await get('resources/server/bj-1/s-2', 'ben')).status).toBe(404);
    expect((await get('resources/server/export?format=jsonl', 'ben')).text.trim().split('\n')).toHaveLength(1);
    expect((await get('resources/server/bj-1/s-1', 'ben')).json()['related']).toEqual([]);
  });

  it('shows what a cloud offers to whoever may work there, in whatever namespace', async () => {
    for (const cluster of ['bj-1', 'sh-1']) world.cloud(cluster).put('flavor', { id: `f-${cluster}`, name: 'm1.small', vcpus: 1 } as never);
    expect(await ids('resources/flavor', 'ben')).toEqual(['f-bj-1']);
    expect(await ids('resources/flavor')).toEqual(['f-bj-1', 'f-sh-1']);
  });

  it('refuses a type of which somebody may see nothing, and records it', async () => {
    const { status, json } = await get('resources/server', 'cy');
    expect([status, json()['permission']]).toEqual([403, 'instance.read']);
    expect((await get('resources/server/export', 'cy')).status).toBe(403);
    expect((await get('resources/flavor', 'cy')).status).toBe(200);
    expect(await ids('search?q=s-', 'cy')).toEqual([]);
    expect((await audit.list()).items.map(({ type }) => type)).toEqual(['Denied', 'Denied']);
    expect((await get('resources/server', 'nobody')).status).toBe(401);
  });

  it('shows a resource whole, without secrets, with what belongs to it', async () => {
    const { json } = await get('resources/server/bj-1/s-1');
    expect(json()).toMatchObject({
      row: { name: 'web' },
      body: { id: 's-1', metadata: { password: '***', tier: 'web' } },
      object: { kind: 'Instance', metadata: { name: 'web', namespace: 'shop' } },
      related: [{ relation: 'volumes', type: 'volume', count: 1, items: [{ id: 'v-1', name: 'data', size: 5 }] }],
      cloud: { cluster: 'bj-1', state: 'Fresh' },
    });
    const lost = await get('resources/server/bj-1/none');
    expect([lost.status, lost.json()['title']]).toEqual([404, 'ResourceNotFound']);
  });

  it('searches over all types, and counts values of a column', async () => {
    expect((await get('search?q=WEB')).json().items.map(({ type, id }) => `${String(type)} ${String(id)}`)).toEqual(['server s-1']);
    expect(await ids('search?q=data&types=volume')).toEqual(['v-1']);
    const { json } = await get('resources/server/facets?column=cluster');
    expect(json()).toEqual({
      values: [
        { value: 'bj-1', count: 2 },
        { value: 'sh-1', count: 1 },
      ],
      others: 0,
    });
    expect((await get('resources/volume/columns')).json()['columns']).toEqual(
      expect.arrayContaining([
        { name: 'size', kind: 'number', says: 'GiB', operators: [':', '>', '>=', '<', '<='], also: [] },
        { name: 'tags', kind: 'list', says: 'its tags', operators: [':'], also: ['tag'] },
      ]),
    );
  });

  it('counts what each list has, in all clouds or some, of what the person may see', async () => {
    const counts = async (path: string, user?: string) =>
      Object.fromEntries((await get(path, user)).json().items.map(({ type, count }) => [type, count]));
    expect(await counts('resources')).toMatchObject({ server: 3, volume: 1, port: 0, flavor: 0 });
    expect(await counts('resources?clusters=sh-1')).toMatchObject({ server: 1, volume: 0 });
    expect(await counts('resources?clusters=sh-1,bj-1')).toMatchObject({ server: 3 });
    expect(await counts('resources', 'ben')).toMatchObject({ server: 1, volume: 0 });
    expect(await counts('resources', 'cy')).toEqual({ flavor: 0, volume_type: 0 });
    expect((await get('resources?clusters=bj-*')).json()).toMatchObject({ status: 400, errors: [{ field: 'clusters' }] });
    lists = undefined;
    expect((await get('resources')).json()).toMatchObject({ status: 503, title: 'Starting' });
  });

  it('exports what is filtered as CSV that no spreadsheet runs, and records that', async () => {
    const { headers, text } = await get('resources/server/export?filter=cluster:bj-1&fields=name,status,addresses&sort=-name');
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="server-2026-11-29.csv"',
    });
    expect(text).toBe('\ufeff"name","status","addresses"\r\n"web","ACTIVE","10.0.0.9"\r\n"\'=HYPERLINK(""x"")","ERROR",\r\n');
    expect((await audit.list()).items).toMatchObject([
      {
        type: 'Exported',
        actor: 'ann',
        result: 'ok',
        message: 'Exported instances as csv, filter cluster:bj-1, columns name, status, addresses.',
        source: { address: '127.0.0.1' },
      },
    ]);
  });

  it('exports thousands of rows as JSON lines', async () => {
    for (let n = 0; n < 3000; n++) world.cloud('sh-1').put('server', serverRow(`x-${n}`));
    const { text } = await get('resources/server/export?format=jsonl&filter=x-');
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(3000);
    expect((await get('resources/server/export?filter=x-')).text.trim().split('\n')).toHaveLength(3001);
  });

  it.each(['resources/server', 'resources/server/facets?column=name', 'resources/server/export', 'resources/server/a/b', 'search?q=a'])(
    'answers %s with 503 while the controller starts',
    async (path) => {
      lists = undefined;
      const { status, headers, json } = await get(path);
      expect([status, headers['retry-after'], json()['title']]).toEqual([503, '5', 'Starting']);
      expect((await audit.list()).items).toEqual([]);
    },
  );
});
