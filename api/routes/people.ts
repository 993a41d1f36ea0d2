import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import { sourceOf } from '../auth/denials.ts';
import { callbackPath } from '../auth/oidc.ts';
import { Refusal } from '../auth/refusal.ts';
import { accessRoutes } from './access.ts';
import { parseMoment } from './audit-schema.ts';
import { invitationRoutes } from './invitations.ts';
import { meRoutes } from './me.ts';
import type { PeopleRoutesOptions, RecordDeed } from './people-parts.ts';
import { noQuery } from './people-schema.ts';
import { badRequest, explain, problem } from './problem.ts';
import { providerRoutes } from './provider.ts';
import { registrationRoutes } from './registrations.ts';
import { roleRoutes } from './roles.ts';
import { secondFactorRoutes } from './second-factor.ts';
import { sessionRoutes } from './session.ts';
import { userRoutes } from './users.ts';

/** Requests by which nobody loses a right. */
const ofNoRight = /^(?:GET (?!.*\/callback$)|HEAD |OPTIONS |POST \/api\/v1\/(?:session|access)|\w+ \/api\/v1\/me\/preferences)/;

/** All routes about people. They are about nobody's cloud: none needs the controller. */
export const peopleRoutes: FastifyPluginAsync<PeopleRoutesOptions> = async (app, options) => {
  checkStrictly(app);
  const { rights } = options;
  // Before the answer: whoever takes a right away may rely on it.
  if (rights)
    app.addHook('onSend', async ({ method, routeOptions }, { statusCode }, payload) => {
      if (statusCode < 400 && !ofNoRight.test(`${method} ${routeOptions.url}`)) rights.changed();
      return payload;
    });
  const parts = { ...options, record: recorder(options.audit) };
  for (const routes of [
    sessionRoutes,
    providerRoutes,
    meRoutes,
    secondFactorRoutes,
    userRoutes,
    roleRoutes,
    invitationRoutes,
    registrationRoutes,
    accessRoutes,
  ])
    routes(app, parts);
};

function recorder(audit: Audit): RecordDeed {
  return (request, { type, message, actor, result = 'ok', about, changes = [], session }) =>
    audit.record({
      type,
      actor: actor ?? request.identity?.user ?? 'unknown',
      ...(about && { object: { kind: about.kind, namespace: '', name: about.name, uid: about.id } }),
      changes,
      result,
      message,
      requestIds: [],
      source: { ...sourceOf(request), ...(session !== undefined && { session }) },
    });
}

/** Strict on purpose: a field that was dropped might have been the one that mattered. */
function checkStrictly(app: FastifyInstance): void {
  const query = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, verbose: true, allowUnionTypes: true });
  const body = new Ajv({ useDefaults: true, allErrors: true, verbose: true, allowUnionTypes: true });
  body.addFormat('moment', (text) => parseMoment(text) !== undefined);
  app.addHook('onRoute', (route) => {
    // The answer of a provider holds what the provider likes.
    if (route.url !== callbackPath) route.schema = { querystring: noQuery, ...route.schema };
  });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? body : query).compile(schema as object));
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => {
    if (error instanceof Refusal) return answerRefusal(error, request, reply);
    if (!error.validation) throw error;
    return badRequest(reply, (error.validation as ErrorObject[]).map(explain));
  });
}

async function answerRefusal(refusal: Refusal, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { status, title, message, field, retryAfter } = refusal;
  if (status === 403) await request.server.denied(request, { reason: message });
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
  return problem(
    reply,
    status,
    title,
    message,
    field === undefined ? {} : { errors: [{ field, message: message.replace(`${field}: `, '') }] },
  );
}
