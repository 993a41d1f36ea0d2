import { withoutStamp } from '#controller/inventory/stamp.ts';
import * as snapshots from '#controller/openstack/block-storage/snapshots.ts';
import type { Action, Look, Obstacle } from '../action.ts';
import { change, removeAndWait } from '../deeds.ts';
import { changeOf, entriesChanges, entriesPatch, given, makes, onlyChanges, reservedKey } from '../fields.ts';
import { descriptionInput, type Entries, entriesInput, inputOf, nameInput } from '../input.ts';
import { firstOf, foreign, listed } from '../obstacles.ts';
import { makeVolume, type NewVolume, newVolumeInput, obstacleOfNew } from '../volume/create.ts';

type SnapshotLook = Look<'volume_snapshot'>;

function unfit(look: SnapshotLook, ...allowed: readonly string[]): Obstacle | undefined {
  const { status, 'os-extended-snapshot-attributes:project_id': owner } = look.target;
  if (allowed.includes(status)) return foreign(look, owner, 'snapshot');
  if (status.startsWith('error')) return { reason: 'Failed', message: `It is in state ${status}; delete it and take another.` };
  return { reason: 'Busy', message: `It is ${status}; wait until that is done.` };
}

interface Edit {
  readonly name?: string;
  readonly description?: string;
  readonly metadata?: Entries;
}

export const editSnapshot: Action<'volume_snapshot', Edit> = {
  name: 'snapshot.edit',
  type: 'volume_snapshot',
  target: 'one',
  permission: 'snapshot.change',
  summary: 'Change name, description and metadata',
  input: inputOf({
    name: nameInput('snapshot', { canBeEmpty: true }),
    description: descriptionInput,
    metadata: entriesInput('Metadata', 255),
  }),
  danger: 'none',
  obstacle: (look, input) =>
    firstOf(
      unfit(look, 'available', 'error'),
      reservedKey('metadata', input?.metadata, (key) => key.startsWith('stackwarden.')),
    ),
  effects: ({ target }, { name, description, metadata }) =>
    onlyChanges(
      changeOf('name', target.name ?? '', name),
      changeOf('description', target.description ?? '', description),
      entriesChanges('metadata', withoutStamp(target.metadata), metadata),
    ),
  declares: ({ target }, { name, description, metadata }) => ({
    ...given({ name, description }),
    ...entriesPatch('metadata', withoutStamp(target.metadata), metadata),
  }),
  async run(run, { name, description, metadata = {} }) {
    const client = run.cloud.blockStorage;
    const row = { type: 'volume_snapshot', id: run.id } as const;
    const fields = given({ name, description });
    if (Object.keys(fields).length > 0) await change(run, 'Rename', row, () => snapshots.update(client, run.id, fields));
    const set = Object.entries(metadata).filter((entry): entry is [string, string] => entry[1] !== null);
    if (set.length > 0) await change(run, 'Set metadata', row, () => snapshots.setMetadata(client, run.id, Object.fromEntries(set)));
    const { metadata: there } = await snapshots.get(client, run.id);
    const gone = Object.entries(metadata).flatMap(([key, value]) => (value === null && key in there ? [key] : []));
    for (const key of gone) await change(run, `Remove metadata ${key}`, row, () => snapshots.deleteMetadataKey(client, run.id, key));
    return undefined;
  },
};

export const createVolumeFromSnapshot: Action<'volume_snapshot', NewVolume> = {
  name: 'snapshot.createVolume',
  type: 'volume_snapshot',
  target: 'one',
  permission: 'volume.change',
  summary: 'Make a new volume that holds what the snapshot does',
  input: inputOf(newVolumeInput, 'name'),
  danger: 'none',
  obstacle: (look, input) =>
    firstOf(unfit(look, 'available'), input && obstacleOfNew(look.inventory, { ...input, snapshotId: look.target.id })),
  effects: ({ target }, input) => makes({ ...input, sizeGiB: input.sizeGiB ?? target.size, snapshotId: target.id }),
  run: (run, input) => makeVolume(run, { ...input, snapshotId: run.id }),
};

export const deleteSnapshot: Action<'volume_snapshot', object> = {
  name: 'snapshot.delete',
  type: 'volume_snapshot',
  target: 'one',
  permission: 'snapshot.delete',
  summary: 'Delete the snapshot; its volume stays',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: (look) => firstOf(unfit(look, 'available', 'error', 'error_deleting'), beingCopied(look)),
  effects: ({ target }) => ({ changes: [], takesAlong: [], loses: `What the volume held at ${target.created_at}.` }),
  run: (run) => {
    const client = run.cloud.blockStorage;
    const failed = ({ status }: snapshots.VolumeSnapshot) =>
      status === 'error_deleting' ? 'The cloud could not delete it; some backends need the volumes made from it to go first.' : undefined;
    return removeAndWait(run, { type: 'volume_snapshot', id: run.id }, () => snapshots.remove(client, run.id), failed);
  },
};

/** The cloud would delete it even so, and the new volumes end in error. */
function beingCopied({ target, inventory }: SnapshotLook): Obstacle | undefined {
  const coming = [...inventory.all('volume')].filter((volume) => volume.snapshot_id === target.id && volume.status === 'creating');
  if (coming.length === 0) return undefined;
  const names = listed(coming.map((volume) => volume.name || volume.id));
  return { reason: 'InUse', message: `Volumes are being made from it (${names}); wait until they are available.` };
}
