import type { JsonSchema } from '#controller/engine/json.ts';
import { atMostOne, metadata, reference, resourceName, selector } from './fields.ts';

export const volumeSpec: JsonSchema = {
  type: 'object',
  required: ['sizeGiB'],
  properties: {
    name: resourceName('volume', { canBeEmpty: true }),
    description: { type: 'string', maxLength: 255, description: 'Free text.' },
    sizeGiB: { type: 'integer', minimum: 1, maximum: 1_048_576, description: 'Size in GiB. It can grow; to shrink takes another volume.' },
    volumeType: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'Name of the volume type. A change moves the data if the other type lives elsewhere.',
    },
    image: selector('image', 'The image to fill it with. Fixed once made.'),
    snapshotRef: reference('VolumeSnapshot', 'The snapshot to fill it with. Fixed once made.'),
    volumeRef: reference('Volume', 'The volume to copy. Fixed once made.'),
    availabilityZone: { type: 'string', minLength: 1, maxLength: 255, description: 'Fixed once made.' },
    metadata: metadata('volume'),
    bootable: { type: 'boolean', description: 'Whether instances may boot from it. Filled from an image it is bootable unless declared.' },
    readOnly: { type: 'boolean', description: 'Whether attachments may write. Can be changed while it is attached to nothing.' },
  },
  ...atMostOne('image', 'snapshotRef', 'volumeRef'),
};

export const volumeStatus: Readonly<Record<string, JsonSchema>> = {
  state: { type: 'string', description: 'available, in-use, creating, error and so on, as Cinder says.' },
  sizeGiB: { type: 'integer', description: 'Size in GiB.' },
  volumeType: { type: 'string', description: 'Name of its type.' },
  bootable: { type: 'boolean', description: 'Whether instances may boot from it.' },
  attachedTo: { type: 'array', items: { type: 'string' }, description: 'Cloud ids of the servers it is attached to.' },
};
