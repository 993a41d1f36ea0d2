import { type Answer, type Call, isRecord, malformed } from '../call.ts';
import type { ApplicationCredential, Token, User } from '../store.ts';
import { toMicroseconds, type World } from '../world.ts';
import { authenticated, failure, forbidden, roleId, unauthenticated } from './answers.ts';
import { catalog } from './catalog.ts';

export function answerTokens(call: Call): Answer {
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
