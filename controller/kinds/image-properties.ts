import type { Change } from '#controller/engine/kind.ts';
import { STAMP_BOUND_KEY, STAMP_KEY, UNBOUND } from '#controller/inventory/stamp.ts';
import { type Image, type ImagePatch, pointer } from '#controller/openstack/image/images.ts';
import { concerns, mapWrites, setAfter } from './changes.ts';
import { STAMP_PATH } from './ownership.ts';

/** Fields of an image; everything else in its document is a custom property. */
const FIELDS: ReadonlySet<string> = new Set([
  'id',
  'name',
  'status',
  'visibility',
  'owner',
  'protected',
  'disk_format',
  'container_format',
  'min_disk',
  'min_ram',
  'size',
  'virtual_size',
  'checksum',
  'tags',
  'created_at',
  'updated_at',
  'self',
  'file',
  'schema',
  'stores',
  'direct_url',
  'locations',
]);
/** Properties the services put there by themselves, and our own. */
const SERVICES_OWN = /^(os_hidden$|os_hash_|os_glance_|owner_specified\.|stackwarden\.)/;

/** Properties people put on an image. */
export function customProperties(image: Image): Record<string, string> {
  const entries = Object.entries(image).filter(([key]) => !FIELDS.has(key) && !SERVICES_OWN.test(key));
  return Object.fromEntries(entries.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

/** Whether Nova made it of a server: what the kind InstanceSnapshot stands for, and Image does not. */
export function isOfServer(image: Image | undefined): boolean {
  return image?.['image_type'] === 'snapshot' || image?.['block_device_mapping'] !== undefined;
}

/** The properties that make an image ours; without an id until that is known. */
export function stampProperties(uid: string, id: string = UNBOUND): Record<string, string> {
  return { [STAMP_KEY]: uid, [STAMP_BOUND_KEY]: id };
}

/** A property at a value, whether or not it is there. */
function setProperty(name: string, value: string): ImagePatch {
  return { op: 'add', path: pointer(name), value };
}

export interface DesiredOfImage {
  readonly uid: string;
  readonly name: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
}

/** The steps for what every image of ours has: stamp, name, tags and properties. */
export function patchOf(image: Image, desired: DesiredOfImage, changes: readonly Change[]): ImagePatch[] {
  const has = (path: string) => concerns(changes, path);
  const properties = mapWrites('spec.properties', customProperties(image), desired.properties, changes);
  const isTagged = changes.some((change) => change.path.startsWith('spec.tags['));
  const stamp = has(STAMP_PATH) ? stampProperties(desired.uid, image.id) : {};
  return [
    ...Object.entries({ ...stamp, ...properties.set }).map(([name, value]) => setProperty(name, value)),
    ...properties.remove.map((name): ImagePatch => ({ op: 'remove', path: pointer(name) })),
    ...(has('spec.name') ? [{ op: 'replace', path: '/name', value: desired.name } as const] : []),
    ...(isTagged ? [{ op: 'replace', path: '/tags', value: setAfter('spec.tags', image.tags, changes) } as const] : []),
  ];
}
