import { isRecord, type ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { Network, SecurityGroup, Store } from '../store.ts';

/** What a server was asked to be plugged into, looked up. */
export interface NetworkPlan {
  readonly wishes: readonly NetworkWish[];
  readonly securityGroups: readonly { readonly asked: string; readonly group: SecurityGroup }[];
}

export type NetworkWish =
  | { readonly portId: string; readonly tag: string | null }
  | { readonly network: Network; readonly fixedIp?: string; readonly tag: string | null };

/** Looks up networks, ports and groups of a create request; refuses unknown ones with 400. */
export function planNetworks(call: ScopedCall, given: Record<string, unknown>): NetworkPlan {
  const asked = given.networks;
  const wishes = Array.isArray(asked)
    ? asked.filter(isRecord).map((item) => wishOf(call, item))
    : asked === 'none'
      ? []
      : automatic(call, asked);
  const names = Array.isArray(given.security_groups) ? given.security_groups.filter(isRecord).map(({ name }) => String(name)) : [];
  // Without a port of Nova's own making there is nothing the groups would apply to.
  const wanted = wishes.length === 0 ? [] : names.filter((name) => name !== 'default');
  return { wishes, securityGroups: wanted.map((name) => ({ asked: name, group: findGroupByNameOrId(call, name) })) };
}

function wishOf(call: ScopedCall, item: Record<string, unknown>): NetworkWish {
  const tag = typeof item.tag === 'string' ? item.tag : null;
  if (typeof item.port === 'string') {
    const port = call.store.ports.get(item.port);
    if (!port || port.projectId !== call.token.projectId) refuse(400, `Port id ${item.port} could not be found.`);
    if (port.deviceId !== '') refuse(409, `Port ${port.id} is still in use.`);
    if (port.fixedIps.length === 0) refuse(400, `Port ${port.id} requires a FixedIP in order to be used.`);
    return { portId: port.id, tag };
  }
  const network = call.store.networks.get(String(item.uuid));
  if (!network || !isUsable(call, network)) refuse(400, `Network ${String(item.uuid)} could not be found.`);
  if (network.isExternal && network.projectId !== call.token.projectId && !network.isShared)
    refuse(403, `It is not allowed to create an interface on external network ${network.id}`);
  requireSubnet(call, network);
  return { network, ...(typeof item.fixed_ip === 'string' ? { fixedIp: item.fixed_ip } : {}), tag };
}

function isUsable(call: ScopedCall, network: Network): boolean {
  return network.projectId === call.token.projectId || network.isShared || network.isExternal;
}

function requireSubnet(call: ScopedCall, network: Network): void {
  for (const subnet of call.store.subnets.values()) if (subnet.networkId === network.id) return;
  refuse(400, `Network ${network.id} requires a subnet in order to boot instances on.`);
}

/** `auto`, or nothing asked before 2.37: the project's only network. */
function automatic(call: ScopedCall, asked: unknown): NetworkWish[] {
  const own = [...call.store.networks.values()].filter(
    (network) => (network.projectId === call.token.projectId || network.isShared) && !network.isExternal,
  );
  if (own.length > 1) refuse(409, 'Multiple possible networks found, use a Network ID to be more specific.');
  if (own.length === 0 && asked === 'auto') refuse(400, `Unable to automatically allocate a network for project ${call.token.projectId}`);
  return own.map((network) => ({ network, tag: null }));
}

function findGroupByNameOrId(call: ScopedCall, nameOrId: string): SecurityGroup {
  const own = ownGroups(call.store, call.token.projectId);
  const byId = own.find((group) => group.id === nameOrId);
  const named = own.filter((group) => group.name === nameOrId);
  if (!byId && named.length > 1)
    refuse(409, `Multiple security_group matches found for name '${nameOrId}', use an ID to be more specific.`);
  return byId ?? named[0] ?? refuse(400, `Unable to find security_group with name or id '${nameOrId}'`);
}

function ownGroups(store: Store, projectId: string): SecurityGroup[] {
  return [...store.securityGroups.values()].filter((group) => group.projectId === projectId);
}

/**
 * Whether two groups of a project share a name. Then no server that names groups can be built, whichever it names:
 * nova-compute looks all of them up by name first (nova/network/neutron.py, _get_security_group_ids, 2025.1).
 */
export function hasTwinGroups(store: Store, projectId: string): boolean {
  const names = ownGroups(store, projectId).map(({ name }) => name);
  return new Set(names).size < names.length;
}
