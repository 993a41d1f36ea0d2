import type { FastifyPluginAsync } from 'fastify';
import type { HealthRecords } from '#controller/health/records.ts';
import type { Quotas } from '#controller/health/sample.ts';
import { problem } from './problem.ts';
import { checkQueries } from './strict-queries.ts';

export interface QuotaRoutesOptions {
  readonly health: Pick<HealthRecords, 'newestQuota'>;
  /** Names of the Clusters; undefined until the controller runs. */
  readonly clusters: () => readonly string[] | undefined;
  readonly now: () => number;
}

/** What is older than that says little about what there is room for. */
const recentMs = 3_600_000;

const text = { type: 'string' } as const;

const query = {
  type: 'object',
  additionalProperties: false,
  properties: {
    cluster: { ...text, minLength: 1, maxLength: 253, description: 'the name of a Cluster; without it, all that you may see.' },
  },
} as const;

const answer = {
  200: {
    type: 'object',
    required: ['items', 'clouds'],
    properties: {
      items: {
        type: 'array',
        items: {
          type: 'object',
          required: ['cluster', 'service', 'name', 'used', 'limit'],
          properties: {
            cluster: text,
            service: { ...text, description: 'compute, block-storage or network' },
            name: { ...text, description: 'cores, ramMiB, gigabytes, floatingIPs, ...' },
            used: { type: 'number' },
            limit: { type: ['number', 'null'], description: 'null: there is none' },
          },
        },
      },
      clouds: {
        type: 'array',
        items: {
          type: 'object',
          required: ['cluster', 'at'],
          properties: { cluster: text, at: { type: ['string', 'null'], description: 'RFC 3339; null: not known since an hour' } },
        },
      },
    },
  },
} as const;

/** `GET /api/v1/quotas`: what our project uses of its quotas in each cloud, as last sampled. MUST be registered where the gate stands. */
export const quotaRoutes: FastifyPluginAsync<QuotaRoutesOptions> = async (app, { health, clusters, now }) => {
  checkQueries(app);

  app.get<{ Querystring: { cluster?: string } }>(
    '/api/v1/quotas',
    { schema: { querystring: query, response: answer }, config: { access: { permission: 'catalog.read', at: 'anywhere' } } },
    async (request, reply) => {
      const names = clusters();
      if (!names)
        return problem(reply.header('retry-after', 5), 503, 'Starting', 'The controller is starting. Try again in a few seconds.');
      const { cluster } = request.query;
      const seen = names
        .filter((name) => cluster === undefined || name === cluster)
        .filter((name) => request.may('catalog.read', { cluster: name, namespace: '*' }).allowed);
      const found = await Promise.all(seen.map(async (name) => ({ name, sample: await health.newestQuota(name, now() - recentMs) })));
      return {
        items: found.flatMap(({ name, sample }) => (sample ? rowsOf(name, sample.quota) : [])),
        clouds: found.map(({ name, sample }) => ({ cluster: name, at: sample ? new Date(sample.at).toISOString() : null })),
      };
    },
  );
};

function rowsOf(cluster: string, quota: Quotas) {
  return Object.entries(quota).flatMap(([service, uses]) =>
    Object.entries(uses).map(([name, use]) => ({ cluster, service, name, ...use })),
  );
}
