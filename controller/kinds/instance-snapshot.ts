import type { Change, Difference, Kind, Resolve } from '#controller/engine/kind.ts';
import { STAMP_BOUND_KEY, STAMP_KEY, UNBOUND } from '#controller/inventory/stamp.ts';
import type { VolumeSnapshot } from '#controller/openstack/block-storage/snapshots.ts';
import { remove as removeSnapshot } from '#controller/openstack/block-storage/snapshots.ts';
import { createImage } from '#controller/openstack/compute/servers.ts';
import { type Image, patch, remove as removeImage } from '#controller/openstack/image/images.ts';
import { candidatesOf } from './candidates.ts';
import { fieldChange, mapChanges } from './changes.ts';
import { type Ref, reference, resourceName } from './fields.ts';
import type { CloudHandle } from './handle.ts';
import { customProperties, isOfServer, patchOf, stampProperties } from './image-properties.ts';
import { findOwned, isMade, STAMP_PATH, stampChange } from './ownership.ts';
import { type CommonSpec, ownFields } from './policies.ts';
import { remove, write } from './writes.ts';

export type InstanceSnapshotSpec = CommonSpec & {
  readonly instanceRef: Ref;
  readonly name?: string;
  readonly properties?: Readonly<Record<string, string>>;
};

export interface DesiredInstanceSnapshot {
  readonly uid: string;
  readonly name: string;
  readonly instance: string;
  /** Known only while the snapshot has to be made: the instance may be gone since. */
  readonly serverId?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface ObservedInstanceSnapshot {
  readonly image: Image;
  /** What Nova made along with the image of a server that boots from a volume. */
  readonly volumeSnapshots: readonly VolumeSnapshot[];
}

/** Property that names the Instance object it was made of. */
const INSTANCE_KEY = 'stackwarden.instance';
const MOVING: ReadonlySet<string> = new Set(['queued', 'saving', 'importing']);
/** States in which Nova makes an image of a server. */
const READABLE: ReadonlySet<string> = new Set(['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED']);

/** A Glance image that Nova makes of a server; of one that boots from a volume, with Cinder snapshots of its volumes. */
export const instanceSnapshot: Kind<InstanceSnapshotSpec, DesiredInstanceSnapshot, ObservedInstanceSnapshot, CloudHandle> = {
  kind: 'InstanceSnapshot',
  plural: 'instancesnapshots',
  shortNames: ['osis'],
  description: 'An image of an instance as it was when this was made. It outlives the instance.',
  spec: {
    type: 'object',
    required: ['instanceRef'],
    properties: {
      instanceRef: reference('Instance', 'The instance; it may go once the snapshot is made. Fixed once made.', { soft: true }),
      name: resourceName('image'),
      properties: {
        type: 'object',
        maxProperties: 100,
        additionalProperties: { type: 'string', maxLength: 255 },
        description: 'Custom properties beside those Nova gives it; others are left alone.',
      },
    },
  },
  status: {
    state: { type: 'string', description: 'queued, saving, active and so on, as Glance says.' },
    sizeBytes: { type: 'integer', format: 'int64', description: 'Size of the image; 0 when the data is in volume snapshots.' },
    volumeSnapshots: { type: 'array', items: { type: 'string' }, description: 'Cloud ids of the volume snapshots that belong to it.' },
  },
  columns: [
    { name: 'State', path: '.status.state', type: 'string' },
    { name: 'Instance', path: '.spec.instanceRef.name', type: 'string' },
    { name: 'Bytes', path: '.status.sizeBytes', type: 'integer' },
  ],

  desire(spec, resolve) {
    const { instanceRef, ...fields } = ownFields(spec);
    const isThere = spec.import !== undefined || isMade(resolve, 'image');
    const serverId = isThere ? undefined : neededServer(instanceRef.name, resolve);
    return {
      ...fields,
      uid: resolve.owner.uid,
      name: fields.name ?? resolve.owner.name,
      instance: instanceRef.name,
      ...(serverId !== undefined && { serverId }),
    };
  },

  observe(cloud, owner) {
    const found = findOwned(cloud, 'image', 'image', owner);
    if (found.found !== 'one') return found;
    return { ...found, observed: { image: found.observed, volumeSnapshots: madeAlong(cloud, found.observed) } };
  },

  diff(desired, { image }) {
    const own = Object.entries(customProperties(image)).filter(([key]) => Object.hasOwn(desired.properties ?? {}, key));
    const made = image[INSTANCE_KEY];
    const changes: Change[] = [
      ...stampChange('image', image, desired.uid),
      ...boundChange(image, desired.uid),
      ...fieldChange('spec.name', image.name ?? '', desired.name),
      ...(typeof made === 'string' ? fieldChange('spec.instanceRef', made, desired.instance, { by: 'replace' }) : []),
      ...mapChanges('spec.properties', Object.fromEntries(own), desired.properties),
    ];
    return { changes, ...stateOf(image) };
  },

  async create(cloud, desired) {
    const metadata = { ...desired.properties, ...stampProperties(desired.uid), [INSTANCE_KEY]: desired.instance };
    const made = await createImage(cloud.client.compute, desired.serverId ?? '', { name: desired.name, metadata });
    // The answer names the image and no more. Should this read fail, the next list shows it.
    await cloud.inventory.reread('image', made.id).catch(() => undefined);
    return made;
  },

  async update(cloud, desired, { image }, changes) {
    const steps = patchOf(image, desired, changes);
    if (steps.length === 0) return;
    await write(cloud, 'image', image.id, () => patch(cloud.client.image, image.id, steps));
    await cloud.inventory.reread('image', image.id);
  },

  async delete(cloud, { image, volumeSnapshots }) {
    // The image alone tells which snapshots are its own, so it goes last.
    for (const { id, status } of volumeSnapshots) {
      if (status === 'deleting') continue;
      await remove(cloud, 'volume_snapshot', id, () => removeSnapshot(cloud.client.blockStorage, id));
    }
    if (madeAlong(cloud, image).length > 0) return;
    await remove(cloud, 'image', image.id, () => removeImage(cloud.client.image, image.id));
  },

  async reread(cloud, id) {
    const image = await cloud.inventory.reread('image', id);
    for (const snapshot of image ? snapshotIds(image) : []) await cloud.inventory.reread('volume_snapshot', snapshot);
  },

  // What Nova makes along is read one by one.
  listedAt: (cloud) => cloud.inventory.listedAt('image'),

  report: ({ image, volumeSnapshots }) => ({
    state: image.status,
    ...(image.size !== null && { sizeBytes: image.size }),
    ...(volumeSnapshots.length > 0 && { volumeSnapshots: volumeSnapshots.map(({ id }) => id).toSorted() }),
  }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'image', filter).filter((id) => isOfServer(cloud.inventory.get('image', id))),

  declare(_cloud, { image }, names) {
    const recorded = image[INSTANCE_KEY];
    const server = image['instance_uuid'];
    const instance = typeof recorded === 'string' ? recorded : typeof server === 'string' ? names.nameOf('Instance', server) : undefined;
    return { instanceRef: { name: instance ?? '' }, name: image.name ?? '' };
  },
};

/** The server to make an image of; waits for it, and until it is in a state Nova reads it in. */
function neededServer(name: string, resolve: Resolve<CloudHandle>): string {
  const id = resolve.id('Instance', name);
  if (id === '') return id;
  const server = resolve.cloud.inventory.get('server', id);
  if (server && READABLE.has(server.status) && server['OS-EXT-STS:task_state'] === null) return id;
  const state = server === undefined ? 'not seen yet' : `${server.status}${server['OS-EXT-STS:task_state'] ? ' and busy' : ''}`;
  const message = `Waits until an image can be made of Instance ${name}; it is ${state}.`;
  resolve.need(undefined, { reason: 'InstanceNotReady', message }, { passes: true });
  return id;
}

/** The create request cannot name the image yet; until the stamp does, what is made from the image would look like ours. */
function boundChange(image: Image, uid: string): Change[] {
  return image[STAMP_BOUND_KEY] === UNBOUND ? [{ path: STAMP_PATH, from: null, to: uid }] : [];
}

/** Ids in the block device mapping Nova keeps in the image, as JSON. */
function snapshotIds(image: Image): string[] {
  const mapping = image['block_device_mapping'];
  if (typeof mapping !== 'string') return [];
  try {
    const devices = JSON.parse(mapping) as { snapshot_id?: unknown }[];
    return devices.flatMap(({ snapshot_id: id }) => (typeof id === 'string' ? [id] : []));
  } catch {
    return [];
  }
}

/** The snapshots Nova made with the image; people can write a mapping too, so its name has to fit. */
function madeAlong({ inventory }: CloudHandle, image: Image): VolumeSnapshot[] {
  const found = snapshotIds(image).flatMap((id) => inventory.get('volume_snapshot', id) ?? []);
  return found.filter(({ name, metadata }) => (name ?? '').startsWith('snapshot for ') && metadata[STAMP_KEY] === undefined);
}

function stateOf(image: Image): Omit<Difference, 'changes'> {
  const called = `Image ${image.name ?? ''} (${image.id})`;
  if (MOVING.has(image.status)) return { waiting: { reason: 'Saving', message: `${called} is ${image.status}: Nova fills it.` } };
  if (image.status === 'active') return {};
  const message = `${called} is ${image.status}. Delete it in the cloud to have another made, or ask the cloud's operator.`;
  return { failed: { reason: 'SnapshotFailed', message } };
}
