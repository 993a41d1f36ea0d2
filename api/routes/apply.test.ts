import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Application, annaInBrowser, csrfOfAnna, openApplication } from '../http/application.fixture.ts';

const apiVersion = 'openstack.stackwarden.io/v1alpha1';
const volumes = `/apis/${apiVersion}/namespaces/default/volumes`;
const fromBrowser = {
  host: 'warden.example',
  origin: 'https://warden.example',
  'sec-fetch-site': 'same-origin',
  'x-csrf-token': csrfOfAnna,
};
const volume = (spec: object = {}, metadata: object = {}) => ({
  apiVersion,
  kind: 'Volume',
  metadata: { name: 'data', namespace: 'default', ...metadata },
  spec: { clusterRef: { name: 'main' }, sizeGiB: 1, ...spec },
});

interface Outcome {
  readonly name: string;
  readonly outcome: string;
  readonly uid: string;
  readonly generation: number;
  readonly changes: readonly object[];
  readonly conflicts: readonly object[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

describe('POST /api/v1/apply', () => {
  let one: Application;
  beforeEach(async () => {
    one = await openApplication({ ofCookie: annaInBrowser });
  });
  afterEach(() => one.close());

  const send = async (method: 'GET' | 'POST' | 'PATCH', url: string, body: object | undefined, headers: Record<string, string>) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const reply = await one.app.inject({
      method,
      url,
      headers: { ...headers, ...(body && { 'content-type': type }) },
      ...(body && { payload: JSON.stringify(body) }),
    });
    return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
  };
  const kubectl = (method: 'GET' | 'POST' | 'PATCH', url: string, body?: object) =>
    send(method, url, body, { authorization: `Bearer ${one.token}`, 'user-agent': 'kubectl/v1.32.0 (linux/amd64)' });
  const apply = async (objects: readonly object[], more: object = {}): Promise<readonly Outcome[]> => {
    const manifests = objects.map((object) => stringify(object)).join('---\n');
    const { status, body } = await send('POST', '/api/v1/apply', { manifests, ...more }, fromBrowser);
    expect(status, JSON.stringify(body)).toBe(200);
    return body['objects'] as readonly Outcome[];
  };
  const stored = async () => (await kubectl('GET', `${volumes}/data`)).body;

  it('makes what is new, changes what differs, and leaves what is as declared', async () => {
    const [made] = await apply([volume()]);
    expect(made).toMatchObject({ kind: 'Volume', name: 'data', outcome: 'created', generation: 1, changes: [], conflicts: [] });
    expect(await apply([volume()])).toMatchObject([{ outcome: 'unchanged', uid: made?.uid, generation: 1 }]);
    const [grown] = await apply([volume({ sizeGiB: 2 })]);
    expect(grown).toMatchObject({ outcome: 'changed', generation: 2, changes: [{ path: 'spec.sizeGiB', from: 1, to: 2 }] });
    expect(await stored()).toMatchObject({ spec: { sizeGiB: 2 } });
  });

  it('is known afterwards as the page of this server, by whoever used it', async () => {
    await apply([volume()]);
    const { body } = await kubectl('GET', '/api/v1/objects/Volume/default/data/revisions');
    expect(body['items']).toMatchObject([{ actor: 'anna', through: 'stackwarden-web' }]);
  });

  it('takes away what was applied before and is in the manifest no more', async () => {
    await apply([volume({ metadata: { tier: 'gold' } })]);
    await apply([volume()]);
    expect((await stored())['spec']).not.toHaveProperty('metadata');
  });

  it('writes nothing on a dry run, and tells what it would come to', async () => {
    expect(await apply([volume()], { dryRun: true })).toMatchObject([{ outcome: 'created' }]);
    expect((await stored())['reason']).toBe('NotFound');
  });

  it('makes a namespace of the set before what is in it, also when only tried', async () => {
    const set = [volume({}, { namespace: 'shop' }), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }];
    expect(await apply([set[0] as object])).toMatchObject([
      { outcome: 'refused', problems: [{ path: 'metadata.namespace', message: expect.stringContaining('no namespace shop') }] },
    ]);
    expect(await apply(set, { dryRun: true })).toMatchObject([{ outcome: 'created' }, { outcome: 'created' }]);
    expect(await apply(set)).toMatchObject([
      { name: 'data', outcome: 'created' },
      { name: 'shop', outcome: 'created' },
    ]);
  });

  it('says of each object what is wrong with it, and applies the others', async () => {
    const [bad, good] = await apply([volume({ sizeGiB: 0 }, { name: 'bad' }), volume()]);
    expect(bad).toMatchObject({ outcome: 'refused', problems: [{ path: 'spec.sizeGiB' }] });
    expect(good).toMatchObject({ outcome: 'created' });
  });

  it('applies nothing of what cannot be read, and says where', async () => {
    const manifests = `${stringify(volume())}---\nkind: Volume\n`;
    const { status, body } = await send('POST', '/api/v1/apply', { manifests }, fromBrowser);
    expect([status, body['title']]).toEqual([400, 'BadManifests']);
    expect(body['errors']).toMatchObject([{ document: 2, path: 'apiVersion' }, { path: 'metadata.name' }]);
    expect((await stored())['reason']).toBe('NotFound');
  });

  describe('where another program wrote a field', () => {
    beforeEach(async () => {
      await apply([volume({ description: 'ours' })]);
      await kubectl('PATCH', `${volumes}/data`, { spec: { sizeGiB: 3 } });
    });

    it('stops at it, and says who wrote it, when and with what', async () => {
      const [refused] = await apply([volume({ description: 'still ours', sizeGiB: 2 })]);
      expect(refused).toMatchObject({
        outcome: 'conflict',
        conflicts: [
          {
            path: 'spec.sizeGiB',
            from: 3,
            to: 2,
            manager: 'kubectl',
            pipeline: false,
            actor: 'admin',
            at: expect.stringMatching(/Z$/),
            revision: 2,
          },
        ],
      });
      expect(await stored()).toMatchObject({ spec: { description: 'ours', sizeGiB: 3 } });
    });

    it('overwrites it when told to, and owns it from then on', async () => {
      expect(await apply([volume({ sizeGiB: 2 })], { force: true })).toMatchObject([{ outcome: 'changed' }]);
      expect(await apply([volume({ sizeGiB: 4 })])).toMatchObject([{ outcome: 'changed', conflicts: [] }]);
    });

    it('changes other fields beside it', async () => {
      expect(await apply([volume({ description: 'new', sizeGiB: 3 })])).toMatchObject([{ outcome: 'changed', conflicts: [] }]);
    });
  });

  it('stops at everything that a pipeline declares, and names the pipeline', async () => {
    const labels = { 'kustomize.toolkit.fluxcd.io/name': 'shop', 'kustomize.toolkit.fluxcd.io/namespace': 'apps' };
    await kubectl('POST', volumes, volume({}, { labels }));
    const [refused] = await apply([volume({ sizeGiB: 2, description: 'nobody declares this' })]);
    expect(refused?.conflicts).toMatchObject([{ path: 'spec.sizeGiB', manager: 'Flux (Kustomization apps/shop)', pipeline: true }]);
  });

  describe('with the version that somebody began from', () => {
    it('stops at what was changed since, also by another person on the same page', async () => {
      const [made] = await apply([volume()]);
      const seen = { 'Volume/default/data': { uid: made?.uid, generation: 1 } };
      await apply([volume({ sizeGiB: 5 })]);
      expect(await apply([volume({ sizeGiB: 2 })], { seen })).toMatchObject([
        { outcome: 'conflict', conflicts: [{ path: 'spec.sizeGiB', from: 5, actor: 'anna', revision: 2 }] },
      ]);
    });

    it('takes away what they took out, whoever wrote it', async () => {
      const { body } = await kubectl('POST', volumes, volume({ description: 'written by hand', bootable: true }));
      const { uid } = body['metadata'] as { uid: string };
      const seen = { 'Volume/default/data': { uid, generation: 1 } };
      const edited = volume({ bootable: true });
      expect(await apply([edited])).toMatchObject([{ outcome: 'unchanged' }]);
      expect(await apply([edited], { seen })).toMatchObject([
        { outcome: 'conflict', conflicts: [{ path: 'spec.description', to: null, manager: 'kubectl' }] },
      ]);
      await apply([edited], { seen, force: true });
      expect((await stored())['spec']).not.toHaveProperty('description');
    });
  });

  it('hides values that are secret', async () => {
    const instance = (userData: string) => ({
      apiVersion,
      kind: 'Instance',
      metadata: { name: 'web' },
      spec: { clusterRef: { name: 'main' }, flavor: { name: 'tiny' }, image: { name: 'cirros' }, userData },
    });
    await kubectl('POST', volumes.replace('volumes', 'instances'), instance('password: one'));
    const [refused] = await apply([instance('password: two')]);
    expect(refused?.conflicts).toMatchObject([{ path: 'spec.userData', from: '***', to: '***' }]);
    expect(JSON.stringify(refused)).not.toContain('password');
  });
});

describe('the Kubernetes API and the cookie of a browser', () => {
  let one: Application;
  beforeEach(async () => {
    one = await openApplication({ ofCookie: annaInBrowser });
  });
  afterEach(() => one.close());

  const write = async (headers: Record<string, string>) =>
    (
      await one.app.inject({
        method: 'POST',
        url: volumes,
        headers: { host: 'warden.example', 'content-type': 'application/json', ...headers },
        payload: JSON.stringify(volume()),
      })
    ).statusCode;

  it('is read and written by who signed in, with the token against forged requests', async () => {
    expect((await one.app.inject({ url: '/openapi/v3/apis/openstack.stackwarden.io/v1alpha1' })).statusCode).toBe(200);
    expect((await one.app.inject({ url: volumes })).statusCode).toBe(200);
    expect(await write(fromBrowser)).toBe(201);
  });

  it('is not written without that token, nor from another site, and each attempt is in the audit', async () => {
    const { 'x-csrf-token': _token, ...withoutToken } = fromBrowser;
    for (const headers of [
      withoutToken,
      { ...fromBrowser, 'x-csrf-token': 'x'.repeat(43) },
      { ...fromBrowser, 'sec-fetch-site': 'cross-site' },
      { ...fromBrowser, origin: 'https://evil.example' },
    ])
      expect([401, 403]).toContain(await write(headers));
    expect((await one.audit.list({ result: 'denied' })).items).toHaveLength(4);
    expect((await one.app.inject({ url: volumes })).json()).toMatchObject({ items: [] });
  });
});
