import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { createCloudInventory, type ManagedInventory } from '../inventory/cloud-inventory.ts';
import { kinds } from '../kinds/index.ts';
import * as volumes from '../openstack/block-storage/volumes.ts';
import type { Cloud } from '../openstack/cloud.ts';
import { parseCloudConfig } from '../openstack/clouds-yaml.ts';
import * as keypairs from '../openstack/compute/keypairs.ts';
import { connectCloud } from '../openstack/connect.ts';
import * as networks from '../openstack/network/networks.ts';
import * as rules from '../openstack/network/security-group-rules.ts';
import * as groups from '../openstack/network/security-groups.ts';
import * as subnets from '../openstack/network/subnets.ts';
import { exportManifests } from './export-manifests.ts';

const random = seededRandom('export round trip');
const chance = (odds = 0.5) => random() < odds;
const below = (limit: number) => Math.floor(random() * limit);
const pick = <T>(...values: readonly T[]): T => values[below(values.length)] as T;
const name = () => pick('web', 'Web', '', 'Datenträger 1', '数据库', 'a'.repeat(90), 'x_y.z', `n${below(1000)}`);
const text = () => pick('', 'What it is for', 'ü', 'x'.repeat(200));
const tags = () => ['prod', 'a b', 'ü', 'x'.repeat(60)].filter(() => chance(0.3));

let sandbox: Sandbox;
let cloud: Cloud;
let store: Store;
let inventory: ManagedInventory;

beforeAll(async () => {
  sandbox = await startSandbox({ timeScale: 0 });
  cloud = connectCloud(parseCloudConfig({ cloudsYaml: sandbox.cloudsYaml('demo'), cloud: 'demo' }), {
    name: 'main',
    requestsPerSecond: 1000,
  });
  store = await openStore('sqlite::memory:');
  inventory = createCloudInventory({
    cluster: 'main',
    client: cloud,
    store,
    clock: { now: Date.now, after: () => () => undefined },
    random: Math.random,
    onEvent: () => undefined,
    log: () => undefined,
  });
});
afterAll(async () => {
  await inventory.stop();
  await cloud.close();
  await sandbox.close();
  await store.close();
});

it('declares whatever was made behind our back such that nothing differs', async () => {
  const made = [...(await makeNetworks(12)), ...(await makeGroups(12)), ...(await makeKeyPairs(5)), ...(await makeVolumes(15))];
  await inventory.sweep();
  const result = exportManifests({
    cloud: { client: cloud, inventory },
    kinds,
    selection: [],
    cluster: 'main',
    namespace: 'default',
    objects: [],
  });
  expect(result.leftOut).toEqual([]);
  expect(result.manifests.map(({ spec }) => (spec['import'] as { id: string }).id).toSorted()).toEqual(made.toSorted());
  expect(new Set(result.manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).size).toBe(made.length);
});

async function makeNetworks(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const network = await networks.create(cloud.network, {
      name: name(),
      description: text(),
      ...(chance(0.3) && { admin_state_up: false }),
      ...(chance(0.3) && { mtu: 1300 }),
      ...(chance(0.3) && { port_security_enabled: false }),
    });
    await networks.replaceTags(cloud.network, network.id, tags());
    ids.push(network.id);
    if (chance(0.7)) ids.push(await makeSubnet(network.id, `10.${index}.0`));
    if (chance(0.4)) ids.push(await makeSubnet6(network.id, `2001:db8:${index}`));
  }
  return ids;
}

async function makeSubnet(networkId: string, prefix: string): Promise<string> {
  const subnet = await subnets.create(cloud.network, {
    network_id: networkId,
    ip_version: 4,
    cidr: `${prefix}.0/24`,
    name: name(),
    description: text(),
    ...pick({}, { gateway_ip: null }, { gateway_ip: `${prefix}.254` }, { gateway_ip: `${prefix}.100` }),
    ...(chance(0.3) && { enable_dhcp: false }),
    ...(chance() && { dns_nameservers: ['9.9.9.9', '1.1.1.1'] }),
    ...(chance(0.3) && {
      allocation_pools: [
        { start: `${prefix}.20`, end: `${prefix}.60` },
        { start: `${prefix}.110`, end: `${prefix}.111` },
      ],
    }),
    ...(chance(0.3) && { host_routes: [{ destination: '10.99.0.0/16', nexthop: `${prefix}.9` }] }),
  });
  return subnet.id;
}

async function makeSubnet6(networkId: string, prefix: string): Promise<string> {
  const gateway = pick({}, { gateway_ip: null }, { gateway_ip: `${prefix}::1` });
  const made = await subnets.create(cloud.network, {
    network_id: networkId,
    ip_version: 6,
    cidr: `${prefix}::/64`,
    name: name(),
    ...gateway,
  });
  return made.id;
}

async function makeGroups(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const group = await groups.create(cloud.network, { name: `g${name()}`, description: text(), ...(chance(0.3) && { stateful: false }) });
    ids.push(group.id);
    await groups.replaceTags(cloud.network, group.id, tags());
    if (chance(0.3)) for (const rule of group.security_group_rules) await rules.remove(cloud.network, rule.id);
  }
  for (const id of ids) {
    for (let port = 1; port < 2 + below(6); port += 1) {
      await rules.create(cloud.network, { security_group_id: id, direction: 'ingress', description: text(), ...ruleOf(port * 10, ids) });
    }
  }
  return ids;
}

function ruleOf(port: number, ids: readonly string[]): Partial<rules.SecurityGroupRuleCreate> {
  const range = { port_range_min: port, port_range_max: pick(port, port + 5) };
  return pick(
    { protocol: pick('tcp', '6', 'udp', '17'), ...range },
    { protocol: 'tcp', ...range, remote_ip_prefix: pick('10.0.0.5/24', '192.0.2.7/32', '0.0.0.0/0') },
    { protocol: 'icmp', port_range_min: 8, port_range_max: port },
    { ethertype: 'IPv6', protocol: 'tcp', ...range, remote_ip_prefix: '2001:DB8::/64' },
    { protocol: 'udp', ...range, remote_group_id: pick(...ids) },
    { protocol: String(100 + port) },
  );
}

async function makeKeyPairs(count: number): Promise<string[]> {
  const keyOf = (index: number) =>
    `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${String(index).padStart(2, 'A')}${'A'.repeat(41)} somebody@example`;
  const made: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const pair = await keypairs.create(cloud.compute, {
      name: pick(`key ${index}`, `Key_${index}`, `k${index}`),
      public_key: keyOf(index),
    });
    made.push(pair.name);
  }
  return made;
}

async function makeVolumes(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const image = [...sandbox.store.images.keys()][0] as string;
    const origin = pick({}, { imageRef: image }, ...(ids.length > 0 ? [{ source_volid: pick(...ids) }] : []));
    const metadata = chance() ? { tier: 'db', 'app.name': 'x' } : {};
    const type = pick({}, { volume_type: 'fast' }, { volume_type: 'standard' });
    const volume = await volumes.create(cloud.blockStorage, {
      name: name(),
      description: text(),
      size: index + 1,
      metadata,
      ...type,
      ...origin,
    });
    await expect.poll(async () => (await volumes.get(cloud.blockStorage, volume.id)).status).toBe('available');
    if (chance(0.2)) await volumes.setReadonly(cloud.blockStorage, volume.id, true);
    if (chance(0.2)) await volumes.setBootable(cloud.blockStorage, volume.id, chance());
    ids.push(volume.id);
  }
  return ids;
}
