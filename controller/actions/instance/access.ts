import { randomBytes } from 'node:crypto';
import type { JsonSchema } from '#controller/engine/json.ts';
import * as calls from '#controller/openstack/compute/server-actions.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { ActionFailed, type AnyAction } from '../action.ts';
import { settle, throwIfFailed } from './settle.ts';
import { becomes, firstOf, type InstanceAction, inputOf, noInput, notFound, nothingElse, stateObstacle } from './states.ts';

const password: JsonSchema = {
  type: 'string',
  format: 'password',
  minLength: 8,
  maxLength: 255,
  description:
    'The password of its administrator: 8 to 255 characters. Left out: one is made, and told to the request that waits for the result.',
};
const newPassword = () => randomBytes(18).toString('base64url');

const rescue: InstanceAction<{ password?: string; imageId?: string }> = {
  name: 'instance.rescue',
  type: 'server',
  target: 'one',
  permission: 'instance.password',
  summary: 'Boot an instance from a rescue image, with its own disk beside it',
  input: inputOf({
    password,
    imageId: { type: 'string', minLength: 1, maxLength: 255, description: 'Id of the image to boot from; its own, unless given.' },
  }),
  danger: 'interrupts',
  obstacle: (look, input) =>
    firstOf(
      stateObstacle(look, 'rescued', ['ACTIVE', 'SHUTOFF', 'ERROR']),
      look.declared?.spec['powerState'] !== undefined
        ? {
            reason: 'Declared',
            message:
              'Its power state is declared, so the reconciler would end the rescue at once; pause the object (annotation openstack.stackwarden.io/paused) or take spec.powerState out first.',
          }
        : undefined,
      input?.imageId !== undefined && !look.inventory.get('image', input.imageId) ? notFound('imageId', 'image', input.imageId) : undefined,
    ),
  effects: (look) => becomes(look, 'RESCUE'),
  async run(run, { password: given, imageId }) {
    const adminPass = given ?? newPassword();
    await run.step('Asking the cloud to rescue it', 10);
    const isNew = await run.send('rescue', async () => {
      await calls.rescue(run.cloud.compute, run.id, { adminPass, ...(imageId !== undefined && { imageRef: imageId }) });
      return adminPassSent;
    });
    await run.step('Waiting until it is rescued', 40);
    await settle(run, 'the RESCUE state', { into: ['RESCUE'] });
    return isNew === adminPassSent
      ? { secret: { password: adminPass } }
      : { data: { note: 'A restart came in between: its password is not known.' } };
  },
};

/** Stands for the password in what is stored. */
const adminPassSent = 'sent';

const unrescue: InstanceAction = {
  name: 'instance.unrescue',
  type: 'server',
  target: 'one',
  permission: 'instance.password',
  summary: 'Boot a rescued instance from its own disk again',
  input: noInput,
  danger: 'interrupts',
  obstacle: (look) => stateObstacle(look, 'unrescued', ['RESCUE']),
  effects: (look) => becomes(look, 'ACTIVE'),
  async run(run) {
    await run.step('Asking the cloud to end the rescue', 10);
    await run.send('unrescue', async () => (await servers.unrescue(run.cloud.compute, run.id), null));
    await run.step('Waiting until it runs', 40);
    await settle(run, 'the ACTIVE state', { into: ['ACTIVE'] });
    return undefined;
  },
};

const changePassword: InstanceAction<{ password?: string }> = {
  name: 'instance.changePassword',
  type: 'server',
  target: 'one',
  permission: 'instance.password',
  summary: 'Set the password of the administrator within an instance, by its guest agent',
  input: inputOf({ password }),
  danger: 'interrupts',
  obstacle: (look) => stateObstacle(look, 'given a password', ['ACTIVE']),
  effects: () => nothingElse,
  async run(run, { password: given }) {
    const adminPass = given ?? newPassword();
    await run.step('Asking the cloud to set the password', 10);
    const sent = await run.send(
      'changePassword',
      async () => (await calls.changePassword(run.cloud.compute, run.id, adminPass), adminPassSent),
    );
    if (sent === null) throw new ActionFailed('NotSure', 'A restart came in between, so nobody knows which password it has; ask again.');
    await run.step('Waiting for the guest', 50);
    await settle(run, 'the new password', { into: ['ACTIVE'] });
    await throwIfFailed(run);
    return { secret: { password: adminPass } };
  },
};

export const accessActions: readonly AnyAction[] = [rescue, unrescue, changePassword];
