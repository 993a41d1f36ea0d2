import type { VolumeSnapshot } from '#controller/openstack/block-storage/snapshots.ts';
import * as snapshots from '#controller/openstack/block-storage/snapshots.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import * as images from '#controller/openstack/image/images.ts';
import { type Action, ActionFailed, type Obstacle } from '../action.ts';
import { type AnyRun, change, madeOne, make } from '../deeds.ts';
import { given, makes, reservedKey } from '../fields.ts';
import { descriptionInput, idInput, inputOf, metadataInput, nameInput } from '../input.ts';
import { firstOf } from '../obstacles.ts';
import { isAvailable, isReservedKey, unfit, type VolumeLook, volumeComesTo } from './state.ts';

interface Snapshot {
  readonly name: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export const snapshotVolume: Action<'volume', Snapshot> = {
  name: 'volume.snapshot',
  type: 'volume',
  target: 'one',
  permission: 'snapshot.change',
  summary: 'Keep what the volume holds now as a snapshot',
  input: inputOf({ name: nameInput('snapshot'), description: descriptionInput, metadata: metadataInput }, 'name'),
  danger: 'none',
  obstacle: (look, input) => firstOf(unfit(look, 'available', 'in-use'), reservedKey('metadata', input?.metadata, isReservedKey)),
  effects: (_look, input) => makes(input),
  async run(run, { name, description, metadata }) {
    const client = run.cloud.blockStorage;
    await run.step('Taking the snapshot', 0);
    const made = await make(run, {
      type: 'volume_snapshot',
      list: () => snapshots.list(client, { volume_id: run.id }),
      create: () => snapshots.create(client, { volume_id: run.id, name, ...given({ description, metadata }) }),
      get: (id) => snapshots.get(client, id),
    });
    await snapshotComesTo(run, made.id, `snapshot ${name}`);
    return madeOne('volume_snapshot', made);
  },
};

async function snapshotComesTo(run: AnyRun, id: string, what: string): Promise<VolumeSnapshot> {
  return run.until(what, async () => {
    const seen = await run.inventory.reread('volume_snapshot', id);
    if (seen === undefined) throw new ActionFailed('Gone', `Snapshot ${id} was deleted meanwhile.`);
    if (seen.status.startsWith('error'))
      throw new ActionFailed('SnapshotError', `Snapshot ${seen.name || id} ended in state ${seen.status}; delete it and try again.`);
    return seen.status === 'available' ? seen : undefined;
  });
}

export const restoreVolume: Action<'volume', { readonly snapshotId: string }> = {
  name: 'volume.restore',
  type: 'volume',
  target: 'one',
  permission: 'volume.change',
  summary: 'Take the volume back to what its newest snapshot holds',
  input: inputOf({ snapshotId: idInput('Id of its newest snapshot.') }, 'snapshotId'),
  danger: 'loss',
  obstacle: (look, input) => firstOf(unfit(look, 'available'), notRestorable(look, input?.snapshotId)),
  effects(look, { snapshotId }) {
    const snapshot = look.inventory.get('volume_snapshot', snapshotId);
    return {
      changes: [],
      takesAlong: [],
      loses: `What was written to the volume since its snapshot ${snapshot?.name || snapshotId} of ${snapshot?.created_at ?? 'then'}.`,
    };
  },
  async run(run, { snapshotId }) {
    const client = run.cloud.blockStorage;
    await run.step('Restoring', 0);
    // Done twice it would lose what was written in between, and what was done leaves no trace.
    const isDone = async () => {
      if ((await volumes.get(client, run.id)).status === 'reverting') return true;
      const message = 'A restart came in between; look whether the volume holds what the snapshot does, and ask again if not.';
      throw new ActionFailed('NotSure', message);
    };
    await change(run, 'Restore', { type: 'volume', id: run.id }, () => volumes.revert(client, run.id, snapshotId), isDone);
    await volumeComesTo(run, run.id, 'the restored volume', isAvailable);
    await run.inventory.reread('volume_snapshot', snapshotId);
    return undefined;
  },
};

function notRestorable({ target, inventory }: VolumeLook, snapshotId: string | undefined): Obstacle | undefined {
  const all = inventory.byParent('volume_snapshot', target.id).toSorted((a, b) => b.created_at.localeCompare(a.created_at));
  const [newest] = all;
  if (newest === undefined) return { reason: 'NoSnapshot', message: 'It has no snapshot to go back to.' };
  const field = 'snapshotId';
  if (snapshotId !== undefined && !all.some(({ id }) => id === snapshotId))
    return {
      reason: 'NotFound',
      field,
      message: `It has no snapshot ${snapshotId}; its newest is ${newest.name || newest.id} (${newest.id}).`,
    };
  if (snapshotId !== undefined && snapshotId !== newest.id)
    return {
      reason: 'NotNewest',
      field,
      message: `The cloud goes back to the newest snapshot only, ${newest.name || newest.id} (${newest.id}); make a new volume from an older one.`,
    };
  if (newest.status !== 'available') return { reason: 'Busy', message: `Its newest snapshot is ${newest.status}; it has to be available.` };
  if (newest.size === target.size) return undefined;
  const message = `It has grown from ${newest.size} to ${target.size} GiB since its newest snapshot; make a new volume from that.`;
  return { reason: 'SizeChanged', message };
}

interface Upload {
  readonly name: string;
  readonly diskFormat?: string;
  readonly containerFormat?: string;
}

export const uploadVolumeToImage: Action<'volume', Upload> = {
  name: 'volume.uploadToImage',
  type: 'volume',
  target: 'one',
  permission: 'image.change',
  summary: 'Make an image of what the volume holds',
  input: inputOf(
    {
      name: nameInput('image'),
      diskFormat: {
        type: 'string',
        enum: ['raw', 'qcow2', 'vmdk', 'vdi', 'vhd', 'vhdx'],
        description: 'Format of the image. Default: raw.',
      },
      containerFormat: { type: 'string', enum: ['bare', 'compressed'], description: 'What the data is packed in. Default: bare.' },
    },
    'name',
  ),
  danger: 'none',
  obstacle: (look) => unfit(look, 'available'),
  effects: (_look, input) => makes(input),
  async run(run, { name, diskFormat = 'raw', containerFormat = 'bare' }) {
    const { blockStorage, image: glance } = run.cloud;
    await run.step('Uploading', 0);
    const wanted = { image_name: name, disk_format: diskFormat, container_format: containerFormat };
    const made = await make(run, {
      type: 'image',
      list: () => images.list(glance, { name }),
      create: async () => images.get(glance, (await volumes.uploadToImage(blockStorage, run.id, wanted)).image_id),
      get: (id) => images.get(glance, id),
    });
    run.inventory.wrote('volume', run.id);
    await volumeComesTo(run, run.id, 'the end of the upload', isAvailable);
    const image = await run.inventory.reread('image', made.id);
    if (image?.status !== 'active')
      throw new ActionFailed('ImageError', `Image ${name} ended in state ${image?.status ?? 'deleted'}; delete it and try again.`);
    return madeOne('image', { id: made.id, name });
  },
};
