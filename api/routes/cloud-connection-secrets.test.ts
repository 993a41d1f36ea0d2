import { type AddressInfo, createServer, type Socket } from 'node:net';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { ConnectionTestStep } from '#controller/connection-test.ts';
import { type SmallCloud, startSmallCloud } from '#controller/openstack/small-cloud.ts';
import { type ConnectionsApp, clustersInKube, entry, openConnectionsApp, planted } from './cloud-connections.fixture.ts';

const clusters = '/api/v1/clusters';

describe('credentials of cloud connections', () => {
  let at: ConnectionsApp;
  let small: SmallCloud;
  beforeAll(async () => {
    [at, small] = await Promise.all([openConnectionsApp(), startSmallCloud()]);
    for (const path of ['/compute/v2.1/servers', '/volume/v3/p1/volumes', '/network/v2.0/networks', '/image/v2/images'])
      small.routes.set(`GET ${path}`, () => ({ body: {} }));
  });
  afterEach(() => at.reset());
  afterAll(() => Promise.all([at.close(), small.close()]));

  const create = (credentials: object = { entry: entry() }) => at.call('POST', clusters, { name: 'lab', credentials });
  const names = async () =>
    ((await at.call('GET', clustersInKube)).body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
  const newest = async () => (await at.audit.list({}, { limit: 1 })).items[0];

  it('tells kind, user, project and when they changed, to who may see the cluster and no Secrets', async () => {
    await create();
    const { body } = await at.call('GET', `${clusters}/lab/credentials`, undefined, { who: 'victor' });
    expect(body).toEqual({
      secret: { namespace: 'default', name: 'cloud-lab', key: 'clouds.yaml' },
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      createdAt: expect.stringMatching(/Z$/),
      changedAt: expect.stringMatching(/Z$/),
      changedBy: 'anna',
      kind: 'password',
      authUrl: 'https://keystone.example/v3',
      user: 'warden',
      project: 'shop',
      verify: true,
      clientCertificate: false,
    });
  });

  it('takes others in, under the entry the Cluster asks for, and shows another fingerprint', async () => {
    await create();
    const before = (await at.call('GET', `${clusters}/lab/credentials`)).body;
    const auth = {
      auth_url: 'https://keystone.example/v3',
      application_credential_id: 'ac-1',
      application_credential_secret: `${planted}-2`,
    };
    const changed = await at.call('PUT', `${clusters}/lab/credentials`, { entry: { auth_type: 'v3applicationcredential', auth } });
    expect(changed).toMatchObject({ status: 200, body: { kind: 'application_credential', applicationCredential: 'ac-1' } });
    expect(changed.body['fingerprint']).not.toBe(before['fingerprint']);
    expect(changed.text).not.toContain(planted);
    expect(await newest()).toMatchObject({
      type: 'CredentialsChanged',
      message: expect.stringContaining('application_credential, id ac-1'),
    });
    const secret = await at.call('GET', '/api/v1/namespaces/default/secrets/cloud-lab');
    const yaml = Buffer.from((secret.body['data'] as Record<string, string>)['clouds.yaml'] ?? '', 'base64').toString();
    expect([yaml.includes('cloud:\n'), yaml.includes(`${planted}-2`), yaml.includes('warden')]).toEqual([true, true, false]);
  });

  it('takes the password from a secure.yaml, and of several entries the one that is named', async () => {
    const { password, ...auth } = entry().auth;
    const cloudsYaml = stringify({ clouds: { a: { ...entry(), auth }, b: entry() } });
    const secureYaml = stringify({ clouds: { a: { auth: { password } } } });
    expect(await create({ cloudsYaml, secureYaml })).toMatchObject({ status: 400, body: { errors: [{ field: 'credentials.cloud' }] } });
    expect(await create({ cloudsYaml, secureYaml, cloud: 'a' })).toMatchObject({ status: 201, body: { spec: { cloud: 'a' } } });
  });

  it('says what is missing of wrong ones, and keeps those there are', async () => {
    await create();
    const before = (await at.call('GET', `${clusters}/lab/credentials`)).body['fingerprint'];
    const { password: _password, ...auth } = entry().auth;
    const wrong = await at.call('PUT', `${clusters}/lab/credentials`, { entry: { auth } });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'credentials.auth.password' }] } });
    // The faulty line of a YAML may be the one with the password.
    const broken = await at.call('PUT', `${clusters}/lab/credentials`, { cloudsYaml: `clouds:\n  a: {auth: {password: ${planted}` });
    expect([broken.status, broken.text.includes(planted)]).toEqual([400, false]);
    expect((await at.call('GET', `${clusters}/lab/credentials`)).body['fingerprint']).toBe(before);
    expect(await newest()).toMatchObject({ type: 'CredentialsChanged', result: 'failed' });
  });

  describe('of a pasted clouds.yaml', () => {
    const { password: _password, ...noPassword } = entry().auth;
    const cloudsYaml = stringify({ clouds: { Prod_BJ: entry(), lab: entry(), broken: { auth: noPassword } } });
    const paste = (more: object = {}) => at.call('POST', `${clusters}/import`, { cloudsYaml, ...more });

    it('tells first what the entries are', async () => {
      const { body, text } = await paste({ dryRun: true });
      expect(body['entries']).toMatchObject([
        { cloud: 'Prod_BJ', name: 'prod-bj', kind: 'password', user: 'warden', region: 'R1' },
        { cloud: 'lab', name: 'lab' },
        { cloud: 'broken', name: 'broken', flaw: expect.stringContaining('auth.password is missing') },
      ]);
      expect([text.includes(planted), await names()]).toEqual([false, []]);
    });

    it('makes a Cluster of each chosen one; one that fails keeps no other from it', async () => {
      const { status, body, text } = await paste({ select: [{ cloud: 'broken' }, { cloud: 'Prod_BJ' }, { cloud: 'lab', name: 'second' }] });
      expect(status).toBe(207);
      expect(body['items']).toMatchObject([
        { cloud: 'broken', status: 400, detail: expect.stringContaining('auth.password is missing') },
        { cloud: 'Prod_BJ', name: 'prod-bj', status: 201 },
        { cloud: 'lab', name: 'second', status: 201 },
      ]);
      expect([text.includes(planted), await names()]).toEqual([false, ['prod-bj', 'second']]);
      expect((await paste({ select: [{ cloud: 'lab', name: 'second' }] })).body['items']).toMatchObject([
        { status: 409, title: 'AlreadyExists' },
      ]);
    });

    it.each([
      [{}, 'There are 3 entries, Prod_BJ, lab, broken: say which.'],
      [{ select: [{ cloud: 'nowhere' }] }, 'There is no entry nowhere: Prod_BJ, lab, broken.'],
      [{ select: [{ cloud: 'lab' }, { cloud: 'Prod_BJ', name: 'lab' }] }, 'Two entries would become Cluster lab.'],
    ])('asks for a choice that can be made: %j', async (more, message) => {
      expect(await paste(more)).toMatchObject({ status: 400, body: { errors: [{ field: 'select', message }] } });
      expect(await names()).toEqual([]);
    });
  });

  describe('tried before they are used', () => {
    const given = (password: string) => ({ credentials: { entry: { auth: { ...entry(`${small.url}/identity/v3`, password).auth } } } });
    const steps = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as ConnectionTestStep);

    it('stream a step a line', async () => {
      const { headers, text } = await at.call('POST', `${clusters}/test`, given('right'));
      expect(headers['content-type']).toContain('application/x-ndjson');
      expect(steps(text).map(({ step, state }) => `${step} ${state}`)).toEqual(expect.arrayContaining(['Auth passed', 'Done passed']));
      expect(await newest()).toMatchObject({ type: 'ConnectionTested', result: 'ok', actor: 'anna' });
    });

    it('stream server-sent events to who asks for them', async () => {
      const { headers, text } = await at.call('POST', `${clusters}/test`, given('wrong'), { headers: { accept: 'text/event-stream' } });
      expect(headers['content-type']).toContain('text/event-stream');
      expect(text).toMatch(/^event: step\ndata: \{"step":"DNS".*\n\nevent: step\n/);
      expect(text).toContain('"step":"Auth","state":"failed"');
      expect(await newest()).toMatchObject({ result: 'failed', message: expect.stringContaining('step Auth failed') });
    });

    it('are those of a Cluster there is, tried by an operator of it', async () => {
      await at.call('POST', clusters, { name: 'lab', ...given('right') });
      const { text } = await at.call('POST', `${clusters}/test`, { cluster: 'lab' }, { who: 'olga' });
      expect(steps(text).at(-1)).toMatchObject({ step: 'Done', state: 'passed' });
      expect(await at.call('POST', `${clusters}/test`, { cluster: 'nowhere' })).toMatchObject({ status: 404 });
    });

    it('never lead to a metadata service', async () => {
      const { text } = await at.call('POST', `${clusters}/test`, { credentials: { entry: entry('http://169.254.169.254/v3') } });
      expect(steps(text)).toMatchObject([{ step: 'DNS', state: 'failed' }, { step: 'Done' }]);
    });

    it('are let go when the client goes away, and that is recorded', async () => {
      const held = new Set<Socket>();
      const silent = createServer((socket) => {
        held.add(
          socket
            .on('error', () => undefined)
            .on('close', () => held.delete(socket))
            .resume(),
        );
      });
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const authUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v3`;
      const { url, token } = await at.listen();
      const gone = new AbortController();
      const reply = await request(`${url}/api/v1/clusters/test`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ credentials: { entry: entry(authUrl) } }),
        signal: gone.signal,
      });
      // Keystone takes the connection and never answers.
      await expect.poll(() => held.size, { timeout: 15_000 }).toBeGreaterThan(0);
      gone.abort();
      await reply.body.dump().catch(() => undefined);
      await expect
        .poll(newest, { timeout: 15_000 })
        .toMatchObject({ type: 'ConnectionTested', message: expect.stringContaining('ended before') });
      await expect.poll(() => held.size, { timeout: 15_000 }).toBe(0);
      silent.close();
    });

    it('are refused when both or neither are given', async () => {
      expect(await at.call('POST', `${clusters}/test`, {})).toMatchObject({ status: 400, body: { errors: [{ field: 'body' }] } });
      expect((await at.call('POST', `${clusters}/test`, { cluster: 'lab', ...given('right') })).status).toBe(400);
    });
  });
});
