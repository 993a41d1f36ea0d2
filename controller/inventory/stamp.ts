import type { ResourceType } from './inventory.ts';

/** Metadata key (of an image: property) that holds the uid of the object a server, volume, snapshot or image belongs to. */
export const STAMP_KEY = 'stackwarden.uid';
/**
 * Property that binds the stamp to the one image that was given it: what is made from that image (shelving, snapshots of servers booted
 * from it, uploads of volumes filled from it) inherits its properties, and is not ours.
 */
export const STAMP_BOUND_KEY = 'stackwarden.image';
/** Value of that property as long as the image's id is not known. */
export const UNBOUND = 'new';

const UID_LENGTH = 36;
const NEUTRON_DESCRIPTION_LENGTH = 255;
const STAMP = /(?:^| )\[stackwarden ([0-9A-Za-z-]{1,64})\]$/;

/** The longest description that may be declared: Neutron takes 255 characters, and the stamp needs its part of them. */
export const MAX_DECLARED_DESCRIPTION = NEUTRON_DESCRIPTION_LENGTH - ` [stackwarden ${'u'.repeat(UID_LENGTH)}]`.length;

const METADATA_TYPES: ReadonlySet<ResourceType> = new Set(['server', 'volume', 'volume_snapshot']);
const DESCRIPTION_TYPES: ReadonlySet<ResourceType> = new Set(['network', 'subnet', 'port', 'router', 'floatingip', 'security_group']);

/** The uid of the object this cloud resource is stamped with; undefined when it carries none (a key pair and a server group never can). */
export function stampOf(type: ResourceType, resource: object): string | undefined {
  if (type === 'image') return stampOfImage(resource as Record<string, unknown>);
  if (METADATA_TYPES.has(type)) {
    const metadata = 'metadata' in resource ? resource.metadata : undefined;
    const uid = metadata !== null && typeof metadata === 'object' ? (metadata as Record<string, unknown>)[STAMP_KEY] : undefined;
    return typeof uid === 'string' && uid !== '' ? uid : undefined;
  }
  if (!DESCRIPTION_TYPES.has(type)) return undefined;
  const description = 'description' in resource ? resource.description : undefined;
  return typeof description === 'string' ? STAMP.exec(description)?.[1] : undefined;
}

function stampOfImage({ id, [STAMP_KEY]: uid, [STAMP_BOUND_KEY]: bound }: Record<string, unknown>): string | undefined {
  const isInherited = bound !== id && bound !== UNBOUND;
  return typeof uid === 'string' && uid !== '' && !isInherited ? uid : undefined;
}

/**
 * What a Neutron resource's description holds: the declared text with the stamp behind it. Neutron refuses tags in a create request,
 * so this is the only place a stamp can stand from the first moment on.
 */
export function stampedDescription(declared: string | undefined, uid: string): string {
  return declared === undefined || declared === '' ? `[stackwarden ${uid}]` : `${declared} [stackwarden ${uid}]`;
}

/** The description without the stamp, as people declare it; '' when there is none. */
export function declaredDescription(description: string | null | undefined): string {
  return (description ?? '').replace(STAMP, '');
}

/** Metadata without the stamp, as people declare it. */
export function withoutStamp(metadata: Readonly<Record<string, string>> | null | undefined): Record<string, string> {
  const { [STAMP_KEY]: _stamp, ...declared } = metadata ?? {};
  return declared;
}
