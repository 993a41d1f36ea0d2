import { type Answer, isAdmin, type ScopedCall } from '../call.ts';
import type { RouteTable } from '../routes.ts';
import type { Port, Router } from '../store.ts';
import { type Attributes, anything, boolean, readBody } from './attributes.ts';
import { refuse } from './errors.ts';
import { type Collection, listAnswer } from './listing.ts';
import { dropPort, portsOfDevice } from './port-index.ts';
import { reserve } from './quotas.ts';
import { gatewayDocument, gatewayInfo, setGateway } from './router-gateway.ts';
import { addInterface, isInterface, removeInterface } from './router-interfaces.ts';
import { checkNextHops, routerRoutesOf } from './router-routes.ts';
import { checkRevision, isVisible, newStandard, standardDocument, standardFilters, updateStandard } from './standard.ts';

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
  'PUT /routers/:id/add_router_interface': (call) => addInterface(call, findRouter(call)),
  'PUT /routers/:id/remove_router_interface': (call) => removeInterface(call, findRouter(call)),
};

const attributes: Attributes = {
  admin_state_up: { convert: boolean },
  external_gateway_info: { convert: gatewayInfo },
  routes: { convert: routerRoutesOf, post: false },
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
  const routes = given.routes as Router['routes'] | undefined;
  if (routes) checkNextHops(call, router, routes);
  if (given.external_gateway_info !== undefined) setGateway(call, router, given.external_gateway_info);
  if (typeof given.admin_state_up === 'boolean') router.isUp = given.admin_state_up;
  if (routes) router.routes = routes.toSorted((one, other) => (one.destination < other.destination ? -1 : 1));
  updateStandard(call.world, router, given);
  return { status: 200, body: { router: routerDocument(call, router) } };
}

function deleteRouter(call: ScopedCall): Answer {
  const router = findRouter(call);
  const attached = portsOfDevice(call.store, router.id).filter(isInterface);
  if (attached.length > 0)
    refuse(409, 'RouterInUse', `Router ${router.id} has ports still attached: ${attached.map(({ id }) => id).join(', ')}`);
  const gatewayPort = router.gateway ? call.store.ports.get(router.gateway.portId) : undefined;
  if (gatewayPort) dropPort(call.store, gatewayPort);
  call.store.routers.delete(router.id);
  return { status: 204 };
}

function routerDocument(call: ScopedCall, router: Router): Record<string, unknown> {
  const isPlaced = router.gateway !== null || portsOfDevice(call.store, router.id).some((port: Port) => isInterface(port));
  return {
    id: router.id,
    name: router.name,
    tenant_id: router.projectId,
    admin_state_up: router.isUp,
    status: 'ACTIVE',
    external_gateway_info: gatewayDocument(call, router),
    description: router.description,
    availability_zones: isPlaced ? ['nova'] : [],
    availability_zone_hints: [],
    routes: router.routes.map(({ destination, nexthop }) => ({ destination, nexthop })),
    flavor_id: null,
    ...standardDocument(router),
    ...(isAdmin(call) ? { distributed: false, ha: false } : {}),
  };
}
