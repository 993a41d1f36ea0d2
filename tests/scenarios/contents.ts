import * as snapshots from '#controller/openstack/block-storage/snapshots.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
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

/** Everything one project holds, asked of the cloud itself, apart from the process under test. */
export interface CloudContents {
  readonly networks: readonly networks.Network[];
  readonly subnets: readonly subnets.Subnet[];
  readonly ports: readonly ports.Port[];
  readonly routers: readonly routers.Router[];
  readonly floatingIps: readonly floatingIps.FloatingIP[];
  readonly securityGroups: readonly securityGroups.SecurityGroup[];
  readonly keypairs: readonly keypairs.KeyPair[];
  readonly volumes: readonly volumes.Volume[];
  readonly servers: readonly servers.Server[];
  /** Those of the project, hidden ones too. */
  readonly images: readonly images.Image[];
  readonly volumeSnapshots: readonly snapshots.VolumeSnapshot[];
  readonly serverGroups: readonly serverGroups.ServerGroup[];
}

export async function readContents(cloud: Cloud): Promise<CloudContents> {
  const { projectId } = await cloud.authenticate();
  const own = { project_id: projectId };
  const owned = { owner: projectId };
  const [neutron, compute, storage, image] = await Promise.all([
    Promise.all([
      collect(networks.list(cloud.network, own)),
      collect(subnets.list(cloud.network, own)),
      collect(ports.list(cloud.network, own)),
      collect(routers.list(cloud.network, own)),
      collect(floatingIps.list(cloud.network, own)),
      collect(securityGroups.list(cloud.network, own)),
    ]),
    Promise.all([collect(keypairs.list(cloud.compute)), collect(servers.list(cloud.compute)), collect(serverGroups.list(cloud.compute))]),
    Promise.all([collect(volumes.list(cloud.blockStorage)), collect(snapshots.list(cloud.blockStorage))]),
    Promise.all([collect(images.list(cloud.image, owned)), collect(images.list(cloud.image, { ...owned, os_hidden: true }))]),
  ]);
  return {
    networks: neutron[0],
    subnets: neutron[1],
    ports: neutron[2],
    routers: neutron[3],
    floatingIps: neutron[4],
    securityGroups: neutron[5],
    keypairs: compute[0],
    servers: compute[1],
    serverGroups: compute[2],
    volumes: storage[0],
    volumeSnapshots: storage[1],
    images: image.flat(),
  };
}

/** What is there, without what moves by itself: two of these are equal when nothing was left over and nothing is missing. */
export function inventoryOf(contents: CloudContents): string[] {
  const names = (type: string, rows: readonly { id?: string; name: string | null }[]) =>
    rows.map((row) => `${type} ${row.name} ${row.id ?? ''}`);
  return [
    ...names('network', contents.networks),
    ...names('subnet', contents.subnets),
    ...names('port', contents.ports),
    ...names('router', contents.routers),
    ...names(
      'floating IP',
      contents.floatingIps.map(({ id, floating_ip_address: name }) => ({ id, name })),
    ),
    ...names('security group', contents.securityGroups),
    ...names(
      'key pair',
      contents.keypairs.map(({ name }) => ({ name })),
    ),
    ...names('volume', contents.volumes),
    ...names('volume snapshot', contents.volumeSnapshots),
    ...names('image', contents.images),
    ...names('server group', contents.serverGroups),
    ...names('server', contents.servers),
  ].toSorted();
}

async function collect<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
