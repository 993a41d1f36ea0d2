import type { IncomingHttpHeaders } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestClock, type TestClock } from '#controller/inventory/clock.fixture.ts';
import { createTestLists, instance, serverRow } from '#controller/lists/clouds.fixture.ts';
import { addGate } from '../auth/gate.ts';
import { everywhereAs, type Grant, type Identity } from '../auth/identity.ts';
import { createHub, type Hub } from './hub.ts';
import { publishObject, publishRow } from './publish.ts';
import { watchRoutes } from './routes.ts';
import { Sight } from './sight.ts';
import { WatchStream } from './stream.ts';

interface Told {
  readonly id?: string;
  readonly event?: string;
  readonly data?: { readonly version?: string; readonly key?: string; readonly body?: Record<string, unknown> | null } & Record<
    string,
    unknown
  >;
}

describe('a watch', () => {
  let clock: TestClock;
  let hub: Hub;
  let app: FastifyInstance;
  let url: string;
  let people: Record<string, Grant[]>;
  let world: ReturnType<typeof createTestLists>;

  beforeEach(async () => {
    clock = createTestClock();
    hub = createHub({ clock, kept: 50 });
    world = createTestLists({ onChange: (change) => publishRow(hub, change) });
    people = {
      ann: [everywhereAs('viewer')],
      ben: [{ ...everywhereAs('viewer'), cluster: 'bj', namespace: 'shop' }],
      cy: [{ role: 'flavors', permissions: new Set(['catalog.read']), cluster: '*', namespace: '*' }],
    };
    const authenticate = async ({ headers }: { headers: IncomingHttpHeaders }): Promise<Identity | undefined> => {
      const user = [headers['x-user'] ?? 'ann'].flat().join();
      const grants = people[user];
      return grants && { user, groups: [], grants, how: 'token' };
    };
    app = fastify({ forceCloseConnections: true });
    await app.register(async (platform) => {
      addGate(platform, { authenticate, denied: async () => undefined });
      await platform.register(watchRoutes, { hub, authenticate, clock, most: 3 });
    });
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(() => app.close());

  /** Begins to watch; `next` gives the next event, and the hub is given its time to gather. */
  const watch = async (query: string, { user = 'ann', last }: { user?: string; last?: string } = {}) => {
    const abort = new AbortController();
    const headers = { 'x-user': user, ...(last !== undefined && { 'last-event-id': last }) };
    const reply = await fetch(`${url}/api/v1/watch?${query}`, { headers, signal: abort.signal });
    if (reply.body === null || reply.status !== 200) return { status: reply.status, body: await reply.json(), reply };
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const block = async (): Promise<string> => {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const found = text.slice(0, end);
          text = text.slice(end + 2);
          return found;
        }
        const { value, done } = await reader.read();
        if (done) return 'event: closed';
        text += value;
      }
    };
    const next = async () => parse(await block());
    return { status: reply.status, reply, next, leave: () => abort.abort() };
  };
  const read = () => world.lists.page('server', { filter: '', limit: 1, maySee: undefined });
  const put = async (cluster: string, id: string, fields: Parameters<typeof serverRow>[1] = {}) => {
    world.cloud(cluster).put('server', serverRow(id, fields));
    read();
    await clock.advance(50);
  };
  const open = async (...args: Parameters<typeof watch>) => {
    const opened = await watch(...args);
    if (!opened.next) throw new Error(`refused with ${opened.status}: ${JSON.stringify(opened.body)}`);
    return { ...opened, first: await opened.next() };
  };

  it('begins with a version, and goes on with each change', async () => {
    const { reply, first, next } = await open('types=instance,operation');
    expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(first).toEqual({ id: hub.version(), event: 'snapshot', data: { version: hub.version(), resumed: false } });
    await put('bj', 's-1');
    const change = await next();
    expect(change).toMatchObject({ event: 'change', data: { resource: 'server', key: 'bj/s-1', body: { id: 's-1', status: 'ACTIVE' } } });
    expect(change.id).toBe(hub.version());
    hub.publish({
      resource: 'operation',
      permission: 'operation.read',
      place: { cluster: '*', namespace: '*' },
      key: 'o-1',
      body: () => ({ percent: 5 }),
    });
    world.cloud('bj').remove('server', 's-1');
    read();
    await clock.advance(50);
    expect((await next()).data).toEqual({ resource: 'operation', key: 'o-1', body: { percent: 5 } });
    expect((await next()).data).toEqual({ resource: 'server', key: 'bj/s-1', body: null });
  });

  it('tells of objects and clusters', async () => {
    const { next } = await open('types=object,cluster');
    publishObject(hub, { type: 'added', initial: false, object: instance('web', 'bj', { id: 's-1' }) });
    publishObject(hub, { type: 'deleted', object: instance('main', '', {}, 'Cluster') });
    await clock.advance(50);
    expect((await next()).data).toMatchObject({ resource: 'object', key: 'Instance/shop/web', body: { cluster: 'bj', ready: 'Unknown' } });
    expect((await next()).data).toEqual({ resource: 'cluster', key: 'main', body: null });
  });

  it('sends only what fits the filter, and says when a row no longer does', async () => {
    const { next } = await open('types=server&filter=status:ERROR');
    await put('bj', 's-1');
    await put('bj', 's-2', { status: 'ERROR' });
    await put('bj', 's-2', { status: 'ACTIVE' });
    await put('bj', 's-3', { status: 'ERROR' });
    expect((await next()).data).toMatchObject({ key: 'bj/s-2', body: { status: 'ERROR' } });
    expect((await next()).data).toMatchObject({ key: 'bj/s-2', body: null });
    expect((await next()).data).toMatchObject({ key: 'bj/s-3' });
  });

  it('sends nobody what they may not see; what leaves their sight is gone for them', async () => {
    const { next } = await open('types=server,operation', { user: 'ben' });
    await put('bj', 's-1');
    await put('sh', 's-2');
    world.feed.object({ type: 'added', initial: true, object: instance('web', 'bj', { id: 's-1' }) });
    read();
    hub.publish({
      resource: 'operation',
      permission: 'operation.read',
      place: { cluster: 'sh', namespace: 'shop' },
      key: 'of ann',
      body: () => ({}),
    });
    hub.publish({
      resource: 'operation',
      permission: 'operation.read',
      place: { cluster: 'sh', namespace: 'shop' },
      user: 'ben',
      key: 'own',
      body: () => ({}),
    });
    world.feed.object({ type: 'deleted', object: instance('web', 'bj', { id: 's-1' }) });
    read();
    await clock.advance(50);
    expect((await next()).data).toMatchObject({ key: 'bj/s-1', body: { declared: { name: 'web' } } });
    expect((await next()).data).toMatchObject({ key: 'own' });
    expect((await next()).data).toEqual({ resource: 'server', key: 'bj/s-1', body: null });
  });

  it('goes on behind the last event seen, or says that it cannot', async () => {
    const { next, leave } = await open('types=server');
    await put('bj', 's-1');
    const { id: last = '' } = await next();
    leave();
    await put('bj', 's-2');
    const again = await open('types=server', { last });
    expect(again.first.data).toEqual({ version: last, resumed: true });
    expect((await again.next()).data).toMatchObject({ key: 'bj/s-2' });
    const byQuery = await open(`types=server&since=${last}`);
    expect((await byQuery.next()).data).toMatchObject({ key: 'bj/s-2' });
    again.leave();
    for (let n = 0; n < 60; n++) await put('bj', `x-${n}`);
    for (const lost of [last, 'ffffffffffff-3', 'rubbish']) {
      const reset = await open('types=server', { last: lost });
      expect(reset.first).toMatchObject({
        event: 'reset',
        data: { version: hub.version(), reason: expect.stringContaining('no longer kept') },
      });
      reset.leave();
      await expect.poll(() => hub.readers).toBe(1);
    }
  });

  it('beats every 15 s with the newest id, so that a quiet watch can be resumed', async () => {
    const { next } = await open('types=volume');
    await put('bj', 's-1');
    await clock.advance(15_000);
    expect(await next()).toEqual({ id: hub.version() });
  });

  it('ends with the session, and begins anew when somebody may see something else', async () => {
    const { next } = await open('types=server', { user: 'ben' });
    people['ben'] = [everywhereAs('viewer')];
    await clock.advance(15_000);
    expect(await next()).toMatchObject({ event: 'reset', data: { reason: 'What you may see has changed.' } });
    await put('sh', 's-2');
    expect((await next()).data).toMatchObject({ key: 'sh/s-2' });
    delete people['ben'];
    await clock.advance(15_000);
    expect(await next()).toMatchObject({ event: 'end', data: { reason: 'The session or token has ended; sign in again.' } });
    expect(await next()).toEqual({ event: 'closed' });
    await expect.poll(() => hub.readers).toBe(0);
  });

  it('leaves nothing behind when a client goes, and takes no more than it can serve', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => open('types=server')));
    expect(hub.readers).toBe(3);
    expect(await watch('types=server')).toMatchObject({ status: 503, body: { title: 'TooManyWatches' } });
    for (const { leave } of clients) leave();
    await expect.poll(() => hub.readers).toBe(0);
  });

  it.each([
    [
      'types=servers',
      400,
      { errors: [{ field: 'types', message: expect.stringContaining('There is no type servers; known are instance,') }] },
    ],
    ['', 400, { errors: [{ field: 'types', message: expect.stringContaining('Has to be given') }] }],
    [
      'types=server&filter=colour:red',
      400,
      { errors: [{ field: 'filter', message: expect.stringContaining('there is no column colour') }] },
    ],
    ['types=server&form=x', 400, { errors: [{ field: 'form' }] }],
  ])('refuses %s', async (query, status, body) => {
    expect(await watch(query)).toMatchObject({ status, body });
  });

  it('gives HEAD nothing to hold on to', async () => {
    expect((await fetch(`${url}/api/v1/watch?types=server`, { method: 'HEAD' })).status).toBe(404);
    expect(hub.readers).toBe(0);
  });

  it('refuses what somebody may see nothing of', async () => {
    expect(await watch('types=flavor,server', { user: 'cy' })).toMatchObject({ status: 403, body: { permission: 'instance.read' } });
    expect(await watch('types=server', { user: 'nobody' })).toMatchObject({ status: 401 });
  });
});

describe('a client that does not read', () => {
  it('costs no memory that grows, and is told to begin anew when it reads again', () => {
    const stopped = { after: () => () => undefined };
    const hub = createHub({ clock: stopped, kept: 100 });
    const identity: Identity = { user: 'ann', groups: [], grants: [everywhereAs('viewer')], how: 'token' };
    const stream = new WatchStream({
      hub,
      identity,
      wanted: new Map([['operation', undefined]]),
      since: undefined,
      again: async () => identity,
      clock: stopped,
    });
    const publish = (n: number) =>
      hub.publish({
        resource: 'operation',
        permission: 'operation.read',
        place: { cluster: '*', namespace: '*' },
        key: `o-${n}`,
        body: () => ({ text: 'x'.repeat(2000) }),
      });
    stream.read(0);
    for (let n = 0; n < 5000; n++) {
      publish(n);
      stream.wake();
    }
    expect(stream.readableLength).toBeLessThan(3 * 64 * 1024);
    let seen = '';
    for (let chunk = stream.read() as Buffer | null; chunk !== null; chunk = stream.read() as Buffer | null) seen += chunk.toString();
    expect(seen.match(/event: snapshot/g)).toHaveLength(1);
    expect(seen).toContain('event: reset');
    expect(seen).toContain('"reason":"It was read too slowly."');
    publish(9999);
    stream.wake();
    expect(String(stream.read())).toContain('o-9999');
    stream.destroy();
    expect(hub.readers).toBe(0);
  });
});

describe('sight', () => {
  it('decides each place once', () => {
    let asked = 0;
    const grant = { ...everywhereAs('viewer') };
    const grants = [
      {
        ...grant,
        get cluster() {
          asked++;
          return '*';
        },
      },
    ];
    const sight = new Sight({ user: 'ann', groups: [], grants, how: 'token' }, new Map([['cluster', undefined]]));
    const publication = {
      resource: 'cluster',
      permission: 'cluster.read',
      place: { cluster: 'a', namespace: '*' },
      key: 'a',
      body: () => ({}),
    } as const;
    for (let n = 0; n < 100; n++) expect(sight.of(publication, () => true)).toBe('shown');
    expect(asked).toBe(1);
  });
});

function parse(block: string): Told {
  const fields = block.split('\n').filter((line) => !line.startsWith(':'));
  const of = (name: string) => fields.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const [id, event, data] = [of('id'), of('event'), of('data')];
  return {
    ...(id !== undefined && { id }),
    ...(event !== undefined && { event }),
    ...(data !== undefined && { data: JSON.parse(data) as NonNullable<Told['data']> }),
  };
}
