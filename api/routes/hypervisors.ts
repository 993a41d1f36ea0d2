import type { FastifyPluginAsync } from 'fastify';
import type { CloudHypervisors, Hypervisors } from '#controller/hypervisors.ts';
import { problem } from './problem.ts';
import { checkQueries } from './strict-queries.ts';

export interface HypervisorRoutesOptions {
  /** Undefined until the controller runs. */
  hypervisors(): { readonly hypervisors: Hypervisors; readonly clusters: readonly string[] } | undefined;
}

const text = { type: 'string' } as const;

const query = {
  type: 'object',
  additionalProperties: false,
  properties: {
    cluster: { ...text, minLength: 1, maxLength: 253, description: 'the name of a Cluster; without it, all that you may see.' },
  },
} as const;

const count = { type: 'number' } as const;

const answer = {
  200: {
    type: 'object',
    required: ['items', 'clouds'],
    properties: {
      items: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            cluster: text,
            id: text,
            name: text,
            kind: { ...text, description: 'QEMU, ...' },
            address: { type: ['string', 'null'] },
            state: { ...text, description: 'up or down' },
            status: { ...text, description: 'enabled or disabled' },
            disabledReason: { type: ['string', 'null'] },
            vcpus: count,
            vcpusUsed: count,
            memoryMiB: count,
            memoryMiBUsed: count,
            diskGiB: count,
            diskGiBUsed: count,
            instances: count,
          },
        },
      },
      clouds: {
        type: 'array',
        items: {
          type: 'object',
          required: ['cluster', 'state', 'askedAt'],
          properties: {
            cluster: text,
            state: { ...text, enum: ['Fresh', 'Stale', 'Listing', 'Hidden', 'Unreachable'] },
            askedAt: { type: ['string', 'null'], description: 'RFC 3339' },
            error: { type: 'object', properties: { reason: text, message: text } },
          },
        },
      },
    },
  },
} as const;

/** `GET /api/v1/hypervisors`: compute hosts of all clouds that show them, by cluster and name. MUST be registered where the gate stands. */
export const hypervisorRoutes: FastifyPluginAsync<HypervisorRoutesOptions> = async (app, options) => {
  checkQueries(app);

  app.get<{ Querystring: { cluster?: string } }>(
    '/api/v1/hypervisors',
    { schema: { querystring: query, response: answer }, config: { access: { permission: 'hypervisor.read', at: 'anywhere' } } },
    async (request, reply) => {
      const found = options.hypervisors();
      if (!found)
        return problem(reply.header('retry-after', 5), 503, 'Starting', 'The controller is starting. Try again in a few seconds.');
      const { cluster } = request.query;
      const seen = found.clusters
        .filter((name) => cluster === undefined || name === cluster)
        .filter((name) => request.may('hypervisor.read', { cluster: name, namespace: '*' }).allowed);
      const clouds = await found.hypervisors.of(seen);
      return { items: clouds.flatMap(present), clouds: clouds.map(presentState) };
    },
  );
};

function present({ cluster, rows }: CloudHypervisors) {
  return rows
    .map((row) => ({
      cluster,
      id: row.id,
      name: row.hypervisor_hostname,
      kind: row.hypervisor_type,
      address: row.host_ip ?? null,
      state: row.state,
      status: row.status,
      disabledReason: row.service?.disabled_reason ?? null,
      vcpus: row.vcpus,
      vcpusUsed: row.vcpus_used,
      memoryMiB: row.memory_mb,
      memoryMiBUsed: row.memory_mb_used,
      diskGiB: row.local_gb,
      diskGiBUsed: row.local_gb_used,
      instances: row.running_vms,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function presentState({ cluster, state, askedAt, error }: CloudHypervisors) {
  return { cluster, state, askedAt: askedAt === null ? null : new Date(askedAt).toISOString(), ...(error && { error }) };
}
