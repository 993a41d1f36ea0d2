import type { FastifyPluginAsync } from 'fastify';
import type { Lists } from '#controller/lists/lists.ts';
import { problem } from './problem.ts';
import { sightOf, visibleTypes } from './resource-access.ts';
import { countsAnswer, countsQuery } from './resources-schema.ts';
import { checkQueries } from './strict-queries.ts';

export interface ResourceCountsOptions {
  /** Undefined until the controller runs. */
  lists(): Lists | undefined;
}

/**
 * `GET /api/v1/resources`: how many rows the list of each type has that the person may see, over all clusters or some, so that what leads
 * to the lists can say it at the cost of one request. MUST be registered where the gate stands.
 */
export const resourceCounts: FastifyPluginAsync<ResourceCountsOptions> = async (app, options) => {
  checkQueries(app);
  app.get<{ Querystring: { clusters?: string } }>(
    '/api/v1/resources',
    { schema: { querystring: countsQuery, response: countsAnswer }, config: { access: 'signed-in' } },
    async ({ query, identity }, reply) => {
      const lists = options.lists();
      if (!lists)
        return problem(reply.header('retry-after', 5), 503, 'Starting', 'The controller is starting. Try again in a few seconds.');
      const filter = query.clusters === undefined ? '' : `cluster:${query.clusters}`;
      const items = visibleTypes(identity).map((type) => {
        const { count, isExact } = lists.page(type, { filter, limit: 1, maySee: sightOf(identity, type) }).total;
        return { type, count, exact: isExact };
      });
      return { items };
    },
  );
};
