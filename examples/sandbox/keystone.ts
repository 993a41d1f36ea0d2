import { type Answer, type Call, htmlPage, isRecord, malformed, Refusal, type Service, tokenOf } from './call.ts';
import type { ApplicationCredential, Token, User } from './store.ts';
import { toMicroseconds, type World } from './world.ts';

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
  if (first === 'projects') return answerProjects(call, caller, second);
  if (first === 'users' && second && !third) return showUser(call, caller, second);
  if (first === 'users' && second && third === 'application_credentials') return answerApplicationCredentials(call, caller, second, fourth);
  return htmlPage(404, 'Not Found', 'The requested URL was not found on the server.');
}

function failure(status: number, title: string, message: string, extra: Record<string, unknown> = {}): Refusal {
  return new Refusal({ status, body: { error: { code: status, ...extra, message, title } } });
}

function unauthenticated(
  world: World,
  message = 'The request you have made requires authentication.',
  extra: Record<string, unknown> = {},
): Refusal {
  return new Refusal({
    status: 401,
    headers: { 'www-authenticate': `Keystone uri="${world.origin}/identity/v3"` },
    body: { error: { code: 401, ...extra, message, title: 'Unauthorized' } },
  });
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

function answerTokens(call: Call): Answer {
  if (call.method === 'POST') return issueToken(call);
  const caller = authenticated(call);
  const subjectId = call.headers['x-subject-token'];
  const subject = typeof subjectId === 'string' ? call.world.store.tokens.get(subjectId) : undefined;
  if (!subject || subject.expiresAt <= call.world.clock.now()) throw failure(404, 'Not Found', 'Could not recognize Fernet token');
  if (subject.userId !== caller.userId && !caller.roles.includes('admin')) throw forbidden('identity:validate_token');
  if (call.method === 'DELETE') {
    call.world.store.tokens.delete(subject.id);
    return { status: 204 };
  }
  return { status: 200, headers: { 'x-subject-token': subject.id }, body: { token: tokenDocument(call, subject) } };
}

function issueToken(call: Call): Answer {
  if (call.body === malformed || call.body === undefined)
    throw failure(
      400,
      'Bad Request',
      'Expecting to find valid JSON in request body. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.',
    );
  const auth = isRecord(call.body) && isRecord(call.body.auth) ? call.body.auth : undefined;
  if (!auth) throw failure(400, 'Bad Request', "'auth' is a required property");
  if (!isRecord(auth.identity)) throw failure(400, 'Bad Request', "'identity' is a required property");
  const method = Array.isArray(auth.identity.methods) ? String(auth.identity.methods[0]) : '';
  const credentials = isRecord(auth.identity[method]) ? auth.identity[method] : {};
  const proven = prove(call, method, credentials, auth.scope !== undefined);
  const projectId = proven.credential?.projectId ?? scopedProject(call, auth.scope, proven.user);
  const { clock, random, durations } = call.world;
  const now = Math.floor(clock.now() / 1000) * 1000;
  const token: Token = {
    id: `gAAAAA${random.hex(96)}`,
    userId: proven.user.id,
    ...(projectId === undefined ? {} : { projectId }),
    roles: proven.credential?.roles ?? (projectId === undefined ? [] : (proven.user.roles[projectId] ?? [])),
    methods: proven.methods,
    auditIds: [random.hex(22), ...proven.auditIds],
    issuedAt: now,
    expiresAt: proven.expiresAt ?? now + durations.tokenMs,
  };
  call.world.store.tokens.set(token.id, token);
  return { status: 201, headers: { 'x-subject-token': token.id, vary: 'X-Auth-Token' }, body: { token: tokenDocument(call, token) } };
}

interface Proof {
  readonly user: User;
  readonly methods: readonly string[];
  readonly auditIds: readonly string[];
  readonly expiresAt?: number;
  readonly credential?: ApplicationCredential;
}

function prove(call: Call, method: string, credentials: Record<string, unknown>, hasScope: boolean): Proof {
  const { world } = call;
  if (method === 'password') {
    const user = findUser(world, credentials.user);
    if (!user || !isRecord(credentials.user) || credentials.user.password !== user.password) throw unauthenticated(world);
    return { user, methods: ['password'], auditIds: [] };
  }
  if (method === 'token') {
    const token = world.store.tokens.get(String(credentials.id));
    const user = token && world.store.users.get(token.userId);
    if (!token || !user || token.expiresAt <= world.clock.now()) throw failure(404, 'Not Found', 'Could not recognize Fernet token');
    return {
      user,
      methods: ['token', ...token.methods.filter((name) => name !== 'token')],
      auditIds: token.auditIds.slice(-1),
      expiresAt: token.expiresAt,
    };
  }
  if (method === 'application_credential') {
    const credential = findApplicationCredential(world, credentials);
    const user = world.store.users.get(credential.userId);
    if (!user || credential.secret !== credentials.secret) throw unauthenticated(world);
    if (hasScope)
      throw unauthenticated(world, 'Error authenticating with application credential: Application credentials cannot request a scope.', {
        identity: {},
      });
    return { user, methods: ['application_credential'], auditIds: [], credential };
  }
  throw unauthenticated(world, 'Attempted to authenticate with an unsupported method.', {
    identity: { methods: ['external', 'password', 'token', 'oauth1', 'mapped', 'application_credential'] },
  });
}

function findUser(world: World, wanted: unknown): User | undefined {
  if (!isRecord(wanted)) return undefined;
  if (typeof wanted.id === 'string') return world.store.users.get(wanted.id);
  return isDefaultDomain(wanted.domain) ? [...world.store.users.values()].find((user) => user.name === wanted.name) : undefined;
}

function findApplicationCredential(world: World, wanted: Record<string, unknown>): ApplicationCredential {
  const all = [...world.store.applicationCredentials.values()];
  const user = wanted.id === undefined ? findUser(world, wanted.user) : undefined;
  const found =
    wanted.id === undefined
      ? all.find((item) => item.name === wanted.name && item.userId === user?.id)
      : all.find((item) => item.id === wanted.id);
  if (!found) throw failure(404, 'Not Found', `Could not find Application Credential: ${String(wanted.id ?? wanted.name)}.`);
  return found;
}

function isDefaultDomain(domain: unknown): boolean {
  return isRecord(domain) && (domain.id === 'default' || domain.name === 'Default');
}

/** The project a token is for: the one asked for, or the user's own; undefined when asked for none. A wrong one is a plain 401. */
function scopedProject(call: Call, scope: unknown, user: User): string | undefined {
  if (scope === undefined) return user.defaultProjectId;
  if (scope === 'unscoped' || (isRecord(scope) && 'unscoped' in scope)) return undefined;
  const wanted = isRecord(scope) ? scope.project : undefined;
  if (!isRecord(wanted)) throw unauthenticated(call.world);
  const projects = [...call.world.store.projects.values()];
  const project =
    typeof wanted.id === 'string'
      ? projects.find(({ id }) => id === wanted.id)
      : projects.find(({ name }) => name === wanted.name && isDefaultDomain(wanted.domain));
  if (!project || !user.roles[project.id]) throw unauthenticated(call.world);
  return project.id;
}

function tokenDocument(call: Call, token: Token): object {
  const { world } = call;
  const user = world.store.users.get(token.userId);
  const project = token.projectId === undefined ? undefined : world.store.projects.get(token.projectId);
  const domain = { id: 'default', name: 'Default' };
  const scoped = project && {
    project: { domain, id: project.id, name: project.name },
    is_domain: false,
    roles: token.roles.map((name) => ({ id: roleId(name), name })),
    ...(call.query.has('nocatalog') ? {} : { catalog: catalog(world, project.id) }),
  };
  return {
    methods: token.methods,
    user: { domain, id: token.userId, name: user?.name ?? '', password_expires_at: null },
    audit_ids: token.auditIds,
    expires_at: `${toMicroseconds(token.expiresAt)}Z`,
    issued_at: `${toMicroseconds(token.issuedAt)}Z`,
    ...scoped,
  };
}

function roleId(name: string): string {
  return Buffer.from(name.padEnd(16, '.')).toString('hex').slice(0, 32);
}

function catalog(world: World, projectId: string): object[] {
  const entries = [
    { type: 'identity', name: 'keystone', url: `${world.origin}/identity/v3` },
    { type: 'image', name: 'glance', url: `${world.origin}/image` },
    { type: 'compute', name: 'nova', url: `${world.origin}/compute/v2.1` },
    { type: 'block-storage', name: 'cinder', url: `${world.origin}/volume/v3/${projectId}` },
    { type: 'network', name: 'neutron', url: `${world.origin}/network` },
  ];
  return entries.map(({ type, name, url }, number) => ({
    endpoints: ['public', 'admin', 'internal'].map((face, index) => ({
      id: `${number}${index}`.padStart(32, '0'),
      interface: face,
      region_id: world.region,
      url,
      region: world.region,
    })),
    id: String(number).padStart(32, 'c'),
    type,
    name,
  }));
}

function authenticated(call: Call): Token {
  const scoped = tokenOf(call);
  if (scoped) return scoped;
  const id = call.headers['x-auth-token'];
  const token = typeof id === 'string' ? call.world.store.tokens.get(id) : undefined;
  if (!token || token.expiresAt <= call.world.clock.now()) throw unauthenticated(call.world);
  return token;
}

function forbidden(action: string): Refusal {
  return failure(403, 'Forbidden', `You are not authorized to perform the requested action: ${action}.`);
}

function listOf(call: Call, name: string, rows: readonly object[]): object {
  return { [name]: rows, links: { next: null, self: `${call.world.origin}/identity${call.path}`, previous: null } };
}

function projectDocument(world: World, project: { id: string; name: string }): object {
  const links = { self: `${world.origin}/identity/v3/projects/${project.id}` };
  return {
    ...project,
    domain_id: 'default',
    description: '',
    enabled: true,
    parent_id: 'default',
    is_domain: false,
    tags: [],
    options: {},
    links,
  };
}

function ownProjects(call: Call, caller: Token): object[] {
  const roles = call.store.users.get(caller.userId)?.roles ?? {};
  return [...call.store.projects.values()].filter(({ id }) => roles[id]).map((project) => projectDocument(call.world, project));
}

/** Admins list, make and delete projects: a test of quotas wants one of its own. */
function answerProjects(call: Call, caller: Token, id: string | undefined): Answer {
  const { store, random } = call.world;
  const isAdmin = caller.roles.includes('admin');
  const project = id === undefined ? undefined : store.projects.get(id);
  if (id !== undefined && !project) throw failure(404, 'Not Found', `Could not find project: ${id}.`);
  if (call.method === 'GET' && project) {
    if (!isAdmin && caller.projectId !== id) throw forbidden('identity:get_project');
    return { status: 200, body: { project: projectDocument(call.world, project) } };
  }
  if (!isAdmin)
    throw forbidden(
      `identity:${call.method === 'GET' ? 'list' : call.method === 'POST' ? 'create' : 'delete'}_project${call.method === 'GET' ? 's' : ''}`,
    );
  if (call.method === 'GET') {
    const name = call.query.get('name');
    const rows = [...store.projects.values()].filter((row) => name === null || row.name === name);
    return {
      status: 200,
      body: listOf(
        call,
        'projects',
        rows.map((row) => projectDocument(call.world, row)),
      ),
    };
  }
  if (call.method === 'DELETE' && project) {
    store.projects.delete(project.id);
    return { status: 204 };
  }
  const wanted = isRecord(call.body) && isRecord(call.body.project) ? call.body.project : {};
  const name = String(wanted.name);
  if ([...store.projects.values()].some((row) => row.name === name))
    throw failure(
      409,
      'Conflict',
      `Conflict occurred attempting to store project - it is not permitted to have two projects with the same name in the same domain : ${name}.`,
    );
  const made = { id: random.hex(32), name };
  store.projects.set(made.id, made);
  return { status: 201, body: { project: projectDocument(call.world, made) } };
}

function showUser(call: Call, caller: Token, id: string): Answer {
  const user = call.store.users.get(id);
  if (caller.userId !== id && !caller.roles.includes('admin')) throw forbidden('identity:get_user');
  if (!user) throw failure(404, 'Not Found', `Could not find user: ${id}.`);
  const links = { self: `${call.world.origin}/identity/v3/users/${id}` };
  const document = {
    id,
    name: user.name,
    domain_id: 'default',
    enabled: true,
    default_project_id: user.defaultProjectId,
    password_expires_at: null,
    options: {},
    links,
  };
  return { status: 200, body: { user: document } };
}

function answerApplicationCredentials(call: Call, caller: Token, userId: string, id: string | undefined): Answer {
  const { store, random } = call.world;
  if (caller.userId !== userId) throw forbidden(`identity:${call.method === 'POST' ? 'create' : 'list'}_application_credential`);
  const own = [...store.applicationCredentials.values()].filter((item) => item.userId === userId);
  const found = id === undefined ? undefined : own.find((item) => item.id === id);
  if (id !== undefined && !found) throw failure(404, 'Not Found', `Could not find Application Credential: ${id}.`);
  if (call.method === 'GET') {
    if (found) return { status: 200, body: { application_credential: credentialDocument(call.world, found) } };
    return {
      status: 200,
      body: listOf(
        call,
        'application_credentials',
        own.map((item) => credentialDocument(call.world, item)),
      ),
    };
  }
  if (call.method === 'DELETE' && found) {
    store.applicationCredentials.delete(found.id);
    // Keystone revokes the tokens of a deleted credential.
    for (const token of store.tokens.values())
      if (token.methods.includes('application_credential') && token.userId === userId) store.tokens.delete(token.id);
    return { status: 204 };
  }
  const wanted = isRecord(call.body) && isRecord(call.body.application_credential) ? call.body.application_credential : {};
  const name = String(wanted.name);
  if (own.some((item) => item.name === name))
    throw failure(
      409,
      'Conflict',
      `Conflict occurred attempting to store application_credential - Duplicate entry found with name ${name}.`,
    );
  const made: ApplicationCredential = {
    id: random.hex(32),
    name,
    description: typeof wanted.description === 'string' ? wanted.description : null,
    secret: typeof wanted.secret === 'string' ? wanted.secret : random.hex(64),
    userId,
    projectId: caller.projectId ?? '',
    roles: caller.roles,
    expiresAt: typeof wanted.expires_at === 'string' ? wanted.expires_at : null,
    unrestricted: typeof wanted.unrestricted === 'boolean' ? wanted.unrestricted : null,
  };
  store.applicationCredentials.set(made.id, made);
  return { status: 201, body: { application_credential: { ...credentialDocument(call.world, made), secret: made.secret } } };
}

function credentialDocument(world: World, item: ApplicationCredential): object {
  return {
    id: item.id,
    name: item.name,
    description: item.description,
    user_id: item.userId,
    project_id: item.projectId,
    system: null,
    expires_at: item.expiresAt,
    unrestricted: item.unrestricted,
    roles: item.roles.map((name) => ({ id: roleId(name), name, domain_id: null, description: null, options: { immutable: true } })),
    links: { self: `${world.origin}/identity/v3/users/${item.userId}/application_credentials/${item.id}` },
  };
}
