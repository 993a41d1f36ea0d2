import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import { ownerOf } from '#controller/engine/pass.ts';
import type { Planner } from '#controller/engine/set-plan.ts';
import { DECLARABLE } from '#controller/inventory/undeclared.ts';
import { apiGroup, kinds } from '#controller/kinds/index.ts';
import { BadQuery } from '#controller/lists/bad-query.ts';
import { clusterOfObject } from '#controller/lists/declared.ts';
import type { Lists } from '#controller/lists/lists.ts';
import { typeOfKind } from '#controller/lists/noun.ts';
import type { World } from '../actions/world.ts';
import { decide } from '../auth/decide.ts';
import { sourceOf } from '../auth/denials.ts';
import { forbid } from '../auth/gate.ts';
import { permissionFor } from '../auth/kube-access.ts';
import type { Permission } from '../auth/permissions.ts';
import { present, type Way } from '../drift/answer.ts';
import { declaredAmiss, type Found, foundObject, undeclared } from '../drift/found.ts';
import { type Settlement, settle, Unsettled, type Wish } from '../drift/settle.ts';
import { type SurveyQuery, survey } from '../drift/survey.ts';
import type { OwnKube } from '../own-kube.ts';
import { parseMoment } from './audit-schema.ts';
import * as schema from './drift-schema.ts';
import { badRequest, explain, problem } from './problem.ts';
import { readPermission, sightOf, visibleTypes } from './resource-access.ts';
import { cloudsSeenBy } from './resource-answers.ts';

export interface DriftRoutesOptions {
  /** Undefined until the controller runs. */
  world(): World | undefined;
  /** Undefined until the controller runs. */
  lists(): Lists | undefined;
  planner(): Planner | undefined;
  readonly kube: OwnKube;
  readonly audit: Audit;
  readonly clock: { now(): number };
}

interface Place {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

interface SettleBody {
  readonly paths: readonly string[];
  readonly dryRun: boolean;
  readonly reason?: string;
  readonly until?: string;
}

const objectUrl = '/api/v1/objects/:kind/:namespace/:name/drift';
/** The permission depends on the type, so each handler asks for it. */
const config = { access: 'signed-in' } as const;
const longestLookMs = 5000;

/**
 * `GET /api/v1/drift`: all that is not as declared, over all clouds; and per object what differs, with `POST .../drift/accept`, `/revert` and
 * `/ignore`. Shows each person what they may see. MUST be registered where the gate stands.
 */
export const driftRoutes: FastifyPluginAsync<DriftRoutesOptions> = async (app, options) => {
  checkStrictly(app);

  app.get<{ Querystring: SurveyQuery }>('/api/v1/drift', { schema: { querystring: schema.surveyQuery }, config }, (request, reply) => {
    const [world, lists] = [options.world(), options.lists()];
    if (!world || !lists) return starting(reply);
    const types = visibleTypes(request.identity).filter((type) => DECLARABLE.includes(type));
    const sights = new Map(types.map((type) => [type, sightOf(request.identity, type)]));
    const known = { world, lists, now: options.clock.now() };
    const { items, ...rest } = survey(both(declaredAmiss(known, sights), undeclared(known, sights)), request.query);
    return {
      items: items.map((found) => present(found, mayChange(request, found))),
      ...rest,
      clouds: cloudsSeenBy(request.identity, lists.clouds(types), types, known.now),
    };
  });

  app.get<{ Params: Place }>(objectUrl, { schema: { params: schema.objectParams }, config }, async (request, reply) => {
    const world = options.world();
    if (!world) return starting(reply);
    const object = seenObject(world, request);
    if (!object) return notFound(reply, request.params);
    const found = foundObject({ world, now: options.clock.now() }, object);
    const { conditions = [], ignored = [] } = object.status ?? {};
    const drifted = conditions.find(({ type }) => type === 'Drifted');
    return {
      ...present(found, mayChange(request, found)),
      isDrifted: found.drift.length > 0,
      ...(drifted && { condition: drifted }),
      ignored,
      changedBy: found.drift.length > 0 ? await changedBy(world, object) : [],
    };
  });

  for (const way of ['accept', 'revert', 'ignore'] as const) {
    app.post<{ Params: Place; Body: SettleBody }>(
      `${objectUrl}/${way}`,
      { schema: { params: schema.objectParams, body: way === 'ignore' ? schema.ignoreBody : schema.settleBody }, config },
      async (request, reply) => await answerWish(options, way, request, reply),
    );
  }
};

/** Strict on purpose: a misspelt field that was dropped would do something else than what was asked for. */
function checkStrictly(app: FastifyInstance): void {
  const query = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, verbose: true });
  const body = new Ajv({ useDefaults: true, allErrors: true, verbose: true });
  body.addFormat('moment', (text) => /T/i.test(text) && parseMoment(text) !== undefined);
  app.setValidatorCompiler(({ schema: one, httpPart }) => (httpPart === 'body' ? body : query).compile(one as object));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof BadQuery) return badRequest(reply, [{ field: error.field, message: error.message }]);
    if (!error.validation) throw error;
    return badRequest(reply, (error.validation as ErrorObject[]).map(explain));
  });
}

async function answerWish(
  options: DriftRoutesOptions,
  way: Way,
  request: FastifyRequest<{ Params: Place; Body: SettleBody }>,
  reply: FastifyReply,
): Promise<unknown> {
  const world = options.world();
  if (!world) return starting(reply);
  const object = seenObject(world, request);
  if (!object) return notFound(reply, request.params);
  const found = foundObject({ world, now: options.clock.now() }, object);
  const decision = request.may(changePermission(found), found);
  if (!decision.allowed) return await forbid(request, reply, decision);
  const { dryRun: isDryRun, until, ...given } = request.body;
  const end = until === undefined ? undefined : (parseMoment(until) ?? 0);
  if (end !== undefined && end <= options.clock.now())
    return badRequest(reply, [{ field: 'until', message: `Allowed: ${schema.ignoreBody.properties.until.description}` }]);
  const caller = { ...request.headers, address: request.ip };
  const wish: Wish = { way, isDryRun, caller, ...given, ...(end !== undefined && { until: new Date(end).toISOString() }) };
  const deps = { kube: options.kube, world, planner: options.planner(), now: options.clock.now() };
  try {
    const settlement = await settle(deps, found, wish);
    if (!isDryRun) await tell(options.audit, request, found, { way, settlement });
    return {
      kind: object.kind,
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name,
      way,
      dryRun: isDryRun,
      ...settlement,
    };
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    if (!isDryRun) await tell(options.audit, request, found, { way, why: error.message });
    return problem(reply, error.status, error.title, error.message);
  }
}

const types: Readonly<Record<Way, { readonly type: string; readonly words: string }>> = {
  accept: { type: 'DriftAccepted', words: 'declared what the cloud holds of' },
  revert: { type: 'DriftRevertRequested', words: 'asked to have put right once' },
  ignore: { type: 'DriftIgnored', words: 'had the drift ignored of' },
};

async function tell(
  audit: Audit,
  request: FastifyRequest,
  { kind, namespace, name, cluster, id, object }: Found,
  { way, settlement, why }: { way: Way; settlement?: Settlement; why?: string },
): Promise<void> {
  const { type, words } = types[way];
  const { user } = request.identity;
  const fields = settlement?.entries.map(({ path }) => path || 'the whole resource').join(', ');
  await audit.record({
    type,
    actor: user,
    cluster,
    object: { kind, namespace, name, uid: object?.metadata.uid ?? '' },
    ...(id !== '' && { cloudId: id }),
    changes: settlement?.entries.map(({ path, declared, observed }) => ({ path, from: observed ?? null, to: declared ?? null })) ?? [],
    result: settlement ? 'ok' : 'failed',
    message: `${user} ${words} ${kind} ${namespace}/${name}: ${fields ?? why}`,
    requestIds: [],
    source: sourceOf(request),
  });
}

function* both(first: Iterable<Found>, second: Iterable<Found>): Iterable<Found> {
  yield* first;
  yield* second;
}

/** The object of the path, if the person may know of it. */
function seenObject(world: World, request: FastifyRequest<{ Params: Place }>): KubeObject | undefined {
  const { kind, namespace, name } = request.params;
  const object = world.objects.get({ kind, namespace, name });
  const type = typeOfKind.get(kind);
  if (!object || !type) return undefined;
  const place = { cluster: clusterOfObject(object), namespace };
  return decide(request.identity, readPermission(type), place).allowed ? object : undefined;
}

/** An undeclared resource is taken over by declaring it, in whatever namespace the person may. */
function mayChange({ identity }: FastifyRequest, found: Found): boolean {
  const permission = changePermission(found);
  if (found.object) return decide(identity, permission, found).allowed;
  return identity.grants.some((grant) => grant.permissions.has(permission) && (grant.cluster === '*' || grant.cluster === found.cluster));
}

function changePermission({ kind }: Found): Permission {
  const resource = kinds.find((one) => one.kind === kind)?.plural ?? '';
  const permission = permissionFor({ verb: 'patch', group: apiGroup, resource, subresource: '' } as Parameters<typeof permissionFor>[0]);
  if (!permission) throw new Error(`The policy table has no row for changing a ${kind}.`);
  return permission;
}

/** By the cloud's own log; a cloud that does not answer says nothing. */
async function changedBy(world: World, object: KubeObject): Promise<readonly string[]> {
  const kind = kinds.find((one) => one.kind === object.kind);
  const cloud = world.clouds.look(clusterOfObject(object));
  if (!kind?.changedBy || 'reason' in cloud) return [];
  const seen = kind.observe(cloud, ownerOf(object));
  if (seen.found !== 'one') return [];
  const over = new Promise<readonly string[]>((done) => setTimeout(() => done([]), longestLookMs).unref());
  return await Promise.race([kind.changedBy(cloud, seen.observed as never).catch((): readonly string[] => []), over]);
}

function starting(reply: FastifyReply): FastifyReply {
  return problem(reply.header('retry-after', 5), 503, 'Starting', 'The controller is starting. Try again in a few seconds.');
}

function notFound(reply: FastifyReply, { kind, namespace, name }: Place): FastifyReply {
  return problem(reply, 404, 'NotFound', `There is no ${kind} ${namespace}/${name} that you may see.`);
}
