import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Planner } from '#controller/engine/set-plan.ts';
import type { PlanKube } from '../plan/kube.ts';
import { planManifests } from '../plan/plan-manifests.ts';
import type { Prune } from '../plan/prune.ts';
import type { Source } from '../plan/sources.ts';
import { countsOf, summaryLine, verdictOf } from '../plan/summary.ts';
import { planText } from '../plan/text.ts';
import { manifestBodyLimit as bodyLimit, sourcesOf, takeManifests } from './manifest-request.ts';
import { planBody, planQuery } from './plan-schema.ts';
import { problem } from './problem.ts';

export interface PlanRoutesOptions {
  /** Undefined until the controller runs. */
  readonly planner: () => Planner | undefined;
  /** The Kubernetes API as whoever sent the request. */
  readonly kubeOf: (request: FastifyRequest) => PlanKube;
}

interface PlanQuery {
  readonly namespace?: string;
}

interface PlanBody extends PlanQuery {
  readonly manifests: string | readonly Source[];
  readonly prune?: Prune;
}

/**
 * `POST /api/v1/plan`: manifests as YAML, or as JSON `{manifests, namespace, prune}`; answers JSON, or text to `Accept: text/plain`. The
 * plugin MUST be registered where every request has been authenticated.
 */
export const planRoutes: FastifyPluginAsync<PlanRoutesOptions> = async (app, { planner, kubeOf }) => {
  takeManifests(app);

  app.post<{ Body: PlanBody; Querystring: PlanQuery }>(
    '/api/v1/plan',
    { bodyLimit, schema: { body: planBody, querystring: planQuery }, config: { access: { permission: 'plan.read', at: 'anywhere' } } },
    async (request, reply) => {
      const running = planner();
      if (!running) return problem(reply, 503, 'NotReady', 'The controller is starting; ask again in a moment.');
      const { manifests, prune, namespace = request.query.namespace } = request.body;
      const plan = await planManifests({
        sources: sourcesOf(manifests),
        kube: kubeOf(request),
        planner: running,
        ...(namespace && { namespace }),
        ...(prune && { prune }),
      });
      reply.header('vary', 'Accept');
      if (wantsText(request.headers.accept)) return reply.type('text/plain; charset=utf-8').send(planText(plan));
      return { verdict: verdictOf(plan), summary: summaryLine(plan), counts: countsOf(plan), ...plan };
    },
  );
};

/** Text only where it is asked for before JSON. */
function wantsText(accept = ''): boolean {
  const types = accept.split(',').map((clause) => clause.split(';')[0]?.trim());
  const text = types.indexOf('text/plain');
  const json = types.findIndex((type) => type === 'application/json' || type === '*/*' || type === 'application/*');
  return text >= 0 && (json < 0 || text < json);
}
