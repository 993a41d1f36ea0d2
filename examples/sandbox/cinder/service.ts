import {
  type Answer,
  type Call,
  isAdmin,
  isRecord,
  mayWrite,
  notFoundPage,
  type ScopedCall,
  type Service,
  tokenOf,
  unauthorized,
} from '../call.ts';
import { faultAnswer, refuse } from '../fault-bodies.ts';
import { type MicroversionRange, negotiate } from '../microversion.ts';
import { createRouter, type Handler } from '../routes.ts';
import { volumeActions } from './actions.ts';
import { quotaRoutes } from './quotas.ts';
import { snapshotRoutes } from './snapshots.ts';
import { typeRoutes } from './types.ts';
import { volumeRoutes } from './volumes.ts';

const range: MicroversionRange = { type: 'volume', major: 3, min: 0, max: 71, ifOthersOnly: 'refuse' };

/** Cinder v3: volumes, snapshots, types, quotas. */
export function createBlockStorage(): Service {
  const router = createRouter({
    ...volumeRoutes,
    ...snapshotRoutes,
    ...typeRoutes,
    ...quotaRoutes,
    'POST /volumes/:id/action': volumeActions,
    'GET /os-availability-zone': () => ({
      status: 200,
      body: { availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true } }] },
    }),
  });
  const answer = (call: Call): Answer => {
    if (call.path === '/' || call.path === '/v3/') return versions(call);
    if (!call.path.startsWith('/v3')) return notFoundPage;
    const token = tokenOf(call);
    if (!token) return unauthorized(call.world);
    const version = negotiate(range, call.headers);
    if (version.outcome === 'others-only')
      return faultAnswer(400, 'The server could not comply with the request since it is either malformed or otherwise incorrect.');
    if (version.outcome === 'unreadable') return faultAnswer(400, version.message);
    if (version.outcome === 'unsupported') return { ...faultAnswer(406, version.message), headers: version.headers };
    const path = withoutProject(call.path.slice('/v3'.length), token.projectId);
    const route = router.find(call.method, path);
    if (!route) return notFoundPage;
    const scoped: ScopedCall = { ...call, token, params: route.params, minor: version.minor };
    const answered = runChecked(scoped, route.handler);
    return { ...answered, headers: { ...version.headers, ...answered.headers } };
  };
  return { name: 'block-storage', prefix: '/volume', alsoComputeRequestId: true, answer };
}

/** Readers may not write; nobody but an admin sets quotas. */
function runChecked(call: ScopedCall, handler: Handler): Answer {
  if (call.method !== 'GET' && !mayWrite(call)) refuse(403, `Policy doesn't allow ${policyName(call)} to be performed.`);
  if (call.method === 'PUT' && call.path.includes('/os-quota-sets/') && !isAdmin(call))
    refuse(403, "Policy doesn't allow volume_extension:quotas:update to be performed.");
  return handler(call);
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', DELETE: 'delete' };

function policyName(call: ScopedCall): string {
  const action = isRecord(call.body) ? Object.keys(call.body)[0] : undefined;
  if (call.path.endsWith('/action'))
    return action === 'os-extend' ? 'volume:extend' : `volume_extension:volume_actions:${(action ?? '').replace('os-', '')}`;
  if (call.path.includes('/metadata')) return `volume:${verbs[call.method]}_volume_metadata`;
  return call.path.includes('/snapshots') ? `volume:${verbs[call.method]}_snapshot` : `volume:${verbs[call.method]}`;
}

/** The catalog's address holds the project id, but one without it works too. Someone else's project is no path at all. */
function withoutProject(path: string, projectId: string): string {
  return path.startsWith(`/${projectId}/`) ? path.slice(projectId.length + 1) : path;
}

function versions(call: Call): Answer {
  const document = {
    id: 'v3.0',
    status: 'CURRENT',
    version: '3.71',
    min_version: '3.0',
    updated: '2023-08-31T00:00:00Z',
    links: [
      { rel: 'describedby', type: 'text/html', href: 'https://docs.openstack.org/' },
      { rel: 'self', href: `${call.world.origin}/volume/v3/` },
    ],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.volume+json;version=3' }],
  };
  return { status: call.path === '/' ? 300 : 200, body: { versions: [document] } };
}
