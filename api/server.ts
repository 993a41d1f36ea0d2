import fastify, { type FastifyInstance, type FastifyRequest, type RouteOptions } from 'fastify';
import type { Redis } from 'ioredis';
import type { Audit } from '#controller/audit/audit.ts';
import type { Retention } from '#controller/audit/retention.ts';
import type { ClusterSights } from '#controller/cluster-sights.ts';
import type { Planner } from '#controller/engine/set-plan.ts';
import type { HealthRecords } from '#controller/health/records.ts';
import type { Lists } from '#controller/lists/lists.ts';
import type { Metrics } from '#controller/metrics.ts';
import type { Accounts } from './auth/accounts.ts';
import { callerOf } from './auth/caller.ts';
import { auditDenial } from './auth/denials.ts';
import { addGate } from './auth/gate.ts';
import { platformIdentity } from './auth/identity.ts';
import { authorizeKube } from './auth/kube-access.ts';
import { kubeCallerOf } from './auth/kube-caller.ts';
import type { Rights } from './auth/rights.ts';
import type { Tokens } from './auth/tokens.ts';
import type { ShownSettings } from './configuration/shown.ts';
import { addConventions, addPlatformConventions } from './http/conventions.ts';
import { guarded } from './http/guard.ts';
import type { RateLimits } from './http/limits.ts';
import { answerOtherMethods, collectRoutes } from './http/methods.ts';
import { addOpenApi, openApiRoutes } from './http/openapi.ts';
import { problemRoutes } from './http/problem-routes.ts';
import { serverOptions } from './http/server-options.ts';
import type { KeyRotation } from './keys/rotation.ts';
import { type KubeApiOptions, kubeApi } from './kube/kube-api.ts';
import type { Log } from './log.ts';
import { ownKube } from './own-kube.ts';
import { planOf } from './plan/warnings.ts';
import { type ActingOptions, actingRoutes } from './routes/acting.ts';
import { applyRoutes } from './routes/apply.ts';
import { auditRoutes } from './routes/audit.ts';
import { connectionRoutes } from './routes/cloud-connection-plugins.ts';
import { type ClusterRoutesOptions, clusterRoutes } from './routes/clusters.ts';
import { driftRoutes } from './routes/drift.ts';
import { historyRoutes } from './routes/history.ts';
import { type HypervisorRoutesOptions, hypervisorRoutes } from './routes/hypervisors.ts';
import { keyRoutes } from './routes/keys.ts';
import { type OverviewRoutesOptions, overviewRoutes } from './routes/overview.ts';
import { peopleRoutes } from './routes/people.ts';
import { planRoutes } from './routes/plan.ts';
import { quotaRoutes } from './routes/quotas.ts';
import { resourceCounts } from './routes/resource-counts.ts';
import { resourceRoutes } from './routes/resources.ts';
import { type RollbackRoutesOptions, rollbackRoutes } from './routes/rollbacks.ts';
import { settingRoutes } from './routes/settings.ts';
import { addForwarding } from './shared/forward.ts';
import type { Address } from './shared/lead.ts';
import { findHome } from './terminal/home.ts';
import type { Terminals } from './terminal/parts.ts';
import { terminalRoutes } from './terminal/routes.ts';
import type { OwnCertificate, TlsFiles } from './tls.ts';
import { type WatchRoutesOptions, watchRoutes } from './watch/routes.ts';
import { addWeb } from './web.ts';

export interface ServerDeps extends ClusterRoutesOptions {
  readonly audit: Audit;
  /** Undefined in tests of other parts. */
  readonly retention?: Retention;
  readonly tokens: Tokens;
  /** Undefined in tests of other parts: then there are tokens and no people. */
  readonly accounts?: Accounts;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly kube: Omit<KubeApiOptions, 'authenticate' | 'authorize' | 'denied'>;
  /** Undefined while the controller starts. */
  planner?(): Planner | undefined;
  /** Undefined while the controller starts. */
  lists?(): Lists | undefined;
  /** Undefined while the controller starts. */
  hypervisors?: HypervisorRoutesOptions['hypervisors'];
  /** Undefined while the controller starts. */
  overview?: OverviewRoutesOptions['overview'];
  /** Undefined in tests of other parts. */
  readonly watch?: Omit<WatchRoutesOptions, 'authenticate'>;
  /** How much was seen of each cloud; undefined while the controller starts. */
  sights?(): ClusterSights | undefined;
  /** Undefined in tests of other parts. */
  readonly keyRotation?: KeyRotation;
  /** What the process runs by; undefined in tests of other parts. */
  readonly settings?: ShownSettings;
  /** How clouds answered; undefined in tests of other parts. */
  readonly health?: HealthRecords;
  /** Undefined in tests of other parts. */
  readonly history?: Omit<RollbackRoutesOptions, 'audit' | 'kube' | 'planner'>;
  /** Undefined in tests of other parts. */
  readonly acting?: Omit<ActingOptions, 'audit' | 'kube' | 'lists'>;
  /** Undefined in tests of other parts. */
  readonly terminals?: Terminals;
  /** Told when people, roles, sessions or tokens change; undefined in tests of other parts. */
  readonly rights?: Rights;
  /** Where the controller runs, when not in this process. */
  elsewhere?(): Address | undefined;
  /** What keeps the process from being ready, in words; empty when it is. */
  notReady(): Promise<readonly string[]>;
  /** Told of every route as it is made, by a test that walks them all. */
  readonly onRoute?: (route: RouteOptions) => void;
  /** Undefined in tests, which inject requests. */
  readonly tls?: Pick<TlsFiles, 'cert' | 'key'> | OwnCertificate;
  readonly trustProxy?: readonly string[];
  /** Requests a minute; generous by default. */
  readonly limits?: RateLimits;
  /** Where several processes count requests together. */
  readonly redis?: Redis;
}

/** The HTTP application: Kubernetes protocol, platform API, health and metrics. Does not listen yet. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify(serverOptions(deps));
  const planner = () => deps.planner?.();
  const caller = callerOf(deps.tokens, deps.accounts);
  app.addHook('onRoute', (route) => deps.onRoute?.(route));
  const kube = ownKube(app);
  const count = await addConventions(app, deps);
  const authenticate = (counts: 'everybody' | 'strangers') => guarded(caller, { audit: deps.audit, count, counts });

  app.get('/healthz', () => 'ok');
  app.get('/livez', () => 'ok');
  app.get('/readyz', async (_, reply) => {
    const reasons = await deps.notReady();
    return reasons.length === 0 ? 'ok' : reply.code(503).send(reasons.join('\n'));
  });
  await addOpenApi(app);
  collectRoutes(app);
  await app.register(async (platform) => {
    addGate(platform, {
      authenticate: authenticate('everybody'),
      denied: (request, decision) => auditDenial(deps.audit, request, decision),
    });
    addPlatformConventions(platform);
    addForwarding(platform, { leader: () => deps.elsewhere?.(), ...(deps.terminals && { home: findHome(deps.terminals) }) });
    await platform.register(problemRoutes);
    await platform.register(openApiRoutes);
    platform.get('/metrics', { config: { access: { permission: 'metrics.read', at: 'everywhere' } } }, async (_, reply) =>
      reply.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics()),
    );
    if (deps.accounts)
      await platform.register(peopleRoutes, { accounts: deps.accounts, audit: deps.audit, ...(deps.rights && { rights: deps.rights }) });
    await platform.register(auditRoutes, { audit: deps.audit, ...(deps.retention && { retention: deps.retention }) });
    await platform.register(clusterRoutes, { clusters: () => deps.clusters() });
    await platform.register(resourceRoutes, { lists: () => deps.lists?.(), audit: deps.audit });
    await platform.register(resourceCounts, { lists: () => deps.lists?.() });
    await platform.register(hypervisorRoutes, { hypervisors: () => deps.hypervisors?.() });
    if (deps.health) await platform.register(quotaRoutes, { health: deps.health, clusters: () => deps.clusters()?.names(), now: Date.now });
    if (deps.health) await platform.register(overviewRoutes, { health: deps.health, overview: () => deps.overview?.(), now: Date.now });
    if (deps.watch)
      await platform.register(watchRoutes, { ...deps.watch, authenticate: callerOf(deps.tokens, deps.accounts, { isUnattended: true }) });
    const itself = { authorization: `Bearer ${deps.tokens.issueForProcess(platformIdentity)}` };
    await platform.register(connectionRoutes, {
      kube,
      itself,
      audit: deps.audit,
      sights: () => deps.sights?.(),
      ...(deps.health && { health: deps.health }),
    });
    if (deps.settings) await platform.register(settingRoutes, { settings: deps.settings });
    if (deps.keyRotation) await platform.register(keyRoutes, { rotation: deps.keyRotation });
    await platform.register(planRoutes, {
      planner,
      kubeOf: ({ headers, ip }) => ({ send: (one) => kube({ ...one, caller: { ...headers, address: ip }, isPartOfPlan: true }) }),
    });
    await platform.register(applyRoutes, { kube, ...(deps.history && { history: deps.history.history }) });
    if (deps.acting) await platform.register(actingRoutes, { ...deps.acting, lists: () => deps.lists?.(), audit: deps.audit, kube });
    const { acting } = deps;
    if (acting) {
      await platform.register(driftRoutes, {
        world: () => acting.world(),
        clock: acting.clock,
        lists: () => deps.lists?.(),
        planner,
        audit: deps.audit,
        kube,
      });
    }
    if (deps.terminals) {
      const unattended = callerOf(deps.tokens, deps.accounts, { isUnattended: true });
      await platform.register(terminalRoutes, {
        terminals: deps.terminals,
        authenticate: (request, { isUnattended }) => (isUnattended ? unattended : caller)(request),
      });
    }
    if (!deps.history) return;
    await platform.register(historyRoutes, deps.history);
    await platform.register(rollbackRoutes, { ...deps.history, planner, audit: deps.audit, kube });
  });
  answerOtherMethods(app);
  const authenticateKube = authenticate('strangers');
  await app.register(kubeApi, {
    ...deps.kube,
    planOf: planOf(planner, () => deps.elsewhere?.() !== undefined),
    authenticate: async (request: FastifyRequest) => kubeCallerOf(request, await authenticateKube(request), deps.audit),
    authorize: authorizeKube,
    denied: (request, { user, message }) => auditDenial(deps.audit, request, { reason: message, user }),
  });
  await addWeb(app);
  return app;
}
