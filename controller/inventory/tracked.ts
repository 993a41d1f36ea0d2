import * as volumeSnapshots from '#controller/openstack/block-storage/snapshots.ts';
import * as volumeTypes from '#controller/openstack/block-storage/volume-types.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud, ServiceName } from '#controller/openstack/cloud.ts';
import * as flavors from '#controller/openstack/compute/flavors.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as serverGroups from '#controller/openstack/compute/server-groups.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as floatingIps from '#controller/openstack/network/floating-ips.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import * as securityGroups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import type { Resources, ResourceType } from './inventory.ts';

/** Whose rows are listed: the project our token is for. */
export interface Scope {
  readonly projectId: string;
}

/** How one resource type is listed, read and understood. */
export interface Tracked<Row> {
  readonly service: ServiceName;
  id(row: Row): string;
  name(row: Row): string;
  /** Ids of the rows this one hangs on; `byParent` finds it by each. */
  parents(row: Row): readonly string[];
  /** Project the row belongs to; undefined when the type has none. */
  project?(row: Row): string | undefined;
  /** The cloud's own time of the last change, as it writes it. */
  changedAt?(row: Row): string | null | undefined;
  /** Grows with each change (Neutron). */
  revision?(row: Row): number | undefined;
  /** True for a row that is only shown to say that it is gone. */
  isGone?(row: Row): boolean;
  /** Every row we may see, page by page. */
  list(cloud: Cloud, scope: Scope): AsyncIterable<readonly Row[]>;
  /**
   * Rows changed since then (ISO 8601, UTC). Only quicker, never complete: see the room's README for what each service leaves out.
   * Absent: the type is only ever listed whole.
   */
  listChanged?(cloud: Cloud, scope: Scope, since: Date): AsyncIterable<readonly Row[]>;
  get(cloud: Cloud, id: string): Promise<Row>;
  /** Rows of one parent, where the service filters by it. */
  listChildren?(cloud: Cloud, scope: Scope, parent: { type: ResourceType; id: string }): AsyncIterable<readonly Row[]>;
  /** Listed between sweeps too: what people change often. The others are looked at by sweeps only. */
  readonly isLookedAt: boolean;
  /**
   * A row that is missing from a complete list is asked for by GET before it counts as gone. Not for what we never own: another's hidden
   * image or a flavor made private still answers a GET, and is no longer offered all the same.
   */
  isConfirmedByGet(row: Row, scope: Scope): boolean;
}

export type TrackedTypes = { readonly [T in ResourceType]: Tracked<Resources[T]> };

const withZ = (time: Date) => time.toISOString().replace(/\.\d+Z$/, 'Z');
const withoutZone = (time: Date) => time.toISOString().replace(/\.\d+Z$/, '');

interface NeutronRow {
  id: string;
  name?: string;
  project_id: string;
  updated_at?: string;
  revision_number?: number;
}

const neutron = {
  service: 'network',
  id: (row: NeutronRow) => row.id,
  name: (row: NeutronRow) => row.name ?? '',
  project: (row: NeutronRow) => row.project_id,
  changedAt: (row: NeutronRow) => row.updated_at,
  revision: (row: NeutronRow) => row.revision_number,
  isLookedAt: true,
  isConfirmedByGet: () => true,
} as const;

const network: Tracked<Resources['network']> = {
  ...neutron,
  parents: () => [],
  // Not by project: shared and external networks of others are looked up by name.
  list: (cloud) => networks.list(cloud.network),
  listChanged: (cloud, _scope, since) => networks.list(cloud.network, { changed_since: withoutZone(since) }),
  get: (cloud, id) => networks.get(cloud.network, id),
};

const subnet: Tracked<Resources['subnet']> = {
  ...neutron,
  parents: (row) => [row.network_id],
  list: (cloud) => subnets.list(cloud.network),
  listChanged: (cloud, _scope, since) => subnets.list(cloud.network, { changed_since: withoutZone(since) }),
  get: (cloud, id) => subnets.get(cloud.network, id),
  listChildren: (cloud, _scope, parent) => subnets.list(cloud.network, { network_id: parent.id }),
};

const port: Tracked<Resources['port']> = {
  ...neutron,
  parents: (row) => (row.device_id === '' ? [row.network_id] : [row.network_id, row.device_id]),
  // By project: an administrator would be shown everybody's.
  list: (cloud, { projectId }) => ports.list(cloud.network, { project_id: projectId }),
  listChanged: (cloud, { projectId }, since) => ports.list(cloud.network, { project_id: projectId, changed_since: withoutZone(since) }),
  get: (cloud, id) => ports.get(cloud.network, id),
  listChildren: (cloud, { projectId }, parent) => {
    const by = parent.type === 'network' ? { network_id: parent.id } : { device_id: parent.id };
    return ports.list(cloud.network, { project_id: projectId, ...by });
  },
};

const router: Tracked<Resources['router']> = {
  ...neutron,
  parents: () => [],
  list: (cloud, { projectId }) => routers.list(cloud.network, { project_id: projectId }),
  listChanged: (cloud, { projectId }, since) => routers.list(cloud.network, { project_id: projectId, changed_since: withoutZone(since) }),
  get: (cloud, id) => routers.get(cloud.network, id),
};

const floatingIp: Tracked<Resources['floatingip']> = {
  ...neutron,
  // It has no name; people call it by its address.
  name: (row) => row.floating_ip_address,
  parents: (row) => [row.port_id, row.router_id].filter((id) => id !== null),
  list: (cloud, { projectId }) => floatingIps.list(cloud.network, { project_id: projectId }),
  listChanged: (cloud, { projectId }, since) =>
    floatingIps.list(cloud.network, { project_id: projectId, changed_since: withoutZone(since) }),
  get: (cloud, id) => floatingIps.get(cloud.network, id),
};

const securityGroup: Tracked<Resources['security_group']> = {
  ...neutron,
  parents: () => [],
  list: (cloud, { projectId }) => securityGroups.list(cloud.network, { project_id: projectId }),
  // A rule added or removed gives its group a new revision and time (revisions plugin, on by default; checked on 2025.1).
  listChanged: (cloud, { projectId }, since) =>
    securityGroups.list(cloud.network, { project_id: projectId, changed_since: withoutZone(since) }),
  get: (cloud, id) => securityGroups.get(cloud.network, id),
};

const keypair: Tracked<Resources['keypair']> = {
  service: 'compute',
  id: (row) => row.name,
  name: (row) => row.name,
  parents: () => [],
  list: (cloud) => keypairs.list(cloud.compute),
  get: (cloud, name) => keypairs.get(cloud.compute, name),
  isLookedAt: false,
  isConfirmedByGet: () => true,
};

const volume: Tracked<Resources['volume']> = {
  service: 'block-storage',
  id: (row) => row.id,
  name: (row) => row.name ?? '',
  parents: (row) => row.attachments.map((attachment) => attachment.server_id),
  project: (row) => row['os-vol-tenant-attr:tenant_id'],
  changedAt: (row) => row.updated_at ?? row.created_at,
  list: (cloud) => volumes.list(cloud.blockStorage),
  listChanged: (cloud, _scope, since) => volumes.list(cloud.blockStorage, { updated_at: `gte:${withoutZone(since)}` }),
  get: (cloud, id) => volumes.get(cloud.blockStorage, id),
  isLookedAt: true,
  isConfirmedByGet: () => true,
};

const volumeSnapshot: Tracked<Resources['volume_snapshot']> = {
  service: 'block-storage',
  id: (row) => row.id,
  name: (row) => row.name ?? '',
  parents: (row) => [row.volume_id],
  project: (row) => row['os-extended-snapshot-attributes:project_id'],
  changedAt: (row) => row.updated_at ?? row.created_at,
  list: (cloud) => volumeSnapshots.list(cloud.blockStorage),
  get: (cloud, id) => volumeSnapshots.get(cloud.blockStorage, id),
  isLookedAt: true,
  isConfirmedByGet: () => true,
};

const volumeType: Tracked<Resources['volume_type']> = {
  service: 'block-storage',
  id: (row) => row.id,
  name: (row) => row.name,
  parents: () => [],
  list: (cloud) => volumeTypes.list(cloud.blockStorage),
  get: (cloud, id) => volumeTypes.get(cloud.blockStorage, id),
  isLookedAt: false,
  isConfirmedByGet: () => false,
};

const flavor: Tracked<Resources['flavor']> = {
  service: 'compute',
  id: (row) => row.id,
  name: (row) => row.name,
  parents: () => [],
  list: (cloud) => flavors.list(cloud.compute),
  get: (cloud, id) => flavors.get(cloud.compute, id),
  isLookedAt: false,
  isConfirmedByGet: () => false,
};

const image: Tracked<Resources['image']> = {
  service: 'image',
  id: (row) => row.id,
  name: (row) => row.name ?? '',
  parents: () => [],
  project: (row) => row.owner ?? undefined,
  changedAt: (row) => row.updated_at,
  isGone: (row) => row.status === 'deleted' || row.status === 'pending_delete',
  async *list(cloud, { projectId }) {
    yield* images.list(cloud.image);
    // Hidden ones are in no list but this.
    yield* images.list(cloud.image, { os_hidden: true, owner: projectId });
  },
  get: (cloud, id) => images.get(cloud.image, id),
  isLookedAt: false,
  // Those of others are what the cloud offers.
  isConfirmedByGet: (row, { projectId }) => row.owner === projectId,
};

const serverGroup: Tracked<Resources['server_group']> = {
  service: 'compute',
  id: (row) => row.id,
  name: (row) => row.name,
  parents: () => [],
  project: (row) => row.project_id,
  list: (cloud) => serverGroups.list(cloud.compute),
  get: (cloud, id) => serverGroups.get(cloud.compute, id),
  isLookedAt: false,
  isConfirmedByGet: () => true,
};

const server: Tracked<Resources['server']> = {
  service: 'compute',
  id: (row) => row.id,
  name: (row) => row.name,
  parents: () => [],
  project: (row) => row.tenant_id,
  changedAt: (row) => row.updated,
  isGone: servers.isDeleted,
  list: (cloud) => servers.list(cloud.compute),
  listChanged: (cloud, _scope, since) => servers.list(cloud.compute, { 'changes-since': withZ(since) }),
  get: (cloud, id) => servers.get(cloud.compute, id),
  isLookedAt: true,
  isConfirmedByGet: () => true,
};

/** Every type the inventory holds. */
export const TRACKED: TrackedTypes = {
  network,
  subnet,
  port,
  router,
  floatingip: floatingIp,
  security_group: securityGroup,
  keypair,
  volume,
  volume_snapshot: volumeSnapshot,
  volume_type: volumeType,
  flavor,
  image,
  server_group: serverGroup,
  server,
};

export const RESOURCE_TYPES = Object.keys(TRACKED) as readonly ResourceType[];
