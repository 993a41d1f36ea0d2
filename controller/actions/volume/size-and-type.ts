import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import { type Action, ActionFailed, type Obstacle } from '../action.ts';
import { change } from '../deeds.ts';
import { changeOf, onlyChanges } from '../fields.ts';
import { idInput, inputOf } from '../input.ts';
import { firstOf } from '../obstacles.ts';
import { sizeInput, unknownType } from './create.ts';
import { isAtRest, snapshotsOf, unfit, type VolumeLook, volumeComesTo } from './state.ts';

export const extendVolume: Action<'volume', { readonly sizeGiB: number }> = {
  name: 'volume.extend',
  type: 'volume',
  target: 'one',
  permission: 'volume.change',
  summary: 'Make the volume larger, in use or not',
  input: inputOf({ sizeGiB: { ...sizeInput, description: 'New size in GiB, larger than now.' } }, 'sizeGiB'),
  danger: 'none',
  obstacle(look, input) {
    const { size } = look.target;
    const isLarger = input === undefined || input.sizeGiB > size;
    return firstOf(
      unfit(look, 'available', 'in-use'),
      isLarger
        ? undefined
        : { reason: 'NotLarger', field: 'sizeGiB', message: `It has ${size} GiB and can only grow; copy what it holds to a smaller one.` },
    );
  },
  effects: ({ target }, { sizeGiB }) => onlyChanges(changeOf('sizeGiB', target.size, sizeGiB)),
  declares: (_look, { sizeGiB }) => ({ sizeGiB }),
  async run(run, { sizeGiB }) {
    const client = run.cloud.blockStorage;
    await run.step('Extending', 0);
    const isDone = async () => {
      const seen = await volumes.get(client, run.id);
      return seen.size >= sizeGiB || seen.status === 'extending';
    };
    await change(run, 'Extend', { type: 'volume', id: run.id }, () => volumes.extend(client, run.id, sizeGiB), isDone);
    const seen = await volumeComesTo(run, run.id, 'the new size', isAtRest);
    if (seen.size < sizeGiB) throw new ActionFailed('NotExtended', `It still has ${seen.size} GiB; the cloud could not extend it.`);
    return undefined;
  },
};

interface Retype {
  readonly volumeType: string;
  readonly migration?: 'on-demand' | 'never';
}

export const retypeVolume: Action<'volume', Retype> = {
  name: 'volume.retype',
  type: 'volume',
  target: 'one',
  permission: 'volume.change',
  summary: 'Change the type of the volume, moving its data where the new type lives elsewhere',
  input: inputOf(
    {
      volumeType: idInput('Name of the new type.'),
      migration: {
        type: 'string',
        enum: ['on-demand', 'never'],
        description: 'on-demand moves the data if the type needs another backend, never refuses then. Default: on-demand.',
      },
    },
    'volumeType',
  ),
  danger: 'none',
  obstacle(look, input) {
    const isSame = input !== undefined && input.volumeType === look.target.volume_type;
    return firstOf(
      unfit(look, 'available', 'in-use'),
      unknownType(look.inventory, input?.volumeType),
      isSame ? { reason: 'Same', field: 'volumeType', message: `It is of type ${input.volumeType} already.` } : undefined,
      input && input.migration !== 'never' ? heldBySnapshots(look) : undefined,
    );
  },
  effects: ({ target }, { volumeType }) => onlyChanges(changeOf('volumeType', target.volume_type, volumeType)),
  // That it must not move cannot be declared.
  declares: (_look, { volumeType, migration }) => (migration === 'never' ? undefined : { volumeType }),
  async run(run, { volumeType, migration = 'on-demand' }) {
    const client = run.cloud.blockStorage;
    await run.step('Changing the type', 0);
    const isDone = async () => {
      const seen = await volumes.get(client, run.id);
      return seen.volume_type === volumeType || seen.status === 'retyping';
    };
    await change(run, 'Retype', { type: 'volume', id: run.id }, () => volumes.retype(client, run.id, volumeType, migration), isDone);
    const seen = await volumeComesTo(run, run.id, 'the new type', isAtRest);
    if (seen.volume_type === volumeType) return undefined;
    const next = migration === 'never' ? 'The new type may live elsewhere: let the data move (on-demand).' : 'Ask its administrator.';
    throw new ActionFailed('NotRetyped', `It is still of type ${seen.volume_type}; the cloud did not move it. ${next}`);
  },
};

/** Cinder takes it on even so, cannot move it, and may leave it in `retyping` for good (seen on 2025.1). */
function heldBySnapshots(look: VolumeLook): Obstacle | undefined {
  const held = snapshotsOf(look);
  return held && { ...held, message: `${held.message} Where both types live in one place, migration never changes the type even so.` };
}
