import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '#controller/engine/kind.ts';
import { createCloudInventory, type ManagedInventory } from '#controller/inventory/cloud-inventory.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as serverGroups from '#controller/openstack/compute/server-groups.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import type { Server as StoredServer } from '#examples/sandbox/store.ts';
import { openStore } from '#migrations/store.ts';
import type { CloudHandle } from '../handle.ts';
import { ask } from '../inventory.fixture.ts';
import type { InstanceSpec } from './desire.ts';
import { instance } from './instance.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE3dDHHMBXRLPTmFk5JqsLCmUVgZAiTMaUhHI6jdaD43 test';

let sandbox: Sandbox;
let cloud: CloudHandle & { inventory: ManagedInventory };
const ids: Record<string, string> = { 'KeyPair/one': 'one', 'KeyPair/two': 'two' };
const image = { old: '', new: '' };

beforeAll(async () => {
  sandbox = await startSandbox({ timeScale: 0.05 });
  const client = connectCloud(parseCloudConfig({ cloudsYaml: sandbox.cloudsYaml('main'), cloud: 'main' }), { name: 'main' });
  const clock = {
    now: () => Date.now(),
    after(ms: number, call: () => void) {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  };
  const store = await openStore('sqlite::memory:');
  const inventory = createCloudInventory({ cluster: 'main', client, store, clock, random: Math.random, onEvent() {}, log() {} });
  cloud = { client, inventory };
  for (const name of ['one', 'two']) await keypairs.create(client.compute, { name, public_key: KEY });
  const { id: network_id } = await networks.create(client.network, { name: 'front' });
  await subnets.create(client.network, { network_id, ip_version: 4, cidr: '10.9.0.0/24' });
  ids['Network/front'] = network_id;
  for (const name of ['given', 'other']) ids[`Port/${name}`] = (await ports.create(client.network, { name, network_id })).id;
  const [known] = sandbox.store.images.values();
  if (!known) throw new Error('no image');
  image.old = known.id;
  image.new = 'aaaaaaaa-0000-4000-8000-00000000000b';
  sandbox.store.images.set(image.new, { ...known, id: image.new, name: 'newer' });
  await inventory.sweep();
});
afterAll(async () => {
  await cloud.inventory.stop();
  await cloud.client.close();
  await sandbox.close();
});

/** One object and its server, driven as the loop does, but for the policies that allow a rebuild. */
let uid = 0;
let id: string | undefined;
beforeEach(() => {
  uid += 1;
  id = undefined;
});
const wish = (spec: Partial<InstanceSpec>) => {
  const asked = ask({ cloud, ids, uid: `uid-${uid}`, name: 'srv', ...(id !== undefined && { id }) });
  const desired = instance.desire(
    { clusterRef: { name: 'main' }, flavor: { name: 'm1.tiny' }, image: { name: 'cirros' }, networks: [], ...spec },
    asked.resolve,
  );
  return { asked, desired };
};
const owner = () => ({ uid: `uid-${uid}`, key: 'default/srv', namespace: 'default', name: 'srv', ...(id !== undefined && { id }) });
const stored = () => sandbox.store.servers.get(id ?? '') as StoredServer;

async function create(spec: Partial<InstanceSpec>) {
  ({ id } = await instance.create(cloud, wish(spec).desired, owner()));
  return settle(spec);
}

/** Looks until the cloud is not on its way any more. */
async function settle(spec: Partial<InstanceSpec>) {
  for (let look = 0; look < 400; look += 1) {
    await instance.reread(cloud, id ?? '');
    const seen = instance.observe(cloud, owner());
    if (seen.found !== 'one') throw new Error(`server ${seen.found}`);
    const { desired } = wish(spec);
    const difference = instance.diff(desired, seen.observed);
    if (!difference.waiting) return { desired, observed: seen.observed, difference };
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error('the server does not come to rest');
}

/** Closes what differs, a step at a time, until nothing does. */
async function converge(spec: Partial<InstanceSpec>, extra: readonly Change[] = []) {
  let { desired, observed, difference } = await settle(spec);
  const shown = difference.changes;
  let changes = [...difference.changes, ...extra];
  for (let step = 0; step < 10 && changes.length > 0; step += 1) {
    await instance.update(cloud, desired, observed, changes);
    ({ desired, observed, difference } = await settle(spec));
    changes = [...difference.changes];
  }
  expect(changes).toEqual([]);
  return { shown, observed };
}

const writesOf = async (work: () => Promise<unknown>) => {
  const before = sandbox.requests.writes;
  await work();
  return sandbox.requests.writes - before;
};

describe('a rebuild', () => {
  it('changes image, key and user data in one action, and keeps everything else', async () => {
    const spec = { userData: '#!/bin/sh\necho one', keyPairRef: { name: 'one' }, metadata: { tier: 'web' }, tags: ['t'], name: 'kept' };
    await create(spec);
    const { launchedAt } = stored();
    expect(stored()).toMatchObject({ keyName: 'one', userData: Buffer.from(spec.userData).toString('base64') });
    const next = { ...spec, image: { name: 'newer' }, userData: 'two', keyPairRef: { name: 'two' } };
    const before = stored().createdAt;
    const { shown } = await converge(next);
    expect(shown.map(({ path, by }) => [path, by])).toEqual([
      ['spec.image', 'rebuild'],
      ['spec.keyPairRef', 'rebuild'],
      ['spec.userData', 'rebuild'],
    ]);
    expect(JSON.stringify(shown)).not.toContain('echo');
    expect(stored()).toMatchObject({
      imageId: image.new,
      keyName: 'two',
      userData: Buffer.from('two').toString('base64'),
      name: 'kept',
      tags: ['t'],
      createdAt: before,
      metadata: { tier: 'web', 'stackwarden.uid': `uid-${uid}`, 'stackwarden.user-data': expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(stored().launchedAt).toBeGreaterThan(launchedAt ?? 0);
  });

  it('is one write', async () => {
    await create({ userData: 'one' });
    const next = { userData: 'two', image: { name: 'newer' } };
    expect(await writesOf(() => converge(next))).toBe(1);
  });

  it('leaves a stopped server stopped', async () => {
    await create({});
    await converge({ powerState: 'Stopped' });
    await converge({ powerState: 'Stopped', image: { name: 'newer' } });
    expect(stored()).toMatchObject({ vmState: 'stopped', imageId: image.new });
  });

  it('whose answer was lost is not sent again', async () => {
    await create({ userData: 'one' });
    const next = { userData: 'two' };
    const { desired, observed, difference } = await settle(next);
    sandbox.faults.add({
      service: 'compute',
      method: 'POST',
      path: `/v2.1/servers/${id}/action`,
      count: 1,
      effect: { type: 'reset-after' },
    });
    const writes = await writesOf(async () => {
      await expect(instance.update(cloud, desired, observed, difference.changes)).rejects.toThrow();
      // The look before it is what a pass goes by that was stopped in the middle.
      await instance.update(cloud, desired, observed, difference.changes);
      await converge(next);
    });
    expect(writes).toBe(1);
    expect(stored().userData).toBe(Buffer.from('two').toString('base64'));
  });

  it('keeps metadata that somebody wrote a moment before', async () => {
    await create({ userData: 'one' });
    const { desired, observed, difference } = await settle({ userData: 'two' });
    await servers.setMetadata(cloud.client.compute, id ?? '', { late: 'yes' });
    await instance.update(cloud, desired, observed, difference.changes);
    expect(stored().metadata).toMatchObject({ late: 'yes', 'stackwarden.uid': `uid-${uid}` });
  });

  it('does not touch what was not asked for', async () => {
    await create({ userData: 'one', keyPairRef: { name: 'one' } });
    const next = { userData: 'two', keyPairRef: { name: 'two' } };
    const { desired, observed, difference } = await settle(next);
    await instance.update(
      cloud,
      desired,
      observed,
      difference.changes.filter((change) => change.path === 'spec.keyPairRef'),
    );
    await settle(next);
    expect(stored()).toMatchObject({ keyName: 'two', userData: Buffer.from('one').toString('base64') });
  });

  it('needs an image that the cloud has', async () => {
    await create({});
    await expect(converge({ image: { name: 'long gone' } })).rejects.toThrow('has not exactly one image long gone');
  });

  it('waits for a person while the server is paused', async () => {
    await create({});
    await converge({ powerState: 'Paused' });
    await expect(converge({ powerState: 'Paused', image: { name: 'newer' } })).rejects.toThrow(
      'is Paused, and spec.image cannot be changed then',
    );
    await converge({ powerState: 'Running', image: { name: 'newer' } });
  });

  it('heals a server in ERROR with what it has', async () => {
    const spec = { onError: { action: 'Rebuild', attempts: 2, cooldown: '90s' }, userData: 'one' } as const;
    await create(spec);
    Object.assign(stored(), { vmState: 'error' });
    const { difference } = await settle(spec);
    expect(difference.failed).toMatchObject({ reason: 'ServerError', recovery: { by: 'rebuild', attempts: 2, coolDownMs: 90_000 } });
    const { observed } = await converge(spec, [{ path: 'status.state', from: 'ERROR', to: 'ACTIVE', by: 'rebuild' }]);
    expect(observed.server.status).toBe('ACTIVE');
    expect(stored()).toMatchObject({ imageId: image.old, userData: Buffer.from('one').toString('base64') });
  });

  it('that fails leaves the server in ERROR, for the next attempt', async () => {
    const spec = { onError: { action: 'Rebuild' } } as const;
    await create(spec);
    stored().metadata = { ...stored().metadata, osc_spawn_error: 'boom' };
    Object.assign(stored(), { vmState: 'error' });
    const { desired, observed } = await settle(spec);
    await instance.update(cloud, desired, observed, [{ path: 'status.state', from: 'ERROR', to: 'ACTIVE', by: 'rebuild' }]);
    expect((await settle(spec)).difference.failed?.message).toContain('in state ERROR: Failed to deploy instance: boom.');
  });
});

describe('a declared port', () => {
  const on = (...names: string[]) => ({ networks: names.map((name) => ({ portRef: { name } })) });
  const port = (name: string) => ports.get(cloud.client.network, ids[`Port/${name}`] ?? '');

  it('is what the server boots on, is exchanged, and is never deleted', async () => {
    await create(on('given'));
    expect(await port('given')).toMatchObject({ device_id: id });
    const { shown } = await converge(on('other'));
    expect(shown.map(({ path, from, to }) => [path, from, to])).toEqual([
      ['spec.networks[other]', null, 'attached'],
      [expect.stringMatching(/^spec.networks\[front 10\.9\.0\.\d+\]$/), expect.any(String), null],
    ]);
    expect(await port('given')).toMatchObject({ device_id: '' });
    expect(await port('other')).toMatchObject({ device_id: id });
    await converge({ networks: [{ networkRef: { name: 'front' } }, { portRef: { name: 'given' } }] });
    const { observed } = await settle({});
    expect(observed.ports).toHaveLength(2);
    await instance.delete(cloud, observed, owner());
    await expect.poll(async () => (await port('given')).device_id).toBe('');
    expect(await port('other')).toMatchObject({ device_id: '' });
  });

  it('that another server has is waited for, at the create and later', async () => {
    await create(on('given'));
    const holder = id;
    await cloud.inventory.reread('port', ids['Port/given'] ?? '');
    uid += 1;
    id = undefined;
    expect(wish(on('given')).asked.passes).toEqual([`Waits until its ports are free: given is plugged into ${holder}.`]);
    await create({ networks: [] });
    await expect(converge(on('given'))).rejects.toMatchObject({ verdict: { kind: 'waiting', reason: 'PortInUse' } });
  });
});

it('asks for the server group only when the server is made', async () => {
  const group = await serverGroups.create(cloud.client.compute, { name: 'spread', policy: 'soft-anti-affinity' });
  ids['ServerGroup/spread'] = group.id;
  await create({ serverGroupRef: { name: 'spread' } });
  expect(stored().groupId).toBe(ids['ServerGroup/spread']);
  const { asked } = wish({ serverGroupRef: { name: 'removed' } });
  expect(asked.waits).toEqual([]);
});

it('declares a server of the cloud such that nothing differs', async () => {
  await create({ networks: [{ networkRef: { name: 'front' } }], keyPairRef: { name: 'one' }, metadata: { tier: 'web' }, userData: 'one' });
  const { observed } = await converge({ networks: [{ networkRef: { name: 'front' } }], powerState: 'Stopped' });
  const known: Record<string, string> = { one: 'one', [ids['Network/front'] ?? '']: 'front' };
  const spec = instance.declare(cloud, observed, { nameOf: (kind, wanted) => (kind === 'Instance' ? 'srv' : known[wanted]) });
  expect(spec).toEqual({
    flavor: { name: 'm1.tiny' },
    image: { name: 'cirros' },
    networks: [{ networkRef: { name: 'front' }, fixedIP: expect.stringMatching(/^10\.9\.0\./) }],
    keyPairRef: { name: 'one' },
    powerState: 'Stopped',
    metadata: { tier: 'web' },
  });
  expect((await settle(spec as Partial<InstanceSpec>)).difference).toEqual({ changes: [] });
});
