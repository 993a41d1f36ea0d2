import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { History } from '#controller/history/history.ts';
import { BadCursor, type Place } from '#controller/history/place.ts';
import type { Access } from '../auth/gate.ts';
import { parseTime } from './history-schema.ts';
import { badRequest, explain, problem } from './problem.ts';
import { type KindPath, RollbackRefused } from './rollback.ts';

export interface HistoryContext {
  readonly history: History;
  readonly kinds: readonly KindPath[];
  readonly clock: { now(): number };
}

export interface ObjectRoute {
  readonly Params: { readonly kind: string; readonly namespace: string; readonly name: string };
}
export interface RevisionRoute {
  readonly Params: ObjectRoute['Params'] & { readonly revision: number };
  readonly Querystring: { readonly uid?: string };
}

export const objectUrl = '/api/v1/objects/:kind/:namespace/:name';
export const revisionUrl = `${objectUrl}/revisions/:revision`;

/** Needs a permission in the namespace that the path names, whatever the cluster: an object may have moved between them. */
export const ofNamespace: Access = {
  permission: 'history.read',
  at: ({ params }: FastifyRequest) => ({ cluster: '*', namespace: (params as ObjectRoute['Params']).namespace }),
};

/** Answered as RFC 9457. */
export class Refused extends Error {
  readonly status: number;
  readonly title: string;
  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

/** Checks requests strictly: a misspelt filter that was dropped would answer with everything. A time to come is refused. */
export function checkStrictly(app: FastifyInstance, clock: HistoryContext['clock']): void {
  const ajv = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, verbose: true });
  ajv.addFormat('time', (text) => (parseTime(text) ?? Number.POSITIVE_INFINITY) <= clock.now());
  app.setValidatorCompiler(({ schema }) => ajv.compile(schema as object));
  app.setErrorHandler((error: FastifyError | Refused | RollbackRefused | BadCursor, _request, reply) => answerError(error, reply));
}

function answerError(error: FastifyError | Refused | RollbackRefused | BadCursor, reply: FastifyReply): FastifyReply {
  if (error instanceof BadCursor) return badRequest(reply, [{ field: 'cursor', message: error.message }]);
  if (error instanceof Refused) return problem(reply, error.status, error.title, error.message);
  if (error instanceof RollbackRefused) {
    const more = error.generation === undefined ? {} : { generation: error.generation };
    return problem(reply, error.status, error.reason, error.message, more);
  }
  if (!('validation' in error) || !error.validation) throw error;
  return badRequest(reply, (error.validation as ErrorObject[]).map(explain));
}

/** What a path names; throws Refused. */
export function placeOf({ kind, namespace, name }: ObjectRoute['Params'], kinds: readonly KindPath[]): Place {
  const path = kinds.find((each) => each.kind === kind);
  if (!path) throw new Refused(404, 'NotFound', `There is no kind ${kind}; known are ${kindNames(kinds)}.`);
  if (path.namespaced === (namespace !== '-')) return { kind, namespace: path.namespaced ? namespace : '', name };
  const where = path.namespaced ? 'is in a namespace: name it instead of "-"' : 'is in no namespace: write "-" for it';
  throw new Refused(404, 'NotFound', `A ${kind} ${where}.`);
}

/** The uid asked for, or that of the newest object of this name; throws Refused. */
export async function uidOf(history: History, place: Place, asked: string | undefined): Promise<string> {
  const uid = asked ?? (await history.newestUid(place));
  if (uid === undefined) throw nothingOf(place);
  return uid;
}

/** The revision a path names, with the one before it; throws Refused. */
export async function revisionOf(
  { history, kinds }: HistoryContext,
  { params, query }: { params: RevisionRoute['Params']; query: { uid?: string } },
) {
  const place = placeOf(params, kinds);
  const found = await history.revision(place, await uidOf(history, place, query.uid), params.revision);
  if (found) return { place, ...found };
  throw new Refused(404, 'NotFound', `${place.kind} ${place.name} has no revision ${params.revision}, or none that is still kept.`);
}

export function nothingOf({ kind, namespace, name }: Place): Refused {
  return new Refused(404, 'NotFound', `Nothing was ever recorded of a ${kind} ${namespace ? `${namespace}/` : ''}${name}.`);
}

export function kindNames(kinds: readonly KindPath[]): string {
  return kinds.map(({ kind }) => kind).join(', ');
}
