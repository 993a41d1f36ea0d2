import type { Image } from '../store.ts';
import { toSeconds } from '../world.ts';

/** An image as every answer shows it. */
export function imageDocument(image: Image): Record<string, unknown> {
  return {
    ...image.properties,
    name: image.name,
    disk_format: image.diskFormat,
    container_format: image.containerFormat,
    visibility: image.visibility,
    size: image.size,
    virtual_size: image.size === 0 ? null : image.size,
    status: image.status,
    checksum: image.checksum,
    protected: image.isProtected,
    min_ram: image.minRam,
    min_disk: image.minDisk,
    owner: image.owner,
    os_hidden: image.isHidden,
    os_hash_algo: image.hash === null ? null : 'sha512',
    os_hash_value: image.hash,
    id: image.id,
    created_at: toSeconds(image.createdAt),
    updated_at: toSeconds(image.updatedAt),
    tags: image.tags,
    self: `/v2/images/${image.id}`,
    file: `/v2/images/${image.id}/file`,
    schema: '/v2/schemas/image',
    ...(image.status === 'active' && { stores: 'fs' }),
  };
}
