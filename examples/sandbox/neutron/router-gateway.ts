import { isAdmin, isRecord, pythonRepr, type ScopedCall } from '../call.ts';
import type { Router } from '../store.ts';
import { wishesOf } from './addresses.ts';
import { badRequest, refuse } from './errors.ts';
import { findNetwork } from './networks.ts';
import { dropPort } from './port-index.ts';
import { bindPort, changeAddresses, makePort } from './ports.ts';
import { newStandard } from './standard.ts';

interface GatewayInfo {
  readonly network_id?: string;
  readonly enable_snat?: boolean;
  readonly external_fixed_ips?: readonly Record<string, unknown>[];
}

export function gatewayInfo(value: unknown, name: string): GatewayInfo | null {
  if (value === null) return null;
  if (!isRecord(value)) badRequest(`Invalid input for ${name}. Reason: ${pythonRepr(value)} is not a dictionary.`);
  const keys = Object.keys(value);
  if (keys.length > 0 && typeof value.network_id !== 'string')
    badRequest(
      `Invalid input for ${name}. Reason: Validation of dictionary's keys failed. Expected keys: {'network_id'} Provided keys: {${keys.map(pythonRepr).join(', ')}}.`,
    );
  return value;
}

/** Only administrators may say more of a gateway than its network, whatever they say. */
function checkPolicy(call: ScopedCall, given: GatewayInfo): void {
  const asked = (['network_id', 'external_fixed_ips', 'enable_snat'] as const).filter((key) => given[key] !== undefined);
  if (isAdmin(call) || asked.length < 2) return;
  const rule = `rule:${call.method === 'POST' ? 'create' : 'update'}_router`;
  const gateway = `${rule}:external_gateway_info`;
  const parts = asked.map((key) => `${gateway}:${key}`).join(' and ');
  refuse(403, 'PolicyNotAuthorized', `(${rule} and (${gateway} and (${parts}))) is disallowed by policy`);
}

/** Nothing, or no network, takes the gateway away. The same network again keeps its addresses, and has source NAT on unless told otherwise. */
export function setGateway(call: ScopedCall, router: Router, value: unknown): void {
  const given = (value ?? {}) as GatewayInfo;
  checkPolicy(call, given);
  const network = given.network_id === undefined ? undefined : findNetwork(call, given.network_id);
  if (network && !network.isExternal) refuse(400, 'BadRequest', `Bad router request: Network ${network.id} is not an external network.`);
  const before = router.gateway;
  if (before && before.networkId !== network?.id) dropGateway(call, router);
  if (!network) return;
  const wishes = given.external_fixed_ips && wishesOf(given.external_fixed_ips);
  const kept = router.gateway ? call.store.ports.get(router.gateway.portId) : undefined;
  if (kept && wishes) changeAddresses(call.store, kept, wishes);
  // The port on the external network belongs to no project, so that nobody trips over it.
  const standard = { ...newStandard(call, {}, 1), projectId: '' };
  const port = kept ?? makePort(call.world, { standard, network, securityGroupIds: [], portSecurity: false, ...(wishes && { wishes }) });
  if (!kept) bindPort(call.world, port, { deviceId: router.id, deviceOwner: 'network:router_gateway', hostId: 'sandbox-network' });
  router.gateway = { networkId: network.id, portId: port.id, enableSnat: given.enable_snat !== false };
}

function dropGateway(call: ScopedCall, router: Router): void {
  if (!router.gateway) return;
  const { networkId, portId } = router.gateway;
  if ([...call.store.floatingIps.values()].some((floatingIp) => floatingIp.routerId === router.id))
    refuse(
      409,
      'RouterExternalGatewayInUseByFloatingIp',
      `Gateway cannot be updated for router ${router.id}, since a gateway to external network ${networkId} is required by one or more floating IPs.`,
    );
  const port = call.store.ports.get(portId);
  if (port) dropPort(call.store, port);
  router.gateway = null;
}

export function gatewayDocument(call: ScopedCall, { gateway }: Router): object | null {
  if (!gateway) return null;
  const addresses = call.store.ports.get(gateway.portId)?.fixedIps ?? [];
  return {
    network_id: gateway.networkId,
    external_fixed_ips: addresses.map(({ subnetId, ipAddress }) => ({ subnet_id: subnetId, ip_address: ipAddress })),
    enable_snat: gateway.enableSnat,
  };
}
