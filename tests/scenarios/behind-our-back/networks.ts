import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as flavors from '#controller/openstack/compute/flavors.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as rules from '#controller/openstack/network/security-group-rules.ts';
import * as groups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';

/** Id of what an earlier step made. */
export type IdOf = (label: string) => string;

/** Something made past us: a resource, or a change to one. */
export interface Step {
  /** `Kind/label` of the resource it makes; absent for what only changes one. */
  readonly makes?: string;
  /** For the `openstack` client; its answer is the id. */
  cli(id: IdOf): string[];
  api(cloud: Cloud, id: IdOf): Promise<string | void>;
}

const show = '-f value -c id';
const words = (text: string) => text.split(' ');
const publicKey = (last: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(42)}${last} adopt`;

/** 40 resources of five kinds, and two servers on them. Names clash, are empty, or no names of objects; groups refer to each other. */
export const steps: readonly Step[] = [
  network('front', { name: 'front', mtu: 1400 }),
  network('back', { name: 'back', description: 'Behind', isShut: true }),
  network('twin-1', { name: 'twin' }),
  network('twin-2', { name: 'Twin' }),
  network('unicode', { name: 'Datenträger 1' }),
  network('nameless', { name: '' }),
  network('far', { name: '数据库' }),
  network('plain', { name: 'plain_net.example' }),
  subnet('front-v4', 'front', { cidr: '10.80.0.0/24', dns: '192.0.2.53' }),
  subnet('front-v6', 'front', { cidr: '2001:db8:80::/64' }),
  subnet('back-v4', 'back', { cidr: '10.81.0.0/24', gateway: 'none' }),
  subnet('twin-1-v4', 'twin-1', { cidr: '10.82.0.0/24', gateway: '10.82.0.254' }),
  subnet('twin-2-v4', 'twin-2', { cidr: '10.83.0.0/24', hasDhcp: false }),
  subnet('unicode-v4', 'unicode', { cidr: '10.84.0.0/24', pool: ['10.84.0.20', '10.84.0.99'] }),
  subnet('nameless-v4', 'nameless', { cidr: '10.85.0.0/24', name: '' }),
  subnet('far-v4', 'far', { cidr: '10.86.0.0/24', gateway: '10.86.0.100' }),
  subnet('plain-v4', 'plain', { cidr: '10.87.0.0/24' }),
  subnet('plain-v4b', 'plain', { cidr: '10.88.0.0/25', name: 'plain-v4' }),
  ...['web', 'app', 'db', 'ops', 'mail', 'dns', 'log', 'vpn', 'empty'].map((name) => group(name)),
  rule('web', { protocol: 'tcp', port: 443, remoteIp: '0.0.0.0/0' }),
  rule('app', { protocol: 'tcp', port: 8080, remote: 'web' }),
  rule('web', { protocol: 'udp', port: 53, remote: 'app' }),
  rule('db', { protocol: 'tcp', port: 5432, remote: 'app' }),
  rule('db', { protocol: 'tcp', port: 5432, remote: 'db' }),
  rule('ops', { protocol: 'tcp', port: 22, remoteIp: '10.0.0.5/24' }),
  ...['shop', 'Second Key', 'third-key', 'fourth_key'].map((name, index) => keyPair(name, publicKey(String(index)))),
  ...['data-1', 'data-2', 'data-3', 'logs', 'copy me', 'Cache'].map((name) => volume(name, { tier: 'db' })),
  volume('', {}),
  volume('spare', {}),
  volume('last', { 'app.name': 'shop' }),
  server('web-1', { network: 'front', group: 'web', key: 'shop' }),
  server('db-1', { network: 'front', group: 'db', key: 'shop' }),
  attachment('web-1', 'data-1'),
  attachment('db-1', 'data-2'),
];

function network(label: string, spec: { name: string; mtu?: number; description?: string; isShut?: boolean }): Step {
  const { name, mtu, description, isShut = false } = spec;
  return {
    makes: `Network/${label}`,
    cli: () => [
      ...words(`network create ${show}`),
      ...(mtu === undefined ? [] : ['--mtu', String(mtu)]),
      ...(description === undefined ? [] : ['--description', description]),
      ...(isShut ? ['--disable'] : []),
      name,
    ],
    api: async (cloud) =>
      (
        await networks.create(cloud.network, {
          name,
          admin_state_up: !isShut,
          ...(mtu !== undefined && { mtu }),
          ...(description !== undefined && { description }),
        })
      ).id,
  };
}

interface SubnetChoice {
  readonly cidr: string;
  readonly name?: string;
  readonly gateway?: string;
  readonly dns?: string;
  readonly hasDhcp?: boolean;
  readonly pool?: readonly [string, string];
}

function subnet(label: string, on: string, { cidr, name = label, gateway, dns, hasDhcp = true, pool }: SubnetChoice): Step {
  const version = cidr.includes(':') ? 6 : 4;
  return {
    makes: `Subnet/${label}`,
    cli: (id) => [
      ...words(`subnet create ${show} --network ${id(`Network/${on}`)} --subnet-range ${cidr} --ip-version ${version}`),
      ...(gateway === undefined ? [] : ['--gateway', gateway]),
      ...(dns === undefined ? [] : ['--dns-nameserver', dns]),
      ...(hasDhcp ? [] : ['--no-dhcp']),
      ...(pool ? ['--allocation-pool', `start=${pool[0]},end=${pool[1]}`] : []),
      name,
    ],
    api: async (cloud, id) =>
      (
        await subnets.create(cloud.network, {
          network_id: id(`Network/${on}`),
          cidr,
          ip_version: version,
          name,
          enable_dhcp: hasDhcp,
          ...(gateway !== undefined && { gateway_ip: gateway === 'none' ? null : gateway }),
          ...(dns !== undefined && { dns_nameservers: [dns] }),
          ...(pool && { allocation_pools: [{ start: pool[0], end: pool[1] }] }),
        })
      ).id,
  };
}

function group(name: string): Step {
  const description = `Group ${name}`;
  return {
    makes: `SecurityGroup/${name}`,
    cli: () => [...words(`security group create ${show} --description`), description, name],
    api: async (cloud) => (await groups.create(cloud.network, { name, description })).id,
  };
}

interface RuleChoice {
  readonly protocol: string;
  readonly port: number;
  readonly remote?: string;
  readonly remoteIp?: string;
}

function rule(of: string, { protocol, port, remote, remoteIp }: RuleChoice): Step {
  return {
    cli: (id) => [
      ...words(`security group rule create ${show} --protocol ${protocol} --dst-port ${port}`),
      ...(remote === undefined ? ['--remote-ip', remoteIp ?? ''] : ['--remote-group', id(`SecurityGroup/${remote}`)]),
      id(`SecurityGroup/${of}`),
    ],
    async api(cloud, id) {
      await rules.create(cloud.network, {
        security_group_id: id(`SecurityGroup/${of}`),
        direction: 'ingress',
        protocol,
        port_range_min: port,
        port_range_max: port,
        ...(remote !== undefined && { remote_group_id: id(`SecurityGroup/${remote}`) }),
        ...(remoteIp !== undefined && { remote_ip_prefix: remoteIp }),
      });
    },
  };
}

/** The client has Nova make the key and shows the private half, which nobody keeps; its answer is not the id. */
function keyPair(name: string, key: string): Step {
  return {
    makes: `KeyPair/${name}`,
    cli: () => ['keypair', 'create', '--type', 'ssh', name],
    api: async (cloud) => (await keypairs.create(cloud.compute, { name, public_key: key, type: 'ssh' })).name,
  };
}

function volume(name: string, metadata: Readonly<Record<string, string>>): Step {
  return {
    makes: `Volume/${name}`,
    cli: () => [
      ...words(`volume create ${show} --size 1`),
      ...Object.entries(metadata).flatMap(([key, value]) => ['--property', `${key}=${value}`]),
      name,
    ],
    api: async (cloud) => (await volumes.create(cloud.blockStorage, { name, size: 1, metadata })).id,
  };
}

function server(name: string, parts: { network: string; group: string; key: string }): Step {
  return {
    makes: `Instance/${name}`,
    cli: (id) => [
      ...words(`server create ${show} --wait --flavor m1.tiny --image cirros --key-name ${parts.key}`),
      ...words(`--network ${id(`Network/${parts.network}`)} --security-group ${id(`SecurityGroup/${parts.group}`)}`),
      name,
    ],
    async api(cloud, id) {
      const made = await servers.create(cloud.compute, {
        name,
        flavorRef: await idByName(flavors.list(cloud.compute), 'm1.tiny'),
        imageRef: await idByName(images.list(cloud.image), 'cirros'),
        networks: [{ uuid: id(`Network/${parts.network}`) }],
        security_groups: [{ name: id(`SecurityGroup/${parts.group}`) }],
        key_name: parts.key,
      });
      await until(async () => (await servers.get(cloud.compute, made.id)).status === 'ACTIVE', `server ${name} is ACTIVE`);
      return made.id;
    },
  };
}

function attachment(of: string, disk: string): Step {
  return {
    cli: (id) => ['server', 'add', 'volume', id(`Instance/${of}`), id(`Volume/${disk}`)],
    async api(cloud, id) {
      await servers.attachVolume(cloud.compute, id(`Instance/${of}`), { volumeId: id(`Volume/${disk}`) });
    },
  };
}

async function idByName(pages: AsyncIterable<readonly { id: string; name: string | null }[]>, name: string): Promise<string> {
  for await (const page of pages) {
    const found = page.find((row) => row.name === name);
    if (found) return found.id;
  }
  throw new Error(`the cloud has no ${name}`);
}

export async function until(isTrue: () => Promise<boolean>, what: string, seconds = 180): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((done) => setTimeout(done, 250));
  }
}

/** Takes everything out of a project that is to go. */
export async function emptyProject(cloud: Cloud): Promise<void> {
  const { projectId } = await cloud.authenticate();
  for await (const page of servers.list(cloud.compute)) for (const { id } of page) await servers.remove(cloud.compute, id);
  await until(async () => (await first(servers.list(cloud.compute))) === undefined, 'the servers are gone');
  const isFree = async () => {
    for await (const page of volumes.list(cloud.blockStorage))
      if (page.some(({ status }) => !/^(available|error.*)$/.test(status))) return false;
    return true;
  };
  await until(isFree, 'the volumes are free');
  for await (const page of volumes.list(cloud.blockStorage)) for (const { id } of page) await volumes.remove(cloud.blockStorage, id);
  for await (const page of networks.list(cloud.network, { project_id: projectId }))
    for (const { id } of page) await networks.remove(cloud.network, id);
  for await (const page of groups.list(cloud.network, { project_id: projectId }))
    for (const { id, name } of page) if (name !== 'default') await groups.remove(cloud.network, id);
  for await (const page of keypairs.list(cloud.compute)) for (const { name } of page) await keypairs.remove(cloud.compute, name);
}

async function first<T>(pages: AsyncIterable<readonly T[]>): Promise<T | undefined> {
  for await (const page of pages) if (page[0] !== undefined) return page[0];
  return undefined;
}
