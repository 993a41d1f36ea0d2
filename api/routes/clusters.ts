import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { type ClusterView, type ClusterViews, inOrder, type Undeclared } from '#controller/cluster-views.ts';
import { BadSelector, matching } from '#controller/export/selection.ts';
import type { Access } from '../auth/gate.ts';
import type { Permission } from '../auth/permissions.ts';
import { exportYaml } from '../export-yaml.ts';
import { exportBody, undeclaredAnswer, undeclaredQuery } from './clusters-schema.ts';
import { badRequest, explain, problem } from './problem.ts';

export interface ClusterRoutesOptions {
  /** Undefined until the controller runs. */
  clusters(): ClusterViews | undefined;
}

interface Params {
  readonly cluster: string;
}

interface UndeclaredQuery {
  readonly kind?: string;
  readonly name?: string;
  readonly limit: number;
  readonly cursor?: string;
}

interface ExportBody {
  readonly namespace: string;
  readonly select: readonly string[];
}

/**
 * `GET /api/v1/clusters/NAME/undeclared` and `POST /api/v1/clusters/NAME/export`. Who may call them is settled before: the plugin MUST
 * be registered where every request has been authenticated.
 */
export const clusterRoutes: FastifyPluginAsync<ClusterRoutesOptions> = async (app, options) => {
  checkStrictly(app);

  app.get<{ Params: Params; Querystring: UndeclaredQuery }>(
    '/api/v1/clusters/:cluster/undeclared',
    { schema: { querystring: undeclaredQuery, response: undeclaredAnswer }, config: { access: at('cluster.read') } },
    async ({ params, query }, reply) => {
      const view = viewOf(options.clusters(), params.cluster, reply);
      if (!view) return reply;
      const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
      if (after === 'bad') return badRequest(reply, [{ field: 'cursor', message: 'The cursor is not one this server gave.' }]);
      return { ...pageOf(view.undeclared(), query, after), unseen: view.unseen() };
    },
  );

  app.post<{ Params: Params; Body: ExportBody }>(
    '/api/v1/clusters/:cluster/export',
    { schema: { body: exportBody }, config: { access: at('plan.read') } },
    async ({ params, body, headers }, reply) => {
      const view = viewOf(options.clusters(), params.cluster, reply);
      if (!view) return reply;
      const result = view.export(body);
      const unseen = view
        .unseen()
        .map((type) => `Nothing is known of the ${type} rows of Cluster ${params.cluster}: they could not be listed.`);
      const answer = { ...result, notes: [...unseen, ...result.notes] };
      if (!/\byaml\b/.test(headers.accept ?? '')) return answer;
      return reply.type('application/yaml').send(exportYaml(answer, { cluster: params.cluster, namespace: body.namespace }));
    },
  );
};

/** Needs a permission at the cluster that the path names. */
function at(permission: Permission): Access {
  return { permission, at: ({ params }: FastifyRequest) => ({ cluster: (params as Params).cluster, namespace: '*' }) };
}

/** Strict on purpose: a misspelt filter that was dropped would answer with everything. */
function checkStrictly(app: FastifyInstance): void {
  const query = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, verbose: true });
  const body = new Ajv({ useDefaults: true, allErrors: true, verbose: true });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? body : query).compile(schema as object));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof BadSelector) return badRequest(reply, [{ field: 'select', message: error.message }]);
    if (!error.validation) throw error;
    return badRequest(reply, (error.validation as ErrorObject[]).map(explain));
  });
}

/** Undefined when the reply is a problem: what is wrong with the name, or with the cluster, and the next step. */
function viewOf(clusters: ClusterViews | undefined, name: string, reply: FastifyReply): ClusterView | undefined {
  if (!clusters) {
    void problem(reply.header('retry-after', 5), 503, 'Starting', 'The controller is starting. Try again in a few seconds.');
    return undefined;
  }
  const known = clusters.names();
  if (!known.includes(name)) {
    const others = known.length === 0 ? 'there is none: apply one (examples/cluster.yaml)' : `known are ${known.join(', ')}`;
    void problem(reply, 404, 'ClusterNotFound', `There is no Cluster ${name}; ${others}.`);
    return undefined;
  }
  const view = clusters.of(name);
  if (!('reason' in view)) return view;
  if (view.passes) void problem(reply.header('retry-after', 5), 503, view.reason, `${view.message} Try again in a few seconds.`);
  else void problem(reply, 409, view.reason, `Cluster ${name} is not connected, so nothing is known of its cloud. ${view.message}`);
  return undefined;
}

type Place = Pick<Undeclared, 'type' | 'name' | 'id'>;

function pageOf(all: readonly Undeclared[], { kind, name, limit }: UndeclaredQuery, after: Place | undefined) {
  const isNamed = name === undefined ? () => true : matching(name);
  const fits = (one: Undeclared) => (kind === undefined || one.kind === kind) && isNamed(one) && (!after || inOrder(one, after) > 0);
  const rest = all.filter(fits);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(last && rest.length > limit && { next: cursorOf(last) }) };
}

function cursorOf({ type, name, id }: Place): string {
  return Buffer.from(JSON.stringify([type, name, id])).toString('base64url');
}

function readCursor(cursor: string): Place | 'bad' {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(place) || place.length !== 3 || !place.every((part) => typeof part === 'string')) return 'bad';
    const [type, name, id] = place as [Undeclared['type'], string, string];
    return { type, name, id };
  } catch {
    return 'bad';
  }
}
