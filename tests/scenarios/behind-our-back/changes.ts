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
import * as groups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';

/** A change past us to one resource of a kind, and what is seen of it before, with and after that. */
export interface ChangePastUs {
  change(cloud: Cloud, id: string): Promise<unknown>;
  /** `label` is what it is called in the steps that made it. */
  look(cloud: Cloud, id: string, label: string): Promise<unknown>;
}

const changed = { name: 'changed' };

/** One for each kind. What cannot be changed at all is deleted. */
export const changes: Readonly<Record<string, ChangePastUs>> = {
  Network: renaming((cloud) => cloud.network, networks),
  Subnet: renaming((cloud) => cloud.network, subnets),
  SecurityGroup: renaming((cloud) => cloud.network, groups),
  Volume: renaming((cloud) => cloud.blockStorage, volumes),
  VolumeSnapshot: renaming((cloud) => cloud.blockStorage, snapshots),
  Instance: renaming((cloud) => cloud.compute, servers),
  Image: renamingImage(),
  InstanceSnapshot: renamingImage(),
  Port: {
    change: (cloud, id) => ports.update(cloud.network, id, { ...changed, security_groups: [] }),
    look: async (cloud, id) => {
      const { name, security_groups: ids, fixed_ips: ips } = await ports.get(cloud.network, id);
      return [name, ids.toSorted(), ips];
    },
  },
  Router: {
    change: (cloud, id) => routers.update(cloud.network, id, { ...changed, routes: [] }),
    look: async (cloud, id) => {
      const { name, routes, external_gateway_info: gateway } = await routers.get(cloud.network, id);
      return [name, routes, gateway];
    },
  },
  FloatingIP: {
    change: (cloud, id) => floatingIps.update(cloud.network, id, { description: 'changed', port_id: null }),
    look: async (cloud, id) => {
      const { description, port_id, fixed_ip_address } = await floatingIps.get(cloud.network, id);
      // Our stamp is added to it by the adoption.
      return [description.replace(/ \[.*/, ''), port_id, fixed_ip_address];
    },
  },
  KeyPair: {
    change: (cloud, id) => keypairs.remove(cloud.compute, id),
    look: (cloud, id) =>
      keypairs.get(cloud.compute, id).then(
        ({ fingerprint }) => fingerprint,
        () => 'gone',
      ),
  },
  ServerGroup: {
    change: (cloud, id) => serverGroups.remove(cloud.compute, id),
    async look(cloud, _id, label) {
      const found: string[] = [];
      for await (const page of serverGroups.list(cloud.compute)) {
        found.push(...page.filter(({ name }) => name === label).map(({ name, policy }) => `${name} ${policy}`));
      }
      return found;
    },
  },
};

interface Renamed<Client> {
  update: (client: Client, id: string, body: { name: string }) => Promise<unknown>;
  get: (client: Client, id: string) => Promise<{ name: string | null }>;
}

function renaming<Client>(clientOf: (cloud: Cloud) => Client, { update, get }: Renamed<Client>): ChangePastUs {
  return {
    change: (cloud, id) => update(clientOf(cloud), id, changed),
    look: async (cloud, id) => (await get(clientOf(cloud), id)).name,
  };
}

function renamingImage(): ChangePastUs {
  return {
    change: (cloud, id) => images.patch(cloud.image, id, [{ op: 'replace', path: '/name', value: changed.name }]),
    look: async (cloud, id) => (await images.get(cloud.image, id)).name,
  };
}
