import { createHash } from 'node:crypto';
import { ensureDefaultGroup } from './neutron/security-groups.ts';
import type { Network, Subnet, User } from './store.ts';
import type { World } from './world.ts';

export const password = 'sandbox-secret';

/** Fills an empty cloud with what a real one is delivered with: people, flavors, an image, volume types and the way outside. */
export function seedWorld(world: World): void {
  const { store, random, clock } = world;
  const now = clock.now();
  const admin = { id: random.hex(32), name: 'admin' };
  const demo = { id: random.hex(32), name: 'demo' };
  for (const project of [admin, demo]) store.projects.set(project.id, project);
  addUser(world, 'admin', admin.id, ['reader', 'member', 'manager', 'admin']);
  addUser(world, 'demo', demo.id, ['reader', 'member']);
  addUser(world, 'demo-reader', demo.id, ['reader']);

  store.flavors.set('1', { id: '1', name: 'm1.tiny', ram: 512, disk: 1, vcpus: 1 });
  store.flavors.set('2', { id: '2', name: 'm1.small', ram: 2048, disk: 20, vcpus: 1 });
  store.flavors.set('3', { id: '3', name: 'm1.medium', ram: 4096, disk: 40, vcpus: 2 });
  seedImage(world, admin.id, now);
  for (const [name, description] of [
    ['fast', null],
    ['standard', null],
    ['__DEFAULT__', 'Default Volume Type'],
  ] as const) {
    const id = random.uuid();
    store.volumeTypes.set(id, { id, name, description });
  }
  seedExternalNetwork(world, admin.id, now);
  for (const project of [admin, demo]) ensureDefaultGroup(world, project.id);
}

function addUser(world: World, name: string, projectId: string, roles: readonly string[]): void {
  const user: User = { id: world.random.hex(32), name, password, roles: { [projectId]: roles }, defaultProjectId: projectId };
  world.store.users.set(user.id, user);
}

function seedImage(world: World, owner: string, now: number): void {
  const content = Buffer.alloc(1024);
  const id = world.random.uuid();
  world.store.images.set(id, {
    id,
    name: 'cirros',
    owner,
    visibility: 'public',
    status: 'active',
    diskFormat: 'raw',
    containerFormat: 'bare',
    isProtected: false,
    isHidden: false,
    size: content.length,
    minDisk: 0,
    minRam: 0,
    checksum: createHash('md5').update(content).digest('hex'),
    hash: createHash('sha512').update(content).digest('hex'),
    properties: {
      'owner_specified.openstack.md5': '',
      'owner_specified.openstack.object': 'images/cirros',
      'owner_specified.openstack.sha256': '',
    },
    tags: [],
    createdAt: now,
    updatedAt: now,
  });
}

function seedExternalNetwork(world: World, projectId: string, now: number): void {
  const standard = { projectId, description: '', tags: [], createdAt: now, updatedAt: now };
  const network: Network = {
    ...standard,
    id: world.random.uuid(),
    name: 'public',
    revision: 2,
    isUp: true,
    mtu: 1500,
    isShared: false,
    isExternal: true,
    portSecurity: true,
    dnsDomain: '',
    segmentationId: 1,
  };
  const subnet: Subnet = {
    ...standard,
    tags: [],
    id: world.random.uuid(),
    name: 'public-subnet',
    revision: 0,
    networkId: network.id,
    ipVersion: 4,
    cidr: '172.24.0.0/16',
    gatewayIp: '172.24.0.1',
    allocationPools: [{ start: '172.24.0.2', end: '172.24.255.254' }],
    dnsNameservers: [],
    hostRoutes: [],
    enableDhcp: false,
    ipv6RaMode: null,
    ipv6AddressMode: null,
  };
  world.store.networks.set(network.id, network);
  world.store.subnets.set(subnet.id, subnet);
}
