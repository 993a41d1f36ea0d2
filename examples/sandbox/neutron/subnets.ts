import { type Answer, isRecord, pythonRepr, type ScopedCall } from '../call.ts';
import type { RouteTable } from '../routes.ts';
import type { Subnet } from '../store.ts';
import { allocationPools, checkGateway, defaultGateway, defaultPools } from './allocation-pools.ts';
import { type Attributes, anything, boolean, ipOrNull, nameservers, oneOf, readBody, records, uuid } from './attributes.ts';
import { invalidInput, refuse } from './errors.ts';
import { type Cidr, formatNetwork, parseCidr } from './ip.ts';
import { type Collection, listAnswer } from './listing.ts';
import { findNetwork } from './networks.ts';
import { usedAddresses } from './port-index.ts';
import { reserve } from './quotas.ts';
import { checkRevision, isVisible, newStandard, standardDocument, standardFilters, touch, updateStandard } from './standard.ts';

export const subnetRoutes: RouteTable = {
  'GET /subnets': (call) =>
    listAnswer(
      call,
      collection,
      [...call.store.subnets.values()].filter((subnet) => isSeen(call, subnet)).map((subnet) => subnetDocument(call, subnet)),
    ),
  'POST /subnets': createSubnet,
  'GET /subnets/:id': (call) => ({ status: 200, body: { subnet: subnetDocument(call, findSubnet(call, call.params.id ?? '')) } }),
  'PUT /subnets/:id': updateSubnet,
  'DELETE /subnets/:id': deleteSubnet,
};

const attributes: Attributes = {
  ip_version: { convert: oneOf([4, 6]), required: true, put: false },
  network_id: { convert: uuid, required: true, put: false },
  cidr: { convert: cidrText, put: false },
  subnetpool_id: { convert: anything, put: false },
  prefixlen: { convert: anything, put: false },
  gateway_ip: { convert: ipOrNull },
  allocation_pools: { convert: records },
  dns_nameservers: { convert: nameservers },
  host_routes: { convert: hostRoutes },
  enable_dhcp: { convert: boolean },
  ipv6_ra_mode: { convert: anything, put: false },
  ipv6_address_mode: { convert: anything, put: false },
  service_types: { convert: anything },
  segment_id: { convert: anything },
  dns_publish_fixed_ip: { convert: boolean },
};

const collection: Collection = {
  plural: 'subnets',
  path: 'subnets',
  notFound: subnetNotFound,
  filters: [...standardFilters, ...Object.keys(attributes), 'shared'],
};

function subnetNotFound(id: string): never {
  return refuse(404, 'SubnetNotFound', `Subnet ${id} could not be found.`);
}

function cidrText(value: unknown): string {
  const parsed = typeof value === 'string' ? parseCidr(value) : undefined;
  return parsed ? formatNetwork(parsed) : invalidInput(`${String(value)} is not in a CIDR format.`);
}

function hostRoutes(value: unknown, name: string): unknown {
  for (const route of records(value, name)) {
    const isGood =
      typeof route.destination === 'string' &&
      parseCidr(route.destination) &&
      typeof route.nexthop === 'string' &&
      Object.keys(route).length === 2;
    if (!isGood)
      refuse(400, 'HTTPBadRequest', `Invalid input for ${name}. Reason: Invalid data format for hostroute: ${pythonRepr(route)}.`);
  }
  return value;
}

function isSeen(call: ScopedCall, subnet: Subnet): boolean {
  return (
    isVisible(call, subnet) ||
    call.store.networks.get(subnet.networkId)?.isShared === true ||
    call.store.networks.get(subnet.networkId)?.isExternal === true
  );
}

export function findSubnet(call: ScopedCall, id: string): Subnet {
  const subnet = call.store.subnets.get(id);
  if (!subnet || !isSeen(call, subnet)) subnetNotFound(id);
  return subnet;
}

function createSubnet(call: ScopedCall): Answer {
  const given = readBody(call, 'subnet', attributes)[0] ?? {};
  const network = findNetwork(call, String(given.network_id));
  if (typeof given.cidr !== 'string')
    refuse(400, 'BadRequest', 'Bad subnets request: a subnetpool must be specified in the absence of a cidr.');
  const cidr = parseCidr(given.cidr) as Cidr;
  if (cidr.version !== given.ip_version) invalidInput(`cidr '${given.cidr}' does not match the ip_version '${String(given.ip_version)}'.`);
  refuseOverlap(call, network.id, given.cidr, cidr);
  reserve(call.world, call.token.projectId, 'subnet');
  const gatewayIp = given.gateway_ip === undefined ? defaultGateway(cidr) : (given.gateway_ip as string | null);
  checkGateway(cidr, gatewayIp);
  const pools =
    given.allocation_pools === undefined
      ? defaultPools(cidr, gatewayIp)
      : allocationPools(cidr, given.cidr, given.allocation_pools, gatewayIp);
  const subnet: Subnet = {
    ...newStandard(call, given, 0),
    networkId: network.id,
    ipVersion: cidr.version,
    cidr: given.cidr,
    gatewayIp,
    allocationPools: pools,
    dnsNameservers: (given.dns_nameservers ?? []) as string[],
    hostRoutes: (given.host_routes ?? []) as Subnet['hostRoutes'],
    enableDhcp: given.enable_dhcp !== false,
    ipv6RaMode: typeof given.ipv6_ra_mode === 'string' ? given.ipv6_ra_mode : null,
    ipv6AddressMode: typeof given.ipv6_address_mode === 'string' ? given.ipv6_address_mode : null,
  };
  call.world.store.subnets.set(subnet.id, subnet);
  touch(call.world, network);
  return { status: 201, body: { subnet: subnetDocument(call, subnet) } };
}

function refuseOverlap(call: ScopedCall, networkId: string, cidrText: string, cidr: Cidr): void {
  for (const subnet of call.store.subnets.values()) {
    if (subnet.networkId !== networkId) continue;
    const other = parseCidr(subnet.cidr);
    if (other && other.version === cidr.version && other.first <= cidr.last && cidr.first <= other.last)
      invalidInput(`Requested subnet with cidr: ${cidrText} for network: ${networkId} overlaps with another subnet.`);
  }
}

function updateSubnet(call: ScopedCall): Answer {
  const given = readBody(call, 'subnet', attributes)[0] ?? {};
  const subnet = findSubnet(call, call.params.id ?? '');
  if (!isVisible(call, subnet)) refuse(403, 'PolicyNotAuthorized', 'rule:update_subnet is disallowed by policy');
  checkRevision(call, subnet);
  const cidr = parseCidr(subnet.cidr) as Cidr;
  const gatewayIp = given.gateway_ip === undefined ? subnet.gatewayIp : (given.gateway_ip as string | null);
  checkGateway(cidr, gatewayIp);
  const wanted = given.allocation_pools ?? (given.gateway_ip === undefined ? undefined : subnet.allocationPools);
  if (wanted !== undefined) subnet.allocationPools = allocationPools(cidr, subnet.cidr, wanted, gatewayIp);
  subnet.gatewayIp = gatewayIp;
  if (Array.isArray(given.dns_nameservers)) subnet.dnsNameservers = given.dns_nameservers as string[];
  if (Array.isArray(given.host_routes)) subnet.hostRoutes = given.host_routes as Subnet['hostRoutes'];
  if (typeof given.enable_dhcp === 'boolean') subnet.enableDhcp = given.enable_dhcp;
  updateStandard(call.world, subnet, given);
  touchNetwork(call, subnet);
  return { status: 200, body: { subnet: subnetDocument(call, subnet) } };
}

function deleteSubnet(call: ScopedCall): Answer {
  const subnet = findSubnet(call, call.params.id ?? '');
  if (!isVisible(call, subnet)) refuse(403, 'PolicyNotAuthorized', 'rule:delete_subnet is disallowed by policy');
  checkRevision(call, subnet);
  if (usedAddresses(call.store, subnet.id).size > 0)
    refuse(
      409,
      'SubnetInUse',
      `Unable to complete operation on subnet ${subnet.id}: One or more ports have an IP allocation from this subnet.`,
    );
  call.store.subnets.delete(subnet.id);
  touchNetwork(call, subnet);
  return { status: 204 };
}

/** A network's revision counts the changes of its subnets too. */
function touchNetwork(call: ScopedCall, subnet: Subnet): void {
  const network = call.store.networks.get(subnet.networkId);
  if (network) touch(call.world, network);
}

function subnetDocument(call: ScopedCall, subnet: Subnet): Record<string, unknown> {
  return {
    id: subnet.id,
    name: subnet.name,
    tenant_id: subnet.projectId,
    network_id: subnet.networkId,
    ip_version: subnet.ipVersion,
    subnetpool_id: null,
    enable_dhcp: subnet.enableDhcp,
    ipv6_ra_mode: subnet.ipv6RaMode,
    ipv6_address_mode: subnet.ipv6AddressMode,
    gateway_ip: subnet.gatewayIp,
    cidr: subnet.cidr,
    allocation_pools: subnet.allocationPools.map(({ start, end }) => ({ start, end })),
    host_routes: subnet.hostRoutes.filter(isRecord),
    dns_nameservers: [...subnet.dnsNameservers],
    description: subnet.description,
    'router:external': call.store.networks.get(subnet.networkId)?.isExternal ?? false,
    service_types: [],
    ...standardDocument(subnet),
  };
}
