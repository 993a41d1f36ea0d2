import type { JsonObject } from '#controller/engine/json.ts';
import type { Names } from '#controller/engine/kind.ts';
import { declaredDescription } from '#controller/inventory/stamp.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import type { Router } from '#controller/openstack/network/routers.ts';
import { pointAt } from '../declarations.ts';
import type { CloudHandle } from '../handle.ts';

/** The spec that declares what a router is. Its addresses on the external network are the cloud's choice, and left to it. */
export function declareRouter(cloud: CloudHandle, router: Router, ports: readonly Port[], names: Names): JsonObject {
  const description = declaredDescription(router.description);
  const gateway = router.external_gateway_info;
  const interfaces = interfacesOf(ports, names);
  const tags = (router.tags ?? []).toSorted();
  return {
    name: router.name,
    ...(description !== '' && { description }),
    ...(!router.admin_state_up && { adminStateUp: false }),
    ...(gateway && {
      externalGateway: {
        ...pointAt(cloud, names, { kind: 'Network', type: 'network', id: gateway.network_id, field: 'network' }),
        ...(gateway.enable_snat === false && { enableSNAT: false }),
      },
    }),
    ...(interfaces.length > 0 && { interfaces }),
    ...(router.routes.length > 0 && { routes: router.routes.map(({ destination, nexthop }) => ({ destination, nexthop })) }),
    ...(tags.length > 0 && { tags }),
  };
}

/** None unless all can be named: a list is the whole of it, and one left out would be unplugged. */
function interfacesOf(ports: readonly Port[], names: Names): JsonObject[] {
  const found = ports.flatMap((port): (JsonObject | undefined)[] => {
    const portName = names.nameOf('Port', port.id);
    if (portName !== undefined) return [{ portRef: { name: portName } }];
    return [...new Set(port.fixed_ips.map((ip) => ip.subnet_id))].map((id) => {
      const name = names.nameOf('Subnet', id);
      return name === undefined ? undefined : { subnetRef: { name } };
    });
  });
  const named = found.filter((one) => one !== undefined);
  return named.length === found.length ? named : [];
}
