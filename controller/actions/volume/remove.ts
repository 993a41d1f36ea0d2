import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Action } from '../action.ts';
import { removeAndWait } from '../deeds.ts';
import { inputOf } from '../input.ts';
import { firstOf } from '../obstacles.ts';
import { snapshotsOf, unfit } from './state.ts';

const removable = ['available', 'error', 'error_restoring', 'error_extending', 'error_managing', 'error_deleting'];

export const deleteVolume: Action<'volume', object> = {
  name: 'volume.delete',
  type: 'volume',
  target: 'one',
  permission: 'volume.delete',
  summary: 'Delete the volume and what it holds',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: (look) => firstOf(unfit(look, ...removable), snapshotsOf(look)),
  effects: ({ target }) => ({ changes: [], takesAlong: [], loses: `The ${target.size} GiB of the volume and all that is on them.` }),
  run: (run) => {
    const client = run.cloud.blockStorage;
    const row = { type: 'volume', id: run.id } as const;
    const failed = ({ status }: volumes.Volume) =>
      status === 'error_deleting' ? 'The cloud could not delete it and left it in state error_deleting; ask its administrator.' : undefined;
    return removeAndWait(run, row, () => volumes.remove(client, run.id), failed);
  },
};
