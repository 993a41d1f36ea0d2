import type { Answer, ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import { touch } from '../neutron/standard.ts';
import type { Port, SecurityGroup, Server } from '../store.ts';

/** Adds a group, by name or id, to every port of the server. */
export function addSecurityGroup(call: ScopedCall, server: Server, given: Record<string, unknown>): Answer {
  const group = findGroup(call, String(given.name));
  const ports = portsOf(call, server);
  if (ports.some((port) => port.securityGroupIds.includes(group.id)))
    refuse(
      400,
      `Invalid input for security_groups. Reason: Duplicate items in the list: '${group.id}'.\nNeutron server returns request_ids: ['${call.requestId}']`,
    );
  for (const port of ports) {
    port.securityGroupIds = [...port.securityGroupIds, group.id];
    touch(call.world, port);
  }
  return { status: 202 };
}

export function removeSecurityGroup(call: ScopedCall, server: Server, given: Record<string, unknown>): Answer {
  const group = findGroup(call, String(given.name));
  const ports = portsOf(call, server).filter((port) => port.securityGroupIds.includes(group.id));
  if (ports.length === 0) refuse(404, `Security group ${String(given.name)} not associated with the instance ${server.id}`);
  for (const port of ports) {
    port.securityGroupIds = port.securityGroupIds.filter((id) => id !== group.id);
    touch(call.world, port);
  }
  return { status: 202 };
}

function findGroup(call: ScopedCall, nameOrId: string): SecurityGroup {
  const own = [...call.store.securityGroups.values()].filter(({ projectId }) => projectId === call.token.projectId);
  const found = own.find(({ id }) => id === nameOrId) ?? own.find(({ name }) => name === nameOrId);
  return found ?? refuse(404, `Security group ${nameOrId} is not found for project ${call.token.projectId}`);
}

function portsOf(call: ScopedCall, server: Server): Port[] {
  return server.interfaces.flatMap(({ portId }) => call.store.ports.get(portId) ?? []);
}
