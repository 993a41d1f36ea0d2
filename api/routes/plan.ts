import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Planner } from '#controller/engine/set-plan.ts';
import { utf8Text } from '../http/json-body.ts';
import { KubeUnavailable, type PlanKube } from '../plan/kube.ts';
import { planManifests } from '../plan/plan-manifests.ts';
import { BadManifests, type Problem, sentence } from '../plan/problem.ts';
import type { Prune } from '../plan/prune.ts';
import type { Source } from '../plan/sources.ts';
import { countsOf, summaryLine, verdictOf } from '../plan/summary.ts';
import { planText } from '../plan/text.ts';
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

const bodyLimit = 3 * 1024 * 1024;
const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];

/**
 * `POST /api/v1/plan`: manifests as YAML, or as JSON `{manifests, namespace, prune}`; answers JSON, or text to `Accept: text/plain`. The
 * plugin MUST be registered where every request has been authenticated.
 */
export const planRoutes: FastifyPluginAsync<PlanRoutesOptions> = async (app, { planner, kubeOf }) => {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false });
  app.setValidatorCompiler(({ schema }) => ajv.compile(schema as object));
  app.addContentTypeParser(yamlTypes, { parseAs: 'buffer', bodyLimit }, async (_request: FastifyRequest, body: Buffer) => ({
    manifests: utf8Text(body),
  }));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof BadManifests) return refuse(reply, error.problems);
    if (error instanceof KubeUnavailable) return problem(reply, 503, 'KubernetesUnavailable', error.message);
    if (!error.validation) throw error;
    return refuse(reply, (error.validation as ErrorObject[]).map(explain));
  });

  app.post<{ Body: PlanBody; Querystring: PlanQuery }>(
    '/api/v1/plan',
    { bodyLimit, schema: { body: planBody, querystring: planQuery }, config: { access: { permission: 'plan.read', at: 'anywhere' } } },
    async (request, reply) => {
      const running = planner();
      if (!running) return problem(reply, 503, 'NotReady', 'The controller is starting; ask again in a moment.');
      const { manifests, prune, namespace = request.query.namespace } = request.body;
      const plan = await planManifests({
        sources: typeof manifests === 'string' ? [{ file: 'body', text: manifests }] : manifests,
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

/** RFC 9457, with one entry in `errors` for everything that is wrong. */
function refuse(reply: FastifyReply, problems: readonly Problem[]): FastifyReply {
  const errors = problems.map(({ place, object, path, message }) => ({ ...place, ...(object && { object }), path, message }));
  const detail = problems.map(sentence).join('\n');
  return problem(reply, 400, 'BadManifests', detail, { errors });
}

function explain({ instancePath, keyword, params, parentSchema }: ErrorObject): Problem {
  const { description = '', properties = {} } = parentSchema as { description?: string; properties?: object };
  const field = (params.additionalProperty ?? params.missingProperty) as string | undefined;
  const path = [...instancePath.split('/').slice(1), ...(field === undefined ? [] : [field])].join('.');
  if (keyword !== 'additionalProperties') return { path, message: `Allowed: ${description}` };
  return { path, message: `There is no such field; known are ${Object.keys(properties).join(', ')}.` };
}
