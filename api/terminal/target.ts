import type { ResourceType } from '#controller/inventory/inventory.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import { createSight, type World } from '../actions/world.ts';
import type { Target } from './ports.ts';

const server: ResourceType = 'server';

/** The instance a terminal is to; `unknown` while its cloud is not seen, undefined when the cloud has no such instance. */
export function targetOf(world: World, cluster: string, serverId: string): Target | { readonly unknown: string } | undefined {
  const seen = createSight(world)(cluster, server, serverId);
  if (!seen) return undefined;
  if ('reason' in seen) return { unknown: seen.message };
  const { addresses } = (seen.look as unknown as { readonly target: Server }).target;
  return {
    cluster,
    serverId,
    name: seen.name || serverId,
    place: seen.place,
    // A cloud may leave out what its API promises.
    addresses: Object.entries(addresses ?? {}).flatMap(([network, found]) =>
      found.map((one) => ({ address: one.addr, kind: one['OS-EXT-IPS:type'] ?? ('fixed' as const), network })),
    ),
  };
}
