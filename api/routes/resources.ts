import { Readable } from 'node:stream';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import { BadQuery } from '#controller/lists/bad-query.ts';
import { columnsOf } from '#controller/lists/columns.ts';
import { filteredBy } from '#controller/lists/filter.ts';
import type { Lists } from '#controller/lists/lists.ts';
import { nouns } from '#controller/lists/noun.ts';
import { parseFields } from '#controller/lists/page.ts';
import { present } from '#controller/lists/present.ts';
import { sourceOf } from '../auth/denials.ts';
import type { Access } from '../auth/gate.ts';
import { problem } from './problem.ts';
import { refusedType, sightOf, typeNamed, visibleTypes } from './resource-access.ts';
import { cloudsSeenBy, type PresentedCloud, presentDetail } from './resource-answers.ts';
import { csvOf, jsonLinesOf } from './resource-export.ts';
import * as schema from './resources-schema.ts';
import { checkQueries } from './strict-queries.ts';

export interface ResourceRoutesOptions {
  /** Undefined until the controller runs. */
  lists(): Lists | undefined;
  readonly audit: Audit;
  /** Epoch ms. */
  now?(): number;
}

interface PageQuery {
  readonly filter: string;
  readonly sort: string;
  readonly fields?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly offset?: number;
}

interface FacetsQuery {
  readonly filter: string;
  readonly column: string;
  readonly limit: number;
}

interface ExportQuery {
  readonly filter: string;
  readonly sort: string;
  readonly fields?: string;
  readonly format: 'csv' | 'jsonl';
}

interface SearchQuery {
  readonly q: string;
  readonly types?: string;
  readonly limit: number;
}

/** What each handler begins with: the lists, and the type where the path names one. */
interface Asked {
  readonly lists: Lists;
  readonly type: ResourceType;
}

/** The permission depends on the type, so each handler asks for it. */
const access: Access = 'signed-in';

/**
 * `GET /api/v1/resources/TYPE` with `/columns`, `/facets`, `/export` and `/CLUSTER/ID` below it, and `GET /api/v1/search`: what all clouds
 * hold. Rows of places that the person may not see are left out. MUST be registered where the gate stands.
 */
export const resourceRoutes: FastifyPluginAsync<ResourceRoutesOptions> = async (app, options) => {
  checkQueries(app);
  const now = () => options.now?.() ?? Date.now();
  const clouds = (request: FastifyRequest, lists: Lists, types: readonly ResourceType[]): PresentedCloud[] =>
    cloudsSeenBy(request.identity, lists.clouds(types), types, now());
  const asked = async (request: FastifyRequest<{ Params: { type: string } }>, reply: FastifyReply): Promise<Asked | undefined> => {
    const type = typeNamed(request.params.type);
    // The schema lets no other name through.
    if (!type || (await refusedType(request, reply, type))) return undefined;
    const lists = running(options.lists(), reply);
    return lists && { lists, type };
  };

  app.get<{ Params: { type: string }; Querystring: PageQuery }>(
    '/api/v1/resources/:type',
    { schema: { params: schema.typeParams, querystring: schema.pageQuery, response: schema.pageAnswer }, config: { access } },
    async (request, reply) => {
      const found = await asked(request, reply);
      if (!found) return reply;
      const { lists, type } = found;
      const { fields, ...query } = request.query;
      const columns = parseFields(type, fields);
      const page = lists.page(type, { ...query, maySee: sightOf(request.identity, type) });
      return {
        items: page.entries.map((entry) => present(entry, columns)),
        ...(page.next !== undefined && { next: page.next }),
        total: { count: page.total.count, exact: page.total.isExact },
        clouds: clouds(request, lists, [type]),
      };
    },
  );

  app.get<{ Params: { type: string } }>(
    '/api/v1/resources/:type/columns',
    { schema: { params: schema.typeParams, response: schema.columnsAnswer }, config: { access } },
    async (request, reply) => {
      const type = typeNamed(request.params.type);
      if (!type || (await refusedType(request, reply, type))) return reply;
      return { columns: [...columnsOf(type)].map(([name, { kind, says }]) => ({ name, kind, says, ...filteredBy(name, kind) })) };
    },
  );

  app.get<{ Params: { type: string }; Querystring: FacetsQuery }>(
    '/api/v1/resources/:type/facets',
    { schema: { params: schema.typeParams, querystring: schema.facetsQuery, response: schema.facetsAnswer }, config: { access } },
    async (request, reply) => {
      const found = await asked(request, reply);
      if (!found) return reply;
      return found.lists.facets(found.type, { ...request.query, maySee: sightOf(request.identity, found.type) });
    },
  );

  app.get<{ Params: { type: string }; Querystring: ExportQuery }>(
    '/api/v1/resources/:type/export',
    // A HEAD would be recorded as an export.
    { schema: { params: schema.typeParams, querystring: schema.exportQuery }, config: { access }, exposeHeadRoute: false },
    async (request, reply) => {
      const found = await asked(request, reply);
      if (!found) return reply;
      const { lists, type } = found;
      const { filter, sort, format, fields } = request.query;
      const columns = parseFields(type, fields);
      const rows = lists.rows(type, { filter, sort, maySee: sightOf(request.identity, type) });
      await options.audit.record({
        type: 'Exported',
        actor: request.identity.user,
        changes: [],
        result: 'ok',
        message: `Exported ${nouns[type].plural} as ${format}, ${filter === '' ? 'all of them' : `filter ${filter}`}, columns ${columns?.join(', ') ?? 'all'}.`,
        requestIds: [],
        source: sourceOf(request),
      });
      reply.header('content-disposition', `attachment; filename="${type}-${new Date(now()).toISOString().slice(0, 10)}.${format}"`);
      if (format === 'csv') return reply.type('text/csv; charset=utf-8').send(csvOf(rows, columns ?? [...columnsOf(type).keys()]));
      return reply.type('application/jsonl; charset=utf-8').send(Readable.from(jsonLinesOf(rows, columns)));
    },
  );

  app.get<{ Params: { type: string; cluster: string; id: string } }>(
    '/api/v1/resources/:type/:cluster/:id',
    { schema: { params: schema.resourceParams, response: schema.detailAnswer }, config: { access } },
    async (request, reply) => {
      const found = await asked(request, reply);
      if (!found) return reply;
      const { cluster, id } = request.params;
      const { lists, type } = found;
      const detail = lists.detail(type, cluster, id);
      const maySee = sightOf(request.identity, type);
      // What one may not see looks like what is not there.
      if (!detail || (maySee && !maySee(detail.entry.cluster, detail.entry.namespace))) {
        return problem(
          reply,
          404,
          'ResourceNotFound',
          `Cluster ${cluster} holds no ${type} ${id} that you may see; the list shows what there is.`,
        );
      }
      const [cloud] = lists.clouds([type]).filter((one) => one.cluster === cluster);
      return presentDetail(detail, { lists, identity: request.identity, cloud, now: now() });
    },
  );

  app.get<{ Querystring: SearchQuery }>(
    '/api/v1/search',
    { schema: { querystring: schema.searchQuery, response: schema.searchAnswer }, config: { access } },
    async (request, reply) => {
      const lists = running(options.lists(), reply);
      if (!lists) return reply;
      const { q, limit } = request.query;
      const named = request.query.types?.split(',').map(typeOrBad);
      const types = visibleTypes(request.identity).filter((type) => !named || named.includes(type));
      const sights = new Map(types.map((type) => [type, sightOf(request.identity, type)]));
      const hits = lists.search(types, q, { limit, maySee: (entry) => sights.get(entry.type)?.(entry.cluster, entry.namespace) ?? true });
      return { items: hits.map(({ entry }) => present(entry)), clouds: clouds(request, lists, types) };
    },
  );
};

function typeOrBad(name: string): ResourceType {
  const type = typeNamed(name);
  if (!type) throw new BadQuery('types', `There is no type ${name}; known are instance, ${Object.keys(nouns).join(', ')}.`);
  return type;
}

function running(lists: Lists | undefined, reply: FastifyReply): Lists | undefined {
  if (!lists) void problem(reply.header('retry-after', 5), 503, 'Starting', 'The controller is starting. Try again in a few seconds.');
  return lists;
}
