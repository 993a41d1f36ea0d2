import type { Answer, ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import { fillImage } from '../glance/writes.ts';
import type { Schema } from '../schema.ts';
import type { Image, Volume } from '../store.ts';
import { findType } from './types.ts';

const revertSchema: Schema = {
  properties: { revert: { type: 'object', required: ['snapshot_id'], others: false, properties: { snapshot_id: { type: 'string' } } } },
};

/** Back to the newest snapshot, which is `restoring` meanwhile. */
export function revertVolume(call: ScopedCall, volume: Volume): Answer {
  if (call.minor < 40) refuse(404, 'The resource could not be found.');
  const { snapshot_id: id } = checkedBody(call.body, revertSchema).revert as { snapshot_id: string };
  const [newest] = [...call.store.snapshots.values()]
    .filter(({ volumeId }) => volumeId === volume.id)
    .toSorted((a, b) => b.createdAt - a.createdAt);
  if (!newest) refuse(400, `Volume ${volume.id} doesn't have any snapshots.`);
  if (newest.id !== id) refuse(400, `Specified snapshot ${id} is None or not the latest one of volume ${volume.id}.`);
  const what = `Can't revert volume ${volume.id} to its latest snapshot ${id}.`;
  if (newest.size !== volume.size) refuse(400, `${what} The volume size must be equal to the snapshot size.`);
  if (volume.status !== 'available') refuse(409, `Invalid volume: ${what} Volume's status must be 'available'.`);
  const { world } = call;
  Object.assign(volume, { status: 'reverting', updatedAt: world.clock.now() });
  newest.status = 'restoring';
  world.clock.after(world.durations.volumeMs, () => {
    Object.assign(volume, { status: 'available', updatedAt: world.clock.now() });
    newest.status = 'available';
  });
  return { status: 202 };
}

/** Makes an image of it; the volume is `uploading` until that has its data. */
export function uploadVolume(call: ScopedCall, volume: Volume, given: Record<string, unknown>): Answer {
  if (typeof given.image_name !== 'string')
    refuse(400, "Invalid input for field/attribute os-volume_upload_image. 'image_name' is a required property");
  if (volume.status !== 'available')
    refuse(400, `Invalid volume: Volume ${volume.id} status must be available, but current status is: ${volume.status}.`);
  const { world } = call;
  // Of what the volume was filled with the image keeps what people put there.
  const {
    image_id: _id,
    image_name: _name,
    checksum: _sum,
    disk_format: _disk,
    container_format: _container,
    ...kept
  } = volume.imageMetadata ?? {};
  const { min_disk: minDisk = 0, min_ram: minRam = 0, size: _size, ...properties } = kept;
  const image: Image = {
    id: world.random.uuid(),
    name: given.image_name,
    owner: volume.projectId,
    visibility: given.visibility === 'shared' ? 'shared' : 'private',
    status: 'queued',
    diskFormat: typeof given.disk_format === 'string' ? given.disk_format : 'raw',
    containerFormat: typeof given.container_format === 'string' ? given.container_format : 'bare',
    size: null,
    minDisk: Number(minDisk),
    minRam: Number(minRam),
    checksum: null,
    hash: null,
    isProtected: given.protected === true,
    isHidden: false,
    properties,
    tags: [],
    createdAt: world.clock.now(),
    updatedAt: world.clock.now(),
  };
  world.store.images.set(image.id, image);
  Object.assign(volume, { status: 'uploading', updatedAt: world.clock.now() });
  world.clock.after(world.durations.volumeMs, () => {
    Object.assign(volume, { status: 'available', updatedAt: world.clock.now() });
    if (world.store.images.has(image.id)) fillImage(image, Buffer.alloc(1024), world.clock.now());
  });
  const { id, name, description } = findType(call.store, volume.typeId) ?? { id: volume.typeId, name: null, description: null };
  const body = {
    id: volume.id,
    status: volume.status,
    display_description: volume.description,
    size: volume.size,
    volume_type: { id, name, description },
    image_id: image.id,
    container_format: image.containerFormat,
    disk_format: image.diskFormat,
    image_name: image.name,
    protected: image.isProtected,
    visibility: image.visibility,
  };
  return { status: 202, body: { 'os-volume_upload_image': body } };
}
