import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import type { Port, Router, Subnet } from '../store.ts';
import { refuse } from './errors.ts';
import { type Cidr, contains, parseCidr, parseIp } from './ip.ts';
import { findNetwork } from './networks.ts';
import { changePort, dropPort, portsOfDevice } from './port-index.ts';
import { bindPort, findPort, makePort } from './ports.ts';
import { newStandard, touch } from './standard.ts';
import { findSubnet } from './subnets.ts';

const interfaceOwner = 'network:router_interface';

export function isInterface(port: Port): boolean {
  return port.deviceOwner === interfaceOwner;
}

function interfaces(call: ScopedCall, router: Router): Port[] {
  return portsOfDevice(call.store, router.id).filter(isInterface);
}

function badRouter(message: string): never {
  return refuse(400, 'BadRequest', `Bad router request: ${message}`);
}

function target(call: ScopedCall): { portId?: string; subnetId?: string } {
  const given = isRecord(call.body) ? call.body : {};
  return {
    ...(typeof given.port_id === 'string' ? { portId: given.port_id } : {}),
    ...(typeof given.subnet_id === 'string' ? { subnetId: given.subnet_id } : {}),
  };
}

export function addInterface(call: ScopedCall, router: Router): Answer {
  const { portId, subnetId } = target(call);
  if (portId !== undefined && subnetId !== undefined) badRouter('Cannot specify both subnet-id and port-id.');
  if (portId !== undefined) return plugPort(call, router, findPort(call, portId));
  return subnetId === undefined
    ? badRouter('Either subnet_id or port_id must be specified.')
    : plugSubnet(call, router, findSubnet(call, subnetId));
}

function plugPort(call: ScopedCall, router: Router, port: Port): Answer {
  if (port.deviceId !== '')
    refuse(
      409,
      'PortInUse',
      `Unable to complete operation on port ${port.id} for network ${port.networkId}. Port already has an attached device ${port.deviceId}.`,
    );
  if (port.fixedIps.length === 0) badRouter('Router port must have at least one fixed IP.');
  if (port.fixedIps.filter(({ ipAddress }) => parseIp(ipAddress)?.version === 4).length > 1)
    badRouter('Cannot have multiple IPv4 subnets on router port.');
  for (const { subnetId } of port.fixedIps) checkRoom(call, router, findSubnet(call, subnetId));
  bindPort(call.world, port, { deviceId: router.id, deviceOwner: interfaceOwner, hostId: 'sandbox-network' });
  touch(call.world, router);
  return {
    status: 200,
    body: interfaceDocument(
      router,
      port,
      port.fixedIps.map((address) => address.subnetId),
    ),
  };
}

/** IPv6 subnets of one network share a port. */
function plugSubnet(call: ScopedCall, router: Router, subnet: Subnet): Answer {
  if (subnet.gatewayIp === null) return badRouter('Subnet for router interface must have a gateway IP.');
  checkRoom(call, router, subnet);
  const wish = { subnetId: subnet.id, ipAddress: subnet.gatewayIp };
  const shared =
    subnet.ipVersion === 6
      ? interfaces(call, router).find(
          (port) => port.networkId === subnet.networkId && port.fixedIps.some((ip) => ip.ipAddress.includes(':')),
        )
      : undefined;
  if (shared) changePort(call.store, shared, { fixedIps: [...shared.fixedIps, wish] });
  const port =
    shared ??
    makePort(call.world, {
      standard: newStandard(call, {}, 1),
      network: findNetwork(call, subnet.networkId),
      wishes: [wish],
      securityGroupIds: [],
      portSecurity: false,
    });
  if (!shared) bindPort(call.world, port, { deviceId: router.id, deviceOwner: interfaceOwner, hostId: 'sandbox-network' });
  touch(call.world, router);
  return { status: 200, body: interfaceDocument(router, port, [subnet.id]) };
}

function checkRoom(call: ScopedCall, router: Router, subnet: Subnet): void {
  const plugged = interfaces(call, router).flatMap((port) => port.fixedIps.map(({ subnetId }) => subnetId));
  if (plugged.includes(subnet.id)) badRouter(`Router already has a port on subnet ${subnet.id}.`);
  const mine = parseCidr(subnet.cidr) as Cidr;
  for (const other of plugged.flatMap((id) => call.store.subnets.get(id) ?? [])) {
    const theirs = parseCidr(other.cidr) as Cidr;
    if (mine.version === theirs.version && (contains(theirs, mine.first) || contains(mine, theirs.first)))
      badRouter(`Cidr ${subnet.cidr} of subnet ${subnet.id} overlaps with cidr ${other.cidr} of subnet ${other.id}.`);
  }
}

/** The port goes, whoever made it, unless another IPv6 subnet is left on it. */
export function removeInterface(call: ScopedCall, router: Router): Answer {
  const { portId, subnetId } = target(call);
  if (portId === undefined && subnetId === undefined) badRouter('Either subnet_id or port_id must be specified.');
  const subnet = subnetId === undefined ? undefined : findSubnet(call, subnetId);
  const port = interfaces(call, router).find(
    (row) => (portId === undefined || row.id === portId) && (portId !== undefined || row.fixedIps.some((ip) => ip.subnetId === subnet?.id)),
  );
  if (!port) return notPlugged(router, portId, subnetId);
  if (subnet && !port.fixedIps.some((ip) => ip.subnetId === subnet.id))
    refuse(400, 'SubnetMismatchForPort', `Subnet on port ${port.id} does not match the requested subnet ${subnet.id}.`);
  const gone = portId === undefined && subnet ? [subnet.id] : port.fixedIps.map((ip) => ip.subnetId);
  for (const id of gone) checkFree(call, router, id);
  const left = port.fixedIps.filter((ip) => !gone.includes(ip.subnetId));
  if (left.length > 0) changePort(call.store, port, { fixedIps: left });
  else dropPort(call.store, port);
  touch(call.world, router);
  return { status: 200, body: interfaceDocument(router, port, gone) };
}

function notPlugged(router: Router, portId: string | undefined, subnetId: string | undefined): never {
  if (portId !== undefined) refuse(404, 'RouterInterfaceNotFound', `Router ${router.id} does not have an interface with id ${portId}`);
  return refuse(404, 'RouterInterfaceNotFoundForSubnet', `Router ${router.id} has no interface on subnet ${subnetId}`);
}

/** Floating IPs and routes need an interface. */
function checkFree(call: ScopedCall, router: Router, subnetId: string): void {
  const held = (what: string) =>
    `Router interface for subnet ${subnetId} on router ${router.id} cannot be deleted, as it is required by one or more ${what}.`;
  const isInside = (address: string | null) => {
    const cidr = parseCidr(call.store.subnets.get(subnetId)?.cidr ?? '');
    return cidr !== undefined && contains(cidr, parseIp(address ?? '')?.value ?? -1n);
  };
  if (router.routes.some(({ nexthop }) => isInside(nexthop))) refuse(409, 'RouterInterfaceInUseByRoute', held('routes'));
  const leads = [...call.store.floatingIps.values()].some((row) => row.routerId === router.id && isInside(row.fixedIpAddress));
  if (leads) refuse(409, 'RouterInterfaceInUseByFloatingIP', held('floating IPs'));
}

function interfaceDocument(router: Router, port: Port, subnetIds: readonly string[]): object {
  return {
    id: router.id,
    tenant_id: router.projectId,
    port_id: port.id,
    network_id: port.networkId,
    subnet_id: subnetIds[0] ?? null,
    subnet_ids: subnetIds,
  };
}
