import { type Answer, type Call, isRecord, mayWrite, notFoundPage, type ScopedCall, type Service, tokenOf, unauthorized } from '../call.ts';
import { faultAnswer } from '../fault-bodies.ts';
import { type MicroversionRange, negotiate } from '../microversion.ts';
import { createRouter } from '../routes.ts';
import { serverActions } from './actions.ts';
import { attachmentRoutes } from './attachments.ts';
import { diagnosticsRoutes } from './diagnostics.ts';
import { flavorRoutes } from './flavors.ts';
import { hypervisorRoutes } from './hypervisors.ts';
import { instanceActionRoutes } from './instance-actions.ts';
import { interfaceRoutes } from './interfaces.ts';
import { keypairRoutes } from './keypairs.ts';
import { metadataRoutes } from './metadata.ts';
import { migrationRoutes } from './moves.ts';
import { quotaRoutes } from './quotas.ts';
import { remoteConsoleRoutes } from './remote-consoles.ts';
import { serverGroupRoutes } from './server-groups.ts';
import { serverRoutes } from './servers.ts';
import { tagRoutes } from './tags.ts';

const range: MicroversionRange = {
  type: 'compute',
  major: 2,
  min: 1,
  max: 100,
  ifOthersOnly: 'minimum',
  legacyHeader: 'x-openstack-nova-api-version',
};

/** Nova 2.1 with microversions up to 2.100. */
export function createCompute(): Service {
  const router = createRouter({
    ...serverRoutes,
    ...metadataRoutes,
    ...tagRoutes,
    ...interfaceRoutes,
    ...instanceActionRoutes,
    ...diagnosticsRoutes,
    ...migrationRoutes,
    ...remoteConsoleRoutes,
    ...attachmentRoutes,
    ...keypairRoutes,
    ...flavorRoutes,
    ...serverGroupRoutes,
    ...quotaRoutes,
    ...hypervisorRoutes,
    'POST /servers/:id/action': serverActions,
    'GET /os-availability-zone': () => ({
      status: 200,
      body: { availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true }, hosts: null }] },
    }),
  });
  const answer = (call: Call): Answer => {
    if (call.path === '/') return { status: 200, body: { versions: [oldDocument(call), shortDocument(call)] } };
    const version = negotiate(range, call.headers);
    if (call.path === '/v2.1' || call.path === '/v2.1/')
      return { status: 200, body: { version: longDocument(call) }, headers: version.outcome === 'agreed' ? version.headers : {} };
    if (!call.path.startsWith('/v2.1/')) return notFoundPage;
    const token = tokenOf(call);
    if (!token) return unauthorized(call.world);
    if (version.outcome === 'unreadable') return faultAnswer(400, version.message);
    if (version.outcome === 'unsupported') return withHeaders(faultAnswer(406, version.message), version.headers);
    if (version.outcome !== 'agreed') return notFoundPage;
    const route = router.find(call.method, call.path.slice('/v2.1'.length));
    if (!route) return notFoundPage;
    const scoped: ScopedCall = { ...call, token, params: route.params, minor: version.minor };
    const isOwnKey = call.path.startsWith('/v2.1/os-keypairs');
    if (call.method !== 'GET' && !isOwnKey && !mayWrite(scoped))
      return withHeaders(faultAnswer(403, `Policy doesn't allow ${policyName(scoped)} to be performed.`), version.headers);
    return withHeaders(route.handler(scoped), version.headers);
  };
  return { name: 'compute', prefix: '/compute', alsoComputeRequestId: true, answer };
}

function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

function policyName(call: ScopedCall): string {
  const verb = { POST: 'create', PUT: 'update', DELETE: 'delete' }[call.method] ?? 'index';
  if (call.path.endsWith('/action'))
    return `os_compute_api:servers:${(isRecord(call.body) ? (Object.keys(call.body)[0] ?? '') : '').replace('os-', '')}`;
  if (call.path.endsWith('/remote-consoles')) return 'os_compute_api:os-remote-consoles';
  const noun = call.path.includes('/os-server-groups') ? 'os-server-groups' : 'servers';
  return `os_compute_api:${noun}:${verb}`;
}

const updated = '2013-07-23T11:33:21Z';

function oldDocument(call: Call): object {
  const links = [{ rel: 'self', href: `${call.world.origin}/compute/v2/` }];
  return { id: 'v2.0', status: 'SUPPORTED', version: '', min_version: '', updated: '2011-01-21T11:33:21Z', links };
}

function shortDocument(call: Call): object {
  const links = [{ rel: 'self', href: `${call.world.origin}/compute/v2.1/` }];
  return { id: 'v2.1', status: 'CURRENT', version: '2.100', min_version: '2.1', updated, links };
}

function longDocument(call: Call): object {
  return {
    id: 'v2.1',
    status: 'CURRENT',
    version: '2.100',
    min_version: '2.1',
    updated,
    links: [
      { rel: 'self', href: `${call.world.origin}/compute/v2.1/` },
      { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' },
    ],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' }],
  };
}
