import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { JsonObject } from '#controller/engine/json.ts';
import type { OperationFilter } from '#controller/operations/list.ts';
import { bulkAction, hasEnded, type Operation } from '#controller/operations/operation.ts';
import type { BulkItem } from '#controller/operations/operations.ts';
import { problem as problemFor } from '#controller/operations/problem.ts';
import { askerOf, prepare, thinkOver, type Wish } from '../actions/perform.ts';
import { createSight, type World } from '../actions/world.ts';
import { forbid } from '../auth/gate.ts';
import type { Permission } from '../auth/permissions.ts';
import { type ActionContext, actionNamed, checkStrictly, worldOf } from './action-request.ts';
import { perform } from './actions.ts';
import { previewMany, type Wished } from './bulk-preview.ts';
import { presentOperation, tagOf } from './operation-answers.ts';
import * as schema from './operations-schema.ts';
import { badRequest, problem } from './problem.ts';
import { sightOf } from './resource-access.ts';

interface ListQuery extends Omit<OperationFilter, 'since' | 'until'> {
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly cursor?: string;
}

interface Target {
  readonly cluster: string;
  readonly id: string;
}

interface BulkBody {
  readonly action: string;
  readonly input?: JsonObject;
  readonly targets?: readonly Target[];
  readonly filter?: string;
}

/** So many declarations one request may change: each is a write of its own, and the answer comes after the last. */
const mostDeclared = 200;

/**
 * `/api/v1/operations`: what was asked for that takes time, one's own and, with the permission, everybody's; many at once; cancel and
 * retry. MUST stand where the gate stands.
 */
export const operationRoutes: FastifyPluginAsync<ActionContext> = async (app, context) => {
  checkStrictly(app);
  const { operations, clock } = context;
  const config = { access: 'signed-in' } as const;

  app.get<{ Querystring: ListQuery }>(
    '/api/v1/operations',
    { schema: { querystring: schema.listQuery }, config },
    async ({ query, identity }) => {
      const { limit, cursor, since, until, ...same } = query;
      const filter = {
        ...same,
        ...moment('since', since),
        ...moment('until', until),
        visible: { actor: identity.user, places: placesOf(identity) },
      };
      const { items, next } = await operations.list(filter, { limit, ...(cursor !== undefined && { cursor }) });
      return { items: items.map((one) => presentOperation(one, clock.now())), ...(next !== undefined && { next }) };
    },
  );

  app.get<{ Params: { id: string } }>(
    '/api/v1/operations/:id',
    { schema: { params: schema.operationParams }, config },
    async (request, reply) => {
      const operation = await find(context, request, reply, 'operation.read');
      if (!operation) return reply;
      const counts = operation.action === bulkAction ? await operations.countsOf(operation.id) : undefined;
      const tag = tagOf(operation, counts);
      reply.header('etag', tag).header('cache-control', 'no-cache');
      if (request.headers['if-none-match'] === tag) return reply.code(304).send();
      return presentOperation(operation, clock.now(), counts);
    },
  );

  app.get<{ Params: { id: string }; Querystring: { limit: number; cursor?: string } }>(
    '/api/v1/operations/:id/items',
    { schema: { params: schema.operationParams, querystring: schema.pageQuery }, config },
    async (request, reply) => {
      const operation = await find(context, request, reply, 'operation.read');
      if (!operation) return reply;
      const { limit, cursor } = request.query;
      const { items, next } = await operations.list({ parent: operation.id }, { limit, ...(cursor !== undefined && { cursor }) });
      return { items: items.map((one) => presentOperation(one, clock.now())), ...(next !== undefined && { next }) };
    },
  );

  app.post<{ Params: { id: string } }>(
    '/api/v1/operations/:id/cancel',
    { schema: { params: schema.operationParams }, config },
    async (request, reply) => {
      const operation = await find(context, request, reply, 'operation.change');
      if (!operation) return reply;
      if (!(await operations.cancel(operation.id, askerOf(request)))) {
        return problem(reply, 409, 'Ended', 'The operation has ended already; look at its result.');
      }
      const now = (await operations.get(operation.id)) ?? operation;
      return reply.code(hasEnded(now.state) ? 200 : 202).send(presentOperation(now, clock.now()));
    },
  );

  app.post<{ Params: { id: string }; Querystring: { wait?: number } }>(
    '/api/v1/operations/:id/retry',
    { schema: { params: schema.operationParams, querystring: schema.waitQuery }, config },
    async (request, reply) => {
      const operation = await find(context, request, reply, 'operation.change');
      if (!operation) return reply;
      if (operation.state !== 'failed' && operation.state !== 'cancelled') {
        return problem(reply, 409, 'NotFailed', `The operation is ${operation.state}; only one that failed or was cancelled is repeated.`);
      }
      return operation.action === bulkAction
        ? await retryMany(context, request, reply, operation)
        : await retryOne(context, request, reply, operation);
    },
  );

  app.post<{ Body: BulkBody; Querystring: { wait?: number; dryRun?: boolean } }>(
    '/api/v1/operations',
    { schema: { body: schema.bulkBody, querystring: schema.performQuery }, config },
    async (request, reply) => {
      const { action, input = {} } = request.body;
      const targets = targetsOf(context, request, reply);
      if (!targets) return reply;
      const many = { action, input, targets };
      return request.query.dryRun ? preview(context, request, reply, many) : await performMany(context, request, reply, many);
    },
  );
};

/** What is named, or what fits the filter now and the person may see; undefined when the reply says what is wrong. Throws BadQuery. */
function targetsOf(
  context: ActionContext,
  { body, identity }: FastifyRequest<{ Body: BulkBody }>,
  reply: FastifyReply,
): readonly Target[] | undefined {
  const { action, targets, filter } = body;
  const refuse = (field: string, message: string): undefined => void badRequest(reply, [{ field, message }]);
  if ((targets === undefined) === (filter === undefined)) return refuse('targets', 'Give targets or a filter, and not both.');
  if (filter === undefined) return targets;
  const found = actionNamed(context, action, ({ target }) => target === 'one', reply);
  const lists = found && context.lists();
  if (!found) return undefined;
  if (!lists) return void worldOf(context, reply);
  const fitting: Target[] = [];
  for (const { cluster, id } of lists.rows(found.type, { filter, maySee: sightOf(identity, found.type) })) {
    // Declared and not there: nothing to act on.
    if (id !== '') fitting.push({ cluster, id });
    if (fitting.length > schema.mostTargets)
      return refuse('filter', `More than ${schema.mostTargets} resources fit. Narrow it, such as by cluster:NAME.`);
  }
  return fitting.length > 0 ? fitting : refuse('filter', 'Nothing that you may see fits.');
}

function moment(field: 'since' | 'until', text: string | undefined): { since?: number; until?: number } {
  const at = text === undefined ? undefined : schema.parseMoment(text);
  return at === undefined ? {} : { [field]: at };
}

function placesOf({ grants }: FastifyRequest['identity']) {
  return grants.filter(({ permissions }) => permissions.has('operation.read')).map(({ cluster, namespace }) => ({ cluster, namespace }));
}

/** The operation of the path, if it is the person's own or they have the permission there; else the reply says so. */
async function find(
  { operations }: ActionContext,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
  permission: Permission,
): Promise<Operation | undefined> {
  const operation = await operations.get(request.params.id);
  const isOwn = operation?.actor === request.identity.user;
  const place = { cluster: operation?.cluster || '*', namespace: operation?.namespace || '*' };
  if (!operation || (!isOwn && !request.may('operation.read', place).allowed)) {
    void problem(
      reply,
      404,
      'OperationNotFound',
      `There is no operation ${request.params.id} that you may see; GET /api/v1/operations lists them.`,
    );
    return undefined;
  }
  const decision = request.may(permission, place);
  if (isOwn || decision.allowed) return operation;
  await forbid(request, reply, decision);
  return undefined;
}

type Waiting = FastifyRequest<{ Querystring: { wait?: number } }>;

async function retryOne(context: ActionContext, request: Waiting, reply: FastifyReply, operation: Operation): Promise<unknown> {
  const action = actionNamed(context, operation.action, () => true, reply);
  if (!action) return reply;
  const wish: Wish = {
    action,
    cluster: operation.cluster,
    ...(operation.target !== '' && { id: operation.target }),
    input: operation.input as JsonObject,
  };
  return await perform(context, request, reply, wish, { retryOf: operation.id });
}

/** Those of a bulk that failed or were cancelled, once more. */
async function retryMany(context: ActionContext, request: Waiting, reply: FastifyReply, { id, input }: Operation): Promise<unknown> {
  const targets: Target[] = [];
  let cursor: string | undefined;
  do {
    const page = await context.operations.list({ parent: id }, { limit: 500, ...(cursor !== undefined && { cursor }) });
    const again = page.items.filter(({ state }) => state === 'failed' || state === 'cancelled');
    targets.push(...again.map((one) => ({ cluster: one.cluster, id: one.target })));
    cursor = page.next;
  } while (cursor !== undefined);
  const asked = input as { action: string; input: JsonObject };
  return await performMany(context, request, reply, { ...asked, targets, retryOf: id });
}

interface Many {
  readonly action: string;
  readonly input: JsonObject;
  readonly targets: readonly Target[];
  readonly retryOf?: string;
}

/** What is wished for, one by one; undefined when the reply says what is wrong. */
function wishesOf(context: ActionContext, reply: FastifyReply, { action: name, targets, input }: Many): Wished | undefined {
  const world = worldOf(context, reply);
  const action = world && actionNamed(context, name, ({ target }) => target === 'one', reply);
  return action && { world, action, wishes: distinct(targets).map((target): Wish => ({ action, ...target, input })) };
}

function preview(context: ActionContext, request: FastifyRequest, reply: FastifyReply, many: Many): unknown {
  const wished = wishesOf(context, reply, many);
  return wished ? previewMany(request, wished, { mostDeclared, tooMany }) : reply;
}

async function performMany(context: ActionContext, request: Waiting, reply: FastifyReply, many: Many): Promise<unknown> {
  const wished = wishesOf(context, reply, many);
  if (!wished) return reply;
  const { world, action, wishes } = wished;
  const earlier = request.onceId === undefined ? undefined : await context.operations.get(request.onceId);
  const items = earlier ? [] : await itemsOf(context, request, world, wishes);
  const { wait } = request.query;
  const { operation } = await context.operations.askMany(askerOf(request), action, many.input, items, {
    ...(request.onceId !== undefined && { id: request.onceId }),
    ...(many.retryOf !== undefined && { retryOf: many.retryOf }),
    ...(wait !== undefined && { waitMs: wait * 1000 }),
  });
  const counts = await context.operations.countsOf(operation.id);
  reply.header('location', `/api/v1/operations/${operation.id}`).code(operation.endedAt === undefined ? 202 : 200);
  return presentOperation(operation, context.clock.now(), counts);
}

/** Each target is thought over by itself: what cannot be done is an item that failed. */
async function itemsOf(context: ActionContext, request: FastifyRequest, world: World, wishes: readonly Wish[]): Promise<BulkItem[]> {
  const sight = createSight(world);
  const change = { kube: context.kube, caller: { ...request.headers, address: request.ip } };
  const items: BulkItem[] = [];
  let declared = 0;
  for (const wish of wishes) {
    const plan = thinkOver(request, sight, wish);
    if ('problem' in plan) items.push({ ...bare(wish), problem: plan.problem });
    else if (plan.patch !== undefined && ++declared > mostDeclared) items.push({ ...bare(wish), problem: tooMany });
    else items.push(await prepare(change, wish, plan));
  }
  return items;
}

const tooMany = problemFor(
  409,
  'TooManyDeclared',
  `One request changes at most ${mostDeclared} declarations; ask for the rest in another.`,
);

function bare({ action, cluster, id, input }: Wish): BulkItem {
  return { action, cluster, ...(id !== undefined && { target: { id, name: '', row: null } }), input, changes: [] };
}

function distinct(targets: readonly Target[]): Target[] {
  return [...new Map(targets.map((target) => [`${target.cluster}/${target.id}`, target])).values()];
}
