import { type Answer, type Call, htmlPage, type Service } from '../call.ts';
import type { World } from '../world.ts';
import { authenticated, listOf } from './answers.ts';
import { answerApplicationCredentials } from './application-credentials.ts';
import { catalog } from './catalog.ts';
import { answerProjects, changeGrant, listRoles, ownProjects, showUser } from './projects.ts';
import { answerTokens } from './tokens.ts';

/** Keystone v3: tokens, the catalog, application credentials, and as much of users and projects as people look up. */
export function createIdentity(): Service {
  return { name: 'identity', prefix: '/identity', alsoComputeRequestId: false, answer };
}

function answer(call: Call): Answer {
  const path = call.path.replace(/\/$/, '');
  if (path === '')
    return {
      status: 300,
      body: { versions: { values: [versionDocument(call.world)] } },
      headers: { location: `${call.world.origin}/identity/v3/` },
    };
  if (path === '/v3') return { status: 200, body: { version: versionDocument(call.world) } };
  if (path === '/v3/auth/tokens') return answerTokens(call);
  const caller = authenticated(call);
  const [, , first, second, third, fourth] = path.split('/');
  if (path === '/v3/auth/catalog')
    return { status: 200, body: { catalog: catalog(call.world, caller.projectId ?? ''), links: { next: null } } };
  if (path === '/v3/auth/projects') return { status: 200, body: listOf(call, 'projects', ownProjects(call, caller)) };
  const [, , , , , , fifth, sixth] = path.split('/');
  if (path === '/v3/roles') return listRoles(call, caller);
  if (first === 'projects' && second && third === 'users' && fourth && fifth === 'roles' && sixth)
    return changeGrant(call, caller, { project: second, user: fourth, role: sixth });
  if (first === 'projects' && !third) return answerProjects(call, caller, second);
  if (first === 'users' && second && !third) return showUser(call, caller, second);
  if (first === 'users' && second && third === 'application_credentials') return answerApplicationCredentials(call, caller, second, fourth);
  return htmlPage(404, 'Not Found', 'The requested URL was not found on the server.');
}

function versionDocument(world: World): object {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${world.origin}/identity/v3/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  };
}
