import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import type { Flavor, Server } from '../store.ts';
import { planVolumes, type VolumePlan } from './block-devices.ts';
import { boot } from './boot.ts';
import { createSchema } from './create-schema.ts';
import { logAction } from './instance-actions.ts';
import { type NetworkPlan, planNetworks } from './network-requests.ts';
import { reserveServer } from './quotas.ts';
import { ownGroups } from './server-groups.ts';
import { serverLinks } from './view.ts';

/** POST /servers: everything that can be known to be wrong is refused now; the rest shows as ERROR later. */
export function createServer(call: ScopedCall): Answer {
  const body = checkedBody(call.body, createSchema(call.minor));
  const given = body.server as Record<string, unknown>;
  const count = Number(given.min_count ?? 1);
  if (count > Number(given.max_count ?? count)) refuse(400, 'min_count must be <= max_count');
  if (Number(given.max_count ?? count) > 1) refuse(501, 'The sandbox makes one server at a time.');
  checkZone(given.availability_zone);
  const bootsFromVolume = hasRootDevice(given);
  const imageId = typeof given.imageRef === 'string' ? given.imageRef : '';
  if (imageId === '' && !bootsFromVolume) refuse(400, 'Missing imageRef attribute');
  const flavor = findFlavor(call, given.flavorRef);
  if (imageId !== '' && !call.store.images.has(imageId)) refuse(400, 'Can not find requested image');
  if (typeof given.key_name === 'string' && !call.store.keypairs.has(`${call.token.userId}/${given.key_name}`))
    refuse(400, 'Invalid key_name provided.');
  const groupId = groupIn(body);
  if (groupId !== null && !ownGroups(call).some(({ id }) => id === groupId)) refuse(400, `Instance group ${groupId} could not be found.`);
  const networks = planNetworks(call, given);
  const volumes = planVolumes(call, given);
  reserveServer(call, { instances: 1, cores: flavor.vcpus, ram: flavor.ram });
  const server = newServer(call, given, { flavor, imageId: bootsFromVolume ? '' : imageId, groupId });
  return start(call, server, networks, volumes);
}

function start(call: ScopedCall, server: Server, networks: NetworkPlan, volumes: readonly VolumePlan[]): Answer {
  const { world } = call;
  // Taken at once, so that two servers cannot be promised the same volume.
  for (const plan of volumes) if (plan.volume) Object.assign(plan.volume, { status: 'reserved', updatedAt: world.clock.now() });
  world.store.servers.set(server.id, server);
  logAction(call, server, 'create');
  boot(call, server, networks, volumes);
  const groups = networks.securityGroups.map(({ asked }) => ({ name: asked }));
  const links = serverLinks(call, server.id);
  const body = {
    id: server.id,
    links,
    'OS-DCF:diskConfig': server.diskConfig,
    security_groups: groups.length > 0 ? groups : [{ name: 'default' }],
    adminPass: world.random.hex(12),
  };
  return { status: 202, headers: { location: `${world.origin}/compute/v2.1/servers/${server.id}` }, body: { server: body } };
}

function checkZone(zone: unknown): void {
  if (typeof zone === 'string' && zone.split(':')[0] !== 'nova') refuse(400, 'The requested availability zone is not available');
}

function hasRootDevice(given: Record<string, unknown>): boolean {
  const devices = Array.isArray(given.block_device_mapping_v2) ? given.block_device_mapping_v2.filter(isRecord) : [];
  return devices.some((device) => Number(device.boot_index ?? -1) === 0 && device.destination_type === 'volume');
}

export function findFlavor(call: ScopedCall, ref: unknown): Flavor {
  const flavor = call.store.flavors.get(String(ref));
  return flavor ?? refuse(400, `Flavor ${String(ref)} could not be found.`);
}

function groupIn(body: Record<string, unknown>): string | null {
  const hints = body['os:scheduler_hints'] ?? body['OS-SCH-HNT:scheduler_hints'];
  return isRecord(hints) && typeof hints.group === 'string' ? hints.group : null;
}

function newServer(
  call: ScopedCall,
  given: Record<string, unknown>,
  { flavor, imageId, groupId }: Pick<Server, 'flavor' | 'imageId' | 'groupId'>,
): Server {
  const now = call.world.clock.now();
  const name = String(given.name);
  const zone = typeof given.availability_zone === 'string' ? given.availability_zone.split(':')[0] : undefined;
  return {
    id: call.world.random.uuid(),
    name,
    projectId: call.token.projectId,
    userId: call.token.userId,
    description: typeof given.description === 'string' ? given.description : call.minor < 19 ? name : null,
    hostname: name.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-'),
    metadata: { ...(given.metadata as Record<string, string> | undefined) },
    tags: [...new Set((given.tags ?? []) as string[])].toSorted(),
    keyName: typeof given.key_name === 'string' ? given.key_name : null,
    userData: typeof given.user_data === 'string' ? given.user_data : null,
    groupId,
    actions: [],
    flavor,
    imageId,
    imageProperties: inheritedProperties(call, given),
    availabilityZone: 'nova',
    pinnedAvailabilityZone: zone ?? null,
    configDrive: given.config_drive === true || given.config_drive === 'true' ? 'True' : '',
    diskConfig: typeof given['OS-DCF:diskConfig'] === 'string' ? given['OS-DCF:diskConfig'] : 'MANUAL',
    accessIPv4: typeof given.accessIPv4 === 'string' ? given.accessIPv4 : '',
    accessIPv6: typeof given.accessIPv6 === 'string' ? given.accessIPv6 : '',
    host: '',
    vmState: 'building',
    taskState: 'scheduling',
    powerState: 0,
    locked: false,
    lockedReason: null,
    interfaces: [],
    volumes: [],
    createdAt: now,
    updatedAt: now,
    launchedAt: null,
    terminatedAt: null,
  };
}

/** Of the image, or of the image its root volume is or will be made from. */
function inheritedProperties(call: ScopedCall, given: Record<string, unknown>): Readonly<Record<string, string>> {
  const devices = Array.isArray(given.block_device_mapping_v2) ? given.block_device_mapping_v2.filter(isRecord) : [];
  const root = devices.find((device) => Number(device.boot_index ?? -1) === 0);
  const volume = root?.source_type === 'volume' ? call.store.volumes.get(String(root.uuid)) : undefined;
  const imageId = volume?.imageMetadata?.image_id ?? (root?.source_type === 'image' ? root.uuid : given.imageRef);
  return call.store.images.get(String(imageId))?.properties ?? {};
}
