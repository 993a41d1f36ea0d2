import * as snapshots from '#controller/openstack/block-storage/snapshots.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud, ServiceClient } from '#controller/openstack/cloud.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as serverGroups from '#controller/openstack/compute/server-groups.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { isNotFound } from '#controller/openstack/errors.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as floatingIps from '#controller/openstack/network/floating-ips.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import * as securityGroups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { until } from './kind-case.ts';

/** The calls on a kind's cloud resource that the suite makes past us. */
export interface CloudResource {
  exists(cloud: Cloud, id: string): Promise<boolean>;
  /** How many there are in the project that `isOurs` says yes to. */
  count(cloud: Cloud, isOurs: (resource: unknown) => boolean): Promise<number>;
  /** Deletes it and whatever stands in the way, and waits until it is gone. */
  remove(cloud: Cloud, id: string): Promise<void>;
}

interface Calls {
  list(client: ServiceClient, query?: { project_id?: string }): AsyncIterable<unknown[]>;
  get(client: ServiceClient, id: string): Promise<unknown>;
  remove(client: ServiceClient, id: string): Promise<void>;
}

const calls: Record<
  string,
  { service: 'network' | 'compute' | 'blockStorage' | 'image'; module: Calls; clear?: (cloud: Cloud, id: string) => Promise<void> }
> = {
  Network: { service: 'network', module: networks, clear: clearNetwork },
  Subnet: { service: 'network', module: subnets },
  Port: { service: 'network', module: ports },
  Router: { service: 'network', module: routers, clear: unplug },
  FloatingIP: { service: 'network', module: floatingIps },
  SecurityGroup: { service: 'network', module: securityGroups },
  KeyPair: { service: 'compute', module: { ...keypairs, list: (client) => keypairs.list(client) } },
  Image: { service: 'image', module: { ...images, list: (client) => images.list(client) } },
  Volume: { service: 'blockStorage', module: { ...volumes, list: (client) => volumes.list(client) } },
  VolumeSnapshot: { service: 'blockStorage', module: { ...snapshots, list: (client) => snapshots.list(client) } },
  ServerGroup: { service: 'compute', module: { ...serverGroups, list: (client) => serverGroups.list(client) } },
  InstanceSnapshot: { service: 'image', module: { ...images, list: (client) => images.list(client) } },
  Instance: { service: 'compute', module: { ...servers, list: (client) => servers.list(client) } },
};

export function cloudResource(kind: string): CloudResource {
  const found = calls[kind];
  if (!found) throw new Error(`The conformance suite does not know the cloud resource of ${kind}; add it to cloud-resource.ts.`);
  const { service, module, clear } = found;
  const exists = async (cloud: Cloud, id: string) => {
    try {
      const found = await module.get(cloud[service], id);
      // Nova shows a deleted server a moment longer.
      return kind !== 'Instance' || !servers.isDeleted(found as servers.Server);
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  };
  return {
    exists,
    async count(cloud, isOurs) {
      const { projectId } = await cloud.authenticate();
      let count = 0;
      for await (const page of module.list(cloud[service], service === 'network' ? { project_id: projectId } : {}))
        count += page.filter(isOurs).length;
      return count;
    },
    async remove(cloud, id) {
      await clear?.(cloud, id);
      await module.remove(cloud[service], id);
      await until(`${kind} ${id} is gone`, async () => !(await exists(cloud, id)));
    },
  };
}

/** Ports and subnets keep a network. */
async function clearNetwork(cloud: Cloud, networkId: string): Promise<void> {
  for await (const page of ports.list(cloud.network, { network_id: networkId })) {
    for (const port of page) await ports.remove(cloud.network, port.id);
  }
  for await (const page of subnets.list(cloud.network, { network_id: networkId })) {
    for (const subnet of page) await subnets.remove(cloud.network, subnet.id);
  }
}

/** Routes and interfaces keep a router. */
async function unplug(cloud: Cloud, routerId: string): Promise<void> {
  await routers.update(cloud.network, routerId, { routes: [] });
  for await (const page of ports.list(cloud.network, { device_id: routerId, device_owner: 'network:router_interface' })) {
    for (const port of page) await routers.removeInterface(cloud.network, routerId, { port_id: port.id });
  }
}
