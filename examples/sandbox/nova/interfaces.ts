import { type Answer, isRecord, Refusal, type ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import { bindPort, removePort } from '../neutron/ports.ts';
import type { RouteTable } from '../routes.ts';
import type { Interface, Port, Server, VmState } from '../store.ts';
import { interfaceFor } from './boot.ts';
import { logAction } from './instance-actions.ts';
import type { NetworkWish } from './network-requests.ts';
import { findServer, later, requireState, requireUnlocked } from './states.ts';

export const interfaceRoutes: RouteTable = {
  'GET /servers/:id/os-interface': listInterfaces,
  'POST /servers/:id/os-interface': attachInterface,
  'GET /servers/:id/os-interface/:port': showInterface,
  'DELETE /servers/:id/os-interface/:port': detachInterface,
  'GET /servers/:id/os-security-groups': listGroups,
};

const pluggable: readonly VmState[] = ['active', 'paused', 'stopped'];

function listInterfaces(call: ScopedCall): Answer {
  const server = findServer(call);
  // Neutron's order, by id: the order of plugging in is kept only in the server's addresses.
  const sorted = server.interfaces.toSorted((a, b) => (a.portId < b.portId ? -1 : 1));
  const rows = sorted.flatMap((row) => {
    const port = call.store.ports.get(row.portId);
    return port ? [document(call, port, row)] : [];
  });
  return { status: 200, body: { interfaceAttachments: rows } };
}

function showInterface(call: ScopedCall): Answer {
  const server = findServer(call);
  const row = server.interfaces.find(({ portId }) => portId === call.params.port);
  const port = row && call.store.ports.get(row.portId);
  if (!row || !port) refuse(404, `Instance ${server.id} does not have a port with id ${call.params.port}`);
  return { status: 200, body: { interfaceAttachment: document(call, port, row) } };
}

/** Answers once the port is plugged in, unlike the attachment of a volume. */
function attachInterface(call: ScopedCall): Answer {
  const given = checkedBody(call.body, { properties: { interfaceAttachment: { type: 'object' } } }).interfaceAttachment;
  const server = findServer(call);
  requireUnlocked(call, server);
  requireState(server, 'attach_interface', pluggable);
  const wish = wishOf(call, server, isRecord(given) ? given : {});
  try {
    const row = interfaceFor(call, server, wish, { securityGroups: [] });
    server.interfaces.push(row);
    logAction(call, server, 'attach_interface');
    return { status: 200, body: { interfaceAttachment: document(call, call.store.ports.get(row.portId) as Port, row) } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const message = (error.answer.body as { NeutronError?: { message: string } }).NeutronError?.message ?? 'Failed to attach the interface';
    return refuse(400, message);
  }
}

function wishOf(call: ScopedCall, server: Server, given: Record<string, unknown>): NetworkWish {
  const tag = typeof given.tag === 'string' ? given.tag : null;
  if (typeof given.port_id === 'string') {
    const port = call.store.ports.get(given.port_id);
    if (!port || port.projectId !== server.projectId) refuse(404, `Port id ${given.port_id} could not be found.`);
    if (port.deviceId !== '') refuse(409, `Port ${port.id} is still in use.`);
    return { portId: port.id, tag };
  }
  const network = call.store.networks.get(String(given.net_id));
  if (!network || (network.projectId !== server.projectId && !network.isShared))
    refuse(404, `Network ${String(given.net_id)} could not be found.`);
  const fixedIp = Array.isArray(given.fixed_ips) && isRecord(given.fixed_ips[0]) ? given.fixed_ips[0].ip_address : undefined;
  return { network, ...(typeof fixedIp === 'string' ? { fixedIp } : {}), tag };
}

/** 202 even for a port the server never had: Nova looks only later. */
function detachInterface(call: ScopedCall): Answer {
  const server = findServer(call);
  requireUnlocked(call, server);
  requireState(server, 'detach_interface', pluggable);
  const { world } = call;
  later(world, server, world.durations.attachMs, () => {
    const row = server.interfaces.find(({ portId }) => portId === call.params.port);
    const port = row && world.store.ports.get(row.portId);
    if (!row || !port) return;
    server.interfaces = server.interfaces.filter((other) => other !== row);
    if (row.isMadeByNova) removePort(world, port);
    else bindPort(world, port, { deviceId: '', deviceOwner: '', hostId: '' });
  });
  logAction(call, server, 'detach_interface');
  return { status: 202 };
}

function document(call: ScopedCall, port: Port, row: Interface): object {
  return {
    net_id: port.networkId,
    port_id: port.id,
    mac_addr: port.macAddress,
    port_state: port.status,
    fixed_ips: port.fixedIps.map(({ subnetId, ipAddress }) => ({ subnet_id: subnetId, ip_address: ipAddress })),
    ...(call.minor >= 70 ? { tag: row.tag } : {}),
  };
}

function listGroups(call: ScopedCall): Answer {
  const server = findServer(call);
  const groups = server.interfaces
    .flatMap(({ portId }) => call.store.ports.get(portId)?.securityGroupIds ?? [])
    .flatMap((id) => call.store.securityGroups.get(id) ?? []);
  const rows = groups.map((group) => ({
    id: group.id,
    description: group.description,
    name: group.name,
    tenant_id: group.projectId,
    rules: [],
  }));
  return { status: 200, body: { security_groups: rows } };
}
