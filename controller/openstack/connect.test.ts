import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as volumes from './block-storage/volumes.ts';
import type { Cloud } from './cloud.ts';
import * as servers from './compute/servers.ts';
import { type ConnectOptions, connectCloud } from './connect.ts';
import { OpenStackError } from './errors.ts';
import * as images from './image/images.ts';
import * as networks from './network/networks.ts';
import { configFor, createEagerClock, createTestClock, type SmallCloud, startSmallCloud } from './small-cloud.ts';
import type { RequestObservation } from './transport.ts';

let small: SmallCloud;
const open: Cloud[] = [];

beforeEach(async () => {
  small = await startSmallCloud();
  small.routes.set('GET /network/v2.0/networks/n1', () => ({ body: { network: { id: 'n1' } } }));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((cloud) => cloud.close()));
  await small.close();
});

function connect(options: Partial<ConnectOptions> = {}, config = small.config): Cloud {
  const cloud = connectCloud(config, { name: 'c1', concurrency: 100, requestsPerSecond: 10_000, ...options });
  open.push(cloud);
  return cloud;
}

async function errorOf(promise: Promise<unknown>): Promise<OpenStackError> {
  const error = await promise.then(
    () => new Error('it went well'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OpenStackError);
  return error as OpenStackError;
}

describe('the token of a cloud', () => {
  it('is renewed once for 100 calls that meet an expired one', async () => {
    const cloud = connect();
    await networks.get(cloud.network, 'n1');
    small.revokeTokens();
    const answers = await Promise.all(Array.from({ length: 100 }, () => networks.get(cloud.network, 'n1')));
    expect(answers.every((network) => network.id === 'n1')).toBe(true);
    expect(small.logins()).toBe(2);
  });

  it('is fetched once for 100 first calls', async () => {
    const cloud = connect();
    await Promise.all(Array.from({ length: 100 }, () => networks.get(cloud.network, 'n1')));
    expect(small.logins()).toBe(1);
  });

  it('is renewed when less than a quarter of its life is left, and kept while Keystone is away', async () => {
    const clock = createTestClock();
    const cloud = connect({ clock });
    await networks.get(cloud.network, 'n1');
    clock.advance(44 * 60_000);
    await networks.get(cloud.network, 'n1');
    expect(small.logins()).toBe(1);
    clock.advance(2 * 60_000);
    small.settings.loginStatus = 500;
    await networks.get(cloud.network, 'n1');
    expect(small.logins()).toBe(2);
    delete small.settings.loginStatus;
    await networks.get(cloud.network, 'n1');
    expect(small.logins()).toBe(3);
  });

  it('is shared by connections of one credential', async () => {
    const tokens = new Map();
    await Promise.all([connect({ tokens }), connect({ tokens, name: 'c2' })].map((cloud) => cloud.authenticate()));
    expect(small.logins()).toBe(1);
  });

  it('is not asked for again with a refused password until half a minute has passed', async () => {
    const clock = createTestClock();
    const cloud = connect({ clock }, configFor(small.url, 'wrong-secret'));
    const error = await errorOf(networks.get(cloud.network, 'n1'));
    expect(error).toMatchObject({ kind: 'auth', status: 401, service: 'identity', mayHaveActed: false });
    expect(error.message).toMatch(/refuses user u in project p: check the password/);
    expect(error.message).not.toMatch(/wrong-secret/);
    await errorOf(networks.get(cloud.network, 'n1'));
    expect(small.logins()).toBe(1);
    clock.advance(30_000);
    await errorOf(networks.get(cloud.network, 'n1'));
    expect(small.logins()).toBe(2);
  });

  it('that a service refuses although it is new ends the call instead of looping', async () => {
    small.routes.set('GET /network/v2.0/networks/n1', () => ({ status: 401, body: 'no' }));
    expect(await errorOf(networks.get(connect().network, 'n1'))).toMatchObject({ kind: 'auth', service: 'network' });
    expect(small.logins()).toBe(2);
  });
});

describe('a call', () => {
  it('carries the microversion the cloud has at most, each service its own', async () => {
    small.settings.microversions = { compute: '2.60', volume: '3.71' };
    small.routes.set('GET /compute/v2.1/servers/s1', () => ({
      body: { server: { id: 's1', flavor: { original_name: 'f' }, metadata: {} } },
    }));
    small.routes.set('GET /volume/v3/p1/volumes/v1', () => ({ body: { volume: { id: 'v1' } } }));
    const cloud = connect();
    await servers.get(cloud.compute, 's1');
    await volumes.get(cloud.blockStorage, 'v1');
    const [server, volume] = small.received;
    expect(server?.headers).toMatchObject({ 'openstack-api-version': 'compute 2.60', 'x-openstack-nova-api-version': '2.60' });
    expect(volume?.headers['openstack-api-version']).toBe('volume 3.70');
    expect(volume?.headers).not.toHaveProperty('x-openstack-nova-api-version');
    expect(await cloud.network.microversions()).toBeUndefined();
    expect(await cloud.compute.microversions()).toEqual({ min: '2.1', max: '2.60' });
  });

  it('sends our request id and keeps those of writes', async () => {
    small.routes.set('DELETE /network/v2.0/networks/n1', () => ({ status: 204 }));
    const traced = connect().traced('7d0c1f0e-0000-4000-8000-000000000001');
    await networks.get(traced.network, 'n1');
    await networks.remove(traced.network, 'n1');
    await errorOf(networks.create(traced.network, {}));
    expect(small.received.map((request) => request.headers['x-openstack-request-id'])).toEqual(
      Array.from({ length: 3 }, () => 'req-7d0c1f0e-0000-4000-8000-000000000001'),
    );
    expect(traced.requestIds()).toEqual(['req-2', 'req-3']);
    expect(traced.traced('7d0c1f0e-0000-4000-8000-000000000002').requestIds()).toEqual([]);
  });

  it('is observed with service, method, status and time', async () => {
    const seen: RequestObservation[] = [];
    const cloud = connect({ onRequest: (observation) => seen.push(observation) });
    await networks.get(cloud.network, 'n1');
    await errorOf(networks.get(cloud.network, 'n2'));
    expect(seen.map(({ service, method, path, status }) => [service, method, path, status])).toEqual([
      ['identity', 'POST', '/auth/tokens', 201],
      ['network', 'GET', '/networks/n1', 200],
      ['network', 'GET', '/networks/n2', 404],
    ]);
    expect(seen.every(({ cloud: name, durationMs }) => name === 'c1' && durationMs > 0)).toBe(true);
  });

  it.each(['', '..', 'a/../b'])('with the id %j never leaves its resource', async (id) => {
    const cloud = connect();
    await networks.remove(cloud.network, id).catch(() => undefined);
    expect(small.received.map((request) => request.path)).not.toContain('/network/v2.0/networks');
    expect(small.received.every((request) => request.path.startsWith('/network/v2.0/networks/a%2F'))).toBe(true);
  });

  it.each([
    ['text that is not JSON', '{"network": '],
    ['a web page', '<html>Please log in</html>'],
    ['JSON of another shape', { networks: [] }],
    ['nothing', ''],
  ])('that is answered with %s fails as an invalid response', async (_name, body) => {
    small.routes.set('POST /network/v2.0/networks', () => ({ body }));
    const error = await errorOf(networks.create(connect().network, {}));
    expect(error).toMatchObject({ kind: 'invalid-response', mayHaveActed: true });
    expect(error.message).not.toMatch(/log in/);
  });
});

describe('repeating', () => {
  it('never happens to a write whose answer was lost', async () => {
    const made: unknown[] = [];
    small.routes.set('POST /network/v2.0/networks', ({ body }, response) => {
      made.push(body);
      response.destroy();
      return undefined;
    });
    const error = await errorOf(networks.create(connect().network, { name: 'n' }));
    expect(error).toMatchObject({ kind: 'connection', mayHaveActed: true });
    expect(made).toHaveLength(1);
  });

  it('never happens to a write that timed out', async () => {
    small.routes.set('POST /network/v2.0/networks', () => undefined);
    const error = await errorOf(networks.create(connect({ timeouts: { headersMs: 100, totalMs: 5_000 } }).network, {}));
    expect(error).toMatchObject({ kind: 'timeout', mayHaveActed: true });
    expect(small.received).toHaveLength(1);
  });

  it.each([500, 502, 503, 504])('never happens to a write answered %i', async (status) => {
    small.routes.set('POST /network/v2.0/networks', () => ({ status, body: 'down', headers: { 'retry-after': '1' } }));
    expect(await errorOf(networks.create(connect().network, {}))).toMatchObject({ kind: 'http', status, mayHaveActed: true });
    expect(small.received).toHaveLength(1);
  });

  it('happens to a write answered 429, after the time it names', async () => {
    const answers = [{ status: 429, headers: { 'retry-after': '7' }, body: 'slow' }, { body: { network: { id: 'n9' } } }];
    small.routes.set('POST /network/v2.0/networks', () => answers.shift());
    const clock = createEagerClock();
    expect(await networks.create(connect({ clock }).network, {})).toMatchObject({ id: 'n9' });
    expect(clock.waits).toEqual([7_000]);
  });

  it('with Retry-After 0 still waits, and ends after three attempts', async () => {
    small.routes.set('GET /network/v2.0/networks/n1', () => ({ status: 503, headers: { 'retry-after': '0' }, body: 'busy' }));
    const clock = createEagerClock();
    const error = await errorOf(networks.get(connect({ clock, random: () => 0 }).network, 'n1'));
    expect(error).toMatchObject({ status: 503, retryAfterMs: 0, mayHaveActed: false });
    expect(small.received).toHaveLength(3);
    expect(clock.waits).toEqual([250, 500]);
  });

  it('leaves a long Retry-After to the caller', async () => {
    small.routes.set('GET /network/v2.0/networks/n1', () => ({ status: 503, headers: { 'retry-after': '3600' }, body: 'maintenance' }));
    expect(await errorOf(networks.get(connect().network, 'n1'))).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(small.received).toHaveLength(1);
  });

  it('happens to a read that was broken off', async () => {
    let calls = 0;
    small.routes.set('GET /network/v2.0/networks/n1', (_request, response) => {
      calls += 1;
      if (calls > 1) return { body: { network: { id: 'n1' } } };
      response.destroy();
      return undefined;
    });
    expect(await networks.get(connect({ clock: createEagerClock() }).network, 'n1')).toEqual({ id: 'n1' });
  });
});

describe('a dead cloud', () => {
  it('fails fast, says since when and why, and costs another cloud nothing', async () => {
    const other = await startSmallCloud();
    other.routes.set('GET /network/v2.0/networks/n1', () => ({ body: { network: { id: 'n1' } } }));
    const clock = createTestClock();
    const hanging = connect({ name: 'hangs', clock, concurrency: 2, timeouts: { totalMs: 100 } });
    small.routes.set('GET /network/v2.0/networks/n1', () => undefined);
    const calls = Array.from({ length: 12 }, () => errorOf(networks.get(hanging.network, 'n1')));
    const healthy = connect({ name: 'well' }, other.config);
    expect(await networks.get(healthy.network, 'n1')).toEqual({ id: 'n1' });
    const kinds = (await Promise.all(calls)).map((error) => error.kind);
    expect(kinds.filter((kind) => kind === 'timeout').length).toBeLessThanOrEqual(4);
    expect(kinds).toContain('circuit-open');
    const asked = small.received.length;
    const error = await errorOf(networks.get(hanging.network, 'n1'));
    expect(error.message).toMatch(
      new RegExp(`did not answer from ${new Date(clock.now()).toISOString()} on; last error: .* did not answer in time`),
    );
    expect(error.retryAfterMs).toBe(5_000);
    expect(small.received.length).toBe(asked);
    await other.close();
  });

  it('whose Keystone hangs is given up after three logins', async () => {
    small.settings.loginHangs = true;
    const cloud = connect({ clock: createTestClock(), timeouts: { totalMs: 50 } });
    const kinds: string[] = [];
    for (let call = 0; call < 5; call += 1) kinds.push((await errorOf(networks.get(cloud.network, 'n1'))).kind);
    expect(kinds).toEqual(['timeout', 'timeout', 'timeout', 'circuit-open', 'circuit-open']);
  });

  it('answers a caller who cancels while it waits to repeat with what it last heard', async () => {
    const cancel = new AbortController();
    small.routes.set('GET /network/v2.0/networks/n1', () => {
      setImmediate(() => cancel.abort());
      return { status: 503, headers: { 'retry-after': '20' }, body: 'busy' };
    });
    const call = connect().network.request({ method: 'GET', path: '/networks/n1', signal: cancel.signal });
    expect(await errorOf(call)).toMatchObject({ cloud: 'c1' });
  });

  it('is tried again by one call after a while, and is back when that is answered', async () => {
    const clock = createTestClock();
    const cloud = connect({ clock, timeouts: { totalMs: 100 } });
    await networks.get(cloud.network, 'n1');
    const working = small.routes.get('GET /network/v2.0/networks/n1');
    small.routes.set('GET /network/v2.0/networks/n1', () => undefined);
    for (let call = 0; call < 5; call += 1) await errorOf(networks.get(cloud.network, 'n1'));
    clock.advance(5_000);
    if (working) small.routes.set('GET /network/v2.0/networks/n1', working);
    expect(await networks.get(cloud.network, 'n1')).toEqual({ id: 'n1' });
    expect(await networks.get(cloud.network, 'n1')).toEqual({ id: 'n1' });
  });

  it('that refuses connections is told from one that is not found', async () => {
    const clock = createEagerClock();
    const refusing = await errorOf(connect({ clock }, configFor('http://127.0.0.1:1')).authenticate());
    expect(refusing).toMatchObject({ kind: 'connection', mayHaveActed: false, detail: '127.0.0.1:1 refuses connections' });
    const unknown = await errorOf(connect({ clock }, configFor('http://keystone.invalid:5000')).authenticate());
    expect(unknown).toMatchObject({ kind: 'dns', mayHaveActed: false });
  });
});

describe('an upload that takes its time', () => {
  it('delays no other call, even where only one may run at a time', async () => {
    const cloud = connect({ concurrency: 1 });
    await networks.get(cloud.network, 'n1');
    let finish: () => void = () => undefined;
    const rest = new Promise<void>((resolve) => (finish = resolve));
    let isUnderWay: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => (isUnderWay = resolve));
    async function* data(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('"first');
      isUnderWay();
      await rest;
      yield Buffer.from('last"');
    }
    small.routes.set('PUT /image/v2/images/i1/file', () => ({ status: 204 }));
    const upload = images.upload(cloud.image, 'i1', data);
    await underWay;
    const answers = await Promise.all(Array.from({ length: 5 }, () => networks.get(cloud.network, 'n1')));
    expect(answers).toHaveLength(5);
    expect(small.received.some(({ method }) => method === 'PUT')).toBe(false);
    finish();
    await upload;
    expect(small.received.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });
});
