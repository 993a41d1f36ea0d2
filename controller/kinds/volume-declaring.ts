import type { JsonObject } from '#controller/engine/json.ts';
import type { Names } from '#controller/engine/kind.ts';
import type { Volume } from '#controller/openstack/block-storage/volumes.ts';
import { declareName } from './declaring.ts';
import type { CloudHandle } from './handle.ts';

interface Surroundings {
  readonly names: Names;
  /** The volume it was copied from, if that is still there. */
  readonly sourceId: string | null;
  /** The snapshot it was filled from, if that is still there. */
  readonly snapshotId: string | null;
}

/** A volume's own fields as people write them; what the cloud gives unasked is left out. */
export function declareVolume(cloud: CloudHandle, volume: Volume, surroundings: Surroundings): JsonObject {
  return {
    ...declareName('Volume', volume.id, volume.name, surroundings.names),
    ...(volume.description && { description: volume.description }),
    sizeGiB: volume.size,
    ...declareType(cloud, volume),
    ...declareOrigin(cloud, volume, surroundings),
    ...(isOneOfSeveralZones(cloud, volume) && { availabilityZone: volume.availability_zone }),
    ...((volume.bootable === 'true') !== hasImage(volume) && { bootable: volume.bootable === 'true' }),
  };
}

/** Declared even where it is the cloud's default, which Cinder's list does not tell; a type we are not shown cannot be. */
function declareType({ inventory }: CloudHandle, { volume_type: type }: Volume): JsonObject {
  return type !== null && inventory.byName('volume_type', type).length === 1 ? { volumeType: type } : {};
}

/** What a new one would have to be made from. An image's name is declared where it is that image's alone. */
function declareOrigin({ inventory }: CloudHandle, volume: Volume, { names, sourceId, snapshotId }: Surroundings): JsonObject {
  if (volume.source_volid !== null || volume.snapshot_id !== null) {
    const snapshot = snapshotId === null ? undefined : names.nameOf('VolumeSnapshot', snapshotId);
    if (snapshot !== undefined) return { snapshotRef: { name: snapshot } };
    const source = sourceId === null ? undefined : names.nameOf('Volume', sourceId);
    return source === undefined ? {} : { volumeRef: { name: source } };
  }
  const { image_id: id, image_name: imageName } = volume.volume_image_metadata ?? {};
  const image = id === undefined ? undefined : inventory.get('image', id);
  if (image === undefined) return {};
  const isNamed = imageName !== undefined && image.name === imageName && inventory.byName('image', imageName).length === 1;
  return { image: isNamed ? { name: imageName } : { id: image.id } };
}

/** Where all volumes are in one zone, that is where the cloud puts them. */
function isOneOfSeveralZones({ inventory }: CloudHandle, { availability_zone: zone }: Volume): boolean {
  return zone !== null && [...inventory.all('volume')].some((other) => other.availability_zone !== zone);
}

/** What Cinder fills from an image, or copies from what was filled from one, it makes bootable. */
const hasImage = (volume: Volume) => volume.volume_image_metadata !== undefined;
