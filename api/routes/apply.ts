import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { History } from '#controller/history/history.ts';
import { type Applied, applyManifests, type Seen } from '../apply/apply-manifests.ts';
import type { Conflict } from '../apply/field-writers.ts';
import type { OwnKube } from '../own-kube.ts';
import type { Source } from '../plan/sources.ts';
import { applyAnswer, applyBody, applyQuery } from './apply-schema.ts';
import { manifestBodyLimit, presentProblem, sourcesOf, takeManifests } from './manifest-request.ts';

export interface ApplyRoutesOptions {
  readonly kube: OwnKube;
  /** Tells who wrote which field; undefined in tests of other parts. */
  readonly history?: Pick<History, 'revisions'>;
}

interface ApplyQuery {
  readonly namespace?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

interface ApplyBody extends ApplyQuery {
  readonly manifests: string | readonly Source[];
  readonly seen?: Readonly<Record<string, Seen>>;
}

/** As what comes from the pages of this server is known afterwards. */
const webManager = 'stackwarden-web';

/**
 * `POST /api/v1/apply`: applies manifests as `kubectl apply` would, object by object, and refuses to overwrite what another program wrote
 * unless forced. Each object is written as the person, through the Kubernetes API, which decides. MUST be registered where the gate stands.
 */
export const applyRoutes: FastifyPluginAsync<ApplyRoutesOptions> = async (app, { kube, history }) => {
  takeManifests(app);

  app.post<{ Body: ApplyBody; Querystring: ApplyQuery }>(
    '/api/v1/apply',
    {
      bodyLimit: manifestBodyLimit,
      schema: { body: applyBody, querystring: applyQuery, response: applyAnswer },
      config: { access: { permission: 'plan.read', at: 'anywhere' } },
    },
    async (request, reply) => {
      const { manifests, seen = {}, ...wanted } = { ...request.query, ...request.body };
      const objects = await applyManifests({
        sources: sourcesOf(manifests),
        kube: {
          send: (one) => kube({ ...one, caller: { ...request.headers, address: request.ip }, ...senderOf(request), isPartOfPlan: true }),
        },
        ...(history && { history }),
        ...(wanted.namespace !== undefined && { namespace: wanted.namespace }),
        isForced: wanted.force ?? false,
        isTrial: wanted.dryRun ?? false,
        seen,
      });
      return reply.send({ objects: objects.map((one) => present(one, request)) });
    },
  );
};

/** A script is known by its own name. */
function senderOf({ identity, headers }: FastifyRequest): { userAgent?: string } {
  const userAgent = identity.how === 'cookie' ? webManager : headers['user-agent'];
  return userAgent === undefined ? {} : { userAgent };
}

function present({ entry, conflicts, problems, ...applied }: Applied, request: FastifyRequest) {
  const { manifest, namespace } = entry;
  const { apiVersion, kind, metadata } = manifest.object;
  const cluster = (manifest.object['spec'] as { clusterRef?: { name?: unknown } } | undefined)?.clusterRef?.name;
  const maySeeHistory = request.may('history.read', {
    cluster: typeof cluster === 'string' ? cluster : '*',
    namespace: namespace || '*',
  }).allowed;
  return {
    apiVersion,
    kind,
    namespace,
    name: metadata.name,
    ...manifest.place,
    ...applied,
    conflicts: conflicts.map((conflict) => presentConflict(conflict, maySeeHistory)),
    problems: problems.map(presentProblem),
  };
}

function presentConflict({ change, owner: { manager, isPipeline, write } }: Conflict, maySeeHistory: boolean) {
  const last = write && maySeeHistory ? { actor: write.actor, at: new Date(write.at).toISOString(), revision: write.revision } : {};
  return { ...change, manager, pipeline: isPipeline, ...last };
}
