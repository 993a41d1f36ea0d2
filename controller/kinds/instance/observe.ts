import type { Observation, Owner } from '#controller/engine/kind.ts';
import type { CloudInventory } from '#controller/inventory/inventory.ts';
import type { Volume } from '#controller/openstack/block-storage/volumes.ts';
import { isDeleted, type Server } from '#controller/openstack/compute/servers.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import type { CloudHandle } from '../handle.ts';
import { findOwned } from '../ownership.ts';

export interface ObservedInstance {
  readonly server: Server;
  /** Ports the server is plugged into, oldest first. */
  readonly ports: readonly Port[];
  /** Volumes attached, as far as the inventory has them. */
  readonly volumes: readonly Volume[];
  /** Name of the image it was made from; undefined when there is no such image any more. */
  readonly imageName?: string;
  /** Names of networks, security groups and volumes this speaks of, by id. */
  readonly names: Readonly<Record<string, string>>;
}

/** Finds an instance's server and what hangs on it. */
export function observeInstance(cloud: CloudHandle, owner: Owner): Observation<ObservedInstance> {
  const found = findOwned(cloud, 'server', 'server', owner);
  if (found.found !== 'one') return found;
  // SOFT_DELETED servers can be restored for a while, and are gone for everybody all the same.
  if (isDeleted(found.observed)) return { found: 'none' };
  return { ...found, observed: withSurroundings(cloud.inventory, found.observed) };
}

function withSurroundings(inventory: CloudInventory, server: Server): ObservedInstance {
  const ports = inventory
    .byParent('port', server.id)
    .filter((port) => port.device_id === server.id)
    .toSorted(byAge);
  const volumes = server['os-extended-volumes:volumes_attached'].flatMap(({ id }) => inventory.get('volume', id) ?? []);
  const image = server.image === '' ? undefined : inventory.get('image', server.image.id);
  const names: Record<string, string> = {};
  for (const { id, name } of volumes) if (name) names[id] = name;
  for (const port of ports) {
    const network = inventory.get('network', port.network_id);
    if (network) names[network.id] = network.name;
    for (const group of port.security_groups) names[group] = inventory.get('security_group', group)?.name ?? group;
  }
  return { server, ports, volumes, names, ...(typeof image?.name === 'string' && { imageName: image.name }) };
}

const byAge = (a: Port, b: Port) => (a.created_at ?? '').localeCompare(b.created_at ?? '') || a.id.localeCompare(b.id);

/** Reads a server anew, and what hangs on it once it is more than a promise. */
export async function rereadInstance({ inventory }: CloudHandle, id: string): Promise<void> {
  const server = await inventory.reread('server', id);
  if (!server || server.status === 'BUILD') return;
  const attached = server['os-extended-volumes:volumes_attached'].map((volume) => volume.id);
  const known = inventory.byParent('volume', id).map((volume) => volume.id);
  const volumes = [...new Set([...attached, ...known])].map((volumeId) => inventory.reread('volume', volumeId));
  await Promise.all([inventory.rereadChildren('port', id), ...volumes]);
}
