import { type Answer, asText, isAdmin, type ScopedCall } from '../call.ts';
import type { RouteTable } from '../routes.ts';
import type { Network, Port, Standard, Store } from '../store.ts';
import type { World } from '../world.ts';
import { type AddressWish, allocate, wishesOf } from './addresses.ts';
import { type Attributes, anything, boolean, oneOf, readBody, text, textOrNull, uuid, uuids } from './attributes.ts';
import { refuse } from './errors.ts';
import { type Collection, listAnswer } from './listing.ts';
import { findNetwork } from './networks.ts';
import { changeBinding, refuseTakenMac } from './port-binding.ts';
import { fixedIps, macAddress, refuseAgainstSecurity, refuseTwice, vnicTypes } from './port-checks.ts';
import { addPort, changePort, dropPort } from './port-index.ts';
import { reserve } from './quotas.ts';
import { ensureDefaultGroup } from './security-groups.ts';
import { checkRevision, isVisible, newStandard, standardDocument, standardFilters, touch, updateStandard } from './standard.ts';

export const portRoutes: RouteTable = {
  'GET /ports': (call) =>
    listAnswer(
      call,
      collection,
      [...call.store.ports.values()].filter((port) => isVisible(call, port)).map((port) => portDocument(call, port)),
    ),
  'POST /ports': createPorts,
  'GET /ports/:id': (call) => ({ status: 200, body: { port: portDocument(call, findPort(call, call.params.id ?? '')) } }),
  'PUT /ports/:id': updatePort,
  'DELETE /ports/:id': deletePort,
};

const attributes: Attributes = {
  network_id: { convert: uuid, required: true, put: false },
  admin_state_up: { convert: boolean },
  mac_address: { convert: macAddress, adminOnly: 'put' },
  fixed_ips: { convert: fixedIps },
  device_id: { convert: text },
  device_owner: { convert: text },
  security_groups: { convert: uuids },
  port_security_enabled: { convert: boolean },
  allowed_address_pairs: { convert: refuseTwice },
  extra_dhcp_opts: { convert: anything },
  dns_name: { convert: text },
  qos_policy_id: { convert: textOrNull },
  'binding:vnic_type': { convert: oneOf(vnicTypes) },
  'binding:host_id': { convert: text, adminOnly: true },
  'binding:profile': { convert: anything, adminOnly: true },
};

const collection: Collection = {
  plural: 'ports',
  path: 'ports',
  notFound: portNotFound,
  filters: [...standardFilters, ...Object.keys(attributes), 'ip_allocation'],
};

function portNotFound(id: string): never {
  return refuse(404, 'PortNotFound', `Port ${id} could not be found.`);
}

export function findPort(call: ScopedCall, id: string): Port {
  const port = call.store.ports.get(id);
  if (!port || !isVisible(call, port)) portNotFound(id);
  return port;
}

function createPorts(call: ScopedCall): Answer {
  const rows = readBody(call, 'port', attributes);
  const networks = rows.map((given) => networkForPort(call, String(given.network_id)));
  reserve(call.world, call.token.projectId, 'port', rows.length);
  const made = rows.map((given, index) => portOf(call, given, networks[index] as Network));
  const documents = made.map((port) => portDocument(call, port));
  return { status: 201, body: Array.isArray((call.body as { ports?: unknown }).ports) ? { ports: documents } : { port: documents[0] } };
}

function networkForPort(call: ScopedCall, id: string): Network {
  const network = findNetwork(call, id);
  if (network.projectId !== call.token.projectId && !network.isShared && !isAdmin(call))
    refuse(403, 'HTTPForbidden', `Tenant ${call.token.projectId} not allowed to create port on this network`);
  return network;
}

function portOf(call: ScopedCall, given: Record<string, unknown>, network: Network): Port {
  const mac = typeof given.mac_address === 'string' ? given.mac_address : undefined;
  if (mac !== undefined) refuseTakenMac(call, network.id, mac);
  const portSecurity = given.port_security_enabled === undefined ? network.portSecurity : given.port_security_enabled === true;
  refuseAgainstSecurity(portSecurity, given, { securityGroupIds: [], allowedAddressPairs: [] });
  return makePort(call.world, {
    standard: newStandard(call, given, 1),
    network,
    ...(given.fixed_ips === undefined ? {} : { wishes: wishesOf(given.fixed_ips) }),
    ...(mac === undefined ? {} : { macAddress: mac }),
    ...(given.security_groups === undefined ? {} : { securityGroupIds: checkedGroups(call, given.security_groups as string[]) }),
    portSecurity,
    change: {
      isUp: given.admin_state_up !== false,
      deviceId: asText(given.device_id),
      deviceOwner: asText(given.device_owner),
      hostId: asText(given['binding:host_id']),
      dnsName: asText(given.dns_name),
      vnicType: asText(given['binding:vnic_type'], 'normal'),
      allowedAddressPairs: [],
    },
    pairs: given.allowed_address_pairs,
  });
}

function checkedGroups(call: ScopedCall, ids: readonly string[]): string[] {
  for (const id of ids) {
    const group = call.store.securityGroups.get(id);
    if (!group || !isVisible(call, group)) refuse(404, 'SecurityGroupNotFound', `Security group ${id} does not exist`);
  }
  return [...ids];
}

/** Makes a port and gives it addresses; services of the cloud make theirs by this too. Without groups named it gets the default one. */
export function makePort(
  world: World,
  options: {
    standard: Standard;
    network: Network;
    wishes?: readonly AddressWish[];
    macAddress?: string;
    securityGroupIds?: string[];
    portSecurity?: boolean;
    change?: Partial<Port>;
    pairs?: unknown;
  },
): Port {
  const { standard, network } = options;
  const portSecurity = options.portSecurity ?? network.portSecurity;
  const macAddress = options.macAddress ?? `fa:16:3e:${world.random.hex(6).match(/../g)?.join(':')}`;
  const port: Port = {
    ...standard,
    networkId: network.id,
    macAddress,
    isUp: true,
    status: 'DOWN',
    deviceId: '',
    deviceOwner: '',
    hostId: '',
    fixedIps: allocate(world.store, network, options.wishes),
    securityGroupIds: options.securityGroupIds ?? (portSecurity ? [ensureDefaultGroup(world, standard.projectId).id] : []),
    portSecurity,
    dnsName: '',
    vnicType: 'normal',
    ...options.change,
    allowedAddressPairs: addressPairs(options.pairs, macAddress),
  };
  addPort(world.store, port);
  return port;
}

/** A pair without a MAC address gets the port's. */
function addressPairs(value: unknown, macAddress: string): Port['allowedAddressPairs'] {
  return ((value ?? []) as Record<string, string>[]).map((pair) => ({
    ipAddress: String(pair.ip_address),
    macAddress: pair.mac_address ?? macAddress,
  }));
}

function updatePort(call: ScopedCall): Answer {
  const given = readBody(call, 'port', attributes)[0] ?? {};
  const port = findPort(call, call.params.id ?? '');
  checkRevision(call, port);
  const portSecurity = typeof given.port_security_enabled === 'boolean' ? given.port_security_enabled : port.portSecurity;
  refuseAgainstSecurity(portSecurity, given, port);
  changeBinding(call, port, given);
  if (Array.isArray(given.security_groups)) port.securityGroupIds = checkedGroups(call, given.security_groups as string[]);
  if (Array.isArray(given.fixed_ips)) changeAddresses(call.store, port, wishesOf(given.fixed_ips));
  if (typeof given.admin_state_up === 'boolean') port.isUp = given.admin_state_up;
  port.portSecurity = portSecurity;
  if (typeof given.dns_name === 'string') port.dnsName = given.dns_name;
  if (given.allowed_address_pairs !== undefined) port.allowedAddressPairs = addressPairs(given.allowed_address_pairs, port.macAddress);
  const device = {
    ...(typeof given.device_id === 'string' ? { deviceId: given.device_id } : {}),
    ...(typeof given.device_owner === 'string' ? { deviceOwner: given.device_owner } : {}),
  };
  if (Object.keys(device).length > 0) changePort(call.store, port, device);
  updateStandard(call.world, port, given);
  return { status: 200, body: { port: portDocument(call, port) } };
}

/** Addresses the port already has stay its own, also where only their subnet is asked for; an error leaves it as it was. */
export function changeAddresses(store: Store, port: Port, wishes: readonly AddressWish[]): void {
  const network = store.networks.get(port.networkId) as Network;
  const before = port.fixedIps;
  const free = new Set(before.filter((ip) => !wishes.some((wish) => wish.ipAddress === ip.ipAddress)));
  const settled = wishes.map((wish) => {
    const kept = wish.ipAddress === undefined ? [...free].find((ip) => ip.subnetId === wish.subnetId) : undefined;
    if (kept) free.delete(kept);
    return kept ?? wish;
  });
  changePort(store, port, { fixedIps: [] });
  try {
    changePort(store, port, { fixedIps: allocate(store, network, settled) });
  } catch (error) {
    changePort(store, port, { fixedIps: before });
    throw error;
  }
}

const routerOwners = ['network:router_interface', 'network:router_gateway', 'network:floatingip'];

function deletePort(call: ScopedCall): Answer {
  const port = findPort(call, call.params.id ?? '');
  checkRevision(call, port);
  if (routerOwners.includes(port.deviceOwner))
    refuse(409, 'ServicePortInUse', `Port ${port.id} cannot be deleted directly via the port API: has device owner ${port.deviceOwner}.`);
  removePort(call.world, port);
  return { status: 204 };
}

/** Drops a port, and with it what hangs on it: a floating IP is let go, a server loses the interface. */
export function removePort(world: World, port: Port): void {
  const { store } = world;
  for (const floatingIp of store.floatingIps.values())
    if (floatingIp.portId === port.id) Object.assign(floatingIp, { portId: null, fixedIpAddress: null, routerId: null });
  const server = store.servers.get(port.deviceId);
  if (server) server.interfaces = server.interfaces.filter(({ portId }) => portId !== port.id);
  dropPort(store, port);
}

/** Hands a port to a device, or takes it back with an empty one. */
export function bindPort(world: World, port: Port, device: { deviceId: string; deviceOwner: string; hostId: string }): void {
  changePort(world.store, port, { deviceId: device.deviceId, deviceOwner: device.deviceOwner });
  port.hostId = device.hostId;
  port.status = device.hostId === '' ? 'DOWN' : 'ACTIVE';
  touch(world, port);
}

export function portDocument(call: ScopedCall, port: Port): Record<string, unknown> {
  const isBound = port.hostId !== '';
  const binding = {
    'binding:host_id': port.hostId,
    'binding:profile': {},
    'binding:vif_type': isBound ? 'ovs' : 'unbound',
    'binding:vif_details': isBound ? { port_filter: true } : {},
  };
  return {
    id: port.id,
    name: port.name,
    network_id: port.networkId,
    tenant_id: port.projectId,
    mac_address: port.macAddress,
    admin_state_up: port.isUp,
    status: port.status,
    device_id: port.deviceId,
    device_owner: port.deviceOwner,
    fixed_ips: port.fixedIps.map(({ subnetId, ipAddress }) => ({ subnet_id: subnetId, ip_address: ipAddress })),
    allowed_address_pairs: port.allowedAddressPairs.map(({ macAddress, ipAddress }) => ({
      mac_address: macAddress,
      ip_address: ipAddress,
    })),
    extra_dhcp_opts: [],
    security_groups: [...port.securityGroupIds],
    description: port.description,
    'binding:vnic_type': port.vnicType,
    port_security_enabled: port.portSecurity,
    qos_policy_id: null,
    qos_network_policy_id: null,
    dns_name: port.dnsName,
    dns_assignment: port.fixedIps.map(({ ipAddress }) => {
      const hostname = port.dnsName === '' ? `host-${ipAddress.replaceAll(/[.:]/g, '-')}` : port.dnsName;
      return { ip_address: ipAddress, hostname, fqdn: `${hostname}.openstacklocal.` };
    }),
    ip_allocation: port.fixedIps.length === 0 ? 'none' : 'immediate',
    ...standardDocument(port),
    ...(isAdmin(call) ? binding : {}),
  };
}
