import { isRecord, type ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { Volume } from '../store.ts';

/** One volume of a new server: one that is there, or one to be made from an image, a snapshot or nothing. */
export interface VolumePlan {
  readonly isRoot: boolean;
  readonly deleteOnTermination: boolean;
  readonly tag: string | null;
  readonly volume?: Volume;
  readonly make?: { readonly size: number; readonly imageRef?: string; readonly snapshotId?: string; readonly volumeType?: string };
}

/** Reads `block_device_mapping_v2`; refuses volumes that are unknown, taken or, as root, not bootable. Local disks need no plan. */
export function planVolumes(call: ScopedCall, given: Record<string, unknown>): VolumePlan[] {
  const devices = Array.isArray(given.block_device_mapping_v2) ? given.block_device_mapping_v2.filter(isRecord) : [];
  return devices.filter((device) => device.destination_type === 'volume').map((device) => planOne(call, device));
}

function planOne(call: ScopedCall, device: Record<string, unknown>): VolumePlan {
  const isRoot = Number(device.boot_index ?? -1) === 0;
  const common = {
    isRoot,
    deleteOnTermination: device.delete_on_termination === true || device.delete_on_termination === 'true',
    tag: typeof device.tag === 'string' ? device.tag : null,
  };
  const uuid = typeof device.uuid === 'string' ? device.uuid : '';
  if (device.source_type === 'volume') return { ...common, volume: takeVolume(call, uuid, isRoot) };
  const type = typeof device.volume_type === 'string' ? { volumeType: device.volume_type } : {};
  if (device.source_type === 'image') {
    if (!call.store.images.has(uuid)) refuse(400, `Block Device Mapping is Invalid: failed to get image ${uuid}.`);
    if (device.volume_size === undefined) refuse(400, "Images with destination_type 'volume' need to have a non-zero size specified");
    return { ...common, make: { size: Number(device.volume_size), imageRef: uuid, ...type } };
  }
  if (device.source_type === 'snapshot') {
    const snapshot = call.store.snapshots.get(uuid);
    if (!snapshot) refuse(400, `Block Device Mapping is Invalid: failed to get snapshot ${uuid}.`);
    return { ...common, make: { size: Number(device.volume_size ?? snapshot.size), snapshotId: uuid, ...type } };
  }
  if (device.volume_size === undefined) refuse(400, "Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size");
  return { ...common, make: { size: Number(device.volume_size), ...type } };
}

function takeVolume(call: ScopedCall, id: string, isRoot: boolean): Volume {
  const volume = call.store.volumes.get(id);
  if (!volume || volume.projectId !== call.token.projectId) refuse(400, `Block Device Mapping is Invalid: failed to get volume ${id}.`);
  if (isRoot && !volume.isBootable) refuse(400, `Block Device ${id} is not bootable.`);
  if (volume.status !== 'available')
    refuse(
      400,
      `Invalid volume: Invalid input received: Invalid volume: Volume ${id} status must be available or downloading to reserve, but the current status is ${volume.status}. (HTTP 400) (Request-ID: ${call.requestId})`,
    );
  return volume;
}
