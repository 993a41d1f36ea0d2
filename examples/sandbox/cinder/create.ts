import type { ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { Image, Volume } from '../store.ts';
import type { World } from '../world.ts';
import { reserve } from './quotas.ts';
import { defaultTypeName, findType } from './types.ts';

const gib = 1024 ** 3;

/** Takes a checked request for a volume: 202 and `creating` now, `available` or `error` later. */
export function createVolume(call: ScopedCall, given: Record<string, unknown>): Volume {
  const source = findSource(call, given);
  const size = given.size === undefined || given.size === null ? source.size : Number(given.size);
  if (size === undefined) refuse(400, 'The server could not comply with the request since it is either malformed or otherwise incorrect.');
  if (source.size !== undefined && size < source.size)
    refuse(
      400,
      `Invalid input received: Volume size '${size}'GB cannot be smaller than the ${source.kind} size ${source.size}GB. They must be >= ${source.kind === 'snapshot' ? 'original snapshot' : 'original volume'} size.`,
    );
  if (source.image && (source.image.size ?? 0) > size * gib)
    refuse(
      400,
      `Invalid input received: Size of specified image ${Math.ceil((source.image.size ?? 0) / gib)}GB is larger than volume size ${size}GB.`,
    );
  reserve(call.world, call.token.projectId, { volumes: 1, gigabytes: size });
  const typeId = volumeType(call, given, source.typeId);
  const { world } = call;
  const volume: Volume = {
    id: world.random.uuid(),
    name: textOrNull(given.name),
    description: textOrNull(given.description),
    projectId: call.token.projectId,
    userId: call.token.userId,
    size,
    status: 'creating',
    typeId,
    availabilityZone: 'nova',
    metadata: { ...(given.metadata as Record<string, string> | null | undefined) },
    isBootable: source.isBootable,
    snapshotId: textOrNull(given.snapshot_id),
    sourceVolumeId: textOrNull(given.source_volid),
    attachments: [],
    isReadOnly: false,
    serviceId: null,
    createdAt: world.clock.now(),
    updatedAt: null,
  };
  world.store.volumes.set(volume.id, volume);
  finishLater(world, volume, source.image, source.imageMetadata);
  return volume;
}

interface Source {
  readonly kind?: 'snapshot' | 'source volume' | 'image';
  readonly size?: number;
  readonly typeId?: string;
  readonly isBootable: boolean;
  readonly image?: Image;
  readonly imageMetadata?: Record<string, string>;
}

function findSource(call: ScopedCall, given: Record<string, unknown>): Source {
  const named = ['imageRef', 'snapshot_id', 'source_volid'].filter((key) => typeof given[key] === 'string');
  if (named.length > 1) refuse(400, 'Invalid input received: May specify only one of backup, imageRef, snapshot, source volume');
  const id = String(given[named[0] ?? '']);
  if (named[0] === 'imageRef') {
    const image = call.store.images.get(id);
    if (!image) refuse(400, 'Invalid image identifier or unable to access requested image.');
    return { kind: 'image', isBootable: false, image };
  }
  if (named[0] === 'snapshot_id') {
    const snapshot = call.store.snapshots.get(id);
    const parent = snapshot && call.store.volumes.get(snapshot.volumeId);
    if (!snapshot || !parent || snapshot.projectId !== call.token.projectId) refuse(404, `Snapshot ${id} could not be found.`);
    return { kind: 'snapshot', size: snapshot.size, ...inherited(parent) };
  }
  if (named[0] === 'source_volid') {
    const parent = call.store.volumes.get(id);
    if (!parent || parent.projectId !== call.token.projectId) refuse(404, `Volume ${id} could not be found.`);
    return { kind: 'source volume', size: parent.size, ...inherited(parent) };
  }
  return { isBootable: false };
}

function inherited(parent: Volume): Pick<Source, 'typeId' | 'isBootable' | 'imageMetadata'> {
  return { typeId: parent.typeId, isBootable: parent.isBootable, ...(parent.imageMetadata ? { imageMetadata: parent.imageMetadata } : {}) };
}

function volumeType(call: ScopedCall, given: Record<string, unknown>, inheritedId: string | undefined): string {
  const wanted = textOrNull(given.volume_type);
  if (wanted === null) return inheritedId ?? findType(call.store, defaultTypeName)?.id ?? '';
  const type = findType(call.store, wanted);
  if (type) return type.id;
  const isId = /^[0-9a-f]{8}-/.test(wanted);
  return refuse(404, isId ? `Volume type ${wanted} could not be found.` : `Volume type with name ${wanted} could not be found.`);
}

/** `osc_error` and `osc_delay` in the metadata make the volume fail or take seconds, as the driver of our real test cloud does. */
function finishLater(world: World, volume: Volume, image: Image | undefined, imageMetadata: Record<string, string> | undefined): void {
  const delayMs = 1000 * Number(volume.metadata.osc_delay ?? 0);
  world.clock.after(world.durations.volumeMs + delayMs, () => {
    if (!world.store.volumes.has(volume.id)) return;
    volume.updatedAt = world.clock.now();
    if (volume.metadata.osc_error !== undefined) {
      volume.status = 'error';
      return;
    }
    volume.serviceId = '5a11d0f0-0000-4000-8000-000000000001';
    volume.status = 'available';
    const kept = image ? metadataOf(image) : imageMetadata;
    if (kept) volume.imageMetadata = kept;
    if (image) volume.isBootable = true;
  });
}

function metadataOf(image: Image): Record<string, string> {
  return {
    ...image.properties,
    image_id: image.id,
    image_name: image.name ?? '',
    checksum: image.checksum ?? '',
    container_format: image.containerFormat ?? '',
    disk_format: image.diskFormat ?? '',
    min_disk: String(image.minDisk),
    min_ram: String(image.minRam),
    size: String(image.size),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
