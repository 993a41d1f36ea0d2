import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '#controller/engine/json.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import { type Acting, startActing } from '#tests/parts/acting.ts';

let acting: Acting;
beforeAll(async () => {
  acting = await startActing();
}, 60_000);
afterAll(() => acting.close());
beforeEach(() => {
  acting.objects.clear();
  acting.asked.length = 0;
});

const make = (name: string, input: object) => acting.post(`clusters/main/actions/${name}?wait=30`, input);
const act = (type: string, id: string, name: string, input: object = {}) =>
  acting.post(`resources/${type}/main/${id}/actions/${name}?wait=30`, input);
const made = async (name: string, input: object): Promise<string> => {
  const { status, body } = await make(name, input);
  expect([status, body.state], JSON.stringify(body)).toEqual([200, 'succeeded']);
  return (body.result as { resources: { id: string }[] }).resources[0]?.id ?? '';
};

/** The object that manages a resource, as the Kubernetes API has it once it is changed. */
function declare(type: string, id: string, kind: string, spec: JsonObject): void {
  const metadata = { name: 'declared', namespace: 'shop', uid: 'uid-1', resourceVersion: '1', generation: 1 };
  const conditions = [
    { type: 'Ready', status: 'True' as const, reason: 'Ready', message: '', lastTransitionTime: '', observedGeneration: 2 },
  ];
  const object: KubeObject = {
    apiVersion: 'openstack.stackwarden.io/v1alpha1',
    kind,
    metadata,
    spec: { clusterRef: { name: 'main' }, ...spec },
    status: { conditions },
  };
  acting.objects.set(`${type}/${id}`, object);
  acting.kube.answer = ({ method }) => {
    if (method === 'DELETE') acting.objects.delete(`${type}/${id}`);
    return { status: 200, body: { ...object, metadata: { ...metadata, generation: 2 } } };
  };
}

describe('an action on something that is no instance', () => {
  it('makes it, and says in the audit who asked, what came of it and what the cloud called it', async () => {
    const { body } = await make('volume.create', { name: 'data', sizeGiB: 2 });
    const [asked, ended] = await acting.entries(body.id);
    expect(asked).toMatchObject({ type: 'ActionRequested', actor: 'root', result: 'ok' });
    expect(ended).toMatchObject({ type: 'ActionDone', result: 'ok', requestIds: [expect.stringMatching(/^req-/)] });
    expect([...acting.sandbox.store.volumes.values()]).toMatchObject([{ name: 'data', size: 2, status: 'available' }]);
  });

  it('is refused with the field that is wrong', async () => {
    const { status, body } = await make('subnet.create', { name: 's', networkId: 'n', cidr: 'all of it' });
    expect([status, body['errors']]).toEqual([400, [{ field: 'cidr', message: expect.any(String) }]]);
    const missing = await make('port.create', { networkId: 'nonesuch' });
    expect([missing.status, missing.body['title'], missing.body['errors']]).toEqual([
      409,
      'NotFound',
      [{ field: 'networkId', message: expect.stringContaining('There is no network nonesuch') }],
    ]);
  });

  it('says beforehand what goes along and what is lost', async () => {
    const networkId = await made('network.create', { name: 'n' });
    const subnetId = await made('subnet.create', { name: 's', networkId, cidr: '10.0.0.0/24' });
    const { body } = await acting.post(`resources/network/main/${networkId}/actions/network.delete?dryRun=true`);
    expect(body).toMatchObject({
      danger: 'loss',
      by: 'cloud',
      takesAlong: [{ type: 'subnet', id: subnetId, what: 'is deleted with it' }],
      loses: expect.stringContaining('its subnets'),
    });
    expect(acting.sandbox.store.networks.has(networkId)).toBe(true);
  });

  it('knows what was made past it a moment ago, if the input names it', async () => {
    const { id: networkId } = await networks.create(acting.client.network, { name: 'past' });
    const { status, body } = await make('subnet.create', { name: 'past', networkId, cidr: '10.4.0.0/24' });
    expect([status, body.state], JSON.stringify(body)).toEqual([200, 'succeeded']);
    for (const odd of ['..', '', 'a/b', { a: 1 }, ['x', 7]])
      expect((await make('subnet.create', { name: 'odd', networkId: odd, cidr: '10.4.0.0/24' })).status).toBeGreaterThanOrEqual(400);
  });

  it('tells a private key to who waits for it, and keeps it nowhere', async () => {
    const { body } = await make('keyPair.create', { name: 'laptop' });
    expect(body['secret']).toEqual({ privateKey: expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY-----/) });
    const later = await acting.get(`operations/${body.id}`);
    const stored = JSON.stringify([later.body, await acting.entries(body.id)]);
    expect(stored).toContain('laptop');
    expect(stored).not.toContain('PRIVATE KEY');
  });
});

describe('an action on something that is declared', () => {
  it('changes the declaration where that says what it is', async () => {
    const id = await made('volume.create', { name: 'declared', sizeGiB: 1, metadata: { there: '1' } });
    declare('volume', id, 'Volume', { sizeGiB: 1 });
    const grown = await act('volume', id, 'volume.extend', { sizeGiB: 3 });
    expect(grown.body.state, JSON.stringify(grown.body)).toBe('succeeded');
    await act('volume', id, 'volume.edit', { metadata: { tier: 'db' } });
    expect(acting.asked.map(({ method, body }) => [method, body])).toEqual([
      ['PATCH', { spec: { sizeGiB: 3 } }],
      ['PATCH', { spec: { metadata: { there: '1', tier: 'db' } } }],
    ]);
    expect(acting.sandbox.store.volumes.get(id)).toMatchObject({ size: 1 });
  });

  it('deletes the object, and leaves the rest to the reconciler', async () => {
    const id = await made('volume.create', { name: 'goes', sizeGiB: 1 });
    declare('volume', id, 'Volume', { sizeGiB: 1 });
    const { body } = await act('volume', id, 'volume.delete');
    expect(body.state, JSON.stringify(body)).toBe('succeeded');
    expect(acting.asked.map(({ method }) => method)).toEqual(['DELETE']);
    expect(acting.sandbox.store.volumes.has(id)).toBe(true);
  });

  it('is done in the cloud where the declaration says nothing of it', async () => {
    const id = await made('volume.create', { name: 'kept', sizeGiB: 1 });
    declare('volume', id, 'Volume', { sizeGiB: 1 });
    const { body } = await act('volume', id, 'volume.snapshot', { name: 'monday' });
    expect(body.state, JSON.stringify(body)).toBe('succeeded');
    expect(acting.asked).toEqual([]);
    expect([...acting.sandbox.store.snapshots.values()].map(({ volumeId }) => volumeId)).toContain(id);
  });

  it('is refused where the declaration can name no object', async () => {
    const networkId = await made('network.create', { name: 'front' });
    const subnetId = await made('subnet.create', { name: 'front', networkId, cidr: '10.3.0.0/24' });
    const id = await made('router.create', { name: 'edge' });
    declare('router', id, 'Router', { interfaces: [] });
    const { status, body } = await act('router', id, 'router.addInterface', { subnetId });
    expect([status, body['title'], body['errors']]).toEqual([
      409,
      'NotDeclared',
      [{ field: 'subnetId', message: expect.stringContaining('declare that in the same namespace first') }],
    ]);
  });
});
