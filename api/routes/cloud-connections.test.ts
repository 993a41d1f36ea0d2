import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectionsApp, clustersInKube, entry, openConnectionsApp, planted } from './cloud-connections.fixture.ts';

const clusters = '/api/v1/clusters';
const secrets = '/api/v1/namespaces/default/secrets';

describe('cloud connections', () => {
  let at: ConnectionsApp;
  beforeAll(async () => {
    at = await openConnectionsApp();
  });
  afterEach(() => at.reset());
  afterAll(() => at.close());

  const create = (name = 'lab', more: object = {}) =>
    at.call('POST', clusters, { name, description: 'where we try things', credentials: { entry: entry() }, ...more });
  const names = async (path: string) =>
    ((await at.call('GET', path)).body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
  const told = async () => (await at.audit.list({}, { limit: 50 })).items.map(({ type, actor, result }) => `${actor} ${type} ${result}`);
  const declareVolume = (name: string, cluster: string) =>
    at.call('POST', '/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/volumes', {
      apiVersion: 'openstack.stackwarden.io/v1alpha1',
      kind: 'Volume',
      metadata: { name },
      spec: { clusterRef: { name: cluster }, sizeGiB: 1 },
    });

  it('makes the Cluster and the Secret that kubectl would make, and answers nothing secret', async () => {
    const made = await create('lab', { spec: { sweepInterval: '5m' } });
    expect(made.status, made.text).toBe(201);
    expect(made.headers['location']).toBe('/api/v1/clusters/lab');
    expect(made.body).toMatchObject({
      name: 'lab',
      description: 'where we try things',
      enabled: true,
      phase: 'Pending',
      spec: { cloud: 'cloud', region: 'R1', sweepInterval: '5m', credentialsSecretRef: { namespace: 'default', name: 'cloud-lab' } },
      seen: { from: 'stored', counts: {} },
    });
    const inKube = await at.call('GET', `${clustersInKube}/lab`);
    expect(inKube.body).toMatchObject({ kind: 'Cluster', spec: made.body['spec'] });
    const secret = await at.call('GET', `${secrets}/cloud-lab`);
    const yaml = Buffer.from((secret.body['data'] as Record<string, string>)['clouds.yaml'] ?? '', 'base64').toString();
    expect(yaml).toContain(planted);
    expect(yaml).not.toContain('R1');
    for (const url of [clusters, `${clusters}/lab`, `${clusters}/lab/credentials`])
      expect((await at.call('GET', url)).text).not.toContain(planted);
    expect(JSON.stringify(await at.audit.list())).not.toContain(planted);
    expect(await told()).toContain('anna ConnectionCreated ok');
  });

  it('shows one made with kubectl the same way', async () => {
    await at.call('POST', secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'mine' },
      stringData: { 'clouds.yaml': JSON.stringify({ clouds: { x: entry() } }) },
    });
    const spec = { credentialsSecretRef: { namespace: 'default', name: 'mine' } };
    await at.call('POST', clustersInKube, {
      apiVersion: 'openstack.stackwarden.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'main' },
      spec,
    });
    expect((await at.call('GET', clusters)).body['items']).toMatchObject([{ name: 'main', spec, phase: 'Pending' }]);
    expect((await at.call('GET', `${clusters}/main/credentials`)).body).toMatchObject({
      kind: 'password',
      user: 'warden',
      project: 'shop',
    });
    // Its Secret is the person's own, and stays.
    expect((await at.call('DELETE', `${clusters}/main`)).body).toEqual({ deleted: [{ kind: 'Cluster', namespace: '', name: 'main' }] });
    expect(await names(secrets)).toEqual(['mine']);
  });

  it.each<[string, object, string]>([
    ['no password', { credentials: { entry: { auth: { ...entry().auth, password: '' } } } }, 'credentials.auth.password'],
    ['a path to a file', { credentials: { entry: { ...entry(), cacert: '/etc/ssl/ca.pem' } } }, 'credentials.cacert'],
    ['a field the spec has not', { spec: { colour: 'red' } }, ''],
    ['a wrong value in the spec', { spec: { limits: { concurrency: 0 } } }, 'spec.limits.concurrency'],
    ['a name that is none', { name: '../etc' }, 'name'],
    ['a field there is not', { colour: 'red' }, 'colour'],
    ['two sources of credentials', { credentialsSecretRef: { namespace: 'default', name: 'x' } }, 'body'],
    ['a reference inside spec', { spec: { credentialsSecretRef: { namespace: 'default', name: 'x' } } }, 'spec.credentialsSecretRef'],
    ['a prototype', { credentials: { cloudsYaml: '__proto__: {a: 1}' } }, 'credentials.clouds'],
  ])('refuses %s, names the field, and leaves nothing behind', async (_what, more, field) => {
    const { status, text, body, headers } = await create('lab', more);
    expect([status >= 400 && status < 500, headers['content-type']], text).toEqual([true, 'application/problem+json; charset=utf-8']);
    if (field) expect((body['errors'] as { field: string }[]).map((error) => error.field)).toContain(field);
    expect(text).not.toContain(planted);
    expect([await names(secrets), await names(clustersInKube)]).toEqual([[], []]);
  });

  it('takes the Secret back when the Cluster cannot be written', async () => {
    at.onWrite(({ key, op }) => (key.resource.startsWith('clusters') && op === 'create' ? new Error('the disk is gone') : undefined));
    expect((await create()).status).toBe(500);
    expect([await names(secrets), await names(clustersInKube)]).toEqual([[], []]);
    expect(await told()).toContain('anna ConnectionCreated failed');
    at.onWrite(() => undefined);
    expect((await create()).status).toBe(201);
  });

  it('says which Secret is left when it cannot even take that back, and takes it over at the next try', async () => {
    at.onWrite(({ key, op }) => (key.resource.startsWith('clusters') || op === 'delete' ? new Error('the disk is gone') : undefined));
    expect((await create()).text).toContain('The Secret default/cloud-lab was made and could not be removed again');
    at.onWrite(() => undefined);
    expect((await create()).status).toBe(201);
  });

  it('does not write over a Secret that is somebody else’s', async () => {
    await at.call('POST', secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cloud-lab' }, stringData: { a: 'b' } });
    expect(await create()).toMatchObject({ status: 409, body: { title: 'AlreadyExists' } });
    expect((await at.call('GET', `${secrets}/cloud-lab`)).body['data']).toEqual({ a: 'Yg==' });
  });

  it('changes what was read, and refuses when it was changed since', async () => {
    const etag = String((await create()).headers['etag']);
    const patch = (body: object, match?: string) =>
      at.call('PATCH', `${clusters}/lab`, body, { headers: match === undefined ? {} : { 'if-match': match } });
    expect((await patch({ spec: { driftPolicy: 'Report' } })).status).toBe(428);
    const changed = await patch({ spec: { driftPolicy: 'Report', sweepInterval: '2m' }, description: 'new words' }, etag);
    expect(changed).toMatchObject({
      status: 200,
      body: { description: 'new words', spec: { driftPolicy: 'Report', sweepInterval: '2m' } },
    });
    expect(await patch({ spec: { sweepInterval: null } }, etag)).toMatchObject({ status: 412, body: { title: 'PreconditionFailed' } });
    const last = await patch({ spec: { sweepInterval: null } }, String(changed.headers['etag']));
    expect(last.body['spec']).not.toHaveProperty('sweepInterval');
    expect((await patch({ spec: { colour: 1 } }, '*')).status).toBe(422);
    expect((await patch({}, '*')).status).toBe(400);
    const [newest] = (await at.audit.list({ type: 'ConnectionChanged', result: 'ok' })).items;
    expect(newest?.changes).toEqual([{ path: 'spec.sweepInterval', from: '2m', to: null }]);
    expect(newest?.actor).toBe('anna');
  });

  it('does not mind that the status moves meanwhile', async () => {
    const etag = String((await create()).headers['etag']);
    const status = {
      status: {
        projectId: 'p1',
        conditions: [{ type: 'Ready', status: 'True', reason: 'Connected', message: 'It is.', lastTransitionTime: '2026-11-29T10:00:00Z' }],
      },
    };
    const told = await at.app.inject({
      method: 'PATCH',
      url: `${clustersInKube}/lab/status`,
      headers: { authorization: at.bearer('anna'), 'content-type': 'application/merge-patch+json' },
      payload: status,
    });
    expect(told.statusCode, told.body).toBe(200);
    const changed = await at.call('PATCH', `${clusters}/lab`, { description: 'x' }, { headers: { 'if-match': etag } });
    expect(changed).toMatchObject({ status: 200, body: { phase: 'Ready', projectId: 'p1', reason: 'Connected' } });
  });
  it('disables and enables', async () => {
    await create();
    expect((await at.call('POST', `${clusters}/lab/disable`)).body).toMatchObject({
      enabled: false,
      phase: 'Disabled',
      spec: { enabled: false },
    });
    expect((await at.call('GET', `${clustersInKube}/lab`)).body).toMatchObject({ spec: { enabled: false } });
    expect((await at.call('POST', `${clusters}/lab/enable`)).body).toMatchObject({ enabled: true, phase: 'Pending' });
    expect(await told()).toEqual(expect.arrayContaining(['anna ConnectionDisabled ok', 'anna ConnectionEnabled ok']));
    expect((await at.call('POST', `${clusters}/nowhere/enable`)).body).toMatchObject({ status: 404, title: 'ClusterNotFound' });
  });

  it('deletes a connection with its own Secret, once nothing is declared there', async () => {
    await create();
    await declareVolume('data', 'lab');
    await declareVolume('other', 'elsewhere');
    const refused = await at.call('DELETE', `${clusters}/lab`);
    expect(refused).toMatchObject({
      status: 409,
      body: { title: 'ClusterInUse', usedBy: [{ kind: 'Volume', namespace: 'default', name: 'data' }], moreUsers: false },
    });
    expect(refused.body['detail']).toContain('Volume default/data');
    const goes = [
      { kind: 'Cluster', namespace: '', name: 'lab' },
      { kind: 'Secret', namespace: 'default', name: 'cloud-lab' },
    ];
    expect((await at.call('DELETE', `${clusters}/lab?dryRun=true`)).body).toMatchObject({ deletes: goes, usedBy: [{ name: 'data' }] });
    await at.call('DELETE', '/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/volumes/data');
    expect(await at.call('DELETE', `${clusters}/lab`)).toMatchObject({ status: 202, body: { deleted: goes } });
    expect([await names(secrets), await names(clustersInKube)]).toEqual([[], []]);
    expect(await told()).toEqual(expect.arrayContaining(['anna ConnectionDeleted failed', 'anna ConnectionDeleted ok']));
  });

  it('keeps a Secret that another Cluster uses', async () => {
    await create();
    await create('twin', { credentials: undefined, credentialsSecretRef: { namespace: 'default', name: 'cloud-lab' } });
    expect((await at.call('DELETE', `${clusters}/lab`)).status).toBe(202);
    expect(await names(secrets)).toEqual(['cloud-lab']);
  });

  it('lets each see and do what the table says, and records refusals', async () => {
    await create();
    await create('prod');
    const list = async (who: 'victor' | 'olga') =>
      ((await at.call('GET', clusters, undefined, { who })).body['items'] as { name: string }[]).map(({ name }) => name);
    expect([await list('victor'), await list('olga')]).toEqual([['lab', 'prod'], ['lab']]);
    expect((await at.call('GET', `${clusters}/prod`, undefined, { who: 'olga' })).status).toBe(403);
    const writes = [
      ['POST', clusters, { name: 'x', credentials: { entry: entry() } }],
      ['PATCH', `${clusters}/lab`, { description: 'x' }],
      ['POST', `${clusters}/lab/disable`, undefined],
      ['PUT', `${clusters}/lab/credentials`, { entry: entry() }],
      ['DELETE', `${clusters}/lab`, undefined],
      ['POST', `${clusters}/test`, { credentials: { entry: entry() } }],
      ['POST', `${clusters}/import`, { cloudsYaml: 'clouds: {}' }],
    ] as const;
    for (const who of ['victor', 'olga'] as const) {
      for (const [method, url, payload] of writes) {
        expect((await at.call(method, url, payload, { who })).status, `${who} ${method} ${url}`).toBe(403);
      }
    }
    expect((await told()).filter((line) => line === 'olga Denied denied')).toHaveLength(writes.length + 1);
  });
});
