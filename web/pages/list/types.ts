import type { Permission } from '#api/auth/permissions.ts';
import type { IconName } from '../../elements/icons.ts';

/** A type of resource that has a list. */
export interface ListedType {
  readonly type: string;
  readonly permission: Permission;
  readonly icon: IconName;
  readonly group: 'compute' | 'storage' | 'network';
  /** Columns shown until somebody chooses others. */
  readonly columns: readonly string[];
  /** What leads to making one. */
  readonly create?: { readonly href: string; readonly permission: Permission };
}

export const listedTypes: readonly ListedType[] = [
  {
    type: 'server',
    permission: 'instance.read',
    icon: 'server',
    group: 'compute',
    columns: ['name', 'status', 'cluster', 'addresses', 'flavor', 'image', 'declared', 'created'],
    create: { href: '/declare/instance', permission: 'instance.change' },
  },
  {
    type: 'image',
    permission: 'image.read',
    icon: 'disc',
    group: 'compute',
    columns: ['name', 'status', 'cluster', 'size', 'format', 'visibility', 'declared', 'created'],
  },
  {
    type: 'flavor',
    permission: 'catalog.read',
    icon: 'cpu',
    group: 'compute',
    columns: ['name', 'cluster', 'vcpus', 'ram', 'disk', 'ephemeral', 'public'],
  },
  {
    type: 'keypair',
    permission: 'keyPair.read',
    icon: 'key-round',
    group: 'compute',
    columns: ['name', 'cluster', 'keyType', 'fingerprint', 'declared'],
  },
  {
    type: 'server_group',
    permission: 'serverGroup.read',
    icon: 'boxes',
    group: 'compute',
    columns: ['name', 'cluster', 'policy', 'members', 'declared'],
  },
  {
    type: 'volume',
    permission: 'volume.read',
    icon: 'hard-drive',
    group: 'storage',
    columns: ['name', 'status', 'cluster', 'size', 'volumeType', 'attachedTo', 'bootable', 'declared', 'created'],
    create: { href: '/declare/volume', permission: 'volume.change' },
  },
  {
    type: 'volume_snapshot',
    permission: 'snapshot.read',
    icon: 'camera',
    group: 'storage',
    columns: ['name', 'status', 'cluster', 'size', 'volume', 'declared', 'created'],
  },
  {
    type: 'volume_type',
    permission: 'catalog.read',
    icon: 'layers',
    group: 'storage',
    columns: ['name', 'cluster', 'public', 'description'],
  },
  {
    type: 'network',
    permission: 'network.read',
    icon: 'network',
    group: 'network',
    columns: ['name', 'status', 'cluster', 'subnets', 'external', 'shared', 'declared', 'created'],
    create: { href: '/declare/network', permission: 'network.change' },
  },
  {
    type: 'subnet',
    permission: 'network.read',
    icon: 'link',
    group: 'network',
    columns: ['name', 'cluster', 'network', 'cidr', 'gateway', 'dhcp', 'declared', 'created'],
  },
  {
    type: 'router',
    permission: 'network.read',
    icon: 'route',
    group: 'network',
    columns: ['name', 'status', 'cluster', 'externalNetwork', 'addresses', 'snat', 'declared', 'created'],
  },
  {
    type: 'port',
    permission: 'network.read',
    icon: 'plug',
    group: 'network',
    columns: ['name', 'status', 'cluster', 'addresses', 'macs', 'network', 'attachedTo', 'owner', 'declared'],
  },
  {
    type: 'floatingip',
    permission: 'network.read',
    icon: 'globe',
    group: 'network',
    columns: ['name', 'status', 'cluster', 'addresses', 'attachedTo', 'network', 'router', 'declared'],
  },
  {
    type: 'security_group',
    permission: 'securityGroup.read',
    icon: 'shield',
    group: 'network',
    columns: ['name', 'cluster', 'rules', 'stateful', 'description', 'declared', 'created'],
    create: { href: '/declare/security-group', permission: 'securityGroup.change' },
  },
];

/** `instance` and `server` name the same. */
export function listedType(name: string): ListedType | undefined {
  return listedTypes.find(({ type }) => type === (name === 'instance' ? 'server' : name));
}
