import { createHash } from 'node:crypto';
import type { ScopedCall } from '../call.ts';
import type { Flavor, Server } from '../store.ts';
import { toMicroseconds, toSeconds } from '../world.ts';
import { statusOf } from './states.ts';

const withProgress = new Set(['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING']);

/** A server as GET, PUT and the detailed list show it; what is in it depends on the microversion. */
export function serverDocument(call: ScopedCall, server: Server, where: 'alone' | 'in-list' = 'alone'): Record<string, unknown> {
  const { minor } = call;
  const status = statusOf(server);
  const groups = groupNames(call, server);
  return {
    id: server.id,
    name: server.name,
    status,
    tenant_id: server.projectId,
    user_id: server.userId,
    metadata: server.metadata,
    hostId:
      server.host === ''
        ? ''
        : createHash('sha224')
            .update(server.projectId + server.host)
            .digest('hex'),
    image: imageOf(call, server),
    flavor: flavorOf(call, server.flavor),
    created: toSeconds(server.createdAt),
    updated: toSeconds(server.updatedAt),
    addresses: addressesOf(call, server),
    accessIPv4: server.accessIPv4,
    accessIPv6: server.accessIPv6,
    links: serverLinks(call, server.id),
    'OS-DCF:diskConfig': server.diskConfig,
    ...(server.fault && (status === 'ERROR' || status === 'DELETED')
      ? { fault: { code: server.fault.code, created: toSeconds(server.fault.created), message: server.fault.message } }
      : {}),
    ...(withProgress.has(status) ? { progress: 0 } : {}),
    'OS-EXT-AZ:availability_zone': server.host === '' ? '' : server.availabilityZone,
    ...(minor >= 96 ? { pinned_availability_zone: server.pinnedAvailabilityZone } : {}),
    ...(minor >= 100 ? { scheduler_hints: server.groupId === null ? {} : { group: [server.groupId] } } : {}),
    ...(call.token.roles.includes('admin') ? { 'OS-EXT-SRV-ATTR:host': server.host === '' ? null : server.host } : {}),
    config_drive: server.configDrive,
    key_name: server.keyName,
    'OS-SRV-USG:launched_at': server.launchedAt === null ? null : toMicroseconds(server.launchedAt),
    'OS-SRV-USG:terminated_at': server.terminatedAt === null ? null : toMicroseconds(server.terminatedAt),
    ...(groups.length > 0 ? { security_groups: groups.map((name) => ({ name })) } : {}),
    'OS-EXT-STS:task_state': server.taskState,
    'OS-EXT-STS:vm_state': server.vmState,
    'OS-EXT-STS:power_state': server.powerState,
    'os-extended-volumes:volumes_attached': server.volumes.map(({ volumeId, deleteOnTermination }) => ({
      id: volumeId,
      ...(minor >= 3 ? { delete_on_termination: deleteOnTermination } : {}),
    })),
    ...(minor >= 9 ? { locked: server.locked } : {}),
    ...(minor >= 73 ? { locked_reason: server.lockedReason } : {}),
    ...(minor >= 19 ? { description: server.description } : {}),
    ...(minor >= 26 ? { tags: [...server.tags] } : {}),
    ...(minor >= 63 ? { trusted_image_certificates: null } : {}),
    ...(minor >= 90 ? { 'OS-EXT-SRV-ATTR:hostname': server.hostname } : {}),
    ...(minor >= 71 && where === 'alone' ? { server_groups: server.groupId === null ? [] : [server.groupId] } : {}),
  };
}

export function serverLinks(call: ScopedCall, id: string): object[] {
  const { origin } = call.world;
  return [
    { rel: 'self', href: `${origin}/compute/v2.1/servers/${id}` },
    { rel: 'bookmark', href: `${origin}/compute/servers/${id}` },
  ];
}

/** Empty for a server that boots from a volume. From 2.98 on with the image's properties as they were at boot. */
function imageOf(call: ScopedCall, server: Server): object | string {
  if (server.imageId === '') return '';
  const links = [{ rel: 'bookmark', href: `${call.world.origin}/compute/images/${server.imageId}` }];
  if (call.minor < 98) return { id: server.imageId, links };
  const image = call.store.images.get(server.imageId);
  const properties = {
    min_ram: '0',
    min_disk: String(server.flavor.disk),
    disk_format: 'raw',
    container_format: 'bare',
    base_image_ref: server.imageId,
  };
  return { id: server.imageId, links, properties: { ...image?.properties, ...properties } };
}

/** From 2.47 on the flavor's values as they were at boot or resize, and no id to look it up by. */
function flavorOf(call: ScopedCall, flavor: Flavor): object {
  if (call.minor < 47) return { id: flavor.id, links: [{ rel: 'bookmark', href: `${call.world.origin}/compute/flavors/${flavor.id}` }] };
  return { vcpus: flavor.vcpus, ram: flavor.ram, disk: flavor.disk, ephemeral: 0, swap: 0, original_name: flavor.name, extra_specs: {} };
}

/** Keyed by the network's name, in the order of the interfaces. */
function addressesOf(call: ScopedCall, server: Server): Record<string, object[]> {
  const byNetwork: Record<string, object[]> = {};
  for (const { portId } of server.interfaces) {
    const port = call.store.ports.get(portId);
    const network = port && call.store.networks.get(port.networkId);
    if (!port || !network) continue;
    const addresses = port.fixedIps.map(({ ipAddress }) => ({
      version: ipAddress.includes(':') ? 6 : 4,
      addr: ipAddress,
      'OS-EXT-IPS:type': 'fixed',
      'OS-EXT-IPS-MAC:mac_addr': port.macAddress,
    }));
    byNetwork[network.name] = [...(byNetwork[network.name] ?? []), ...addresses];
  }
  return byNetwork;
}

/** One name per port and group: a group on two ports is named twice. */
function groupNames(call: ScopedCall, server: Server): string[] {
  return server.interfaces.flatMap(({ portId }) =>
    (call.store.ports.get(portId)?.securityGroupIds ?? [])
      .map((id) => call.store.securityGroups.get(id)?.name ?? '')
      .filter((name) => name !== ''),
  );
}
