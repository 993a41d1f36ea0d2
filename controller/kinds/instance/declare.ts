import type { JsonObject } from '#controller/engine/json.ts';
import type { Names } from '#controller/engine/kind.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import { declareName, declareRef, declareTags } from '../declaring.ts';
import type { CloudHandle } from '../handle.ts';
import { Undeclarable } from '../undeclarable.ts';
import { rootOf } from './attachments.ts';
import type { ObservedInstance } from './observe.ts';
import { powerStateOf } from './power.ts';
import { declaredMetadata } from './user-data.ts';

const DECLARABLE: readonly unknown[] = ['Stopped', 'Paused', 'Suspended', 'Shelved'];

/**
 * The spec that declares this server as it is. A list that has to be complete (security groups, volumes) is left out when it holds what no
 * object stands for; user data cannot be read. Throws Undeclarable for one that boots from a volume no object stands for. Pure.
 */
export function declareInstance({ inventory }: CloudHandle, observed: ObservedInstance, names: Names): JsonObject {
  const { server, ports } = observed;
  const keyPair = server.key_name === null ? undefined : names.nameOf('KeyPair', server.key_name);
  const power = powerStateOf(server.status);
  const metadata = declaredMetadata(server.metadata);
  const pinned = server.pinned_availability_zone;
  return {
    ...declareName('Instance', server.id, server.name, names),
    flavor: { name: server.flavor.original_name },
    ...originOf(observed, names, (image) => inventory.byName('image', image).length === 1),
    networks: ports.map((port) => plugOf(port, names, (network) => inventory.byName('network', network).length === 1, observed)),
    ...groupsOf(ports, names),
    ...(keyPair !== undefined && { keyPairRef: { name: keyPair } }),
    ...volumesOf(observed, names),
    ...(DECLARABLE.includes(power) && { powerState: power as string }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...declareTags(server.tags),
    // Somebody chose it; otherwise it is what the scheduler found.
    ...(pinned && pinned === server['OS-EXT-AZ:availability_zone'] && { availabilityZone: pinned }),
    ...serverGroupOf(inventory, server.id, names),
  };
}

/** Should it have to be made anew, it is placed as it was. */
function serverGroupOf(inventory: CloudHandle['inventory'], serverId: string, names: Names): JsonObject {
  const group = [...inventory.all('server_group')].find(({ members }) => members.includes(serverId));
  const name = group && names.nameOf('ServerGroup', group.id);
  return name === undefined ? {} : { serverGroupRef: { name } };
}

function originOf(observed: ObservedInstance, names: Names, isUnique: (image: string) => boolean): JsonObject {
  const { server, imageName } = observed;
  if (server.image !== '') {
    return { image: imageName !== undefined && isUnique(imageName) ? { name: imageName } : { id: server.image.id } };
  }
  const called = `Server ${server.name} (${server.id}) boots from`;
  const root = rootOf(observed);
  if (!root) throw new Undeclarable(`${called} a volume that has not been seen in the cloud. Try again after the next sweep.`);
  return { bootVolume: { volumeRef: declareRef('Volume', root.id, names, called) } };
}

function plugOf(port: Port, names: Names, isUnique: (network: string) => boolean, observed: ObservedInstance): JsonObject {
  const declared = names.nameOf('Port', port.id);
  if (declared !== undefined) return { portRef: { name: declared } };
  const network = names.nameOf('Network', port.network_id);
  const seen = observed.names[port.network_id];
  const [address] = port.fixed_ips;
  return {
    ...(network === undefined
      ? { network: seen !== undefined && isUnique(seen) ? { name: seen } : { id: port.network_id } }
      : { networkRef: { name: network } }),
    ...(address && { fixedIP: address.ip_address }),
  };
}

/** All ports have the same groups where the instance declares them; declared ports have their own. */
function groupsOf(ports: readonly Port[], names: Names): JsonObject {
  const own = ports.filter((port) => port.port_security_enabled !== false && names.nameOf('Port', port.id) === undefined);
  const [first, ...others] = own.map((port) => port.security_groups.toSorted());
  if (first === undefined || others.some((groups) => groups.join() !== first.join())) return {};
  const refs = first.map((id) => names.nameOf('SecurityGroup', id));
  return refs.every((ref) => ref !== undefined) ? { securityGroupRefs: refs.map((name) => ({ name })) } : {};
}

function volumesOf(observed: ObservedInstance, names: Names): JsonObject {
  const root = rootOf(observed)?.id;
  const ids = observed.server['os-extended-volumes:volumes_attached'].map((volume) => volume.id).filter((id) => id !== root);
  const refs = ids.map((id) => names.nameOf('Volume', id));
  if (refs.length === 0 || refs.includes(undefined)) return {};
  return { volumes: refs.flatMap((name) => (name === undefined ? [] : [{ volumeRef: { name } }])) };
}
