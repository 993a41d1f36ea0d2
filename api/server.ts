import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteOptions } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { Planner } from '#controller/engine/set-plan.ts';
import type { Metrics } from '#controller/metrics.ts';
import { outageOf } from '#migrations/store-error.ts';
import type { Accounts } from './auth/accounts.ts';
import { callerOf } from './auth/caller.ts';
import { auditDenial } from './auth/denials.ts';
import { addGate } from './auth/gate.ts';
import { authorizeKube } from './auth/kube-access.ts';
import { kubeCallerOf } from './auth/kube-caller.ts';
import type { Tokens } from './auth/tokens.ts';
import { type KubeApiOptions, kubeApi } from './kube/kube-api.ts';
import type { Log } from './log.ts';
import { ownKube } from './own-kube.ts';
import { planOf } from './plan/warnings.ts';
import { auditRoutes } from './routes/audit.ts';
import { type ClusterRoutesOptions, clusterRoutes } from './routes/clusters.ts';
import { historyRoutes } from './routes/history.ts';
import { peopleRoutes } from './routes/people.ts';
import { planRoutes } from './routes/plan.ts';
import { type RollbackRoutesOptions, rollbackRoutes } from './routes/rollbacks.ts';
import type { TlsFiles } from './tls.ts';

export interface ServerDeps extends ClusterRoutesOptions {
  readonly audit: Audit;
  readonly tokens: Tokens;
  /** Undefined in tests of other parts: then there are tokens and no people. */
  readonly accounts?: Accounts;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly kube: Omit<KubeApiOptions, 'authenticate' | 'authorize' | 'denied'>;
  /** Undefined while the controller starts. */
  planner?(): Planner | undefined;
  /** Undefined in tests of other parts. */
  readonly history?: Omit<RollbackRoutesOptions, 'audit' | 'kube' | 'planner'>;
  /** What keeps the process from being ready, in words; empty when it is. */
  notReady(): Promise<readonly string[]>;
  /** Told of every route as it is made, by a test that walks them all. */
  readonly onRoute?: (route: RouteOptions) => void;
  /** Undefined in tests, which inject requests. */
  readonly tls?: TlsFiles;
}

/** The HTTP application: Kubernetes protocol, platform API, health and metrics. Does not listen yet. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const app: FastifyInstance = deps.tls
    ? fastify({ https: { cert: deps.tls.cert, key: deps.tls.key, minVersion: 'TLSv1.2' }, ...options })
    : fastify(options);
  const planner = () => deps.planner?.();
  const authenticate = callerOf(deps.tokens, deps.accounts);
  app.addHook('onRoute', (route) => deps.onRoute?.(route));
  const kube = ownKube(app);
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(deps.log, error, request, reply));
  app.setNotFoundHandler((request, reply) => problem(reply, 404, 'NotFound', `There is nothing at ${request.method} ${pathOf(request)}.`));

  app.get('/healthz', () => 'ok');
  app.get('/livez', () => 'ok');
  app.get('/readyz', async (_, reply) => {
    const reasons = await deps.notReady();
    return reasons.length === 0 ? 'ok' : reply.code(503).send(reasons.join('\n'));
  });
  await app.register(async (platform) => {
    addGate(platform, {
      authenticate,
      denied: (request, decision) => auditDenial(deps.audit, request, decision),
    });
    platform.get('/metrics', { config: { access: { permission: 'metrics.read', at: 'everywhere' } } }, async (_, reply) =>
      reply.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics()),
    );
    if (deps.accounts) await platform.register(peopleRoutes, { accounts: deps.accounts, audit: deps.audit });
    await platform.register(auditRoutes, { audit: deps.audit });
    await platform.register(clusterRoutes, { clusters: () => deps.clusters() });
    await platform.register(planRoutes, {
      planner,
      kubeOf: ({ headers }) => ({ send: (one) => kube({ ...one, caller: headers, isPartOfPlan: true }) }),
    });
    if (!deps.history) return;
    await platform.register(historyRoutes, deps.history);
    await platform.register(rollbackRoutes, { ...deps.history, planner, audit: deps.audit, kube });
  });
  await app.register(kubeApi, {
    ...deps.kube,
    planOf: planOf(planner),
    authenticate: async (request: FastifyRequest) => kubeCallerOf(request, await authenticate(request), deps.audit),
    authorize: authorizeKube,
    denied: (request, { user, message }) => auditDenial(deps.audit, request, { reason: message, user }),
  });
  return app;
}

const options = { logger: false, bodyLimit: 3 * 1024 * 1024, forceCloseConnections: true, routerOptions: { maxParamLength: 300 } } as const;

function answerError(log: Log, error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status < 500) return problem(reply, status, error.code ?? 'BadRequest', error.message);
  log('error', 'request failed', { method: request.method, path: pathOf(request), error });
  const outage = outageOf(error);
  if (outage) return problem(reply, 503, 'DatabaseUnavailable', outage.message);
  return problem(reply, status, 'InternalError', 'Something went wrong here; the server log has the details. Try again.');
}

/** RFC 9457. */
function problem(reply: FastifyReply, status: number, title: string, detail: string): FastifyReply {
  return reply.code(status).type('application/problem+json').send({ type: 'about:blank', status, title, detail });
}

/** Without the query: it may hold what people searched for. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
