import type { Change, Difference, Kind, Resolve } from '#controller/engine/kind.ts';
import { STAMP_KEY, withoutStamp } from '#controller/inventory/stamp.ts';
import * as snapshots from '#controller/openstack/block-storage/snapshots.ts';
import { candidatesOf } from './candidates.ts';
import { concerns, fieldChange, mapChanges, mapWrites } from './changes.ts';
import { declareName } from './declaring.ts';
import { metadata, type Ref, reference, resourceName } from './fields.ts';
import type { CloudHandle } from './handle.ts';
import { Obstacle } from './obstacle.ts';
import { findOwned, isMade, STAMP_PATH, stampChange } from './ownership.ts';
import { type CommonSpec, ownFields } from './policies.ts';
import { recordCreated, remove, write } from './writes.ts';

type Snapshot = snapshots.VolumeSnapshot;

export type VolumeSnapshotSpec = CommonSpec & {
  readonly volumeRef: Ref;
  readonly name?: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
};

export interface DesiredVolumeSnapshot {
  readonly uid: string;
  readonly volumeId: string;
  readonly name: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const MOVING: ReadonlySet<string> = new Set(['creating', 'deleting', 'restoring', 'backing-up', 'unmanaging', 'updating']);

/** A Cinder snapshot: what a volume held at one moment. */
export const volumeSnapshot: Kind<VolumeSnapshotSpec, DesiredVolumeSnapshot, Snapshot, CloudHandle> = {
  kind: 'VolumeSnapshot',
  plural: 'volumesnapshots',
  shortNames: ['osvs'],
  description: 'What a volume held at the moment this was made; other volumes can be made from it.',
  spec: {
    type: 'object',
    required: ['volumeRef'],
    properties: {
      volumeRef: reference('Volume', 'The volume, in use or not. Fixed once made.'),
      name: resourceName('snapshot', { canBeEmpty: true }),
      description: { type: 'string', maxLength: 255, description: 'Free text.' },
      metadata: metadata('snapshot'),
    },
  },
  status: {
    state: { type: 'string', description: 'available, creating, error and so on, as Cinder says.' },
    sizeGiB: { type: 'integer', description: 'Size of the volume when this was made.' },
  },
  columns: [
    { name: 'State', path: '.status.state', type: 'string' },
    { name: 'Volume', path: '.spec.volumeRef.name', type: 'string' },
    { name: 'GiB', path: '.status.sizeGiB', type: 'integer' },
  ],

  desire(spec, resolve) {
    const { volumeRef, ...fields } = ownFields(spec);
    const volumeId = resolve.id('Volume', volumeRef.name);
    if (volumeId !== '' && !isMade(resolve, 'volume_snapshot')) needVolume(volumeRef.name, volumeId, resolve);
    return { ...fields, uid: resolve.owner.uid, volumeId, name: fields.name ?? resolve.owner.name };
  },

  observe: (cloud, owner) => findOwned(cloud, 'volume_snapshot', 'snapshot', owner),

  diff(desired, observed) {
    const changes: Change[] = [
      ...stampChange('volume_snapshot', observed, desired.uid),
      ...fieldChange('spec.volumeRef', observed.volume_id, desired.volumeId, { by: 'replace' }),
      ...fieldChange('spec.name', observed.name ?? '', desired.name),
      ...fieldChange('spec.description', observed.description ?? '', desired.description),
      ...mapChanges('spec.metadata', withoutStamp(observed.metadata), desired.metadata),
    ];
    return { changes, ...stateOf(observed) };
  },

  async create(cloud, desired) {
    const askedAt = Date.now();
    const made = await snapshots.create(cloud.client.blockStorage, {
      volume_id: desired.volumeId,
      name: desired.name,
      metadata: { ...desired.metadata, [STAMP_KEY]: desired.uid },
      ...(desired.description !== undefined && { description: desired.description }),
    });
    recordCreated(cloud, 'volume_snapshot', made, askedAt);
    return { id: made.id };
  },

  async update(cloud, desired, observed, changes) {
    for (const send of writesFor(cloud, desired, observed, changes)) {
      if ((await write(cloud, 'volume_snapshot', observed.id, async () => (await send(), true))) === undefined) return;
    }
    await cloud.inventory.reread('volume_snapshot', observed.id);
  },

  async delete(cloud, { id }) {
    const snapshot = await cloud.inventory.reread('volume_snapshot', id);
    if (snapshot === undefined || MOVING.has(snapshot.status)) return;
    // Cinder would take the snapshot away from under a volume that is being filled from it, and leave that in error.
    const filling = [...cloud.inventory.all('volume')].filter((volume) => volume.snapshot_id === id && volume.status === 'creating');
    if (filling.length > 0) {
      const message = `Snapshot ${id} is deleted once these volumes are made from it: ${filling.map((volume) => volume.id).join(', ')}.`;
      throw new Obstacle('InUse', message, { passes: true });
    }
    await remove(cloud, 'volume_snapshot', id, () => snapshots.remove(cloud.client.blockStorage, id));
  },

  async reread(cloud, id) {
    await cloud.inventory.reread('volume_snapshot', id);
  },

  listedAt: (cloud) => cloud.inventory.listedAt('volume_snapshot'),

  report: (observed) => ({ state: observed.status, sizeGiB: observed.size }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'volume_snapshot', filter),

  declare(_cloud, observed, names) {
    const own = withoutStamp(observed.metadata);
    return {
      // The kind knows no other way to name a volume: it has to be declared too.
      volumeRef: { name: names.nameOf('Volume', observed.volume_id) ?? '' },
      ...declareName('VolumeSnapshot', observed.id, observed.name, names),
      ...((observed.description ?? '') !== '' && { description: observed.description }),
      ...(Object.keys(own).length > 0 && { metadata: own }),
    };
  },
};

/** A wait until the volume can be read. */
function needVolume(name: string, id: string, resolve: Resolve<CloudHandle>): void {
  const status = resolve.cloud.inventory.get('volume', id)?.status;
  if (status === 'available' || status === 'in-use') return;
  const message = `Waits until Volume ${name} can be read; it is ${status ?? 'not seen yet'}.`;
  resolve.need(undefined, { reason: 'SourceNotReady', message }, { passes: true });
}

function stateOf(snapshot: Snapshot): Omit<Difference, 'changes'> {
  const called = `Snapshot ${snapshot.name ?? ''} (${snapshot.id})`;
  if (snapshot.status.startsWith('error')) {
    const message = `${called} is in state ${snapshot.status}. Delete it in the cloud to have it made anew, or ask the cloud's operator.`;
    return { failed: { reason: 'SnapshotError', message } };
  }
  if (MOVING.has(snapshot.status)) return { waiting: { reason: 'SnapshotBusy', message: `${called} is ${snapshot.status}.` } };
  return {};
}

function writesFor(
  cloud: CloudHandle,
  desired: DesiredVolumeSnapshot,
  observed: Snapshot,
  changes: readonly Change[],
): (() => Promise<unknown>)[] {
  const client = cloud.client.blockStorage;
  const { id } = observed;
  const next = mapWrites('spec.metadata', withoutStamp(observed.metadata), desired.metadata, changes);
  if (concerns(changes, STAMP_PATH)) next.set[STAMP_KEY] = desired.uid;
  const fields = {
    ...(concerns(changes, 'spec.name') && { name: desired.name }),
    ...(concerns(changes, 'spec.description') && { description: desired.description ?? '' }),
  };
  return [
    ...(Object.keys(fields).length > 0 ? [() => snapshots.update(client, id, fields)] : []),
    ...(Object.keys(next.set).length > 0 ? [() => snapshots.setMetadata(client, id, next.set)] : []),
    ...next.remove.map((key) => () => snapshots.deleteMetadataKey(client, id, key)),
  ];
}
