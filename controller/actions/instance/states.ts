import type { JsonSchema } from '#controller/engine/json.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import type { Action, Effects, Look, Obstacle } from '../action.ts';

export type InstanceLook = Look<'server'>;
export type InstanceAction<Input = Record<string, never>> = Action<'server', Input>;

/** For `instance.start` and its like, which need no input. */
export const noInput: JsonSchema = { type: 'object', properties: {} };

export function inputOf(properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema {
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

/** The way out of each state, for messages. */
const wayOut: Readonly<Record<string, string>> = {
  BUILD: 'wait until it is made',
  SHUTOFF: 'start it',
  PAUSED: 'unpause it',
  SUSPENDED: 'resume it',
  SHELVED: 'unshelve it',
  SHELVED_OFFLOADED: 'unshelve it',
  RESCUE: 'unrescue it',
  VERIFY_RESIZE: 'confirm or revert its resize',
  ERROR: 'rebuild or delete it',
  ACTIVE: 'stop it',
  UNKNOWN: 'wait until the cloud reaches its host again',
};

/**
 * Why something cannot be done to a server now, as Nova decides: by its lock, the task under way, and its state (`status` stands for
 * vm_state, and for the task where that shows). `verb` as in "it cannot be started".
 */
export function stateObstacle(
  { target }: InstanceLook,
  verb: string,
  allowed: readonly string[],
  options: { readonly evenLocked?: true; readonly evenBusy?: true } = {},
): Obstacle | undefined {
  if (target.locked && !options.evenLocked) return lockedObstacle(target);
  const task = target['OS-EXT-STS:task_state'];
  if (task !== null && !options.evenBusy) {
    return { reason: 'Busy', message: `It is busy (${task}), and cannot be ${verb} now; try again when that has ended.` };
  }
  const { status } = target;
  if (allowed.includes(status)) return undefined;
  const next = wayOut[status];
  const message = `It is ${status}, and can be ${verb} only when it is ${allowed.join(' or ')}${next ? `; ${next} first` : ''}.`;
  return { reason: 'WrongState', message };
}

function lockedObstacle({ locked_reason: reason }: Server): Obstacle {
  return { reason: 'Locked', message: `It is locked${reason ? ` (${reason})` : ''}; unlock it first.` };
}

/** What only administrators of a cloud do. They see the host of a server; nobody else does. */
export function needsAdministrator({ target }: InstanceLook): Obstacle | undefined {
  if (target['OS-EXT-SRV-ATTR:host'] !== undefined) return undefined;
  const message =
    'Moving instances between hosts takes an administrator of the cloud, and the user of this cluster is none; connect the cluster with one that is.';
  return { reason: 'NeedsAdministrator', message };
}

export function firstOf(...obstacles: readonly (Obstacle | undefined)[]): Obstacle | undefined {
  return obstacles.find((one) => one !== undefined);
}

/** What the input names has to be there. */
export function notFound(field: string, what: string, id: string): Obstacle {
  return { reason: 'NotFound', field, message: `There is no ${what} ${id} in this cloud; take the id of one that is listed.` };
}

/** A declared list names declared objects only. */
export function notDeclared(field: string, list: string, what: string): Obstacle {
  const message = `Its ${list} are declared, and ${what} is not, so the declaration cannot name it; declare that in the same namespace first.`;
  return { reason: 'NotDeclared', field, message };
}

/** It will be in another state. */
export function becomes({ target }: InstanceLook, status: string, more: Partial<Effects> = {}): Effects {
  return { changes: target.status === status ? [] : [{ path: 'status.state', from: target.status, to: status }], takesAlong: [], ...more };
}

export const nothingElse: Effects = { changes: [], takesAlong: [] };
