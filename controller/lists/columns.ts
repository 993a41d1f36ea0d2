import type { CloudInventory, Resources, ResourceType } from '../inventory/inventory.ts';
import { declaredDescription } from '../inventory/stamp.ts';
import { type Cell, type CellKind, timeOf } from './cell.ts';

/** A column that rows of one type have beside those that all have. */
export interface Column<Row = object> {
  readonly kind: CellKind;
  /** What it holds, with its unit, for people. */
  readonly says: string;
  of(row: Row, names: Names): Cell;
}

/** Names of other resources of the same cloud; each one asked for is remembered, and its row is made anew when that name changes. */
export interface Names {
  readonly name: (type: ResourceType, id: string) => string;
  readonly inventory: CloudInventory;
}

type Columns<T extends ResourceType> = Readonly<Record<string, Column<Resources[T]>>>;

const text = <Row>(says: string, of: Column<Row>['of']): Column<Row> => ({ kind: 'text', says, of });
const number = <Row>(says: string, of: Column<Row>['of']): Column<Row> => ({ kind: 'number', says, of });
const flag = <Row>(says: string, of: Column<Row>['of']): Column<Row> => ({ kind: 'flag', says, of });
const list = <Row>(says: string, of: Column<Row>['of']): Column<Row> => ({ kind: 'list', says, of });
const addresses = <Row>(says: string, of: Column<Row>['of']): Column<Row> => ({ kind: 'addresses', says, of });

const description = text<{ description?: string | null }>('its description', (row) => declaredDescription(row.description) || null);
const network = text<{ network_id: string }>('the network it is in', (row, { name }) => name('network', row.network_id));
const gibibytes = number<{ size: number }>('GiB', (row) => row.size);

const server: Columns<'server'> = {
  addresses: addresses('its IP addresses, fixed and floating', (row) => everyAddress(row).map(({ addr }) => addr)),
  macs: list('MAC addresses of its ports', (row) => [...new Set(everyAddress(row).flatMap((one) => one['OS-EXT-IPS-MAC:mac_addr'] ?? []))]),
  networks: list('names of its networks', (row) => Object.keys(row.addresses)),
  flavor: text('its flavor', (row) => row.flavor.original_name),
  vcpus: number('virtual CPUs', (row) => row.flavor.vcpus),
  ram: number('MiB of memory', (row) => row.flavor.ram),
  image: text('the image it was made from; none when it boots from a volume', (row, { name }) =>
    row.image === '' ? null : name('image', row.image.id),
  ),
  power: text('its power state', powerOf),
  task: text('what Nova is doing with it', (row) => row['OS-EXT-STS:task_state']),
  host: text('the hypervisor it is on, where we may see it', (row) => row['OS-EXT-SRV-ATTR:host'] ?? null),
  zone: text('its availability zone', (row) => row['OS-EXT-AZ:availability_zone'] ?? null),
  key: text('its key pair', (row) => row.key_name),
  securityGroups: list('its security groups', (row) => [...new Set((row.security_groups ?? []).map(({ name }) => name))]),
  volumes: list('volumes that are attached', (row, { name }) =>
    row['os-extended-volumes:volumes_attached'].map(({ id }) => name('volume', id)),
  ),
  locked: flag('whether it is locked', (row) => row.locked ?? false),
  fault: text('why it is in ERROR', (row) => row.fault?.message ?? null),
};

const POWER: Readonly<Record<number, string>> = { 0: 'none', 1: 'running', 3: 'paused', 4: 'shutdown', 6: 'crashed', 7: 'suspended' };
/** In a word: running, shutdown, paused, ... */
export function powerOf(row: Pick<Resources['server'], 'OS-EXT-STS:power_state'>): string {
  return POWER[row['OS-EXT-STS:power_state']] ?? 'unknown';
}
const everyAddress = (row: Resources['server']) => Object.values(row.addresses).flat();

const volume: Columns<'volume'> = {
  size: gibibytes,
  volumeType: text('its volume type', (row) => row.volume_type),
  bootable: flag('whether one can boot from it', (row) => row.bootable === 'true'),
  encrypted: flag('whether it is encrypted', (row) => row.encrypted),
  attachedTo: list('instances it is attached to', (row, { name }) => row.attachments.map((one) => name('server', one.server_id))),
  device: text('where the guest sees it', (row) => row.attachments[0]?.device ?? null),
  zone: text('its availability zone', (row) => row.availability_zone),
  image: text('the image it was made from', (row) => row.volume_image_metadata?.['image_name'] ?? null),
  description,
};

const volumeSnapshot: Columns<'volume_snapshot'> = {
  size: gibibytes,
  volume: text('the volume it is of', (row, { name }) => name('volume', row.volume_id)),
  description,
};

const image: Columns<'image'> = {
  size: number('bytes; none until it holds data', (row) => row.size),
  visibility: text('public, private, shared or community', (row) => row.visibility),
  format: text('format of the disk', (row) => row.disk_format),
  minDisk: number('GiB a root disk needs at least', (row) => row.min_disk),
  minRam: number('MiB of memory needed at least', (row) => row.min_ram),
  protected: flag('whether it cannot be deleted', (row) => row.protected),
  hidden: flag('whether lists leave it out', (row) => row.os_hidden ?? false),
};

const networks: Columns<'network'> = {
  subnets: list('its subnets', (row, { name }) => row.subnets.map((id) => name('subnet', id))),
  external: flag('whether it leads outside', (row) => row['router:external'] ?? false),
  shared: flag('whether other projects may use it', (row) => row.shared),
  up: flag('whether it is switched on', (row) => row.admin_state_up),
  mtu: number('bytes of the largest packet', (row) => row.mtu ?? null),
  providerType: text('type of the provider network, where we may see it', (row) => row['provider:network_type'] ?? null),
  description,
};

const subnet: Columns<'subnet'> = {
  network,
  cidr: addresses('its addresses', (row) => row.cidr),
  gateway: addresses('address of its gateway', (row) => row.gateway_ip),
  ipVersion: number('4 or 6', (row) => row.ip_version),
  dhcp: flag('whether addresses are given by DHCP', (row) => row.enable_dhcp),
  dns: list('its DNS servers', (row) => row.dns_nameservers),
  description,
};

const router: Columns<'router'> = {
  externalNetwork: text('the network its gateway is in', (row, { name }) =>
    row.external_gateway_info === null ? null : name('network', row.external_gateway_info.network_id),
  ),
  addresses: addresses('addresses of its gateway', (row) =>
    (row.external_gateway_info?.external_fixed_ips ?? []).map((one) => one.ip_address),
  ),
  snat: flag('whether it hides addresses', (row) => row.external_gateway_info?.enable_snat ?? null),
  up: flag('whether it is switched on', (row) => row.admin_state_up),
  description,
};

const port: Columns<'port'> = {
  addresses: addresses('its IP addresses', (row) => row.fixed_ips.map((one) => one.ip_address)),
  macs: list('its MAC address', (row) => [row.mac_address]),
  network,
  attachedTo: text('the instance or router that uses it', (row, { name, inventory }) => {
    if (row.device_id === '') return null;
    return name(inventory.get('router', row.device_id) === undefined ? 'server' : 'router', row.device_id);
  }),
  owner: text('what uses it: compute:nova, network:dhcp, ...', (row) => row.device_owner || null),
  securityGroups: list('its security groups', (row, { name }) => row.security_groups.map((id) => name('security_group', id))),
  up: flag('whether it is switched on', (row) => row.admin_state_up),
  description,
};

const floatingIP: Columns<'floatingip'> = {
  addresses: addresses('the floating address and the fixed one it leads to', (row) =>
    [row.floating_ip_address, row.fixed_ip_address].filter((one) => one !== null),
  ),
  network: text('the network it comes from', (row, { name }) => name('network', row.floating_network_id)),
  attachedTo: text('the instance it leads to', (row, { name, inventory }) => {
    if (row.port_id === null) return null;
    const portName = name('port', row.port_id);
    const device = inventory.get('port', row.port_id)?.device_id ?? '';
    return device === '' ? portName : name('server', device);
  }),
  router: text('the router on the way', (row, { name }) => (row.router_id === null ? null : name('router', row.router_id))),
  description,
};

const securityGroup: Columns<'security_group'> = {
  rules: number('how many rules it has', (row) => row.security_group_rules.length),
  stateful: flag('whether answers are let through', (row) => row.stateful ?? true),
  description,
};

const keypair: Columns<'keypair'> = {
  fingerprint: text('fingerprint of the key', (row) => row.fingerprint),
  keyType: text('ssh or x509', (row) => row.type ?? 'ssh'),
};

const flavor: Columns<'flavor'> = {
  vcpus: number('virtual CPUs', (row) => row.vcpus),
  ram: number('MiB of memory', (row) => row.ram),
  disk: number('GiB of root disk', (row) => row.disk),
  ephemeral: number('GiB of a second disk', (row) => row['OS-FLV-EXT-DATA:ephemeral']),
  swap: number('MiB of swap', (row) => row.swap || 0),
  public: flag('whether everybody may use it', (row) => row['os-flavor-access:is_public'] ?? true),
  description,
};

const volumeType: Columns<'volume_type'> = {
  public: flag('whether everybody may use it', (row) => row.is_public ?? row['os-volume-type-access:is_public'] ?? true),
  description,
};

const serverGroup: Columns<'server_group'> = {
  policy: text('affinity, anti-affinity, ...', (row) => row.policy),
  members: list('its instances', (row, { name }) => row.members.map((id) => name('server', id))),
};

const byType: { readonly [T in ResourceType]: Columns<T> } = {
  server,
  volume,
  volume_snapshot: volumeSnapshot,
  image,
  network: networks,
  subnet,
  router,
  port,
  floatingip: floatingIP,
  security_group: securityGroup,
  keypair,
  flavor,
  volume_type: volumeType,
  server_group: serverGroup,
};

/** Columns that every list has. `age` is `created`, told from the other end. */
export const sharedColumns = {
  cluster: { kind: 'text', says: 'the Cluster it is in' },
  id: { kind: 'text', says: 'its id in the cloud' },
  name: { kind: 'text', says: 'its name in the cloud' },
  status: { kind: 'text', says: 'its status, in the words of the cloud; MISSING when it is declared and not there' },
  created: { kind: 'time', says: 'when it was made' },
  updated: { kind: 'time', says: 'when the cloud last changed it' },
  tags: { kind: 'list', says: 'its tags' },
  project: { kind: 'text', says: 'id of its project' },
  declared: { kind: 'flag', says: 'whether an object stands for it' },
  kind: { kind: 'text', says: 'kind of the object that stands for it' },
  namespace: { kind: 'text', says: 'namespace of the object that stands for it' },
  object: { kind: 'text', says: 'name of the object that stands for it' },
  ready: { kind: 'text', says: 'condition Ready of that object: True, False or Unknown' },
  drifted: { kind: 'flag', says: 'whether the cloud was changed behind its back' },
  missing: { kind: 'flag', says: 'whether it is declared and not in the cloud' },
} as const satisfies Readonly<Record<string, Omit<Column, 'of'>>>;

export function ownColumns(type: ResourceType): Readonly<Record<string, Column>> {
  return byType[type];
}

const everyColumn = new Map<ResourceType, ReadonlyMap<string, Omit<Column, 'of'>>>(
  (Object.keys(byType) as ResourceType[]).map((type) => {
    const { cluster, name, status, id, ...rest } = sharedColumns;
    return [type, new Map<string, Omit<Column, 'of'>>(Object.entries({ cluster, name, status, id, ...byType[type], ...rest }))];
  }),
);

/** Every column of a list, in the order people read them. */
export function columnsOf(type: ResourceType): ReadonlyMap<string, Omit<Column, 'of'>> {
  return everyColumn.get(type) as ReadonlyMap<string, Omit<Column, 'of'>>;
}

/** When a row was made, and last changed, as the service says it. */
export function timesOf(row: object): { created: number | null; updated: number | null } {
  const { created_at: createdAt, created, updated_at: updatedAt, updated } = row as Record<string, unknown>;
  return { created: timeOf(createdAt ?? created), updated: timeOf(updatedAt ?? updated) };
}
