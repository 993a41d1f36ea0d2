import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../routes/problem.ts';
import { type Forgery, forgeryIn } from './csrf.ts';
import { type Decision, decide, decideAnywhere, everywhere, type Place } from './decide.ts';
import type { Identity } from './identity.ts';
import type { Permission } from './permissions.ts';

/**
 * Who may use a route, said in its `config.access`:
 * - `open`: anybody, known or not;
 * - `signed-in`: whoever is known; the handler decides what they see;
 * - a permission and where it is needed: `anywhere` for lists, which the handler narrows with `request.may`; `everywhere` for what concerns
 *   the whole installation; else a place taken from the request.
 */
export type Access =
  | 'open'
  | 'signed-in'
  | { readonly permission: Permission; readonly at: 'anywhere' | 'everywhere' | ((request: FastifyRequest) => Place) };

declare module 'fastify' {
  interface FastifyInstance {
    denied: Denied;
  }
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Set on every route that is not `open`. */
    identity: Identity;
    /** What the person behind this request may do at a place the handler found out. */
    may(permission: Permission, place: Place): Decision;
  }
}

export interface GateOptions {
  /** Who sends a request; undefined when nobody known does. */
  authenticate(request: FastifyRequest): Promise<Identity | undefined>;
  /** Told of each refusal, before it is answered. */
  denied: Denied;
}

export type Denial = Decision & { readonly allowed: false };
type Denied = (request: FastifyRequest, denial: Pick<Denial, 'reason'> & { readonly permission?: Permission }) => Promise<void>;

/** Refuses every request that the policy table does not let through. A route without `config.access` fails at registration. */
export function addGate(app: FastifyInstance, options: GateOptions): void {
  app.decorateRequest('identity', undefined as unknown as Identity);
  app.decorateRequest('may', function may(this: FastifyRequest, permission: Permission, place: Place) {
    return decide(this.identity, permission, place);
  });
  app.decorate('denied', options.denied);
  app.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.access) throw new Error(`${String(method)} ${url} does not say who may use it: give it config.access.`);
  });
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config;
    const identity = await options.authenticate(request);
    if (identity) request.identity = identity;
    else if (access !== 'open') return answerUnknown(reply);
    const forgery = identity?.how === 'cookie' ? forgeryIn(request, identity.csrf) : undefined;
    return forgery === undefined ? undefined : answerForgery(request, reply, forgery);
  });
  // Before validation: who may do this nowhere is not told what it takes.
  app.addHook('preValidation', async (request, reply) => {
    const { access } = request.routeOptions.config;
    if (!access || typeof access === 'string') return undefined;
    const { permission, at } = access;
    const decision = at === 'everywhere' ? decide(request.identity, permission, everywhere) : decideAnywhere(request.identity, permission);
    return decision.allowed ? undefined : forbid(request, reply, decision);
  });
  // Behind validation: a place is read from parameters that are known to be well-formed.
  app.addHook('preHandler', async (request, reply) => {
    const { access } = request.routeOptions.config;
    if (!access || typeof access === 'string' || typeof access.at === 'string') return undefined;
    const decision = decide(request.identity, access.permission, access.at(request));
    return decision.allowed ? undefined : forbid(request, reply, decision);
  });
}

/** Answers 403 for what a handler found out is not allowed, and has it recorded. */
export async function forbid(request: FastifyRequest, reply: FastifyReply, decision: Denial): Promise<FastifyReply> {
  await request.server.denied(request, decision);
  return problem(reply, 403, 'Forbidden', decision.reason, { permission: decision.permission });
}

/** Refuses what another site may have made a browser send, and has it recorded. */
export async function answerForgery(request: FastifyRequest, reply: FastifyReply, { title, reason }: Forgery): Promise<FastifyReply> {
  await request.server.denied(request, { reason });
  return problem(reply, 403, title, reason);
}

function answerUnknown(reply: FastifyReply): FastifyReply {
  reply.header('www-authenticate', 'Bearer realm="stackwarden"');
  return problem(
    reply,
    401,
    'Unauthorized',
    'Sign in, or send "Authorization: Bearer TOKEN"; the first admin\'s token is in the file admin-password of the data directory.',
  );
}
