import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultRule } from './faults.ts';
import { type Sandbox, startSandbox } from './server.ts';

let sandbox: Sandbox;
let token: string;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 7 });
  token = await logIn(sandbox);
});
afterEach(() => sandbox.close());

async function logIn(cloud: Sandbox): Promise<string> {
  const user = { name: 'demo', domain: { id: 'default' }, password: 'sandbox-secret' };
  const identity = { methods: ['password'], password: { user } };
  const response = await fetch(`${cloud.url}/auth/tokens`, { method: 'POST', body: JSON.stringify({ auth: { identity } }) });
  return response.headers.get('x-subject-token') ?? '';
}

function ask(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${sandbox.origin}${path}`, {
    method,
    headers: { 'x-auth-token': token },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(5000),
  });
}

const networks = '/network/v2.0/networks';
const createNetwork = () => ask('POST', networks, { network: { name: 'made' } });
const names = async (): Promise<string[]> =>
  ((await (await ask('GET', networks)).json()) as { networks: { name: string }[] }).networks.map(({ name }) => name);
const made = () => [...sandbox.store.networks.values()].filter(({ name }) => name === 'made').length;
const posts = { service: 'network', method: 'POST', path: '^/v2.0/networks$' } as const;

describe('faults', () => {
  it('answers a status and a body without acting, as often as asked for', async () => {
    sandbox.faults.add({
      ...posts,
      count: 2,
      effect: { type: 'status', status: 503, body: { error: 'busy' }, headers: { 'retry-after': '1' } },
    });
    const first = await createNetwork();
    expect([first.status, first.headers.get('retry-after'), await first.json()]).toEqual([503, '1', { error: 'busy' }]);
    expect((await createNetwork()).status).toBe(503);
    expect((await createNetwork()).status).toBe(201);
    expect(made()).toBe(1);
    expect(sandbox.faults.list()).toEqual([]);
  });

  it('answers an error although it acted', async () => {
    sandbox.faults.add({ ...posts, count: 1, effect: { type: 'status-after', status: 504 } });
    expect((await createNetwork()).status).toBe(504);
    expect(made()).toBe(1);
  });

  it('closes the connection before it acts', async () => {
    sandbox.faults.add({ ...posts, count: 1, effect: { type: 'reset-before' } });
    await expect(createNetwork()).rejects.toThrow();
    expect(made()).toBe(0);
    expect(sandbox.requests.entries.at(-1)).toMatchObject({ method: 'POST', status: 0 });
  });

  it('acts and loses the answer', async () => {
    sandbox.faults.add({ ...posts, count: 1, effect: { type: 'reset-after' } });
    await expect(createNetwork()).rejects.toThrow();
    expect(made()).toBe(1);
  });

  it('hangs without acting, until the caller gives up or the time is over', async () => {
    sandbox.faults.add({ ...posts, effect: { type: 'hang', afterMs: 80 } });
    const startedAt = Date.now();
    await expect(createNetwork()).rejects.toThrow();
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(75);
    expect(made()).toBe(0);
    // Others are answered meanwhile.
    expect((await ask('GET', networks)).status).toBe(200);
  });

  it('is slow', async () => {
    sandbox.faults.add({ service: 'network', method: 'GET', count: 1, effect: { type: 'slow', ms: 120 } });
    const startedAt = Date.now();
    expect((await ask('GET', networks)).status).toBe(200);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(115);
  });

  it('answers reads from the past while writes go on', async () => {
    await createNetwork();
    const fault = sandbox.faults.add({ service: 'network', method: 'GET', effect: { type: 'stale' } });
    await ask('POST', networks, { network: { name: 'later' } });
    expect(await names()).toEqual(expect.arrayContaining(['made', 'public']));
    expect(await names()).not.toContain('later');
    expect(fault.struck).toBe(2);
    sandbox.faults.remove(fault.id);
    expect(await names()).toContain('later');
  });

  it('answers a list with no rows and no next page', async () => {
    await createNetwork();
    sandbox.faults.add({ service: 'network', method: 'GET', count: 1, effect: { type: 'empty-list' } });
    expect(await (await ask('GET', `${networks}?limit=1`)).json()).toEqual({ networks: [] });
    expect(await names()).toContain('made');
  });

  it('makes a token unknown in the middle of it', async () => {
    sandbox.faults.add({ ...posts, count: 1, effect: { type: 'expire-token' } });
    expect((await createNetwork()).status).toBe(401);
    expect((await ask('GET', networks)).status).toBe(401);
    token = await logIn(sandbox);
    expect((await createNetwork()).status).toBe(201);
  });

  it('strikes by service, path with query, after a number of requests, and by chance from the seed', async () => {
    sandbox.faults.add({ path: 'limit=1', skip: 1, effect: { type: 'status', status: 500 } });
    expect((await ask('GET', `${networks}?limit=1`)).status).toBe(200);
    expect((await ask('GET', `${networks}?limit=1`)).status).toBe(500);
    expect((await ask('GET', networks)).status).toBe(200);
    sandbox.faults.clear();
    sandbox.faults.add({ service: 'compute', probability: 0.5, effect: { type: 'status', status: 500 } });
    const statuses: number[] = [];
    for (let index = 0; index < 40; index += 1) statuses.push((await ask('GET', '/compute/v2.1/flavors')).status);
    const failed = statuses.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(8);
    expect(failed).toBeLessThan(32);
  });

  it('refuses rules that make no sense', () => {
    const add = (rule: object) => () => sandbox.faults.add(rule as FaultRule);
    expect(add({ effect: { type: 'explode' } })).toThrow(/effect.type must be one of/);
    expect(add({ effect: { type: 'stale' }, probability: 2 })).toThrow(/probability/);
    expect(add({ effect: { type: 'stale' }, count: 0 })).toThrow(/count/);
    expect(add({ effect: { type: 'stale' }, path: '(' })).toThrow();
  });
});

describe('the control endpoints', () => {
  it('add, list and remove faults over HTTP', async () => {
    const rule = { ...posts, effect: { type: 'status', status: 500 } };
    const added = await ask('POST', '/_sandbox/faults', rule);
    const { id } = (await added.json()) as { id: string };
    expect(added.status).toBe(201);
    expect((await createNetwork()).status).toBe(500);
    expect(await (await ask('GET', '/_sandbox/faults')).json()).toEqual({ faults: [{ ...rule, id, struck: 1 }] });
    expect((await ask('DELETE', `/_sandbox/faults/${id}`)).status).toBe(204);
    expect((await createNetwork()).status).toBe(201);
    expect((await ask('DELETE', '/_sandbox/faults/nonesuch')).status).toBe(404);
    expect((await ask('POST', '/_sandbox/faults', { effect: { type: 'explode' } })).status).toBe(400);
    expect((await ask('POST', '/_sandbox/faults', {})).status).toBe(400);
  });

  it('count requests, writes apart, and forget them', async () => {
    sandbox.requests.reset();
    await createNetwork();
    await names();
    await logIn(sandbox);
    const counted = (await (await ask('GET', '/_sandbox/requests')).json()) as Record<string, unknown>;
    expect(counted).toMatchObject({ total: 3, writes: 1, counts: { 'network POST 201': 1, 'network GET 200': 1, 'identity POST 201': 1 } });
    expect((await ask('DELETE', '/_sandbox/requests')).status).toBe(204);
    expect(sandbox.requests.total).toBe(0);
  });
});
