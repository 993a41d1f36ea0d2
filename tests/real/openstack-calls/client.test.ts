import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as snapshots from '#controller/openstack/block-storage/snapshots.ts';
import * as volumeTypes from '#controller/openstack/block-storage/volume-types.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { type CloudConfig, parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import * as flavors from '#controller/openstack/compute/flavors.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as serverGroups from '#controller/openstack/compute/server-groups.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import {
  classifyOpenStackError,
  isDuplicate,
  isInUse,
  isNotFound,
  isRevisionMismatch,
  OpenStackError,
} from '#controller/openstack/errors.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as extensions from '#controller/openstack/network/extensions.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as rules from '#controller/openstack/network/security-group-rules.ts';
import * as groups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { probe } from '#controller/openstack/probe.ts';

const AUTH_URL = process.env['STACKWARDEN_TEST_AUTH_URL'] ?? 'http://127.0.0.1:25000/v3';
const PASSWORD = process.env['STACKWARDEN_TEST_PASSWORD'] ?? 'osc-secret';
const PREFIX = `openstack-client-${randomUUID().slice(0, 8)}`;
const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE3dDHHMBXRLPTmFk5JqsLCmUVgZAiTMaUhHI6jdaD43 test';

function configFor(username: string, { project = 'demo', password = PASSWORD, region = 'RegionOne' } = {}): CloudConfig {
  const domains = { user_domain_id: 'default', project_domain_id: 'default' };
  const auth = { auth_url: AUTH_URL, username, password, project_name: project, ...domains };
  return parseCloudConfig({ cloudsYaml: JSON.stringify({ clouds: { real: { auth, region_name: region } } }) });
}

const opened: Cloud[] = [];
function connect(config: CloudConfig): Cloud {
  const cloud = connectCloud(config, { name: 'real', concurrency: 4 });
  opened.push(cloud);
  return cloud;
}

async function all<Row>(pages: AsyncIterable<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

async function errorOf(promise: Promise<unknown>): Promise<OpenStackError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OpenStackError);
  return error as OpenStackError;
}

/** Asks again every half second, for at most a minute. */
async function until<T>(look: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    const value = await look();
    if (isThere(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('it did not happen within a minute');
}

async function removed(remove: Promise<void>): Promise<void> {
  await remove.catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

describe('the client on a real OpenStack', () => {
  let cloud: Cloud;
  beforeAll(() => {
    cloud = connect(configFor('demo'));
  });
  afterAll(async () => {
    // What a failed test left over; each of these is normally gone by now.
    for (const server of await all(servers.list(cloud.compute, { name: PREFIX }))) await removed(servers.remove(cloud.compute, server.id));
    for (const volume of await all(volumes.list(cloud.blockStorage))) {
      if (volume.name?.startsWith(PREFIX)) await removed(volumes.remove(cloud.blockStorage, volume.id));
    }
    for (const port of await all(ports.list(cloud.network)))
      if (port.name.startsWith(PREFIX)) await removed(ports.remove(cloud.network, port.id));
    for (const network of await all(networks.list(cloud.network)))
      if (network.name.startsWith(PREFIX)) await removed(networks.remove(cloud.network, network.id));
    for (const group of await all(groups.list(cloud.network)))
      if (group.name.startsWith(PREFIX)) await removed(groups.remove(cloud.network, group.id));
    await removed(keypairs.remove(cloud.compute, PREFIX));
    const path = `/users/${(await cloud.authenticate()).userId}/application_credentials`;
    const { body } = await cloud.identity.request<{ application_credentials: { id: string; name: string }[] }>({ method: 'GET', path });
    for (const { id, name } of body.application_credentials) {
      if (name.startsWith('openstack-client-')) await cloud.identity.request({ method: 'DELETE', path: `${path}/${id}` });
    }
    await Promise.all(opened.map((one) => one.close()));
  });

  it('creates, reads, changes, lists in pages and deletes networks with subnet and port, and refuses a stale revision', async () => {
    const traced = cloud.traced(randomUUID());
    const client = traced.network;
    const made = [
      await networks.create(client, { name: `${PREFIX}-1`, description: 'one' }),
      await networks.create(client, { name: `${PREFIX}-2` }),
    ];
    const [first, second] = made;
    if (!first || !second) throw new Error('unreachable');
    expect(traced.requestIds()).toHaveLength(2);
    const paged = await all(networks.list(client, { limit: 1, project_id: first.project_id }));
    expect(paged.map((network) => network.id)).toEqual(expect.arrayContaining([first.id, second.id]));
    const renamed = await networks.update(client, first.id, { name: `${PREFIX}-renamed` }, { revision: first.revision_number ?? -1 });
    expect(renamed.name).toBe(`${PREFIX}-renamed`);
    const stale = await errorOf(networks.update(client, first.id, { name: 'x' }, { revision: first.revision_number ?? -1 }));
    expect(isRevisionMismatch(stale)).toBe(true);
    expect(classifyOpenStackError(stale)).toMatchObject({ kind: 'transient', reason: 'ChangedMeanwhile' });

    const subnet = await subnets.create(client, { network_id: first.id, ip_version: 4, cidr: '10.99.0.0/24', gateway_ip: null });
    expect(subnet).toMatchObject({ cidr: '10.99.0.0/24', gateway_ip: null, enable_dhcp: true });
    const port = await ports.create(client, { name: `${PREFIX}-port`, network_id: first.id });
    expect(port.fixed_ips[0]?.subnet_id).toBe(subnet.id);
    const busy = await errorOf(networks.remove(client, first.id));
    expect(isInUse(busy)).toBe(true);
    expect(classifyOpenStackError(busy)).toMatchObject({ kind: 'waiting', reason: 'InUse' });
    await networks.replaceTags(client, first.id, ['blue', 'green']);
    expect((await networks.get(client, first.id)).tags?.toSorted()).toEqual(['blue', 'green']);

    await ports.remove(client, port.id);
    for (const { id } of made) await networks.remove(client, id);
    const gone = await errorOf(networks.get(client, first.id));
    expect(gone).toMatchObject({ status: 404, type: 'NetworkNotFound', service: 'network' });
    expect(gone.requestId).toMatch(/^req-/);
  });

  it('makes, fills, changes and deletes an image, and breaks off an upload without harm', async () => {
    const made = await images.create(cloud.image, { name: `${PREFIX}-image`, disk_format: 'raw', container_format: 'bare', k: 'v' });
    expect(made).toMatchObject({ status: 'queued', k: 'v' });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(512);
      // Not sooner: a Glance that has not begun is queued too, and would put the image back while the next upload runs.
      await until(
        () => images.get(cloud.image, made.id),
        (image) => image.status === 'saving',
      );
      throw new Error('the source ended');
    }
    const error = await errorOf(images.upload(cloud.image, made.id, broken));
    expect(error.kind).toBe('aborted');
    await until(
      () => images.get(cloud.image, made.id),
      (image) => image.status === 'queued',
    );
    async function* data(): AsyncGenerator<Uint8Array> {
      for (let part = 0; part < 4; part += 1) yield Buffer.alloc(256, part);
    }
    await images.upload(cloud.image, made.id, data);
    const steps = [
      { op: 'replace', path: '/name', value: `${PREFIX}-renamed` },
      { op: 'add', path: images.pointer('a/b~c'), value: 'x' },
      { op: 'remove', path: '/k' },
    ] as const;
    const changed = await images.patch(cloud.image, made.id, steps);
    expect(changed).toMatchObject({ status: 'active', size: 1024, name: `${PREFIX}-renamed`, 'a/b~c': 'x' });
    expect(changed).not.toHaveProperty('k');
    await images.remove(cloud.image, made.id);
    expect(isNotFound(await errorOf(images.get(cloud.image, made.id)))).toBe(true);
  });

  it('creates, changes, lists and deletes a snapshot of a volume', async () => {
    const client = cloud.blockStorage;
    const volume = await volumes.create(client, { name: `${PREFIX}-snapped`, size: 1 });
    await until(
      () => volumes.get(client, volume.id),
      (one) => one.status === 'available',
    );
    const made = await snapshots.create(client, { volume_id: volume.id, name: `${PREFIX}-snapshot`, metadata: { k: 'v' } });
    await until(
      () => snapshots.get(client, made.id),
      (one) => one.status === 'available',
    );
    await snapshots.update(client, made.id, { description: 'changed' });
    await snapshots.setMetadata(client, made.id, { k2: 'v2' });
    await snapshots.deleteMetadataKey(client, made.id, 'k');
    const [listed] = await all(snapshots.list(client, { volume_id: volume.id, limit: 1 }));
    expect(listed).toMatchObject({ id: made.id, description: 'changed', metadata: { k2: 'v2' } });
    expect(isInUse(await errorOf(volumes.remove(client, volume.id)))).toBe(true);
    await snapshots.remove(client, made.id);
    await until(
      () => all(snapshots.list(client, { volume_id: volume.id })),
      (rows) => rows.length === 0,
    );
    await volumes.remove(client, volume.id);
  });

  it('creates, lists in pages and deletes server groups', async () => {
    const client = cloud.compute;
    const spread = { name: `${PREFIX}-group`, policy: 'anti-affinity', rules: { max_server_per_host: 2 } } as const;
    const made = [
      await serverGroups.create(client, spread),
      await serverGroups.create(client, { name: `${PREFIX}-group`, policy: 'soft-affinity' }),
    ];
    expect(made[0]).toMatchObject({ ...spread, members: [] });
    const paged = await all(serverGroups.list(client, { limit: 1 }));
    expect(paged.filter((group) => group.name === spread.name).map((group) => group.id)).toEqual(made.map((group) => group.id));
    expect(await serverGroups.get(client, made[1]?.id ?? '')).toMatchObject({ policy: 'soft-affinity', rules: {} });
    for (const { id } of made) await serverGroups.remove(client, id);
    expect(isNotFound(await errorOf(serverGroups.get(client, made[0]?.id ?? '')))).toBe(true);
  });

  it('creates, lists and deletes a security group with rules, and tells a duplicate rule', async () => {
    const client = cloud.network;
    const group = await groups.create(client, { name: `${PREFIX}-sg`, description: 'web' });
    const web = { security_group_id: group.id, direction: 'ingress', protocol: 'tcp', port_range_min: 80, port_range_max: 80 } as const;
    const [rule] = await rules.createAll(client, [web, { ...web, port_range_min: 443, port_range_max: 443 }]);
    expect(rule).toMatchObject({ ethertype: 'IPv4', protocol: 'tcp', remote_ip_prefix: null });
    const duplicate = await errorOf(rules.create(client, web));
    expect(isDuplicate(duplicate)).toBe(true);
    expect(duplicate.type).toBe('SecurityGroupRuleExists');
    const listed = await all(rules.list(client, { security_group_id: group.id }));
    expect(
      listed
        .filter((one) => one.direction === 'ingress')
        .map((one) => one.port_range_min ?? 0)
        .toSorted((a, b) => a - b),
    ).toEqual([80, 443]);
    expect((await groups.get(client, group.id)).security_group_rules).toHaveLength(listed.length);
    await groups.update(client, group.id, { description: '' });
    await groups.remove(client, group.id);
    expect(isNotFound(await errorOf(groups.get(client, group.id)))).toBe(true);
    expect([...(await extensions.aliases(client))]).toEqual(expect.arrayContaining(['security-group', 'revision-if-match']));
  });

  it('creates, extends, renames, labels, lists and deletes a volume, and waits where its state forbids', async () => {
    const client = cloud.blockStorage;
    const { id } = await volumes.create(client, { name: `${PREFIX}-vol`, size: 1, metadata: { a: '1' } });
    const read = () => volumes.get(client, id);
    const created = await until(read, (volume) => volume.status === 'available');
    expect(created).toMatchObject({ size: 1, bootable: 'false', metadata: { a: '1' } });
    await volumes.extend(client, id, 2);
    expect((await until(read, (volume) => volume.status === 'available' && volume.size === 2)).size).toBe(2);
    await volumes.update(client, id, { name: `${PREFIX}-vol2` });
    await volumes.setMetadata(client, id, { b: '2' });
    await volumes.deleteMetadataKey(client, id, 'a');
    await volumes.setReadonly(client, id, true);
    await volumes.setBootable(client, id, true);
    const listed = (await all(volumes.list(client, { limit: 1 }))).find((volume) => volume.id === id);
    expect(listed).toMatchObject({ name: `${PREFIX}-vol2`, bootable: 'true', metadata: { b: '2', readonly: 'True' } });
    const smaller = await errorOf(volumes.extend(client, id, 1));
    expect(classifyOpenStackError(smaller)).toMatchObject({ kind: 'stalled', reason: 'InvalidRequest' });
    await volumes.remove(client, id);
    const deleting = await errorOf(volumes.extend(client, id, 3));
    expect(isNotFound(deleting) || classifyOpenStackError(deleting).reason === 'WrongState').toBe(true);
    await until(() => volumes.get(client, id).then(() => false, isNotFound), Boolean);
    expect((await all(volumeTypes.list(client))).map((type) => type.name)).toEqual(expect.arrayContaining(['standard', 'fast']));
  });

  it('imports, lists and deletes a key pair, and tells a duplicate name', async () => {
    const client = cloud.compute;
    const made = await keypairs.create(client, { name: PREFIX, public_key: PUBLIC_KEY });
    expect(made.public_key).toBe(PUBLIC_KEY);
    const again = await errorOf(keypairs.create(client, { name: PREFIX, public_key: PUBLIC_KEY }));
    expect(isDuplicate(again)).toBe(true);
    expect((await all(keypairs.list(client))).find((pair) => pair.name === PREFIX)).toMatchObject({ public_key: PUBLIC_KEY, type: 'ssh' });
    expect((await keypairs.get(client, PREFIX)).user_id).toBe((await cloud.authenticate()).userId);
    await keypairs.remove(client, PREFIX);
    expect(isNotFound(await errorOf(keypairs.get(client, PREFIX)))).toBe(true);
  });

  it('boots, renames, labels, plugs, stops and deletes a server, and reads flavors and images', async () => {
    const client = cloud.compute;
    const flavor = (await all(flavors.list(client, { limit: 1 }))).find((one) => one.name === 'm1.tiny');
    const image = (await all(images.list(cloud.image, { limit: 1 }))).find((one) => one.name === 'cirros');
    if (!flavor || !image) throw new Error('this cloud lacks the flavor m1.tiny or the image cirros');
    expect(await images.get(cloud.image, image.id)).toMatchObject({ status: 'active', container_format: 'bare' });
    const network = await networks.create(cloud.network, { name: `${PREFIX}-net` });
    await subnets.create(cloud.network, { network_id: network.id, ip_version: 4, cidr: '10.98.0.0/24' });
    const plain = { name: PREFIX, flavorRef: flavor.id, imageRef: image.id, networks: [{ uuid: network.id }] };
    const { id } = await servers.create(client, { ...plain, metadata: { a: '1' }, tags: ['t1'], user_data: btoa('#!/bin/sh') });
    const read = () => servers.get(client, id);
    const server = await until(read, (one) => one.status === 'ACTIVE' || one.status === 'ERROR');
    expect(server).toMatchObject({ status: 'ACTIVE', metadata: { a: '1' }, tags: ['t1'], flavor: { original_name: 'm1.tiny', ram: 512 } });
    await servers.update(client, id, { name: `${PREFIX}-renamed` });
    await servers.setMetadata(client, id, { b: '2' });
    await servers.deleteMetadataKey(client, id, 'a');
    await servers.replaceTags(client, id, ['t2']);
    const [plugged] = await servers.listInterfaces(client, id);
    expect(plugged?.net_id).toBe(network.id);
    expect(await servers.listVolumeAttachments(client, id)).toEqual([]);
    await servers.stop(client, id);
    const early = await servers.pause(client, id).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (early) expect(classifyOpenStackError(early)).toMatchObject({ kind: 'waiting', reason: 'WrongState' });
    await until(read, (one) => one.status === 'SHUTOFF');
    const listed = (await all(servers.list(client))).find((one) => one.id === id);
    expect(listed).toMatchObject({ name: `${PREFIX}-renamed`, metadata: { b: '2' }, tags: ['t2'], 'OS-EXT-STS:task_state': null });
    const since = server.created;
    await servers.remove(client, id);
    await until(() => servers.get(client, id).then(() => false, isNotFound), Boolean);
    const deleted = (await all(servers.list(client, { 'changes-since': since }))).find((one) => one.id === id);
    expect(deleted && servers.isDeleted(deleted)).toBe(true);
    await until(
      () =>
        networks.remove(cloud.network, network.id).then(
          () => true,
          () => false,
        ),
      Boolean,
    );
  });

  it('refuses a request without showing the user data it quotes', async () => {
    const secret = btoa('password=open-sesame');
    const network = { networks: 'none' as const };
    const error = await errorOf(servers.create(cloud.compute, { name: '', flavorRef: '1', user_data: secret, ...network }));
    expect(error.message).not.toContain(secret);
    expect(classifyOpenStackError(error)).toMatchObject({ kind: 'stalled', reason: 'InvalidRequest' });
  });

  it('negotiates microversions and reaches every step of a probe', async () => {
    expect(await cloud.compute.microversions()).toEqual({ min: '2.1', max: '2.100' });
    expect(await cloud.blockStorage.microversions()).toEqual({ min: '3.0', max: '3.71' });
    const steps: string[] = [];
    for await (const { step, ok } of probe(cloud)) steps.push(`${step} ${ok}`);
    expect(steps).toEqual(['DNS true', 'TCP true', 'TLS true', 'Auth true', 'Catalog true', 'Microversions true']);
  });

  it('tells a wrong password from a wrong region, at the step where it is', async () => {
    const last = async (config: CloudConfig) => {
      let result: { step: string; ok: boolean; message: string } | undefined;
      for await (const one of probe(connect(config))) result = one;
      return result;
    };
    const denied = await last(configFor('demo', { password: 'not-the-password' }));
    expect(denied).toMatchObject({ step: 'Auth', ok: false });
    expect(denied?.message).toMatch(/refuses user demo in project demo: check the password/);
    expect(denied?.message).not.toMatch(/not-the-password/);
    const elsewhere = await last(configFor('demo', { region: 'RegionNine' }));
    expect(elsewhere).toMatchObject({ step: 'Catalog', ok: false });
    expect(elsewhere?.message).toMatch(/no compute endpoint \(public interface, region RegionNine\); it has .*public\/RegionOne/);
  });

  it('works with an application credential and with a token, and tells one that is gone and one that has expired', async () => {
    const { userId } = await cloud.authenticate();
    const path = `/users/${userId}/application_credentials`;
    const create = async (expiresAt?: string) => {
      const credential = { name: `${PREFIX}-${randomUUID()}`, secret: 'app-secret', ...(expiresAt ? { expires_at: expiresAt } : {}) };
      const { body } = await cloud.identity.request<{ application_credential: { id: string } }>({
        method: 'POST',
        path,
        body: { application_credential: credential },
      });
      return body.application_credential.id;
    };
    const login = (id: string) => {
      const auth = { auth_url: AUTH_URL, application_credential_id: id, application_credential_secret: 'app-secret' };
      return connect(
        parseCloudConfig({ cloudsYaml: JSON.stringify({ clouds: { app: { auth_type: 'v3applicationcredential', auth } } }) }),
      ).authenticate();
    };
    const lasting = await create();
    expect(await login(lasting)).toMatchObject({ projectName: 'demo', userId });
    const credential = { id: lasting, secret: 'app-secret' };
    const body = { auth: { identity: { methods: ['application_credential'], application_credential: credential } } };
    const token = (await cloud.identity.request({ method: 'POST', path: '/auth/tokens', body })).headers['x-subject-token'];
    const byToken = { clouds: { tok: { auth_type: 'v3token', auth: { auth_url: AUTH_URL, token } } } };
    expect(await connect(parseCloudConfig({ cloudsYaml: JSON.stringify(byToken) })).authenticate()).toMatchObject({
      projectName: 'demo',
      userId,
    });
    await cloud.identity.request({ method: 'DELETE', path: `${path}/${lasting}` });
    expect(await errorOf(login(lasting))).toMatchObject({ kind: 'auth', status: 404 });
    const brief = await create(new Date(Date.now() + 1_500).toISOString().slice(0, 19));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const expired = await errorOf(login(brief));
    expect(expired).toMatchObject({ kind: 'auth', status: 401 });
    expect(expired.detail).toMatch(/has expired or its secret is wrong/);
    await cloud.identity.request({ method: 'DELETE', path: `${path}/${brief}` });
  });

  it('lets a reader read, and stalls what he may not do', async () => {
    const reader = connect(configFor('demo-reader'));
    await all(servers.list(reader.compute));
    await all(networks.list(reader.network));
    for (const denied of [
      await errorOf(networks.create(reader.network, { name: `${PREFIX}-denied` })),
      await errorOf(volumes.create(reader.blockStorage, { name: `${PREFIX}-denied`, size: 1 })),
    ]) {
      expect(denied.status).toBe(403);
      expect(classifyOpenStackError(denied)).toMatchObject({ kind: 'stalled', reason: 'Forbidden' });
    }
  });
});
