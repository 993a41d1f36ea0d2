import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { AnyAction } from '#controller/actions/action.ts';
import type { JsonObject } from '#controller/engine/json.ts';
import type { Answered } from '#controller/operations/operations.ts';
import { strict } from '../actions/input.ts';
import { namedIn } from '../actions/named.ts';
import { readOverride } from '../actions/override.ts';
import { askerOf, obstacleNow, prepare, thinkOver, type Wish } from '../actions/perform.ts';
import { createSight, permissionOf, type Seen, type World } from '../actions/world.ts';
import { type ActionContext, actionNamed, checkStrictly, refuse, worldOf } from './action-request.ts';
import { presentOperation } from './operation-answers.ts';
import * as schema from './operations-schema.ts';
import { badRequest } from './problem.ts';
import { findResource, type ResourcePath } from './seen-resource.ts';

interface PerformQuery {
  readonly dryRun?: boolean;
  readonly wait?: number;
}

/** How long to look once more at what is to be changed, before what was last seen of it has to do. */
const freshLookMs = 3000;

/**
 * `GET /api/v1/resources/TYPE/CLUSTER/ID/actions` and `POST .../actions/NAME`, `POST /api/v1/clusters/CLUSTER/actions/NAME`.
 * Which permission it takes depends on the action and on who declared the target, so the handlers ask. MUST stand where
 * the gate stands.
 */
export const actionRoutes: FastifyPluginAsync<ActionContext> = async (app, context) => {
  checkStrictly(app);
  const config = { access: 'signed-in' } as const;

  app.get<{ Params: ResourcePath }>(
    '/api/v1/resources/:type/:cluster/:id/actions',
    { schema: { params: schema.resourceParams }, config },
    async (request, reply) => {
      const found = await findResource(context, request, reply);
      if (!found) return reply;
      const { seen, type } = found;
      return { items: [...context.actions.values()].filter(onOne(type)).map((action) => button(request, action, seen)) };
    },
  );

  app.post<{ Params: ResourcePath & { name: string }; Querystring: PerformQuery; Body: JsonObject | null }>(
    '/api/v1/resources/:type/:cluster/:id/actions/:name',
    { schema: { params: schema.actionParams, querystring: schema.performQuery, body: schema.performBody }, config },
    async (request, reply) => {
      const { type, cluster, id, name } = request.params;
      const action = actionNamed(context, name, onOne(type), reply);
      if (!action) return reply;
      const { override: given, ...input } = request.body ?? {};
      const override = given === undefined ? undefined : readOverride(given, context.clock.now());
      if (Array.isArray(override)) return badRequest(reply, override);
      return await perform(context, request, reply, { action, cluster, id, input, ...(override && { override }) });
    },
  );

  app.post<{ Params: { cluster: string; name: string }; Querystring: PerformQuery; Body: JsonObject | null }>(
    '/api/v1/clusters/:cluster/actions/:name',
    { schema: { params: schema.clusterActionParams, querystring: schema.performQuery, body: schema.performBody }, config },
    async (request, reply) => {
      const { cluster, name } = request.params;
      const action = actionNamed(context, name, ({ target }) => target === 'none', reply);
      if (!action) return reply;
      return await perform(context, request, reply, { action, cluster, input: request.body ?? {} });
    },
  );
};

const onOne = (type: string) => (action: AnyAction) => action.target === 'one' && action.type === type;

/** What a button has to know. */
function button(request: FastifyRequest, action: AnyAction, seen: Seen) {
  const decision = request.may(permissionOf(action), seen.place);
  const obstacle = obstacleNow(action, seen);
  return {
    name: action.name,
    summary: action.summary,
    permission: action.permission,
    danger: action.danger,
    input: strict(action.input),
    /** By the state of the target. */
    possible: obstacle === undefined,
    /** By the roles of the person. */
    allowed: decision.allowed,
    ...(obstacle && { obstacle: { reason: obstacle.reason, message: obstacle.message } }),
    ...(!decision.allowed && { denied: decision.reason }),
  };
}

/** Does what is wished for, or says what would become of it. */
export async function perform(
  context: ActionContext,
  request: FastifyRequest<{ Querystring: PerformQuery }>,
  reply: FastifyReply,
  wish: Wish,
  { retryOf }: { readonly retryOf?: string } = {},
): Promise<unknown> {
  const world = worldOf(context, reply);
  if (!world) return reply;
  const waitMs = request.query.wait === undefined ? undefined : request.query.wait * 1000;
  const earlier = request.onceId === undefined ? undefined : await context.operations.get(request.onceId);
  if (earlier) return answer(context, reply, { operation: earlier });
  await lookOnceMore(world, wish);
  const plan = thinkOver(request, createSight(world), wish);
  if ('problem' in plan) return await refuse(context, request, reply, wish, plan);
  const { dryRun } = request.query;
  const { effects, patch, ignoring, seen } = plan;
  if (dryRun) {
    const object = seen.object && { kind: seen.object.kind, namespace: seen.object.metadata.namespace, name: seen.object.metadata.name };
    return {
      action: wish.action.name,
      danger: wish.action.danger,
      ...effects,
      by: ignoring ? 'override' : patch === undefined ? 'cloud' : 'declaration',
      ...(object && { object }),
      ...(ignoring && { patch: { spec: ignoring } }),
      ...(patch !== undefined && { patch: patch === 'delete' ? null : { spec: patch } }),
    };
  }
  const ask = await prepare({ kube: context.kube, caller: { ...request.headers, address: request.ip } }, wish, plan);
  if (ask.problem) return await refuse(context, request, reply, wish, { problem: ask.problem });
  const asked = await context.operations.ask(askerOf(request), ask, {
    ...(request.onceId !== undefined && { id: request.onceId }),
    ...(retryOf !== undefined && { retryOf }),
    ...(waitMs !== undefined && { waitMs }),
  });
  return answer(context, reply, asked);
}

function answer({ clock }: ActionContext, reply: FastifyReply, { operation, secret }: Answered) {
  reply.header('location', `/api/v1/operations/${operation.id}`).code(operation.endedAt === undefined ? 202 : 200);
  return { ...presentOperation(operation, clock.now()), ...(secret && { secret }) };
}

/** What was last seen may be some seconds old; a cloud that does not answer is not waited for. */
async function lookOnceMore({ clouds }: World, { cluster, action, id, input }: Wish): Promise<void> {
  const cloud = clouds.look(cluster);
  if ('reason' in cloud) return;
  const target = id === undefined || !cloud.inventory.get(action.type, id) ? [] : [{ type: action.type, id }];
  const rows = [...target, ...namedIn(input)];
  if (rows.length === 0) return;
  const look = Promise.all(rows.map(async (row) => await cloud.inventory.reread(row.type, row.id).catch(() => undefined)));
  const over = AbortSignal.timeout(freshLookMs);
  const timeOut = new Promise<void>((done) => over.addEventListener('abort', () => done(), { once: true }));
  await Promise.race([look, timeOut]);
}
