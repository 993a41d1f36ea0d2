import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { History } from '#controller/history/history.ts';
import { BadCursor, type Place } from '#controller/history/place.ts';
import { diffJson } from '../kube-audit.ts';
import { presentListed, presentObject, presentResource, presentRevision, presentSpec, timeOf } from './history-answers.ts';
import {
  applyBody,
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
import { badRequest, explain, problem } from './problems.ts';
import { applyRollback, type KindPath, planRollback, type RollbackDeps, RollbackRefused, type RollbackRequest } from './rollback.ts';

export interface HistoryRoutesOptions extends RollbackDeps {
  readonly history: History;
  readonly kinds: readonly KindPath[];
  readonly clock: { now(): number };
}

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}
interface ObjectRoute {
  readonly Params: { readonly kind: string; readonly namespace: string; readonly name: string };
}
interface RevisionRoute {
  readonly Params: ObjectRoute['Params'] & { readonly revision: number };
  readonly Querystring: { readonly uid?: string };
}

/** Answered as RFC 9457. */
class Refused extends Error {
  readonly status: number;
  readonly title: string;
  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

const object = '/api/v1/objects/:kind/:namespace/:name';

/**
 * What was declared and what was there, now and at any time (`?at=`), and the way back to an earlier revision. Who may call is settled
 * before: the plugin MUST be registered where every request has been authenticated.
 */
export const historyRoutes: FastifyPluginAsync<HistoryRoutesOptions> = async (app, options) => {
  const { history, clock, kinds } = options;
  // Strict on purpose: a misspelt filter that was dropped would answer with everything.
  const ajv = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, verbose: true });
  ajv.addFormat('time', (text) => (parseTime(text) ?? Number.POSITIVE_INFINITY) <= clock.now());
  app.setValidatorCompiler(({ schema }) => ajv.compile(schema as object));
  app.setErrorHandler((error: FastifyError | Refused | RollbackRefused | BadCursor, _request, reply) => answerError(error, reply));

  app.get<ObjectRoute & { Querystring: { at?: string } }>(
    object,
    { schema: { params: objectParams, querystring: atQuery } },
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
    { schema: { querystring: objectsQuery } },
    async ({ query }, reply) => {
      const { at: text, limit, cursor, ...filter } = query;
      if (filter.kind !== undefined && !kinds.some(({ kind }) => kind === filter.kind))
        return badRequest(reply, [{ field: 'kind', message: `Allowed: one of ${namesOf(kinds)}.` }]);
      const at = momentOf(text);
      const page = { limit, kinds: kinds.map(({ kind }) => kind), ...(cursor === undefined ? {} : { cursor }) };
      const { items, next } = await history.objectsAt(filter, at, page);
      return { ...knowledge(at, await history.knownSince()), items: items.map(presentListed), ...(next === undefined ? {} : { next }) };
    },
  );

  app.get<{ Params: { cluster: string }; Querystring: PageQuery & { type?: string; at?: string } }>(
    '/api/v1/inventory/:cluster',
    { schema: { params: clusterParams, querystring: inventoryQuery } },
    async ({ params: { cluster }, query: { at: text, limit, cursor, type } }) => {
      const since = await history.cloudKnownSince(cluster);
      if (since === undefined) throw new Refused(404, 'NotFound', `Nothing was ever seen of a Cluster named ${cluster}.`);
      const at = momentOf(text);
      const page = { limit, ...(cursor === undefined ? {} : { cursor }) };
      const { items, next } = await history.inventoryAt({ cluster, ...(type === undefined ? {} : { type }) }, at, page);
      return { cluster, ...knowledge(at, since), items: items.map(presentResource), ...(next === undefined ? {} : { next }) };
    },
  );

  app.get<ObjectRoute & { Querystring: PageQuery & { uid?: string } }>(
    `${object}/revisions`,
    { schema: { params: objectParams, querystring: revisionsQuery } },
    async ({ params, query: { uid: asked, limit, cursor } }) => {
      const place = placeOf(params, kinds);
      const uid = await uidOf(place, asked);
      const { items, ...more } = await history.revisions(place, uid, { limit, ...(cursor === undefined ? {} : { cursor }) });
      return { ...place, uid, items: items.map(presentRevision), ...more };
    },
  );

  app.get<RevisionRoute>(
    `${object}/revisions/:revision`,
    { schema: { params: revisionParams, querystring: uidQuery } },
    async ({ params, query }) => {
      const place = placeOf(params, kinds);
      const { revision, before } = await revisionOf(place, params.revision, query.uid);
      const changes = revision.spec && before?.spec ? diffJson(before.spec, revision.spec, 'spec') : [];
      const earlier = before ? { before: before.revision } : {};
      return { ...place, uid: revision.uid, ...presentRevision(revision), ...presentSpec(revision), ...earlier, changes };
    },
  );

  app.post<RevisionRoute>(
    `${object}/revisions/:revision/plan`,
    { schema: { params: revisionParams, querystring: uidQuery } },
    async (request) => {
      const rollback = await rollbackOf(request);
      return { ...rollback.place, revision: rollback.revision, ...(await planRollback(options, rollback)) };
    },
  );

  app.post<RevisionRoute & { Body: { generation: number; uid?: string } }>(
    `${object}/revisions/:revision/apply`,
    { schema: { params: revisionParams, querystring: uidQuery, body: applyBody } },
    async (request) => {
      const rollback = await rollbackOf(request);
      return { ...rollback.place, revision: rollback.revision, ...(await applyRollback(options, rollback, request.body)) };
    },
  );

  /** Of the time asked for: since when there is knowledge, and whether that reaches back so far. */
  function knowledge(at: number | undefined, since: number | undefined) {
    const isKnown = since !== undefined && (at ?? clock.now()) >= since;
    return { at: timeOf(at ?? clock.now()), known: isKnown, ...(since === undefined ? {} : { knownSince: timeOf(since) }) };
  }

  async function uidOf(place: Place, asked: string | undefined): Promise<string> {
    const uid = asked ?? (await history.newestUid(place));
    if (uid === undefined) throw nothingOf(place);
    return uid;
  }

  async function revisionOf(place: Place, revision: number, uid: string | undefined) {
    const found = await history.revision(place, await uidOf(place, uid), revision);
    if (found) return found;
    throw new Refused(404, 'NotFound', `${place.kind} ${place.name} has no revision ${revision}, or none that is still kept.`);
  }

  async function rollbackOf(request: FastifyRequest<RevisionRoute>): Promise<RollbackRequest> {
    const { params, query } = request;
    const place = placeOf(params, kinds);
    const { revision } = await revisionOf(place, params.revision, query.uid);
    if (!revision.spec)
      throw new Refused(409, 'Conflict', `Revision ${params.revision} is a deletion: go back to an earlier one, or delete the object.`);
    const path = kinds.find(({ kind }) => kind === place.kind) as KindPath;
    const { authorization = '' } = request.headers;
    return { place, path, revision: params.revision, spec: revision.spec, authorization, user: request.identity?.user ?? 'unknown' };
  }
};

function answerError(error: FastifyError | Refused | RollbackRefused | BadCursor, reply: FastifyReply): FastifyReply {
  if (error instanceof BadCursor) return badRequest(reply, [{ field: 'cursor', message: error.message }]);
  if (error instanceof Refused) return problem(reply, error.status, error.title, error.message);
  if (error instanceof RollbackRefused)
    return problem(
      reply,
      error.status,
      error.reason,
      error.message,
      error.generation === undefined ? {} : { generation: error.generation },
    );
  if (!('validation' in error) || !error.validation) throw error;
  return badRequest(reply, (error.validation as ErrorObject[]).map(explain));
}

function placeOf({ kind, namespace, name }: ObjectRoute['Params'], kinds: readonly KindPath[]): Place {
  const path = kinds.find((each) => each.kind === kind);
  if (!path) throw new Refused(404, 'NotFound', `There is no kind ${kind}; known are ${namesOf(kinds)}.`);
  if (path.namespaced === (namespace !== '-')) return { kind, namespace: path.namespaced ? namespace : '', name };
  const where = path.namespaced ? 'is in a namespace: name it instead of "-"' : 'is in no namespace: write "-" for it';
  throw new Refused(404, 'NotFound', `A ${kind} ${where}.`);
}

function nothingOf({ kind, namespace, name }: Place): Refused {
  return new Refused(404, 'NotFound', `Nothing was ever recorded of a ${kind} ${namespace ? `${namespace}/` : ''}${name}.`);
}

function momentOf(at: string | undefined): number | undefined {
  return at === undefined ? undefined : parseTime(at);
}

function namesOf(kinds: readonly KindPath[]): string {
  return kinds.map(({ kind }) => kind).join(', ');
}
