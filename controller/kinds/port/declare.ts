import type { JsonObject } from '#controller/engine/json.ts';
import type { Names } from '#controller/engine/kind.ts';
import { declaredDescription } from '#controller/inventory/stamp.ts';
import { pointAt } from '../declarations.ts';
import type { CloudHandle } from '../handle.ts';
import { observedPairs, pairBody } from './pairs.ts';
import type { ObservedPort } from './port.ts';

/** The spec that declares what a port is: its addresses too, since people reach it by them. */
export function declarePort(cloud: CloudHandle, { port, automatic, defaultGroupId }: ObservedPort, names: Names): JsonObject {
  const description = declaredDescription(port.description);
  const fixedIPs = port.fixed_ips.filter((ip) => !automatic.includes(ip.subnet_id)).map((ip) => fixedIPOf(ip, names));
  const pairs = observedPairs(port).map(pairBody);
  const groups = groupsOf(port.security_groups, defaultGroupId, names);
  const tags = (port.tags ?? []).toSorted();
  const vnicType = port['binding:vnic_type'] ?? 'normal';
  return {
    ...pointAt(cloud, names, { kind: 'Network', type: 'network', id: port.network_id, field: 'network' }),
    name: port.name,
    ...(description !== '' && { description }),
    ...(!port.admin_state_up && { adminStateUp: false }),
    fixedIPs,
    macAddress: port.mac_address,
    ...(groups && { securityGroupRefs: groups }),
    ...(port.port_security_enabled === false && { portSecurityEnabled: false }),
    ...(pairs.length > 0 && {
      allowedAddressPairs: pairs.map((pair) => ({
        ipAddress: pair.ip_address,
        ...(pair.mac_address !== undefined && { macAddress: pair.mac_address }),
      })),
    }),
    ...(vnicType !== 'normal' && { vnicType }),
    ...(tags.length > 0 && { tags }),
  };
}

function fixedIPOf(ip: { subnet_id: string; ip_address: string }, names: Names): JsonObject {
  const name = names.nameOf('Subnet', ip.subnet_id);
  return { ...(name !== undefined && { subnetRef: { name } }), ipAddress: ip.ip_address };
}

/** The default group alone is what a port gets unasked. A group without an object cannot be named, and then none of them is. */
function groupsOf(ids: readonly string[], defaultGroupId: string | undefined, names: Names): JsonObject[] | undefined {
  if (ids.length === 1 && ids[0] === defaultGroupId) return undefined;
  const found = ids.flatMap((id) => names.nameOf('SecurityGroup', id) ?? []);
  return found.length === ids.length ? found.toSorted().map((name) => ({ name })) : undefined;
}
