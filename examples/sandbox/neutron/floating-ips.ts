import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import type { RouteTable } from '../routes.ts';
import type { FixedIp, FloatingIp, Port, Router } from '../store.ts';
import { type Attributes, anything, ipOrNull, readBody, textOrNull, uuid } from './attributes.ts';
import { badRequest, refuse } from './errors.ts';
import { parseIp } from './ip.ts';
import { type Collection, listAnswer } from './listing.ts';
import { findNetwork } from './networks.ts';
import { dropPort, portsOfNetwork } from './port-index.ts';
import { findPort, makePort } from './ports.ts';
import { reserve } from './quotas.ts';
import { checkRevision, isVisible, newStandard, standardDocument, standardFilters, updateStandard } from './standard.ts';

export const floatingIpRoutes: RouteTable = {
  'GET /floatingips': (call) =>
    listAnswer(
      call,
      collection,
      [...call.store.floatingIps.values()].filter((row) => isVisible(call, row)).map((row) => floatingIpDocument(call, row)),
    ),
  'POST /floatingips': createFloatingIp,
  'GET /floatingips/:id': (call) => ({ status: 200, body: { floatingip: floatingIpDocument(call, findFloatingIp(call)) } }),
  'PUT /floatingips/:id': updateFloatingIp,
  'DELETE /floatingips/:id': deleteFloatingIp,
};

const attributes: Attributes = {
  floating_network_id: { convert: uuid, required: true, put: false },
  floating_ip_address: { convert: ipOrNull, put: false, adminOnly: true },
  subnet_id: { convert: textOrNull, put: false },
  port_id: { convert: textOrNull },
  fixed_ip_address: { convert: ipOrNull },
  qos_policy_id: { convert: anything },
  dns_name: { convert: anything, put: false },
  dns_domain: { convert: anything, put: false },
};

const collection: Collection = {
  plural: 'floatingips',
  path: 'floatingips',
  notFound: floatingIpNotFound,
  filters: [...standardFilters.filter((field) => field !== 'name'), ...Object.keys(attributes), 'router_id'],
};

/** It is the one Neutron resource without a name. */
function readFloatingIp(call: ScopedCall): Record<string, unknown> {
  const row = isRecord(call.body) ? call.body.floatingip : undefined;
  if (isRecord(row) && row.name !== undefined) badRequest("Unrecognized attribute(s) 'name'");
  return readBody(call, 'floatingip', attributes)[0] ?? {};
}

function badFloatingIp(message: string): never {
  return refuse(400, 'BadRequest', `Bad floatingip request: ${message}`);
}

function floatingIpNotFound(id: string): never {
  return refuse(404, 'FloatingIPNotFound', `Floating IP ${id} could not be found`);
}

function findFloatingIp(call: ScopedCall): FloatingIp {
  const row = call.store.floatingIps.get(call.params.id ?? '');
  return row && isVisible(call, row) ? row : floatingIpNotFound(call.params.id ?? '');
}

function createFloatingIp(call: ScopedCall): Answer {
  const given = readFloatingIp(call);
  const network = findNetwork(call, String(given.floating_network_id));
  if (!network.isExternal) badFloatingIp(`Network ${network.id} is not a valid external network.`);
  reserve(call.world, call.token.projectId, 'floatingip');
  const inner = typeof given.port_id === 'string' ? association(call, given.port_id, given.fixed_ip_address, network.id) : unassociated;
  const standard = { ...newStandard(call, {}, 0), projectId: '' };
  const wishes =
    typeof given.floating_ip_address === 'string'
      ? [{ ipAddress: given.floating_ip_address }]
      : typeof given.subnet_id === 'string'
        ? [{ subnetId: given.subnet_id }]
        : undefined;
  const holder = makePort(call.world, {
    standard,
    network,
    securityGroupIds: [],
    portSecurity: false,
    change: { deviceOwner: 'network:floatingip' },
    ...(wishes ? { wishes } : {}),
  });
  const row: FloatingIp = {
    ...newStandard(call, given, 0),
    networkId: network.id,
    address: holder.fixedIps[0]?.ipAddress ?? '',
    holderPortId: holder.id,
    ...inner,
  };
  call.store.floatingIps.set(row.id, row);
  return { status: 201, body: { floatingip: floatingIpDocument(call, row) } };
}

const unassociated = { portId: null, fixedIpAddress: null, routerId: null };

/** A port can be reached from outside only through a router with a gateway on the external network. */
function association(
  call: ScopedCall,
  portId: string,
  address: unknown,
  externalId: string,
): Pick<FloatingIp, 'portId' | 'fixedIpAddress' | 'routerId'> {
  const port = findPort(call, portId);
  const fixedIp = fixedIpFor(port, typeof address === 'string' ? address : undefined);
  const router = routerTo(call, port, fixedIp.subnetId, externalId);
  if (!router)
    refuse(
      404,
      'ExternalGatewayForFloatingIPNotFound',
      `External network ${externalId} is not reachable from subnet ${fixedIp.subnetId}.  Therefore, cannot associate Port ${port.id} with a Floating IP.`,
    );
  return { portId: port.id, fixedIpAddress: fixedIp.ipAddress, routerId: router.id };
}

function fixedIpFor(port: Port, address: string | undefined): FixedIp {
  const candidates = port.fixedIps.filter(({ ipAddress }) => parseIp(ipAddress)?.version === 4);
  if (address !== undefined)
    return candidates.find(({ ipAddress }) => ipAddress === address) ?? badFloatingIp(`Port ${port.id} does not have fixed ip ${address}.`);
  const [first, second] = candidates;
  if (!first) return badFloatingIp(`Cannot add floating IP to port ${port.id} that has no fixed IPv4 addresses.`);
  if (second)
    badFloatingIp(`Port ${port.id} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP.`);
  return first;
}

function refuseTaken(call: ScopedCall, row: FloatingIp, inner: { portId: string | null; fixedIpAddress: string | null }): void {
  const isTaken = [...call.store.floatingIps.values()].some(
    (other) =>
      other.id !== row.id &&
      other.networkId === row.networkId &&
      other.portId === inner.portId &&
      other.fixedIpAddress === inner.fixedIpAddress,
  );
  if (isTaken)
    refuse(
      409,
      'FloatingIPPortAlreadyAssociated',
      `Cannot associate floating IP ${row.address} (${row.id}) with port ${inner.portId} using fixed IP ${inner.fixedIpAddress}, as that fixed IP already has a floating IP on external network ${row.networkId}.`,
    );
}

function routerTo(call: ScopedCall, port: Port, subnetId: string, externalId: string): Router | undefined {
  return portsOfNetwork(call.store, port.networkId)
    .filter((row) => row.deviceOwner === 'network:router_interface' && row.fixedIps.some((address) => address.subnetId === subnetId))
    .map((row) => call.store.routers.get(row.deviceId))
    .find((router) => router?.gateway?.networkId === externalId);
}

function updateFloatingIp(call: ScopedCall): Answer {
  const given = readFloatingIp(call);
  const row = findFloatingIp(call);
  checkRevision(call, row);
  if (typeof given.fixed_ip_address === 'string' && typeof given.port_id !== 'string')
    badFloatingIp('fixed_ip_address cannot be specified without a port_id.');
  // Whatever is changed, the association is worked out anew.
  const portId = given.port_id === undefined ? row.portId : given.port_id;
  const inner = typeof portId === 'string' ? association(call, portId, given.fixed_ip_address, row.networkId) : unassociated;
  if (inner.portId !== null) refuseTaken(call, row, inner);
  Object.assign(row, inner);
  updateStandard(call.world, row, given);
  return { status: 200, body: { floatingip: floatingIpDocument(call, row) } };
}

function deleteFloatingIp(call: ScopedCall): Answer {
  const row = findFloatingIp(call);
  const holder = call.store.ports.get(row.holderPortId);
  if (holder) dropPort(call.store, holder);
  call.store.floatingIps.delete(row.id);
  return { status: 204 };
}

function floatingIpDocument(call: ScopedCall, row: FloatingIp): Record<string, unknown> {
  const port = row.portId === null ? undefined : call.store.ports.get(row.portId);
  const details = port && {
    name: port.name,
    network_id: port.networkId,
    mac_address: port.macAddress,
    admin_state_up: port.isUp,
    status: port.status,
    device_id: port.deviceId,
    device_owner: port.deviceOwner,
  };
  return {
    id: row.id,
    tenant_id: row.projectId,
    floating_ip_address: row.address,
    floating_network_id: row.networkId,
    router_id: row.routerId,
    port_id: row.portId,
    fixed_ip_address: row.fixedIpAddress,
    status: row.portId === null ? 'DOWN' : 'ACTIVE',
    description: row.description,
    qos_policy_id: null,
    port_details: details ?? null,
    dns_domain: '',
    dns_name: '',
    port_forwardings: [],
    ...standardDocument(row),
  };
}
