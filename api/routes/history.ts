import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Access } from '../auth/gate.ts';
import { diffJson } from '../kube-audit.ts';
import { presentListed, presentObject, presentResource, presentRevision, presentSpec, timeOf } from './history-answers.ts';
import {
  checkStrictly,
  type HistoryContext,
  kindNames,
  nothingOf,
  type ObjectRoute,
  objectUrl,
  ofNamespace,
  placeOf,
  Refused,
  type RevisionRoute,
  revisionOf,
  revisionUrl,
  uidOf,
} from './history-request.ts';
import {
  atQuery,
  clusterParams,
  inventoryQuery,
  objectParams,
  objectsQuery,
  parseTime,
  revisionParams,
  revisionsQuery,
  uidQuery,
} from './history-schema.ts';
import { badRequest } from './problem.ts';

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

const ofCluster: Access = {
  permission: 'history.read',
  at: ({ params }: FastifyRequest) => ({ cluster: (params as { cluster: string }).cluster, namespace: '*' }),
};

/** What was declared and what was there, now and at any time (`?at=`). MUST be registered where every request has been authenticated. */
export const historyRoutes: FastifyPluginAsync<HistoryContext> = async (app, context) => {
  const { history, clock, kinds } = context;
  checkStrictly(app, clock);

  app.get<ObjectRoute & { Querystring: { at?: string } }>(
    objectUrl,
    { schema: { params: objectParams, querystring: atQuery }, config: { access: ofNamespace } },
    async ({ params, query }) => {
      const place = placeOf(params, kinds);
      const at = momentOf(query.at);
      const found = await history.objectAt(place, at);
      if (!found) throw nothingOf(place);
      return { ...place, at: timeOf(at ?? clock.now()), ...presentObject(found) };
    },
  );

  app.get<{ Querystring: PageQuery & { kind?: string; namespace?: string; cluster?: string; at?: string } }>(
    '/api/v1/objects',
    { schema: { querystring: objectsQuery }, config: { access: { permission: 'history.read', at: 'everywhere' } } },
    async ({ query }, reply) => {
      const { at: text, limit, cursor, ...filter } = query;
      if (filter.kind !== undefined && !kinds.some(({ kind }) => kind === filter.kind))
        return badRequest(reply, [{ field: 'kind', message: `Allowed: one of ${kindNames(kinds)}.` }]);
      const at = momentOf(text);
      const page = { ...pageOf({ limit, cursor }), kinds: kinds.map(({ kind }) => kind) };
      const { items, ...more } = await history.objectsAt(filter, at, page);
      return { ...knowledge(at, await history.knownSince(), clock), items: items.map(presentListed), ...more };
    },
  );

  app.get<{ Params: { cluster: string }; Querystring: PageQuery & { type?: string; at?: string } }>(
    '/api/v1/inventory/:cluster',
    { schema: { params: clusterParams, querystring: inventoryQuery }, config: { access: ofCluster } },
    async ({ params: { cluster }, query: { at: text, limit, cursor, ...filter } }) => {
      const since = await history.cloudKnownSince(cluster);
      if (since === undefined) throw new Refused(404, 'NotFound', `Nothing was ever seen of a Cluster named ${cluster}.`);
      const at = momentOf(text);
      const { items, ...more } = await history.inventoryAt({ cluster, ...filter }, at, pageOf({ limit, cursor }));
      return { cluster, ...knowledge(at, since, clock), items: items.map(presentResource), ...more };
    },
  );

  app.get<ObjectRoute & { Querystring: PageQuery & { uid?: string } }>(
    `${objectUrl}/revisions`,
    { schema: { params: objectParams, querystring: revisionsQuery }, config: { access: ofNamespace } },
    async ({ params, query: { uid: asked, limit, cursor } }) => {
      const place = placeOf(params, kinds);
      const uid = await uidOf(history, place, asked);
      const { items, ...more } = await history.revisions(place, uid, pageOf({ limit, cursor }));
      return { ...place, uid, items: items.map(presentRevision), ...more };
    },
  );

  app.get<RevisionRoute>(
    revisionUrl,
    { schema: { params: revisionParams, querystring: uidQuery }, config: { access: ofNamespace } },
    async ({ params, query }) => {
      const { place, revision, before } = await revisionOf(context, { params, query });
      const changes = revision.spec && before?.spec ? diffJson(before.spec, revision.spec, 'spec') : [];
      const earlier = before ? { before: before.revision } : {};
      return { ...place, uid: revision.uid, ...presentRevision(revision), ...presentSpec(revision), ...earlier, changes };
    },
  );
};

/** Of the time asked for: since when there is knowledge, and whether that reaches back so far. */
function knowledge(at: number | undefined, since: number | undefined, clock: HistoryContext['clock']) {
  const time = at ?? clock.now();
  return { at: timeOf(time), known: since !== undefined && time >= since, ...(since === undefined ? {} : { knownSince: timeOf(since) }) };
}

function pageOf({ limit, cursor }: { limit: number; cursor: string | undefined }) {
  return { limit, ...(cursor === undefined ? {} : { cursor }) };
}

function momentOf(at: string | undefined): number | undefined {
  return at === undefined ? undefined : parseTime(at);
}
