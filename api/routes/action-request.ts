import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AnyAction } from '#controller/actions/action.ts';
import type { Audit } from '#controller/audit/audit.ts';
import { BadQuery } from '#controller/lists/bad-query.ts';
import type { Lists } from '#controller/lists/lists.ts';
import { BadOperationCursor } from '#controller/operations/list.ts';
import type { OperationProblem } from '#controller/operations/operation.ts';
import type { Operations } from '#controller/operations/operations.ts';
import type { Refusal, Wish } from '../actions/perform.ts';
import type { World } from '../actions/world.ts';
import { sourceOf } from '../auth/denials.ts';
import { forbid } from '../auth/gate.ts';
import type { OwnKube } from '../own-kube.ts';
import { parseMoment } from './audit-schema.ts';
import { badRequest, explain, problem } from './problem.ts';

export interface ActionContext {
  readonly operations: Operations;
  readonly actions: ReadonlyMap<string, AnyAction>;
  /** Undefined until the controller runs. */
  world(): World | undefined;
  /** What a filter is looked up in; undefined until the controller runs. */
  lists(): Lists | undefined;
  readonly audit: Audit;
  readonly kube: OwnKube;
  readonly clock: { now(): number };
}

/** Strict on purpose: a misspelt field that was dropped would do something else than what was asked for. */
export function checkStrictly(app: FastifyInstance): void {
  const query = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, verbose: true, allowUnionTypes: true });
  query.addFormat('moment', (text) => parseMoment(text) !== undefined);
  const body = new Ajv({ useDefaults: true, allErrors: true, verbose: true, allowUnionTypes: true });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? body : query).compile(schema as object));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof BadQuery) return badRequest(reply, [{ field: error.field, message: error.message }]);
    if (error instanceof BadOperationCursor) return badRequest(reply, [{ field: 'cursor', message: error.message }]);
    if (!error.validation) throw error;
    return badRequest(reply, (error.validation as ErrorObject[]).map(explain));
  });
}

/** Undefined when the reply says that the controller is starting. */
export function worldOf(context: ActionContext, reply: FastifyReply): World | undefined {
  const world = context.world();
  if (!world) void problem(reply.header('retry-after', 5), 503, 'Starting', 'The controller is starting. Try again in a few seconds.');
  return world;
}

/** The action of this name; undefined when the reply says that there is none. */
export function actionNamed(
  context: ActionContext,
  name: string,
  fits: (action: AnyAction) => boolean,
  reply: FastifyReply,
): AnyAction | undefined {
  const found = context.actions.get(name);
  if (found && fits(found)) return found;
  const known = [...context.actions.values()].filter(fits).map((action) => action.name);
  void problem(reply, 404, 'ActionNotFound', `There is no action ${name} here; known are ${known.join(', ') || 'none'}.`);
  return undefined;
}

/** Answers why not, and records that it was asked for; who only asked what would become of it has tried nothing. */
export async function refuse(
  context: ActionContext,
  request: FastifyRequest,
  reply: FastifyReply,
  wish: Wish,
  refusal: Refusal,
): Promise<FastifyReply> {
  if (refusal.denial) return await forbid(request, reply, refusal.denial);
  const { status, title, detail, ...more } = refusal.problem;
  const { dryRun = false } = request.query as { dryRun?: boolean };
  if (dryRun) return problem(reply, status, title, detail, extra(more));
  await context.audit.record({
    type: 'ActionRefused',
    actor: request.identity.user,
    cluster: wish.cluster,
    ...(wish.id !== undefined && { cloudId: wish.id }),
    changes: [],
    result: 'denied',
    message: `${wish.action.name}: ${title}: ${detail}`,
    requestIds: [],
    source: sourceOf(request),
  });
  return problem(reply, status, title, detail, extra(more));
}

function extra({ errors, requestIds }: Partial<OperationProblem>) {
  return { ...(errors && { errors }), ...(requestIds && { requestIds }) };
}
