import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionTestStep } from '#controller/connection-test.ts';
import { type Stackwarden, startStackwarden } from '#tests/parts/stackwarden.ts';
import { openstackWorld, type World } from '#tests/scenarios/world.ts';

const clusters = '/api/v1/clusters';
const real = `${clusters}/real`;
const patience = { timeout: 90_000, interval: 500 };

interface Answer {
  readonly status: number;
  readonly etag: string;
  readonly text: string;
  // What is looked at differs from call to call.
  readonly body: Record<string, unknown>;
}

describe('cloud connections on a real OpenStack', () => {
  let world: World;
  let warden: Stackwarden;
  let agent: Agent;
  let token: string;
  let entry: { auth: Record<string, string> };

  beforeAll(async () => {
    [world, warden] = await Promise.all([openstackWorld(), startStackwarden({ args: ['--no-sandbox'] })]);
    token = readFileSync(join(warden.dataDir, 'admin-password'), 'utf8').trim();
    agent = new Agent({ connect: { ca: readFileSync(join(warden.dataDir, 'tls/ca.crt'), 'utf8') } });
    const { auth } = world.client.config;
    if (auth.method !== 'password') throw new Error('the world signs in with a password');
    entry = {
      auth: {
        auth_url: world.client.config.authUrl,
        username: auth.user.name ?? '',
        password: auth.password.reveal(),
        project_name: auth.project.name ?? '',
        user_domain_id: 'default',
        project_domain_id: 'default',
      },
    };
  });
  afterAll(async () => {
    await agent.close();
    await warden.stop();
    await world.close();
  });

  async function call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const reply = await request(warden.url + path, {
      method,
      dispatcher: agent,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await reply.body.text();
    const isJson = /application\/(problem\+)?json/.test(String(reply.headers['content-type']));
    return {
      status: reply.statusCode,
      etag: String(reply.headers['etag']),
      text,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  }
  const withRegion = (more: object = {}) => ({ ...entry, region_name: world.client.config.region, ...more });
  const wrong = () => ({ ...entry, auth: { ...entry.auth, password: 'not-this-one' } });
  const shown = async () => (await call('GET', real)).body;
  const steps = (text: string) =>
    text
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('{') || line.startsWith('data: '))
      .map((line) => JSON.parse(line.replace(/^data: /, '')) as ConnectionTestStep);
  const requests = () => warden.metric('openstack_requests_total', { cloud: 'real' });

  it('tries credentials before they are used, step by step', async () => {
    const tried = steps((await call('POST', `${clusters}/test`, { credentials: { entry: withRegion() } })).text);
    expect(tried.map(({ step, service, state }) => `${service ?? step} ${state}`)).toEqual([
      ...['DNS', 'TCP', 'TLS', 'Auth', 'Catalog', 'Microversions'].map((step) => `${step} passed`),
      'Roles warning',
      ...['compute', 'block-storage', 'network', 'image'].map((service) => `${service} passed`),
      'Done passed',
    ]);
    expect(tried.find(({ step }) => step === 'Roles')?.lacking?.map(({ role }) => role)).toEqual(['admin']);
    console.log(`latencies: ${tried.map(({ step, service, latencyMs }) => `${service ?? step} ${Math.round(latencyMs)} ms`).join(', ')}`);

    const refused = steps(
      (await call('POST', `${clusters}/test`, { credentials: { entry: wrong() } }, { accept: 'text/event-stream' })).text,
    );
    expect(refused.at(-2)).toMatchObject({ step: 'Auth', state: 'failed' });
    expect(refused.at(-2)?.message).toContain('check the password');
  });

  it('makes a Cluster that gets Ready, and shows what it holds and nothing secret', async () => {
    expect((await call('POST', clusters, { name: 'real', credentials: { entry: withRegion() } })).status).toBe(201);
    await expect.poll(shown, patience).toMatchObject({ phase: 'Ready', reason: 'Connected' });
    const view = await shown();
    const seen = view['seen'] as { from: string; lastSweepAt: string; counts: Record<string, number> };
    expect(seen).toMatchObject({ from: 'live', errors: {} });
    expect(seen.counts['flavor']).toBeGreaterThan(0);
    expect(Date.now() - Date.parse(seen.lastSweepAt)).toBeLessThan(180_000);
    const kube = await call('GET', '/apis/openstack.stackwarden.io/v1alpha1/clusters/real');
    expect(kube.body['spec']).toEqual(view['spec']);
    for (const path of [clusters, real, `${real}/credentials`, '/api/v1/audit?limit=500'])
      expect((await call('GET', path)).text).not.toContain(entry.auth['password']);
    expect((await call('GET', `${real}/credentials`)).body).toMatchObject({ kind: 'password', user: entry.auth['username'] });
    expect(steps((await call('POST', `${clusters}/test`, { cluster: 'real' })).text).at(-1)).toMatchObject({ state: 'passed' });
  });

  it('is changed by who read it last', async () => {
    const { etag } = await call('GET', real);
    const patch = (value: string) => call('PATCH', real, { spec: { sweepInterval: value } }, { 'if-match': etag });
    expect(await patch('5s')).toMatchObject({ status: 200, body: { spec: { sweepInterval: '5s' } } });
    expect((await patch('7s')).status).toBe(412);
    await expect.poll(shown, patience).toMatchObject({ phase: 'Ready' });
  });

  it('says so when its credentials are wrong, and recovers with an application credential, whose end it then knows', async () => {
    expect((await call('PUT', `${real}/credentials`, { entry: wrong() })).status).toBe(200);
    await expect.poll(shown, patience).toMatchObject({ phase: 'Stalled', reason: 'AuthFailed' });
    const { userId } = await world.client.authenticate();
    const made = await world.client.identity.request<{ application_credential: { id: string; secret: string } }>({
      method: 'POST',
      path: `/users/${userId}/application_credentials`,
      body: { application_credential: { name: 'warden', expires_at: '2030-01-01T00:00:00' } },
    });
    const { id, secret } = made.body.application_credential;
    const auth = { auth_url: entry.auth['auth_url'], application_credential_id: id, application_credential_secret: secret };
    const put = await call('PUT', `${real}/credentials`, { entry: { auth_type: 'v3applicationcredential', auth } });
    expect(put).toMatchObject({ status: 200, body: { kind: 'application_credential', applicationCredential: id } });
    await expect.poll(shown, patience).toMatchObject({ phase: 'Ready' });
    await expect
      .poll(async () => (await call('GET', `${real}/credentials`)).body, patience)
      .toMatchObject({ expiresAt: '2030-01-01T00:00:00.000Z' });
  });

  it('keeps how the cloud answered', async () => {
    const { body } = await call('GET', `${real}/health?step=1m`);
    const points = body['items'] as { asked: number; reachable: number; services: Record<string, { calls: number; p95?: number }> }[];
    expect(points.at(-1)).toMatchObject({
      asked: 1,
      reachable: 1,
      // This cloud sets no limits.
      quota: {
        compute: { cores: { used: 0, limit: null } },
        'block-storage': { volumes: { used: 0, limit: null } },
        network: { networks: { used: 0, limit: null } },
      },
    });
    expect(points.at(-1)?.services['compute']?.calls).toBeGreaterThan(0);
    expect(points.at(-1)?.services['compute']?.p95).toBeGreaterThan(0);
  });

  it('leaves a disabled cloud alone, and what was seen of it stays shown', async () => {
    const before = (await shown())['seen'] as { counts: object };
    expect((await call('POST', `${real}/disable`)).body).toMatchObject({ phase: 'Disabled' });
    await expect.poll(shown, patience).toMatchObject({ reason: 'Disabled', seen: { from: 'stored', counts: before.counts } });
    const asked = await requests();
    // Two sweep intervals.
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    expect(await requests()).toBe(asked);
    expect((await call('POST', `${real}/enable`)).body).toMatchObject({ enabled: true });
    await expect.poll(shown, patience).toMatchObject({ phase: 'Ready', seen: { from: 'live' } });
  });

  it('is deleted with its Secret', async () => {
    expect(await call('DELETE', real)).toMatchObject({ status: 202, body: { deleted: [{ kind: 'Cluster' }, { kind: 'Secret' }] } });
    await expect.poll(async () => (await call('GET', real)).status, patience).toBe(404);
    expect((await call('GET', '/api/v1/namespaces/default/secrets/cloud-real')).status).toBe(404);
    const kinds = ((await call('GET', '/api/v1/audit?cluster=real&limit=100')).body['items'] as { type: string; actor: string }[])
      .filter(({ actor }) => actor === 'admin')
      .map(({ type }) => type);
    for (const type of [
      'ConnectionCreated',
      'ConnectionChanged',
      'CredentialsChanged',
      'ConnectionDisabled',
      'ConnectionEnabled',
      'ConnectionDeleted',
    ])
      expect(kinds).toContain(type);
  });
});
