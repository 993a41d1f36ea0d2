import type { Change, Difference, Kind, Resolve } from '#controller/engine/kind.ts';
import { STAMP_KEY, withoutStamp } from '#controller/inventory/stamp.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import { candidatesOf } from './candidates.ts';
import { concerns, fieldChange, mapChanges, mapWrites } from './changes.ts';
import type { Ref, Selector } from './fields.ts';
import type { CloudHandle } from './handle.ts';
import { Obstacle } from './obstacle.ts';
import { findOwned, isMade, STAMP_PATH, stampChange } from './ownership.ts';
import { type CommonSpec, ownFields } from './policies.ts';
import { select } from './selectors.ts';
import { declareVolume } from './volume-declaring.ts';
import { volumeSpec, volumeStatus } from './volume-schema.ts';
import { recordCreated, remove, write } from './writes.ts';

type Volume = volumes.Volume;

export type VolumeSpec = CommonSpec & {
  readonly name?: string;
  readonly description?: string;
  readonly sizeGiB: number;
  readonly volumeType?: string;
  readonly image?: Selector;
  readonly snapshotRef?: Ref;
  readonly volumeRef?: Ref;
  readonly availabilityZone?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly bootable?: boolean;
  readonly readOnly?: boolean;
};

export interface DesiredVolume {
  readonly uid: string;
  readonly name: string;
  readonly description?: string;
  readonly sizeGiB: number;
  /** Name of the type. */
  readonly volumeType?: string;
  /** As declared; `imageId` is known only while the volume has to be made. */
  readonly image?: Selector;
  readonly imageId?: string;
  readonly snapshotId?: string;
  readonly sourceId?: string;
  readonly availabilityZone?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly bootable?: boolean;
  readonly readOnly?: boolean;
}

export interface ObservedVolume {
  readonly volume: Volume;
  /** Whether the volume it was copied from is still there. */
  readonly isSourceThere: boolean;
  /** Whether the snapshot it was filled with is still there. */
  readonly isSnapshotThere: boolean;
}

/** `reserved` is none of them: volumes of a shelved server stay so. */
const MOVING: ReadonlySet<string> = new Set([
  'creating',
  'downloading',
  'attaching',
  'detaching',
  'extending',
  'retyping',
  'uploading',
  'backing-up',
  'restoring-backup',
  'awaiting-transfer',
  'maintenance',
  'reverting',
  'deleting',
  'managing',
  'unmanaging',
]);
/** Keys Cinder keeps among the metadata by itself. */
const CINDER_KEYS: readonly string[] = ['readonly', 'attached_mode'];

/** A Cinder volume. It only ever grows: a smaller size needs another volume. */
export const volume: Kind<VolumeSpec, DesiredVolume, ObservedVolume, CloudHandle> = {
  kind: 'Volume',
  plural: 'volumes',
  shortNames: ['osv'],
  description: 'A block device that outlives the instances it is attached to.',
  spec: volumeSpec,
  status: volumeStatus,
  holdsData: true,
  columns: [
    { name: 'State', path: '.status.state', type: 'string' },
    { name: 'GiB', path: '.status.sizeGiB', type: 'integer' },
    { name: 'Type', path: '.status.volumeType', type: 'string', priority: 1 },
  ],

  desire(spec, resolve) {
    const { volumeType, snapshotRef, volumeRef, ...fields } = ownFields(spec);
    const type = volumeType === undefined ? undefined : select(resolve, 'volume_type', { name: volumeType }, 'spec.volumeType');
    const sourceId = volumeRef && resolve.id('Volume', volumeRef.name);
    const snapshotId = snapshotRef && resolve.id('VolumeSnapshot', snapshotRef.name);
    const imageId = isMade(resolve, 'volume') ? undefined : neededToCreate(spec, { sourceId, snapshotId }, resolve);
    return {
      ...fields,
      uid: resolve.owner.uid,
      name: fields.name ?? resolve.owner.name,
      ...(type && { volumeType: type.name }),
      ...(snapshotId !== undefined && { snapshotId }),
      ...(sourceId !== undefined && { sourceId }),
      ...(imageId !== undefined && { imageId }),
    };
  },

  observe(cloud, owner) {
    const found = findOwned(cloud, 'volume', 'volume', owner);
    if (found.found !== 'one') return found;
    const { source_volid: source, snapshot_id: snapshot } = found.observed;
    const isSourceThere = source !== null && cloud.inventory.get('volume', source) !== undefined;
    const isSnapshotThere = snapshot !== null && cloud.inventory.get('volume_snapshot', snapshot) !== undefined;
    return { ...found, observed: { volume: found.observed, isSourceThere, isSnapshotThere } };
  },

  diff(desired, observed) {
    const { volume } = observed;
    const changes: Change[] = [
      ...stampChange('volume', volume, desired.uid),
      ...fieldChange('spec.name', volume.name ?? '', desired.name),
      ...fieldChange('spec.description', volume.description ?? '', desired.description),
      ...sizeChange(volume.size, desired.sizeGiB),
      ...fieldChange('spec.volumeType', volume.volume_type, desired.volumeType),
      ...originChanges(desired, observed),
      ...fieldChange('spec.availabilityZone', volume.availability_zone, desired.availabilityZone, { by: 'replace' }),
      ...mapChanges('spec.metadata', metadataOf(volume), desired.metadata),
      ...fieldChange('spec.bootable', volume.bootable === 'true', desired.bootable),
      ...fieldChange('spec.readOnly', isReadOnly(volume), desired.readOnly),
    ];
    return { changes, ...stateOf(volume) };
  },

  async create(cloud, desired) {
    const askedAt = Date.now();
    const made = await volumes.create(cloud.client.blockStorage, {
      name: desired.name,
      size: desired.sizeGiB,
      metadata: { ...desired.metadata, [STAMP_KEY]: desired.uid },
      ...(desired.description !== undefined && { description: desired.description }),
      ...(desired.volumeType !== undefined && { volume_type: desired.volumeType }),
      ...(desired.imageId !== undefined && { imageRef: desired.imageId }),
      ...(desired.snapshotId !== undefined && { snapshot_id: desired.snapshotId }),
      ...(desired.sourceId !== undefined && { source_volid: desired.sourceId }),
      ...(desired.availabilityZone !== undefined && { availability_zone: desired.availabilityZone }),
    });
    recordCreated(cloud, 'volume', made, askedAt);
    return { id: made.id };
  },

  async update(cloud, desired, { volume }, changes) {
    refuseAttached(volume, changes);
    for (const send of writesFor(cloud, desired, volume, changes)) {
      if ((await write(cloud, 'volume', volume.id, async () => (await send(), true))) === undefined) return;
    }
    await cloud.inventory.reread('volume', volume.id);
  },

  async delete(cloud, { volume: { id } }) {
    // The server it was attached to may have let go of it since we looked.
    const volume = await cloud.inventory.reread('volume', id);
    // On its way to `available`, where it can be deleted, or to nothing. Anything else that is in the way Cinder names.
    if (volume === undefined || MOVING.has(volume.status)) return;
    await remove(cloud, 'volume', id, () => volumes.remove(cloud.client.blockStorage, id));
  },

  async reread(cloud, id) {
    await cloud.inventory.reread('volume', id);
  },

  listedAt: (cloud) => cloud.inventory.listedAt('volume'),

  report: ({ volume }) => ({
    state: volume.status,
    sizeGiB: volume.size,
    bootable: volume.bootable === 'true',
    attachedTo: volume.attachments.map((attachment) => attachment.server_id).toSorted(),
    ...(volume.volume_type !== null && { volumeType: volume.volume_type }),
  }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'volume', filter),

  declare: (cloud, { volume, isSourceThere, isSnapshotThere }, names) => ({
    ...declareVolume(cloud, volume, {
      names,
      sourceId: isSourceThere ? volume.source_volid : null,
      snapshotId: isSnapshotThere ? volume.snapshot_id : null,
    }),
    ...(Object.keys(metadataOf(volume)).length > 0 && { metadata: metadataOf(volume) }),
    ...(isReadOnly(volume) && { readOnly: true }),
  }),
};

/** The id of the image to copy, and a wait until the volume or snapshot to copy can be read. */
function neededToCreate(
  spec: VolumeSpec,
  { sourceId, snapshotId }: { sourceId: string | undefined; snapshotId: string | undefined },
  resolve: Resolve<CloudHandle>,
): string | undefined {
  const { inventory } = resolve.cloud;
  if (sourceId) needReadable(`Volume ${spec.volumeRef?.name}`, inventory.get('volume', sourceId)?.status, resolve);
  if (snapshotId) needReadable(`VolumeSnapshot ${spec.snapshotRef?.name}`, inventory.get('volume_snapshot', snapshotId)?.status, resolve);
  return spec.image && select(resolve, 'image', spec.image, 'spec.image')?.id;
}

function needReadable(source: string, status: string | undefined, resolve: Resolve<CloudHandle>): void {
  if (status === 'available' || status === 'in-use') return;
  const message = `Waits until ${source} can be copied; it is ${status ?? 'not seen yet'}.`;
  resolve.need(undefined, { reason: 'SourceNotReady', message }, { passes: true });
}

function sizeChange(observed: number, declared: number): Change[] {
  return fieldChange('spec.sizeGiB', observed, declared, declared < observed ? { by: 'replace' } : {});
}

/**
 * What the volume was made from. Only what still can be told is compared: Cinder keeps an image's id and name, which people may
 * remove, and the id of a source volume or snapshot, which may be gone since.
 */
function originChanges(desired: DesiredVolume, { volume, isSourceThere, isSnapshotThere }: ObservedVolume): Change[] {
  const { image_id: id, image_name: name } = volume.volume_image_metadata ?? {};
  const image =
    desired.image?.id !== undefined ? { observed: id, declared: desired.image.id } : { observed: name, declared: desired.image?.name };
  return [
    ...(image.observed === undefined ? [] : fieldChange('spec.image', image.observed, image.declared, { by: 'replace' })),
    ...(isSnapshotThere ? fieldChange('spec.snapshotRef', volume.snapshot_id, desired.snapshotId, { by: 'replace' }) : []),
    ...(isSourceThere ? fieldChange('spec.volumeRef', volume.source_volid, desired.sourceId, { by: 'replace' }) : []),
  ];
}

function metadataOf(volume: Volume): Record<string, string> {
  return Object.fromEntries(Object.entries(withoutStamp(volume.metadata)).filter(([key]) => !CINDER_KEYS.includes(key)));
}

const isReadOnly = (volume: Volume) => volume.metadata['readonly']?.toLowerCase() === 'true';

function stateOf(volume: Volume): Omit<Difference, 'changes'> {
  const called = `Volume ${volume.name ?? ''} (${volume.id})`;
  if (volume.status.startsWith('error')) {
    const message =
      `${called} is in state ${volume.status}; \`openstack volume message list --resource_uuid ${volume.id}\` may say why. ` +
      `Repair it, or delete it in the cloud to have it made anew.`;
    return { failed: { reason: 'VolumeError', message } };
  }
  if (MOVING.has(volume.status)) return { waiting: { reason: 'VolumeBusy', message: `${called} is ${volume.status}.` } };
  return {};
}

function refuseAttached(volume: Volume, changes: readonly Change[]): void {
  if (volume.status === 'available' || !changes.every((change) => change.path === 'spec.readOnly')) return;
  const message =
    `Volume ${volume.name ?? ''} (${volume.id}) is ${volume.status}, and Cinder changes readOnly of a detached volume only. ` +
    `Detach it, or take the change back.`;
  throw new Obstacle('Attached', message, { passes: false });
}

/** The requests that carry out `changes`, in order; the one that sets the volume moving is last, and there is at most one. */
function writesFor(cloud: CloudHandle, desired: DesiredVolume, volume: Volume, changes: readonly Change[]): (() => Promise<unknown>)[] {
  const client = cloud.client.blockStorage;
  const { id } = volume;
  const has = (path: string) => concerns(changes, path);
  const metadata = mapWrites('spec.metadata', metadataOf(volume), desired.metadata, changes);
  if (has(STAMP_PATH)) metadata.set[STAMP_KEY] = desired.uid;
  const fields = {
    ...(has('spec.name') && { name: desired.name }),
    ...(has('spec.description') && { description: desired.description ?? '' }),
  };
  const writes: (() => Promise<unknown>)[] = [];
  if (Object.keys(fields).length > 0) writes.push(() => volumes.update(client, id, fields));
  if (Object.keys(metadata.set).length > 0) writes.push(() => volumes.setMetadata(client, id, metadata.set));
  for (const key of metadata.remove) writes.push(() => volumes.deleteMetadataKey(client, id, key));
  if (has('spec.bootable')) writes.push(() => volumes.setBootable(client, id, desired.bootable === true));
  if (has('spec.readOnly') && volume.status === 'available') writes.push(() => volumes.setReadonly(client, id, desired.readOnly === true));
  // `on-demand`: most types live on different backends, and `never` would refuse those.
  if (has('spec.volumeType')) writes.push(() => volumes.retype(client, id, desired.volumeType ?? '', 'on-demand'));
  else if (has('spec.sizeGiB')) writes.push(() => volumes.extend(client, id, desired.sizeGiB));
  return writes;
}
