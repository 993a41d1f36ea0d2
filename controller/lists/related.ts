import type { CloudInventory, Resources, ResourceType } from '../inventory/inventory.ts';

/** Resources of the same cloud that belong to one, by what they are to it. */
export interface Relation {
  /** `ports`, `volumes`, `gateway`, ... */
  readonly relation: string;
  readonly type: ResourceType;
  readonly ids: readonly string[];
}

type RelationsOf<T extends ResourceType> = (row: Resources[T], inventory: CloudInventory) => (Relation | undefined)[];

const ids = (rows: Iterable<{ id: string }>): string[] => [...rows].map(({ id }) => id);
const to = (relation: string, type: ResourceType, found: Iterable<string | null | undefined>): Relation => ({
  relation,
  type,
  ids: [...new Set([...found].filter((id) => typeof id === 'string' && id !== ''))] as string[],
});

const server: RelationsOf<'server'> = (row, inventory) => {
  const ports = inventory.byParent('port', row.id);
  return [
    to('ports', 'port', ids(ports)),
    to(
      'networks',
      'network',
      ports.map((port) => port.network_id),
    ),
    to(
      'floatingIPs',
      'floatingip',
      ports.flatMap((port) => ids(inventory.byParent('floatingip', port.id))),
    ),
    to(
      'securityGroups',
      'security_group',
      ports.flatMap((port) => port.security_groups),
    ),
    to('volumes', 'volume', [...ids(row['os-extended-volumes:volumes_attached']), ...ids(inventory.byParent('volume', row.id))]),
    to('image', 'image', row.image === '' ? [] : [row.image.id]),
    to('flavor', 'flavor', ids(inventory.byName('flavor', row.flavor.original_name))),
    to('keyPair', 'keypair', [row.key_name]),
    to('serverGroups', 'server_group', row.server_groups ?? []),
  ];
};

const volume: RelationsOf<'volume'> = (row, inventory) => [
  to(
    'instances',
    'server',
    row.attachments.map((one) => one.server_id),
  ),
  to('snapshots', 'volume_snapshot', ids(inventory.byParent('volume_snapshot', row.id))),
  to('volumeType', 'volume_type', row.volume_type === null ? [] : ids(inventory.byName('volume_type', row.volume_type))),
  to('image', 'image', [row.volume_image_metadata?.['image_id']]),
  to('sourceSnapshot', 'volume_snapshot', [row.snapshot_id]),
  to('sourceVolume', 'volume', [row.source_volid]),
];

const volumeSnapshot: RelationsOf<'volume_snapshot'> = (row, inventory) => [
  to('volume', 'volume', [row.volume_id]),
  to(
    'volumesMadeFromIt',
    'volume',
    found(inventory, 'volume', (one) => one.snapshot_id === row.id),
  ),
];

const image: RelationsOf<'image'> = (row, inventory) => [
  to(
    'instances',
    'server',
    found(inventory, 'server', (one) => one.image !== '' && one.image.id === row.id),
  ),
  to(
    'volumes',
    'volume',
    found(inventory, 'volume', (one) => one.volume_image_metadata?.['image_id'] === row.id),
  ),
];

const network: RelationsOf<'network'> = (row, inventory) => [
  to('subnets', 'subnet', ids(inventory.byParent('subnet', row.id))),
  to('ports', 'port', ids(inventory.byParent('port', row.id))),
  to(
    'routers',
    'router',
    found(inventory, 'router', (one) => one.external_gateway_info?.network_id === row.id),
  ),
  to(
    'floatingIPs',
    'floatingip',
    found(inventory, 'floatingip', (one) => one.floating_network_id === row.id),
  ),
];

const subnet: RelationsOf<'subnet'> = (row, inventory) => [
  to('network', 'network', [row.network_id]),
  to(
    'ports',
    'port',
    ids(inventory.byParent('port', row.network_id).filter((port) => port.fixed_ips.some((one) => one.subnet_id === row.id))),
  ),
];

const router: RelationsOf<'router'> = (row, inventory) => {
  const ports = inventory.byParent('port', row.id);
  return [
    to('externalNetwork', 'network', [row.external_gateway_info?.network_id]),
    to('ports', 'port', ids(ports)),
    to(
      'subnets',
      'subnet',
      ports.flatMap((port) => port.fixed_ips.map((one) => one.subnet_id)),
    ),
    to('floatingIPs', 'floatingip', ids(inventory.byParent('floatingip', row.id))),
  ];
};

const port: RelationsOf<'port'> = (row, inventory) => [
  to('network', 'network', [row.network_id]),
  to(
    'subnets',
    'subnet',
    row.fixed_ips.map((one) => one.subnet_id),
  ),
  to('instance', 'server', inventory.get('server', row.device_id) ? [row.device_id] : []),
  to('router', 'router', inventory.get('router', row.device_id) ? [row.device_id] : []),
  to('securityGroups', 'security_group', row.security_groups),
  to('floatingIPs', 'floatingip', ids(inventory.byParent('floatingip', row.id))),
];

const floatingIP: RelationsOf<'floatingip'> = (row, inventory) => [
  to('network', 'network', [row.floating_network_id]),
  to('port', 'port', [row.port_id]),
  to('instance', 'server', [row.port_id === null ? null : inventory.get('port', row.port_id)?.device_id]),
  to('router', 'router', [row.router_id]),
];

const securityGroup: RelationsOf<'security_group'> = (row, inventory) => [
  to(
    'ports',
    'port',
    found(inventory, 'port', (one) => one.security_groups.includes(row.id)),
  ),
  to(
    'remoteGroups',
    'security_group',
    row.security_group_rules.map((rule) => (rule as { remote_group_id?: string | null }).remote_group_id),
  ),
];

const relations: { readonly [T in ResourceType]: RelationsOf<T> } = {
  server,
  volume,
  volume_snapshot: volumeSnapshot,
  image,
  network,
  subnet,
  router,
  port,
  floatingip: floatingIP,
  security_group: securityGroup,
  keypair: (row, inventory) => [
    to(
      'instances',
      'server',
      found(inventory, 'server', (one) => one.key_name === row.name),
    ),
  ],
  flavor: (row, inventory) => [
    to(
      'instances',
      'server',
      found(inventory, 'server', (one) => one.flavor.original_name === row.name),
    ),
  ],
  volume_type: (row, inventory) => [
    to(
      'volumes',
      'volume',
      found(inventory, 'volume', (one) => one.volume_type === row.name),
    ),
  ],
  server_group: (row) => [to('instances', 'server', row.members)],
};

/** What belongs to a resource, out of the inventory; relations without any are left out. */
export function relatedTo(type: ResourceType, row: object, inventory: CloudInventory): readonly Relation[] {
  const of = relations[type] as unknown as RelationsOf<ResourceType>;
  return of(row as never, inventory).filter((relation) => relation !== undefined && relation.ids.length > 0) as Relation[];
}

function found<T extends ResourceType>(inventory: CloudInventory, type: T, fits: (row: Resources[T]) => boolean): string[] {
  const hits: string[] = [];
  for (const row of inventory.all(type)) if (fits(row)) hits.push((row as { id: string }).id);
  return hits;
}
