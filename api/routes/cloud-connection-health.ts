import type { FastifyPluginAsync } from 'fastify';
import type { HealthPoint } from '#controller/health/records.ts';
import { asItself, atCluster, type ClusterRoute, type ConnectionContext, checkStrictly, clusterNamed } from './cloud-connection-request.ts';
import { nameParams } from './cloud-connections-schema.ts';
import { type HealthQuery, healthQuery, rangeOf } from './health-range.ts';

/** Taken unless a step is told. */
const usualPoints = 300;

/**
 * `GET /api/v1/clusters/NAME/health`: points of one step each, oldest first. Of each how many minutes it was asked and answered in, calls, errors
 * and latencies (ms) by service, and what was last known of token, credential and quotas. Steps without a sample are left out.
 */
export const connectionHealthRoutes: FastifyPluginAsync<ConnectionContext> = async (app, context) => {
  checkStrictly(app);
  app.get<ClusterRoute & { Querystring: HealthQuery }>(
    '/api/v1/clusters/:cluster/health',
    { schema: { params: nameParams, querystring: healthQuery(usualPoints) }, config: { access: atCluster('cluster.read') } },
    async ({ params, query }) => {
      await clusterNamed(asItself(context), params.cluster);
      const range = rangeOf(query, { now: Date.now(), usualPoints });
      const points = (await context.health?.read(params.cluster, range)) ?? [];
      return { cluster: params.cluster, step: range.stepMs / 1000, items: points.map(present) };
    },
  );
};

function present({ at, ...point }: HealthPoint) {
  return { at: new Date(at).toISOString(), ...point };
}
