import type { JsonSchema } from '#controller/engine/json.ts';
import type { Flavor } from '#controller/openstack/compute/flavors.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { ActionFailed, type AnyAction } from '../action.ts';
import { settle } from './settle.ts';
import { becomes, firstOf, type InstanceAction, type InstanceLook, inputOf, noInput, notFound, stateObstacle } from './states.ts';

const flavorId: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, description: 'Id of the new flavor.' };

interface ResizeInput {
  readonly flavorId: string;
  readonly confirm?: boolean;
}

const resize: InstanceAction<ResizeInput> = {
  name: 'instance.resize',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Give an instance another flavor',
  input: inputOf(
    { flavorId, confirm: { type: 'boolean', description: 'True: confirm at once. Otherwise it waits for a confirm or a revert.' } },
    'flavorId',
  ),
  danger: 'interrupts',
  obstacle(look, input) {
    const flavor = input && look.inventory.get('flavor', input.flavorId);
    return firstOf(
      stateObstacle(look, 'resized', ['ACTIVE', 'SHUTOFF']),
      input && !flavor ? notFound('flavorId', 'flavor', input.flavorId) : undefined,
      flavor && isSame(look, flavor)
        ? { reason: 'Same', field: 'flavorId', message: `It has flavor ${flavor.name} already; choose another.` }
        : undefined,
      flavor && flavor.disk > 0 && flavor.disk < look.target.flavor.disk
        ? {
            reason: 'TooSmall',
            field: 'flavorId',
            message: `Its disk has ${look.target.flavor.disk} GiB and cannot shrink to ${flavor.disk}; choose a flavor with at least as much.`,
          }
        : undefined,
    );
  },
  effects: (look, input) => ({ changes: flavorChange(look, input), takesAlong: [] }),
  declares: (look, { flavorId: id }) => ({ flavor: namedBy(look, id) }),
  async run(run, { flavorId: id, confirm }) {
    await run.step('Asking the cloud to resize it', 10);
    await run.send('resize', async () => (await servers.resize(run.cloud.compute, run.id, id), null));
    await run.step('Waiting until it has its new size', 30);
    // A cloud may confirm by itself; then it never rests in VERIFY_RESIZE.
    const was = run.before?.flavor.original_name;
    const rests = await settle(run, 'the new size', {
      into: ['VERIFY_RESIZE', 'ACTIVE', 'SHUTOFF'],
      when: (server) => server.status === 'VERIFY_RESIZE' || server.flavor.original_name !== was,
    });
    if (!confirm || rests.status !== 'VERIFY_RESIZE') return { data: { state: rests.status } };
    await run.step('Confirming', 80);
    await run.send('confirm', async () => (await servers.confirmResize(run.cloud.compute, run.id), null));
    const { status } = await settle(run, 'the confirmation', { into: ['ACTIVE', 'SHUTOFF'] });
    return { data: { state: status } };
  },
};

const confirmResize: InstanceAction = {
  name: 'instance.confirmResize',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Keep the new size or host of an instance, and forget the old one',
  input: noInput,
  danger: 'none',
  obstacle: (look) => stateObstacle(look, 'confirmed', ['VERIFY_RESIZE']),
  effects: (look) => becomes(look, look.target['OS-EXT-STS:power_state'] === 4 ? 'SHUTOFF' : 'ACTIVE'),
  async run(run) {
    await run.step('Confirming', 10);
    await run.send('confirm', async () => (await servers.confirmResize(run.cloud.compute, run.id), null));
    const { status } = await settle(run, 'the confirmation', { into: ['ACTIVE', 'SHUTOFF'] });
    return { data: { state: status } };
  },
};

const revertResize: InstanceAction = {
  name: 'instance.revertResize',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Go back to the size and host an instance had before',
  input: noInput,
  danger: 'interrupts',
  obstacle: (look) =>
    firstOf(
      stateObstacle(look, 'reverted', ['VERIFY_RESIZE']),
      look.declared
        ? {
            reason: 'Declared',
            message: 'Its flavor is declared, and the reconciler confirms what is declared; resize it to the old flavor instead.',
          }
        : undefined,
    ),
  effects: (look) => becomes(look, look.target['OS-EXT-STS:power_state'] === 4 ? 'SHUTOFF' : 'ACTIVE'),
  async run(run) {
    await run.step('Asking the cloud to go back', 10);
    await run.send('revert', async () => (await servers.revertResize(run.cloud.compute, run.id), null));
    const { status } = await settle(run, 'the old size', { into: ['ACTIVE', 'SHUTOFF'] });
    return { data: { state: status } };
  },
};

interface RebuildInput {
  readonly imageId?: string;
}

const rebuild: InstanceAction<RebuildInput> = {
  name: 'instance.rebuild',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Make the disk of an instance anew from an image; all that was on it is lost',
  input: inputOf({
    imageId: { type: 'string', minLength: 1, maxLength: 255, description: 'Id of the image; the one it has, unless given.' },
  }),
  danger: 'loss',
  obstacle(look, input) {
    const id = imageOf(look, input ?? {});
    return firstOf(
      stateObstacle(look, 'rebuilt', ['ACTIVE', 'SHUTOFF', 'ERROR']),
      look.declared?.spec['deletionProtection'] === true
        ? { reason: 'Protected', message: 'Its object has deletionProtection; take that back first.' }
        : undefined,
      id === undefined ? { reason: 'ImageNeeded', field: 'imageId', message: 'It boots from a volume: say from which image.' } : undefined,
      id !== undefined && !look.inventory.get('image', id)
        ? { reason: 'NotFound', field: 'imageId', message: `Image ${id} is not in this cloud any more; name another.` }
        : undefined,
    );
  },
  effects(look, input) {
    const from = look.target.image === '' ? null : look.target.image.id;
    const to = imageOf(look, input) ?? null;
    return { changes: from === to ? [] : [{ path: 'spec.image', from, to }], takesAlong: [], loses: 'Everything on its disk.' };
  },
  declares(look, input) {
    const isOther = input.imageId !== undefined && look.target.image !== '' && look.target.image.id !== input.imageId;
    return isOther && input.imageId !== undefined ? { image: { id: input.imageId, name: null } } : undefined;
  },
  async run(run, { imageId }) {
    const { before } = run;
    const imageRef = imageId ?? (before && before.image !== '' ? before.image.id : undefined);
    if (imageRef === undefined) throw new ActionFailed('ImageNeeded', 'It boots from a volume: say from which image.');
    await run.step('Asking the cloud to rebuild it', 10);
    const sent = await run.send('rebuild', async () => (await servers.rebuild(run.cloud.compute, run.id, { imageRef }), true));
    if (sent === null)
      throw new ActionFailed('NotSure', 'A restart came in between: nobody knows whether the rebuild was sent. Look, and ask again.');
    await run.step('Waiting until it is made anew', 40);
    const { status } = await settle(run, 'the rebuild', { into: ['ACTIVE', 'SHUTOFF'] });
    return { data: { state: status } };
  },
};

function isSame({ target }: InstanceLook, flavor: Flavor): boolean {
  const { original_name: name, ram, vcpus, disk } = target.flavor;
  return name === flavor.name && ram === flavor.ram && vcpus === flavor.vcpus && disk === flavor.disk;
}

function flavorChange({ target, inventory }: InstanceLook, { flavorId: id }: ResizeInput) {
  return [{ path: 'spec.flavor', from: target.flavor.original_name, to: inventory.get('flavor', id)?.name ?? id }];
}

/** A selector of the spec: by name where that names one only. */
function namedBy({ inventory }: InstanceLook, id: string) {
  const name = inventory.get('flavor', id)?.name;
  return name !== undefined && inventory.byName('flavor', name).length === 1 ? { name, id: null } : { id, name: null };
}

function imageOf({ target }: InstanceLook, { imageId }: RebuildInput): string | undefined {
  return imageId ?? (target.image === '' ? undefined : target.image.id);
}

export const sizeActions: readonly AnyAction[] = [resize, confirmResize, revertResize, rebuild];
