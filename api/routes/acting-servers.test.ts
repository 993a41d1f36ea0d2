import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as floatingIPs from '#controller/openstack/network/floating-ips.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import * as securityGroups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { type Acting, startActing } from '#tests/parts/acting.ts';

let acting: Acting;
let id: string;
let networkId: string;

const cloudSays = (): Promise<Server> => servers.get(acting.client.compute, id);
const imageId = () => [...acting.sandbox.store.images.keys()][0] ?? '';

async function boot(): Promise<void> {
  const network = await networks.create(acting.client.network, { name: 'front' });
  networkId = network.id;
  const subnet = await subnets.create(acting.client.network, { network_id: network.id, ip_version: 4, cidr: '10.9.0.0/24' });
  const external = [...acting.sandbox.store.networks.values()].find(({ name }) => name === 'public');
  const router = await routers.create(acting.client.network, { name: 'way', external_gateway_info: { network_id: external?.id ?? '' } });
  await routers.addInterface(acting.client.network, router.id, { subnet_id: subnet.id });
  const made = await servers.create(acting.client.compute, {
    name: 'web',
    flavorRef: '1',
    imageRef: imageId(),
    networks: [{ uuid: network.id }],
  });
  id = made.id;
  await vi.waitFor(async () => expect((await cloudSays()).status).toBe('ACTIVE'), { timeout: 10_000 });
  await acting.inventory.sweep();
}

/** Done, and in the audit with the cloud's request ids. */
async function done(verb: string, body: object = {}) {
  const { status, body: operation } = await acting.act(id, verb, body);
  expect(operation, `${verb}: ${JSON.stringify(operation)}`).toMatchObject({
    action: `instance.${verb}`,
    state: 'succeeded',
    percent: 100,
  });
  expect(status).toBe(200);
  const entries = await acting.entries(operation.id);
  expect(entries.map(({ type }) => type)).toEqual(['ActionRequested', 'ActionDone']);
  expect(entries.at(-1)).toMatchObject({ actor: 'root', cloudId: id, source: { session: 'session-of-root' } });
  expect(entries.at(-1)?.requestIds.length, verb).toBeGreaterThan(0);
  return { operation, end: entries.at(-1) };
}

describe('a member of a project', () => {
  beforeAll(async () => {
    acting = await startActing();
    await boot();
  }, 30_000);
  afterAll(() => acting.close());

  it.each([
    ['stop', 'SHUTOFF'],
    ['start', 'ACTIVE'],
    ['softReboot', 'ACTIVE'],
    ['hardReboot', 'ACTIVE'],
    ['pause', 'PAUSED'],
    ['unpause', 'ACTIVE'],
    ['suspend', 'SUSPENDED'],
    ['resume', 'ACTIVE'],
    ['shelve', 'SHELVED_OFFLOADED'],
    ['unshelve', 'ACTIVE'],
    ['rescue', 'RESCUE'],
    ['unrescue', 'ACTIVE'],
    ['rebuild', 'ACTIVE'],
  ])('can %s an instance', async (verb, status) => {
    await done(verb);
    expect((await cloudSays()).status).toBe(status);
  });

  it('can lock an instance with a reason, which stops what others ask for, and unlock it', async () => {
    await done('lock', { reason: 'being repaired' });
    expect(await cloudSays()).toMatchObject({ locked: true, locked_reason: 'being repaired' });
    const refused = await acting.act(id, 'stop');
    expect([refused.status, refused.body['title'], refused.body['detail']]).toEqual([
      409,
      'Locked',
      'It is locked (being repaired); unlock it first.',
    ]);
    await done('unlock');
    expect((await cloudSays()).locked).toBe(false);
  });

  it('can resize an instance, and confirm or revert that', async () => {
    const { end } = await done('resize', { flavorId: '2' });
    expect(end?.changes).toContainEqual(expect.objectContaining({ path: 'flavor.original_name', from: 'm1.tiny', to: 'm1.small' }));
    await done('revertResize');
    expect((await cloudSays()).flavor.original_name).toBe('m1.tiny');
    await done('resize', { flavorId: '2' });
    await done('confirmResize');
    expect(await cloudSays()).toMatchObject({ status: 'ACTIVE', flavor: { original_name: 'm1.small' } });
    await done('resize', { flavorId: '3', confirm: true });
    expect(await cloudSays()).toMatchObject({ status: 'ACTIVE', flavor: { original_name: 'm1.medium' } });
  });

  it('is told a password once, and it is stored nowhere', async () => {
    const made = await acting.act(id, 'changePassword');
    const { password } = made.body['secret'] as { password: string };
    expect(password.length).toBeGreaterThan(16);
    const chosen = await acting.act(id, 'changePassword', { password: 'hush-hush-hush' });
    expect(chosen.body['secret']).toEqual({ password: 'hush-hush-hush' });
    const stored = JSON.stringify([
      await acting.store.db.select().from(acting.store.tables.operations),
      await acting.audit.list({}, { limit: 500 }),
      (await acting.get(`operations/${chosen.body.id}`)).body,
    ]);
    for (const secret of [password, 'hush-hush-hush']) expect(stored).not.toContain(secret);
  });

  it('can make an image of an instance', async () => {
    const { operation } = await done('snapshot', { name: 'web-copy' });
    const { resources } = operation.result as { resources: { id: string }[] };
    expect(acting.sandbox.store.images.get(resources[0]?.id ?? '')).toMatchObject({ name: 'web-copy', status: 'active' });
  });

  it('can attach a volume to an instance and detach it', async () => {
    const volume = await volumes.create(acting.client.blockStorage, { size: 1, name: 'data' });
    await expect.poll(async () => (await volumes.get(acting.client.blockStorage, volume.id)).status).toBe('available');
    await acting.inventory.reread('volume', volume.id);
    await done('attachVolume', { volumeId: volume.id });
    expect((await volumes.get(acting.client.blockStorage, volume.id)).attachments).toMatchObject([{ server_id: id }]);
    await done('detachVolume', { volumeId: volume.id });
    expect(await volumes.get(acting.client.blockStorage, volume.id)).toMatchObject({ status: 'available', attachments: [] });
  });

  it('can plug ports into an instance and unplug them', async () => {
    const port = await ports.create(acting.client.network, { network_id: networkId, name: 'second' });
    await acting.inventory.reread('port', port.id);
    await done('attachPort', { portId: port.id });
    expect((await ports.get(acting.client.network, port.id)).device_id).toBe(id);
    await done('detachPort', { portId: port.id });
    expect((await ports.get(acting.client.network, port.id)).device_id).toBe('');
    const { operation } = await done('attachPort', { networkId, fixedIP: '10.9.0.77' });
    const [made] = (operation.result as { resources: { id: string }[] }).resources;
    expect((await ports.get(acting.client.network, made?.id ?? '')).fixed_ips).toMatchObject([{ ip_address: '10.9.0.77' }]);
    await done('detachPort', { portId: made?.id });
  });

  it('can let a floating IP lead to an instance, and let go of it', async () => {
    const external = [...acting.sandbox.store.networks.values()].find(({ name }) => name === 'public');
    const floating = await floatingIPs.create(acting.client.network, { floating_network_id: external?.id ?? '' });
    await acting.inventory.reread('floatingip', floating.id);
    await done('associateFloatingIP', { floatingIPId: floating.id });
    expect((await floatingIPs.get(acting.client.network, floating.id)).fixed_ip_address).toMatch(/^10\.9\.0\./);
    await done('dissociateFloatingIP', { floatingIPId: floating.id });
    expect((await floatingIPs.get(acting.client.network, floating.id)).port_id).toBeNull();
  });

  it('can put an instance into a security group and take it out', async () => {
    const group = await securityGroups.create(acting.client.network, { name: 'web' });
    await acting.inventory.reread('security_group', group.id);
    await done('addSecurityGroup', { securityGroupId: group.id });
    expect((await cloudSays()).security_groups).toContainEqual({ name: 'web' });
    await done('removeSecurityGroup', { securityGroupId: group.id });
    expect((await cloudSays()).security_groups).not.toContainEqual({ name: 'web' });
  });

  it('can rename an instance, set its metadata and its tags', async () => {
    await done('rename', { name: 'web-1' });
    await done('setMetadata', { metadata: { tier: 'front', old: 'x' } });
    await done('setMetadata', { metadata: { tier: 'back', old: null } });
    await done('setTags', { tags: ['b', 'a'] });
    expect(await cloudSays()).toMatchObject({ name: 'web-1', metadata: { tier: 'back' } });
    expect((await cloudSays()).tags?.toSorted()).toEqual(['a', 'b']);
  });

  it('can read the console of an instance, and that is in the audit', async () => {
    const { body } = await acting.get(`resources/server/main/${id}/console-log?lines=2`);
    expect(body['log']).toBe('ANOTHER\nLAST LINE');
    expect((await acting.audit.list({ type: 'ConsoleRead' })).items).toMatchObject([{ actor: 'root', cloudId: id }]);
  });

  it.each(['migrate', 'liveMigrate', 'evacuate'])('is told why they cannot %s an instance', async (verb) => {
    const { status, body } = await acting.act(id, verb);
    expect([status, body['title']]).toEqual([409, 'NeedsAdministrator']);
  });

  it('can delete an instance, told before what goes with it', async () => {
    const { body } = await acting.post(`resources/server/main/${id}/actions/instance.delete?dryRun=true`, {});
    expect(body).toMatchObject({ danger: 'loss', by: 'cloud', loses: 'Everything on its disk.', changes: [{ from: 'present', to: null }] });
    expect((await cloudSays()).status).toBe('ACTIVE');
    await done('delete');
    expect(acting.sandbox.store.servers.get(id)?.vmState).toBe('deleted');
    expect((await acting.act(id, 'start')).status).toBe(404);
  });
});

describe('an administrator of the cloud', () => {
  beforeAll(async () => {
    acting = await startActing({ user: 'admin' });
    await boot();
  }, 30_000);
  afterAll(() => acting.close());
  const host = async () => (await cloudSays())['OS-EXT-SRV-ATTR:host'];

  it('can move an instance', async () => {
    const before = await host();
    await done('migrate');
    await done('confirmResize');
    expect(await host()).not.toBe(before);
  });

  it('can move a running instance', async () => {
    const before = await host();
    const { operation } = await done('liveMigrate');
    expect(operation.result).toEqual({ data: { host: await host() } });
    expect(await host()).not.toBe(before);
  });

  it('is told that a host which is up cannot be evacuated', async () => {
    const { body } = await acting.act(id, 'evacuate');
    expect(body).toMatchObject({ state: 'failed', problem: { status: 400, detail: expect.stringContaining('is still in use') } });
    expect((await acting.entries(body.id)).at(-1)).toMatchObject({ type: 'ActionFailed', result: 'failed' });
  });
});

it('calls a move off that is cancelled', async () => {
  acting = await startActing({ user: 'admin', resizeMs: 3_600_000 });
  await boot();
  const { body } = await acting.post(`resources/server/main/${id}/actions/instance.liveMigrate`, {});
  await expect.poll(() => acting.sandbox.store.servers.get(id)?.migration).toBeDefined();
  await acting.post(`operations/${body.id}/cancel`);
  await expect.poll(async () => (await acting.get(`operations/${body.id}`)).body.state, { timeout: 15_000 }).toBe('cancelled');
  expect(acting.sandbox.store.servers.get(id)?.migration).toBeUndefined();
  await acting.close();
}, 30_000);
