import * as calls from '#controller/openstack/compute/server-actions.ts';
import type { AnyAction } from '../action.ts';
import { settle } from './settle.ts';
import { type InstanceAction, inputOf, noInput } from './states.ts';

const everyState = [
  'ACTIVE',
  'SHUTOFF',
  'PAUSED',
  'SUSPENDED',
  'SHELVED',
  'SHELVED_OFFLOADED',
  'RESCUE',
  'VERIFY_RESIZE',
  'ERROR',
  'BUILD',
];

const lock: InstanceAction<{ reason?: string }> = {
  name: 'instance.lock',
  type: 'server',
  target: 'one',
  permission: 'instance.operate',
  summary: 'Keep an instance from being changed by anybody but administrators until it is unlocked',
  input: inputOf({
    reason: { type: 'string', minLength: 1, maxLength: 255, description: 'Why, for whoever wants to change it: 1 to 255 characters.' },
  }),
  danger: 'none',
  obstacle: ({ target }) => (target.locked ? { reason: 'Locked', message: 'It is locked already.' } : undefined),
  effects: ({ target }, { reason }) => ({
    changes: [
      { path: 'status.locked', from: target.locked ?? false, to: true },
      ...(reason === undefined ? [] : [{ path: 'status.lockedReason', from: target.locked_reason ?? null, to: reason }]),
    ],
    takesAlong: [],
  }),
  async run(run, { reason }) {
    await run.send('lock', async () => (await calls.lock(run.cloud.compute, run.id, reason), null), seen(run, true));
    await settle(run, 'the lock', { into: everyState, when: (server) => server.locked === true });
    return undefined;
  },
};

const unlock: InstanceAction = {
  name: 'instance.unlock',
  type: 'server',
  target: 'one',
  permission: 'instance.operate',
  summary: 'Let an instance be changed again',
  input: noInput,
  danger: 'none',
  obstacle: ({ target }) => (target.locked === false ? { reason: 'NotLocked', message: 'It is not locked.' } : undefined),
  effects: ({ target }) => ({ changes: [{ path: 'status.locked', from: target.locked ?? true, to: false }], takesAlong: [] }),
  async run(run) {
    await run.send('unlock', async () => (await calls.unlock(run.cloud.compute, run.id), null), seen(run, false));
    await settle(run, 'the end of the lock', { into: everyState, when: (server) => server.locked !== true });
    return undefined;
  },
};

/** Locking twice would be harmless; what is there already need not be sent again. */
function seen(run: Parameters<InstanceAction['run']>[0], locked: boolean) {
  return async () => ((await run.inventory.reread('server', run.id))?.locked === locked ? null : undefined);
}

export const lockActions: readonly AnyAction[] = [lock, unlock];
