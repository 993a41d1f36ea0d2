import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import { createSnapshot } from '../cinder/snapshots.ts';
import { checkedBody } from '../fault-bodies.ts';
import { fillImage } from '../glance/writes.ts';
import { metadataSchema, type Schema } from '../schema.ts';
import type { Image, Server } from '../store.ts';
import { later, requireState, setState } from './states.ts';

const schema: Schema = {
  properties: {
    createImage: {
      type: 'object',
      required: ['name'],
      others: false,
      properties: { name: { type: 'string', minLength: 1, maxLength: 255 }, metadata: metadataSchema },
    },
  },
};

/** Answers with an image that is filled later; of a server that boots from a volume, with an empty one and snapshots of its volumes. */
export function createServerImage(call: ScopedCall, server: Server): Answer {
  const given = checkedBody(call.body, schema).createImage as { name: string; metadata?: Record<string, string> };
  requireState(server, 'createImage', ['active', 'stopped', 'paused', 'suspended']);
  const image = server.volumes.some(({ isRoot }) => isRoot) ? ofVolumes(call, server, given) : ofDisk(call, server, given);
  return { status: 202, body: { image_id: image.id } };
}

interface Given {
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

function ofDisk(call: ScopedCall, server: Server, { name, metadata }: Given): Image {
  const { world } = call;
  const own = {
    base_image_ref: server.imageId,
    boot_roles: 'reader,member',
    image_type: 'snapshot',
    instance_uuid: server.id,
    owner_project_name: 'demo',
    owner_user_name: 'demo',
    user_id: server.userId,
  };
  const image = newImage(call, server, name, { ...server.imageProperties, ...own, ...metadata });
  setState(world, server, { taskState: 'image_snapshot' });
  later(world, server, world.durations.actionMs, () => {
    setState(world, server, { taskState: null });
    if (!world.store.images.has(image.id)) return;
    Object.assign(image, { diskFormat: 'raw', containerFormat: 'bare' });
    fillImage(image, Buffer.alloc(1024), world.clock.now());
  });
  return image;
}

function ofVolumes(call: ScopedCall, server: Server, { name, metadata }: Given): Image {
  const devices = server.volumes.map(({ volumeId, isRoot, device, deleteOnTermination }) => {
    const body = { snapshot: { volume_id: volumeId, name: `snapshot for ${name}`, description: '', force: true } };
    const answer = createSnapshot({ ...call, body }).body;
    const made = isRecord(answer) && isRecord(answer.snapshot) ? answer.snapshot : {};
    return {
      source_type: 'snapshot',
      destination_type: 'volume',
      snapshot_id: made.id,
      volume_size: made.size,
      device_name: device,
      boot_index: isRoot ? 0 : null,
      delete_on_termination: deleteOnTermination,
    };
  });
  const own = {
    base_image_ref: '',
    bdm_v2: 'True',
    block_device_mapping: JSON.stringify(devices),
    boot_roles: 'reader,member',
    owner_project_name: 'demo',
    owner_user_name: 'demo',
    root_device_name: '/dev/sda',
  };
  const image = newImage(call, server, name, { ...server.imageProperties, ...own, ...metadata });
  Object.assign(image, { diskFormat: 'raw', containerFormat: 'bare' });
  fillImage(image, Buffer.alloc(0), call.world.clock.now());
  return image;
}

function newImage(call: ScopedCall, server: Server, name: string, properties: Readonly<Record<string, string>>): Image {
  const now = call.world.clock.now();
  const image: Image = {
    id: call.world.random.uuid(),
    name,
    owner: server.projectId,
    visibility: 'private',
    status: 'queued',
    diskFormat: null,
    containerFormat: null,
    size: null,
    minDisk: server.flavor.disk,
    minRam: 0,
    checksum: null,
    hash: null,
    isProtected: false,
    isHidden: false,
    properties,
    tags: [],
    createdAt: now,
    updatedAt: now,
  };
  call.world.store.images.set(image.id, image);
  return image;
}
