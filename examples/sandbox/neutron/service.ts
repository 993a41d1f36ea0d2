import { type Answer, type Call, mayWrite, type ScopedCall, type Service, tokenOf, unauthorized } from '../call.ts';
import { createRouter } from '../routes.ts';
import { neutronError } from './errors.ts';
import { extensionRoutes } from './extensions.ts';
import { floatingIpRoutes } from './floating-ips.ts';
import { networkRoutes } from './networks.ts';
import { portRoutes } from './ports.ts';
import { quotaRoutes } from './quotas.ts';
import { routerRoutes } from './routers.ts';
import { securityGroupRuleRoutes } from './security-group-rules.ts';
import { securityGroupRoutes } from './security-groups.ts';
import { subnetRoutes } from './subnets.ts';
import { tagRoutes } from './tags.ts';

/** Neutron v2.0: networks and all that is plugged into them. */
export function createNetworking(): Service {
  const router = createRouter({
    ...networkRoutes,
    ...subnetRoutes,
    ...portRoutes,
    ...securityGroupRoutes,
    ...securityGroupRuleRoutes,
    ...routerRoutes,
    ...floatingIpRoutes,
    ...quotaRoutes,
    ...extensionRoutes,
    ...tagRoutes,
  });
  const answer = (call: Call): Answer => {
    if (call.path === '/') return { status: 200, body: { versions: [versionDocument(call)] } };
    const token = tokenOf(call);
    if (!token) return unauthorized(call.world);
    if (call.path === '/v2.0/') return { status: 200, body: { resources: resources(call) } };
    const path = call.path.replace(/^\/v2\.0/, '').replace(/\.json$/, '');
    const route = router.find(call.method, path) ?? router.find(call.method, `${path}.json`);
    if (!call.path.startsWith('/v2.0') || (!route && !router.knowsPath(path)))
      return neutronError(404, 'HTTPNotFound', 'The resource could not be found.');
    if (!route)
      return neutronError(
        405,
        'HTTPMethodNotAllowed',
        'The server could not comply with the request since it is either malformed or otherwise incorrect.',
      );
    const scoped: ScopedCall = { ...call, token, params: route.params, minor: 0 };
    if (call.method !== 'GET' && !mayWrite(scoped))
      return neutronError(403, 'PolicyNotAuthorized', `rule:${ruleName(call, path)} is disallowed by policy`);
    return route.handler(scoped);
  };
  return { name: 'network', prefix: '/network', alsoComputeRequestId: false, answer };
}

/** `create_network` for POST /networks. */
function ruleName(call: Call, path: string): string {
  const verb = { POST: 'create', PUT: 'update', DELETE: 'delete' }[call.method] ?? 'get';
  const noun = (path.split('/')[1] ?? '').replaceAll('-', '_').replace(/s$/, '');
  return `${verb}_${noun}`;
}

function versionDocument(call: Call): object {
  return { id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: `${call.world.origin}/network/v2.0/` }] };
}

function resources(call: Call): object[] {
  return ['network', 'subnet', 'port'].map((name) => ({
    name,
    collection: `${name}s`,
    links: [{ rel: 'self', href: `${call.world.origin}/network/v2.0/${name}s` }],
  }));
}
