import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import type { RouteTable } from '../routes.ts';
import type { Port, Router, Subnet } from '../store.ts';
import { type Attributes, anything, boolean, readBody, records } from './attributes.ts';
import { badRequest, refuse } from './errors.ts';
import { type Collection, listAnswer } from './listing.ts';
import { findNetwork } from './networks.ts';
import { dropPort, portsOfDevice } from './port-index.ts';
import { bindPort, findPort, makePort } from './ports.ts';
import { reserve } from './quotas.ts';
import { checkRevision, isVisible, newStandard, standardDocument, standardFilters, touch, updateStandard } from './standard.ts';
import { findSubnet } from './subnets.ts';

export const routerRoutes: RouteTable = {
  'GET /routers': (call) =>
    listAnswer(
      call,
      collection,
      [...call.store.routers.values()].filter((router) => isVisible(call, router)).map((router) => routerDocument(call, router)),
    ),
  'POST /routers': createRouter,
  'GET /routers/:id': (call) => ({ status: 200, body: { router: routerDocument(call, findRouter(call)) } }),
  'PUT /routers/:id': updateRouter,
  'DELETE /routers/:id': deleteRouter,
  'PUT /routers/:id/add_router_interface': addInterface,
  'PUT /routers/:id/remove_router_interface': removeInterface,
};

const attributes: Attributes = {
  admin_state_up: { convert: boolean },
  external_gateway_info: { convert: anything },
  routes: { convert: records, post: false },
  availability_zone_hints: { convert: anything, put: false },
  flavor_id: { convert: anything, put: false },
  distributed: { convert: boolean, adminOnly: true },
  ha: { convert: boolean, adminOnly: true },
};

const collection: Collection = {
  plural: 'routers',
  path: 'routers',
  notFound: routerNotFound,
  filters: [...standardFilters, ...Object.keys(attributes)],
};

const interfaceOwner = 'network:router_interface';

function routerNotFound(id: string): never {
  return refuse(404, 'RouterNotFound', `Router ${id} could not be found`);
}

function findRouter(call: ScopedCall): Router {
  const id = call.params.id ?? '';
  const router = call.store.routers.get(id);
  return router && isVisible(call, router) ? router : routerNotFound(id);
}

function createRouter(call: ScopedCall): Answer {
  const given = readBody(call, 'router', attributes)[0] ?? {};
  reserve(call.world, call.token.projectId, 'router');
  const router: Router = { ...newStandard(call, given, 1), isUp: given.admin_state_up !== false, gateway: null, routes: [] };
  if (given.external_gateway_info) setGateway(call, router, given.external_gateway_info);
  call.store.routers.set(router.id, router);
  return { status: 201, body: { router: routerDocument(call, router) } };
}

function updateRouter(call: ScopedCall): Answer {
  const given = readBody(call, 'router', attributes)[0] ?? {};
  const router = findRouter(call);
  checkRevision(call, router);
  if (given.external_gateway_info !== undefined) setGateway(call, router, given.external_gateway_info);
  if (typeof given.admin_state_up === 'boolean') router.isUp = given.admin_state_up;
  if (Array.isArray(given.routes)) router.routes = given.routes as Router['routes'];
  updateStandard(call.world, router, given);
  return { status: 200, body: { router: routerDocument(call, router) } };
}

/** The port on the external network belongs to no project, so that nobody trips over it. */
function setGateway(call: ScopedCall, router: Router, given: unknown): void {
  if (router.gateway) {
    const serves = [...call.store.floatingIps.values()].some((floatingIp) => floatingIp.routerId === router.id);
    if (serves)
      refuse(
        409,
        'RouterExternalGatewayInUseByFloatingIp',
        `Gateway cannot be updated for router ${router.id}, since a gateway to external network ${router.gateway.networkId} is required by one or more floating IPs.`,
      );
    const port = call.store.ports.get(router.gateway.portId);
    if (port) dropPort(call.store, port);
    router.gateway = null;
  }
  if (!isRecord(given) || typeof given.network_id !== 'string') return;
  const network = findNetwork(call, given.network_id);
  if (!network.isExternal) badRequest(`Bad router request: Network ${network.id} is not an external network.`);
  const standard = { ...newStandard(call, {}, 1), projectId: '' };
  const port = makePort(call.world, { standard, network, securityGroupIds: [], portSecurity: false });
  bindPort(call.world, port, { deviceId: router.id, deviceOwner: 'network:router_gateway', hostId: 'sandbox-network' });
  router.gateway = { networkId: network.id, portId: port.id, enableSnat: given.enable_snat !== false };
}

function interfaces(call: ScopedCall, router: Router): Port[] {
  return portsOfDevice(call.store, router.id).filter((port) => port.deviceOwner === interfaceOwner);
}

function deleteRouter(call: ScopedCall): Answer {
  const router = findRouter(call);
  const attached = interfaces(call, router);
  if (attached.length > 0)
    refuse(409, 'RouterInUse', `Router ${router.id} has ports still attached: ${attached.map(({ id }) => id).join(', ')}`);
  setGateway(call, router, null);
  call.store.routers.delete(router.id);
  return { status: 204 };
}

function addInterface(call: ScopedCall): Answer {
  const router = findRouter(call);
  const given = isRecord(call.body) ? call.body : {};
  const port =
    typeof given.port_id === 'string'
      ? findPort(call, given.port_id)
      : portOnSubnet(call, router, findSubnet(call, String(given.subnet_id)));
  if (port.deviceId !== '')
    refuse(
      409,
      'PortInUse',
      `Unable to complete operation on port ${port.id} for network ${port.networkId}. Port already has an attached device ${port.deviceId}.`,
    );
  bindPort(call.world, port, { deviceId: router.id, deviceOwner: interfaceOwner, hostId: 'sandbox-network' });
  touch(call.world, router);
  return { status: 200, body: interfaceDocument(router, port) };
}

function portOnSubnet(call: ScopedCall, router: Router, subnet: Subnet): Port {
  if (subnet.gatewayIp === null) badRequest(`Bad router request: Subnet for router interface must have a gateway IP.`);
  if (interfaces(call, router).some((port) => port.fixedIps.some(({ subnetId }) => subnetId === subnet.id)))
    badRequest(`Bad router request: Router already has a port on subnet ${subnet.id}.`);
  const network = findNetwork(call, subnet.networkId);
  const wishes = [{ subnetId: subnet.id, ipAddress: subnet.gatewayIp }];
  return makePort(call.world, { standard: newStandard(call, {}, 1), network, wishes, securityGroupIds: [], portSecurity: false });
}

function removeInterface(call: ScopedCall): Answer {
  const router = findRouter(call);
  const given = isRecord(call.body) ? call.body : {};
  const port = interfaces(call, router).find(
    (row) => row.id === given.port_id || row.fixedIps.some(({ subnetId }) => subnetId === given.subnet_id),
  );
  if (!port) refuse(404, 'RouterInterfaceNotFoundForSubnet', `Router ${router.id} has no interface on subnet ${String(given.subnet_id)}.`);
  const subnetId = port.fixedIps[0]?.subnetId ?? '';
  const needed = [...call.store.floatingIps.values()].some((row) => {
    const inner = row.portId === null ? undefined : call.store.ports.get(row.portId);
    return row.routerId === router.id && inner?.fixedIps.some((address) => address.subnetId === subnetId);
  });
  if (needed)
    refuse(
      409,
      'RouterInterfaceInUseByFloatingIP',
      `Router interface for subnet ${subnetId} on router ${router.id} cannot be deleted, as it is required by one or more floating IPs.`,
    );
  dropPort(call.store, port);
  touch(call.world, router);
  return { status: 200, body: interfaceDocument(router, port) };
}

function interfaceDocument(router: Router, port: Port): object {
  const subnetIds = port.fixedIps.map(({ subnetId }) => subnetId);
  return {
    id: router.id,
    tenant_id: router.projectId,
    port_id: port.id,
    network_id: port.networkId,
    subnet_id: subnetIds[0] ?? null,
    subnet_ids: subnetIds,
  };
}

function routerDocument(call: ScopedCall, router: Router): Record<string, unknown> {
  const port = router.gateway ? call.store.ports.get(router.gateway.portId) : undefined;
  const gateway = router.gateway && {
    network_id: router.gateway.networkId,
    external_fixed_ips: (port?.fixedIps ?? []).map(({ subnetId, ipAddress }) => ({ subnet_id: subnetId, ip_address: ipAddress })),
    enable_snat: router.gateway.enableSnat,
  };
  return {
    id: router.id,
    name: router.name,
    tenant_id: router.projectId,
    admin_state_up: router.isUp,
    status: 'ACTIVE',
    external_gateway_info: gateway,
    description: router.description,
    availability_zones: ['nova'],
    availability_zone_hints: [],
    routes: router.routes,
    flavor_id: null,
    ...standardDocument(router),
  };
}
