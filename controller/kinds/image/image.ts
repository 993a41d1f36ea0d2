import { randomUUID } from 'node:crypto';
import type { Change, Difference, Kind, Resolve } from '#controller/engine/kind.ts';
import * as images from '#controller/openstack/image/images.ts';
import { candidatesOf } from '../candidates.ts';
import { concerns, fieldChange, mapChanges, setChanges } from '../changes.ts';
import type { CloudHandle } from '../handle.ts';
import { customProperties, isOfServer, patchOf, stampProperties } from '../image-properties.ts';
import { Obstacle } from '../obstacle.ts';
import { findOwned, isMade, stampChange } from '../ownership.ts';
import { type CommonSpec, ownFields } from '../policies.ts';
import { recordCreated, remove, write } from '../writes.ts';
import { noDirectory } from './file.ts';
import { imageSpec, imageStatus } from './schema.ts';
import { type ImageSource, labelOf, SOURCE_KEY } from './source.ts';
import { fill, giveUp, UPLOAD_MS } from './uploads.ts';

type Image = images.Image;

export type ImageSpec = CommonSpec & {
  readonly name?: string;
  readonly source?: ImageSource;
  readonly diskFormat: string;
  readonly containerFormat?: string;
  readonly minDiskGiB?: number;
  readonly minRamMiB?: number;
  readonly visibility?: Image['visibility'];
  readonly protected?: boolean;
  readonly hidden?: boolean;
  readonly tags?: readonly string[];
  readonly properties?: Readonly<Record<string, string>>;
};

export type DesiredImage = Omit<ImageSpec, keyof CommonSpec> & { readonly uid: string; readonly name: string };

export interface ObservedImage {
  readonly image: Image;
  /** Data has been on its way for longer than any upload of ours takes. */
  readonly isStuck: boolean;
}

const MOVING: ReadonlySet<string> = new Set(['saving', 'uploading', 'importing']);

/** A Glance image of this project. It is made empty, and filled in a step of its own that can be repeated. */
export const image: Kind<ImageSpec, DesiredImage, ObservedImage, CloudHandle> = {
  kind: 'Image',
  plural: 'images',
  shortNames: ['osimg'],
  description: 'A disk image that instances boot from and volumes are filled with.',
  spec: imageSpec,
  status: imageStatus,
  columns: [
    { name: 'State', path: '.status.state', type: 'string' },
    { name: 'Bytes', path: '.status.sizeBytes', type: 'integer' },
    { name: 'Visibility', path: '.spec.visibility', type: 'string', priority: 1 },
  ],

  desire(spec, resolve) {
    const fields = ownFields(spec);
    if (spec.source === undefined && spec.import === undefined) needSource(resolve);
    if (spec.source?.file !== undefined) needDirectory(spec.source.file, resolve);
    return { ...fields, uid: resolve.owner.uid, name: fields.name ?? resolve.owner.name };
  },

  observe(cloud, owner) {
    const found = findOwned(cloud, 'image', 'image', owner);
    if (found.found !== 'one') return found;
    const isStuck = MOVING.has(found.observed.status) && Date.now() - Date.parse(found.observed.updated_at) > UPLOAD_MS;
    return { ...found, observed: { image: found.observed, isStuck } };
  },

  diff(desired, observed) {
    const { image } = observed;
    const changes: Change[] = [
      ...stampChange('image', image, desired.uid),
      ...fieldChange('spec.name', image.name ?? '', desired.name),
      ...sourceChange(image, desired.source),
      ...fieldChange('spec.diskFormat', image.disk_format, desired.diskFormat, { by: 'replace' }),
      ...fieldChange('spec.containerFormat', image.container_format, desired.containerFormat, { by: 'replace' }),
      ...fieldChange('spec.minDiskGiB', image.min_disk, desired.minDiskGiB),
      ...fieldChange('spec.minRamMiB', image.min_ram, desired.minRamMiB),
      ...fieldChange('spec.visibility', image.visibility, desired.visibility),
      ...fieldChange('spec.protected', image.protected, desired.protected),
      ...fieldChange('spec.hidden', image.os_hidden ?? false, desired.hidden),
      ...setChanges('spec.tags', image.tags, desired.tags),
      ...mapChanges('spec.properties', customProperties(image), desired.properties),
    ];
    return { changes, ...stateOf(desired, observed) };
  },

  async create(cloud, desired) {
    const askedAt = Date.now();
    // An id of our own choice, so that the stamp can name it from the first moment on.
    const id = randomUUID();
    const made = await images.create(cloud.client.image, {
      ...desired.properties,
      ...stampProperties(desired.uid, id),
      ...(desired.source && { [SOURCE_KEY]: labelOf(desired.source) }),
      id,
      name: desired.name,
      disk_format: desired.diskFormat,
      container_format: desired.containerFormat ?? 'bare',
      visibility: desired.visibility ?? 'private',
      ...(desired.minDiskGiB !== undefined && { min_disk: desired.minDiskGiB }),
      ...(desired.minRamMiB !== undefined && { min_ram: desired.minRamMiB }),
      ...(desired.protected !== undefined && { protected: desired.protected }),
      ...(desired.hidden !== undefined && { os_hidden: desired.hidden }),
      ...(desired.tags && { tags: desired.tags }),
    });
    recordCreated(cloud, 'image', made, askedAt);
    return { id: made.id };
  },

  async update(cloud, desired, { image }, changes) {
    const steps = [...patchOf(image, desired, changes), ...fieldSteps(desired, changes)];
    if (steps.length > 0) {
      const row = await write(cloud, 'image', image.id, () => images.patch(cloud.client.image, image.id, steps));
      if (row === undefined) return;
      // The whole document: a merge with what was held would keep a removed property.
      await cloud.inventory.reread('image', row.id);
    }
    if (desired.source && concerns(changes, 'spec.source')) await fill(cloud, image.id, desired.source);
  },

  async delete(cloud, { image: { id } }) {
    const image = await cloud.inventory.reread('image', id);
    if (image?.protected === true) {
      const message = `Image ${image.name ?? ''} (${id}) is protected, so it stays. Take that back: \`openstack image set --unprotected ${id}\`.`;
      throw new Obstacle('Protected', message, { passes: false });
    }
    giveUp(cloud, id);
    await remove(cloud, 'image', id, () => images.remove(cloud.client.image, id));
  },

  async reread(cloud, id) {
    await cloud.inventory.reread('image', id);
  },

  listedAt: (cloud) => cloud.inventory.listedAt('image'),

  report: ({ image: { status, size, os_hash_algo: algorithm, os_hash_value: hash } }) => ({
    state: status,
    ...(size !== null && { sizeBytes: size }),
    ...(algorithm && hash && { checksum: `${algorithm}:${hash}` }),
  }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'image', filter).filter((id) => !isOfServer(cloud.inventory.get('image', id))),

  declare(_cloud, { image }) {
    const properties = customProperties(image);
    return {
      name: image.name ?? '',
      diskFormat: image.disk_format ?? 'raw',
      ...(image.container_format !== 'bare' && image.container_format !== null && { containerFormat: image.container_format }),
      ...(image.min_disk !== 0 && { minDiskGiB: image.min_disk }),
      ...(image.min_ram !== 0 && { minRamMiB: image.min_ram }),
      ...(image.visibility !== 'private' && { visibility: image.visibility }),
      ...(image.protected && { protected: true }),
      ...(image.os_hidden && { hidden: true }),
      ...(image.tags.length > 0 && { tags: image.tags.toSorted() }),
      ...(Object.keys(properties).length > 0 && { properties }),
    };
  },
};

function needSource(resolve: Resolve<CloudHandle>): void {
  if (isMade(resolve, 'image')) return;
  const message = `There is no image yet, and nothing to make it from. Set spec.source, or take one over with spec.import.`;
  resolve.need(undefined, { reason: 'SourceMissing', message });
}

/** Said before an empty image is made for nothing. */
function needDirectory(file: string, resolve: Resolve<CloudHandle>): void {
  if (resolve.cloud.imageDirectory !== undefined || isMade(resolve, 'image')) return;
  const { reason, message } = noDirectory(file).verdict;
  resolve.need(undefined, { reason, message });
}

/** An image without data is yet to be filled; one filled with something else has to be made anew. */
function sourceChange(image: Image, declared: ImageSource | undefined): Change[] {
  if (declared === undefined) return [];
  const to = labelOf(declared);
  if (image.status === 'queued') return [{ path: 'spec.source', from: null, to }];
  const from = image[SOURCE_KEY];
  return typeof from === 'string' ? fieldChange('spec.source', from, to, { by: 'replace' }) : [];
}

function stateOf(desired: DesiredImage, { image, isStuck }: ObservedImage): Omit<Difference, 'changes'> {
  const called = `Image ${image.name ?? ''} (${image.id})`;
  if (isStuck || image.status === 'killed') {
    const message = `${called} got its data only in part and is ${image.status}. Delete it in the cloud to have it made anew.`;
    return { failed: { reason: 'ImageIncomplete', message } };
  }
  if (MOVING.has(image.status))
    return { waiting: { reason: 'Uploading', message: `${called} is ${image.status}: its data is on its way.` } };
  if (image.status === 'deactivated') {
    const message = `${called} was deactivated: nobody can use its data until the cloud's operator reactivates it.`;
    return { failed: { reason: 'ImageDeactivated', message } };
  }
  if (image.status === 'queued' && desired.source === undefined) {
    return { failed: { reason: 'ImageEmpty', message: `${called} has no data. Set spec.source, or upload some in the cloud.` } };
  }
  return {};
}

function fieldSteps(desired: DesiredImage, changes: readonly Change[]): images.ImagePatch[] {
  const fields: Readonly<Record<string, readonly [string, unknown]>> = {
    'spec.minDiskGiB': ['/min_disk', desired.minDiskGiB],
    'spec.minRamMiB': ['/min_ram', desired.minRamMiB],
    'spec.visibility': ['/visibility', desired.visibility],
    'spec.protected': ['/protected', desired.protected],
    'spec.hidden': ['/os_hidden', desired.hidden],
  };
  return Object.entries(fields).flatMap(([path, [pointer, value]]) =>
    concerns(changes, path) ? [{ op: 'replace' as const, path: pointer, value }] : [],
  );
}
