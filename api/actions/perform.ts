import type { FastifyRequest } from 'fastify';
import type { Action, AnyAction, Effects, Look } from '#controller/actions/action.ts';
import type { Json, JsonObject } from '#controller/engine/json.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import type { DeclaredTarget, OperationProblem } from '#controller/operations/operation.ts';
import type { Asker, BulkItem } from '#controller/operations/operations.ts';
import { problem } from '#controller/operations/problem.ts';
import { sourceOf } from '../auth/denials.ts';
import type { Denial } from '../auth/gate.ts';
import { readPermission } from '../routes/resource-access.ts';
import { changeSpec, changesNothing, type DeclarationChange, deleteObject, targetOf } from './declaration.ts';
import { gitOpsOwner, ownedFields } from './git-ops.ts';
import { checkInput } from './input.ts';
import { ignoringFor, type Override } from './override.ts';
import { permissionOf, type Seen, type Sight } from './world.ts';

export interface Wish {
  readonly action: AnyAction;
  readonly cluster: string;
  readonly id?: string;
  readonly input: JsonObject;
  /** Against the declaration, for a time. */
  readonly override?: Override;
}

/** What is to be done, thought over: it may be done, and this would become of it. */
export interface Plan {
  readonly seen: Seen;
  readonly effects: Effects;
  /** The change of the declaration that brings it about; `delete` for its end; absent when it is done in the cloud. */
  readonly patch?: JsonObject | 'delete';
  /** With an override: the change of the declaration under which what is done in the cloud is left alone. */
  readonly ignoring?: JsonObject;
}

/** Why not; `denial` when the person lacks a permission, `isHidden` when they may not even know of it. */
export interface Refusal {
  readonly problem: OperationProblem;
  readonly denial?: Denial;
  readonly isHidden?: true;
}

type AnyLook = Look<never>;
/** An action whose row and input are not known here; they were checked against its own schema. */
type Checked = Action<never> & { obstacle(look: AnyLook, input?: Json): ReturnType<Action['obstacle']> };

/** Whether and how a wish can be done, by this person, now. Nothing is changed by it. */
export function thinkOver(request: FastifyRequest, sight: Sight, { action, cluster, id, input, override }: Wish): Plan | Refusal {
  const seen = sight(cluster, action.type, id);
  if (!seen) return hidden(cluster, action.type, id);
  if ('reason' in seen) return { problem: problem(409, seen.reason, `Nothing can be done in Cluster ${cluster} now. ${seen.message}`) };
  if (id !== undefined && !request.may(readPermission(action.type), seen.place).allowed) return hidden(cluster, action.type, id);
  const decision = request.may(permissionOf(action), seen.place);
  if (!decision.allowed) {
    return { problem: { ...problem(403, 'Forbidden', decision.reason) }, denial: decision };
  }
  const errors = checkInput(action, input);
  if (errors.length > 0) {
    return { problem: { ...problem(400, 'BadRequest', errors.map(({ field, message }) => `${field}: ${message}`).join(' ')), errors } };
  }
  const { obstacle, effects, declares } = bound(action);
  const why = obstacle(seen.look, input);
  if (why) {
    const field = why.field === undefined ? {} : { errors: [{ field: why.field, message: why.message }] };
    return { problem: { ...problem(409, why.reason, why.message), ...field } };
  }
  const would = effects(seen.look, input);
  const patch = seen.object && !action.removes ? declares(seen.look, input) : undefined;
  if (override && !patch) return notOverridable;
  if (!seen.object) return { seen, effects: would };
  if (action.removes) return ownedByGitOps(seen, undefined) ?? { seen, effects: would, patch: 'delete' };
  if (!patch || changesNothing(seen.object.spec, patch)) return { seen, effects: would };
  if (override) return { seen, effects: would, ignoring: ignoringFor(seen.object.spec, patch, override) };
  return ownedByGitOps(seen, patch) ?? { seen, effects: would, patch };
}

const notOverridable: Refusal = {
  problem: problem(409, 'NothingDeclared', 'Nothing that this changes is declared, so there is nothing to override; leave override out.'),
};

/** Why an action cannot be done now, without an input: for a button. */
export function obstacleNow(action: AnyAction, seen: Seen) {
  return bound(action).obstacle(seen.look);
}

function bound(action: AnyAction) {
  const checked = action as unknown as Checked;
  return {
    obstacle: (look: AnyLook, input?: Json) => checked.obstacle(look, input),
    effects: (look: AnyLook, input: Json) => checked.effects(look, input),
    declares: (look: AnyLook, input: Json) => checked.declares?.(look, input),
  };
}

function hidden(cluster: string, type: ResourceType, id: string | undefined): Refusal {
  const detail = `Cluster ${cluster} holds no ${type} ${id ?? ''} that you may see; GET /api/v1/resources/${type} lists what there is.`;
  return { problem: problem(404, 'ResourceNotFound', detail), isHidden: true };
}

function ownedByGitOps({ object }: Seen, patch: JsonObject | undefined): Refusal | undefined {
  if (!object) return undefined;
  const owner = gitOpsOwner(object);
  const fields = patch === undefined ? [] : ownedFields(object.spec, patch);
  if (owner === undefined || (patch && fields.length === 0)) return undefined;
  const what = patch ? fields.map((field) => `spec.${field}`).join(', ') : 'it';
  const { kind, metadata } = object;
  const detail = `${kind} ${metadata.namespace}/${metadata.name} is written by ${owner}, which would undo a change of ${what}; change it in the repository${patch ? ', or give an override with until and reason' : ''}.`;
  return { problem: problem(409, 'ManagedByGitOps', detail) };
}

/** Changes the declaration where that is the way; what an operation is then asked for with, or why it was refused. */
export async function prepare(change: DeclarationChange, wish: Wish, plan: Plan): Promise<BulkItem> {
  const { seen, effects, patch, ignoring } = plan;
  const row = structuredClone((seen.look as { target?: Json }).target ?? null);
  const base = {
    action: wish.action,
    cluster: wish.cluster,
    ...(wish.id !== undefined && { target: { id: wish.id, name: seen.name, row } }),
    input: wish.input,
    changes: effects.changes,
  };
  const { object } = seen;
  if (!object) return base;
  if (ignoring) {
    const changed = await changeSpec(change, object, ignoring);
    if (isProblem(changed)) return { ...base, declared: targetOf(object), problem: changed };
    return { ...base, declared: { ...targetOf(object), after: changed.until as number } };
  }
  if (patch === undefined) return { ...base, declared: targetOf(object) };
  const changed = patch === 'delete' ? await deleteObject(change, object) : await changeSpec(change, object, patch);
  return isProblem(changed) ? { ...base, declared: targetOf(object), problem: changed } : { ...base, declared: changed };
}

function isProblem(value: DeclaredTarget | OperationProblem): value is OperationProblem {
  return 'title' in value;
}

export function askerOf(request: FastifyRequest): Asker {
  const { user, userId } = request.identity;
  return { actor: user, ...(userId !== undefined && { userId }), origin: sourceOf(request) };
}
