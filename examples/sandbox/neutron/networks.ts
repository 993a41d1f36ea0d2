import { type Answer, isAdmin, type ScopedCall } from '../call.ts';
import type { RouteTable } from '../routes.ts';
import type { Network, Port } from '../store.ts';
import { type Attributes, anything, boolean, integer, readBody, text } from './attributes.ts';
import { invalidInput, refuse } from './errors.ts';
import { type Collection, listAnswer } from './listing.ts';
import { dropPort, portsOfNetwork } from './port-index.ts';
import { reserve } from './quotas.ts';
import { checkRevision, isVisible, newStandard, standardDocument, standardFilters, updateStandard } from './standard.ts';

const maxMtu = 1450;

export const networkRoutes: RouteTable = {
  'GET /networks': (call) =>
    listAnswer(
      call,
      collection,
      visibleNetworks(call).map((network) => networkDocument(call, network)),
    ),
  'POST /networks': createNetworks,
  'GET /networks/:id': (call) => ({ status: 200, body: { network: networkDocument(call, findNetwork(call, call.params.id ?? '')) } }),
  'PUT /networks/:id': updateNetwork,
  'DELETE /networks/:id': deleteNetwork,
};

const attributes: Attributes = {
  admin_state_up: { convert: boolean },
  shared: { convert: boolean, adminOnly: true },
  'router:external': { convert: boolean, adminOnly: true },
  is_default: { convert: boolean, adminOnly: true },
  mtu: { convert: integer },
  port_security_enabled: { convert: boolean },
  dns_domain: { convert: text },
  qos_policy_id: { convert: anything },
  availability_zone_hints: { convert: anything, put: false },
  subnets: { convert: anything, post: false, put: false },
  'provider:network_type': { convert: anything, adminOnly: true },
  'provider:physical_network': { convert: anything, adminOnly: true },
  'provider:segmentation_id': { convert: anything, adminOnly: true },
};

const collection: Collection = {
  plural: 'networks',
  path: 'networks',
  notFound: networkNotFound,
  filters: [...standardFilters, ...Object.keys(attributes)],
};

function networkNotFound(id: string): never {
  return refuse(404, 'NetworkNotFound', `Network ${id} could not be found.`);
}

/** One's own, shared and external networks. */
function visibleNetworks(call: ScopedCall): Network[] {
  return [...call.store.networks.values()].filter((network) => isVisible(call, network) || network.isShared || network.isExternal);
}

export function findNetwork(call: ScopedCall, id: string): Network {
  const network = call.store.networks.get(id);
  if (!network || !(isVisible(call, network) || network.isShared || network.isExternal)) networkNotFound(id);
  return network;
}

function createNetworks(call: ScopedCall): Answer {
  const rows = readBody(call, 'network', attributes);
  for (const row of rows) checkMtu(row);
  reserve(call.world, call.token.projectId, 'network', rows.length);
  const made = rows.map((given): Network => {
    const network: Network = {
      // Neutron's plugins touch a network once while they make it.
      ...newStandard(call, given, 1),
      isUp: given.admin_state_up !== false,
      mtu: typeof given.mtu === 'number' && given.mtu > 0 ? given.mtu : maxMtu,
      isShared: given.shared === true,
      isExternal: given['router:external'] === true,
      portSecurity: given.port_security_enabled !== false,
      dnsDomain: typeof given.dns_domain === 'string' ? given.dns_domain : '',
      segmentationId: 1 + Math.floor(call.world.random.next() * 65_535),
    };
    call.world.store.networks.set(network.id, network);
    return network;
  });
  const documents = made.map((network) => ({ ...networkDocument(call, network), is_default: false }));
  return {
    status: 201,
    body: Array.isArray((call.body as { networks?: unknown }).networks) ? { networks: documents } : { network: documents[0] },
  };
}

function checkMtu(given: Record<string, unknown>): void {
  if (typeof given.mtu === 'number' && given.mtu > maxMtu) invalidInput(`Requested MTU is too big, maximum is ${maxMtu}.`);
}

function updateNetwork(call: ScopedCall): Answer {
  const given = readBody(call, 'network', attributes)[0] ?? {};
  const network = ownNetwork(call, 'update');
  checkMtu(given);
  checkRevision(call, network);
  if (typeof given.admin_state_up === 'boolean') network.isUp = given.admin_state_up;
  if (typeof given.mtu === 'number') network.mtu = given.mtu;
  if (typeof given.shared === 'boolean') network.isShared = given.shared;
  if (typeof given['router:external'] === 'boolean') network.isExternal = given['router:external'];
  if (typeof given.port_security_enabled === 'boolean') network.portSecurity = given.port_security_enabled;
  if (typeof given.dns_domain === 'string') network.dnsDomain = given.dns_domain;
  updateStandard(call.world, network, given);
  return { status: 200, body: { network: networkDocument(call, network) } };
}

/** A network one sees need not be one's own: others are refused with 403, unseen ones with 404. */
function ownNetwork(call: ScopedCall, verb: 'update' | 'delete'): Network {
  const network = findNetwork(call, call.params.id ?? '');
  if (!isVisible(call, network)) refuse(403, 'PolicyNotAuthorized', `rule:${verb}_network is disallowed by policy`);
  return network;
}

/** Takes its subnets with it; any port but those Neutron keeps for itself holds it back. */
function deleteNetwork(call: ScopedCall): Answer {
  const network = ownNetwork(call, 'delete');
  checkRevision(call, network);
  const ports = portsOfNetwork(call.store, network.id);
  const holding = ports.filter((port) => !isKeptByNeutron(port)).map(({ id }) => id);
  if (holding.length > 0)
    refuse(
      409,
      'NetworkInUse',
      `Unable to complete operation on network ${network.id}. There are one or more ports still in use on the network, id for these ports is: ${holding.toSorted().join(',')}.`,
    );
  for (const port of ports) dropPort(call.store, port);
  for (const subnet of call.store.subnets.values()) if (subnet.networkId === network.id) call.store.subnets.delete(subnet.id);
  call.store.networks.delete(network.id);
  return { status: 204 };
}

function isKeptByNeutron(port: Port): boolean {
  return port.deviceOwner === 'network:dhcp';
}

export function networkDocument(call: ScopedCall, network: Network): Record<string, unknown> {
  const subnets = [...call.store.subnets.values()].filter((subnet) => subnet.networkId === network.id).map(({ id }) => id);
  return {
    id: network.id,
    name: network.name,
    tenant_id: network.projectId,
    admin_state_up: network.isUp,
    mtu: network.mtu,
    status: 'ACTIVE',
    subnets: subnets.toSorted(),
    shared: network.isShared,
    availability_zone_hints: [],
    availability_zones: [],
    ipv4_address_scope: null,
    ipv6_address_scope: null,
    'router:external': network.isExternal,
    description: network.description,
    port_security_enabled: network.portSecurity,
    qos_policy_id: null,
    dns_domain: network.dnsDomain,
    l2_adjacency: true,
    ...(network.isExternal ? { is_default: false } : {}),
    ...standardDocument(network),
    ...(isAdmin(call)
      ? { 'provider:network_type': 'vxlan', 'provider:physical_network': null, 'provider:segmentation_id': network.segmentationId }
      : {}),
  };
}
