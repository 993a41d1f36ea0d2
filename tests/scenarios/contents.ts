import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
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
}

export async function readContents(cloud: Cloud): Promise<CloudContents> {
  const { projectId } = await cloud.authenticate();
  const own = { project_id: projectId };
  const [foundNetworks, foundSubnets, foundPorts, foundRouters, foundFloatingIps, foundGroups, foundKeys, foundVolumes, foundServers] =
    await Promise.all([
      collect(networks.list(cloud.network, own)),
      collect(subnets.list(cloud.network, own)),
      collect(ports.list(cloud.network, own)),
      collect(routers.list(cloud.network, own)),
      collect(floatingIps.list(cloud.network, own)),
      collect(securityGroups.list(cloud.network, own)),
      collect(keypairs.list(cloud.compute)),
      collect(volumes.list(cloud.blockStorage)),
      collect(servers.list(cloud.compute)),
    ]);
  return {
    networks: foundNetworks,
    subnets: foundSubnets,
    ports: foundPorts,
    routers: foundRouters,
    floatingIps: foundFloatingIps,
    securityGroups: foundGroups,
    keypairs: foundKeys,
    volumes: foundVolumes,
    servers: foundServers,
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
    ...names('server', contents.servers),
  ].toSorted();
}

async function collect<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
