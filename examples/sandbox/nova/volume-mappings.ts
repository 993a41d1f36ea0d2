import type { Server, Volume, VolumeMapping } from '../store.ts';
import type { World } from '../world.ts';
import { later } from './states.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** The root disk is /dev/sda, with or without a volume; others follow. */
function nextDevice(server: Server, isRoot: boolean): string {
  if (isRoot) return '/dev/sda';
  const used = new Set(server.volumes.map(({ device }) => device));
  for (const letter of letters.slice(1)) if (!used.has(`/dev/sd${letter}`)) return `/dev/sd${letter}`;
  return '/dev/sdaa';
}

/** Promises a volume to a server; both sides show it as attached once `completeAttachment` is called. */
export function mapVolume(
  world: World,
  server: Server,
  volume: Volume,
  options: { isRoot: boolean; deleteOnTermination: boolean; tag: string | null },
): VolumeMapping {
  const mapping: VolumeMapping = {
    volumeId: volume.id,
    attachmentId: world.random.uuid(),
    bdmId: world.random.uuid(),
    device: nextDevice(server, options.isRoot),
    ...options,
  };
  server.volumes.push(mapping);
  return mapping;
}

export function completeAttachment(world: World, server: Server, volume: Volume, mapping: VolumeMapping): void {
  volume.status = 'in-use';
  volume.updatedAt = world.clock.now();
  volume.attachments.push({
    attachmentId: mapping.attachmentId,
    serverId: server.id,
    device: mapping.device,
    attachedAt: world.clock.now(),
  });
}

export function attachNow(
  world: World,
  server: Server,
  volume: Volume,
  options: { isRoot: boolean; deleteOnTermination: boolean; tag: string | null },
): void {
  const mapping = mapVolume(world, server, volume, options);
  // A volume still being made keeps that state and comes into use when it is done.
  if (volume.status !== 'creating') return completeAttachment(world, server, volume, mapping);
  later(world, server, world.durations.volumeMs, () => completeAttachment(world, server, volume, mapping));
}

/** Back to available, whatever was promised. */
export function releaseVolume(world: World, volume: Volume): void {
  volume.attachments = [];
  volume.status = 'available';
  volume.updatedAt = world.clock.now();
}
