import type { JsonSchema } from '#controller/engine/json.ts';
import type { CloudInventory } from '#controller/inventory/inventory.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Action, ActionResult, Obstacle } from '../action.ts';
import { type AnyRun, madeOne, make } from '../deeds.ts';
import { given, makes, reservedKey } from '../fields.ts';
import { descriptionInput, flagInput, idInput, inputOf, metadataInput, nameInput } from '../input.ts';
import { firstOf, notFound } from '../obstacles.ts';
import { isReservedKey, volumeComesTo } from './state.ts';

export interface NewVolume {
  readonly name: string;
  readonly description?: string;
  readonly sizeGiB?: number;
  readonly volumeType?: string;
  readonly availabilityZone?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly bootable?: boolean;
}

export interface VolumeOrigin {
  readonly imageId?: string;
  readonly snapshotId?: string;
  readonly volumeId?: string;
}

export const sizeInput: JsonSchema = { type: 'integer', minimum: 1, maximum: 1_048_576, description: 'Size in GiB.' };

export const newVolumeInput: Record<string, JsonSchema> = {
  name: nameInput('volume'),
  description: descriptionInput,
  sizeGiB: { ...sizeInput, description: 'Size in GiB; of a copy at least that of its source, which is also the default.' },
  volumeType: idInput('Name of the volume type. Default: that of the source, or of the cloud.'),
  availabilityZone: idInput('Availability zone.'),
  metadata: metadataInput,
  bootable: flagInput('Whether instances may boot from it. Default: as its source.'),
};

type Input = NewVolume & VolumeOrigin;

export const createVolume: Action<'volume', Input> = {
  name: 'volume.create',
  type: 'volume',
  target: 'none',
  permission: 'volume.change',
  summary: 'Create a volume, empty or filled from an image, a snapshot or another volume',
  input: inputOf(
    {
      ...newVolumeInput,
      imageId: idInput('Id of the image to fill it with.'),
      snapshotId: idInput('Id of the snapshot to fill it with.'),
      volumeId: idInput('Id of the volume to copy.'),
    },
    'name',
  ),
  danger: 'none',
  obstacle: ({ inventory }, input) => input && obstacleOfNew(inventory, input),
  effects: (_look, input) => makes(input),
  run: (run, input) => makeVolume(run, input),
};

/** Why a volume cannot be made like this. */
export function obstacleOfNew(inventory: CloudInventory, input: Input): Obstacle | undefined {
  const { imageId, snapshotId, volumeId, volumeType } = input;
  return firstOf(
    severalOrigins(input),
    notFound(inventory, 'image', imageId, 'imageId'),
    notFound(inventory, 'volume_snapshot', snapshotId, 'snapshotId'),
    notFound(inventory, 'volume', volumeId, 'volumeId'),
    unknownType(inventory, volumeType),
    reservedKey('metadata', input.metadata, isReservedKey),
    notReadable(inventory, input),
    tooSmall(inventory, input),
  );
}

function severalOrigins({ imageId, snapshotId, volumeId }: Input): Obstacle | undefined {
  const named = Object.entries({ imageId, snapshotId, volumeId }).filter(([, id]) => id !== undefined);
  const second = named[1];
  if (second === undefined) return undefined;
  return {
    reason: 'Contradiction',
    field: second[0],
    message: `${named.map(([field]) => field).join(' and ')} exclude each other; give one.`,
  };
}

export function unknownType(inventory: CloudInventory, name: string | undefined): Obstacle | undefined {
  if (name === undefined || inventory.byName('volume_type', name).length > 0) return undefined;
  const known = [...inventory.all('volume_type')].map((type) => type.name).toSorted();
  return { reason: 'NotFound', field: 'volumeType', message: `There is no volume type ${name}; known are ${known.join(', ')}.` };
}

function notReadable(inventory: CloudInventory, { imageId, snapshotId, volumeId }: Input): Obstacle | undefined {
  const image = imageId === undefined ? undefined : inventory.get('image', imageId);
  const source =
    volumeId === undefined
      ? snapshotId === undefined
        ? undefined
        : inventory.get('volume_snapshot', snapshotId)
      : inventory.get('volume', volumeId);
  if (image !== undefined && image.status !== 'active')
    return {
      reason: 'WrongState',
      field: 'imageId',
      message: `Image ${image.name ?? image.id} is ${image.status}; wait until it is active.`,
    };
  if (source === undefined || source.status === 'available' || source.status === 'in-use') return undefined;
  const field = volumeId === undefined ? 'snapshotId' : 'volumeId';
  return { reason: 'WrongState', field, message: `${source.name || source.id} is ${source.status}; wait until it is available.` };
}

function tooSmall(inventory: CloudInventory, { imageId, snapshotId, volumeId, sizeGiB }: Input): Obstacle | undefined {
  const least =
    (snapshotId === undefined ? undefined : inventory.get('volume_snapshot', snapshotId)?.size) ??
    (volumeId === undefined ? undefined : inventory.get('volume', volumeId)?.size);
  const ofImage = imageId === undefined ? undefined : inventory.get('image', imageId)?.min_disk;
  if (sizeGiB === undefined && least === undefined)
    return { reason: 'Missing', field: 'sizeGiB', message: 'A size is needed, unless it is a copy of a snapshot or a volume.' };
  const needed = Math.max(least ?? 0, ofImage ?? 0);
  if (sizeGiB === undefined || sizeGiB >= needed) return undefined;
  return { reason: 'TooSmall', field: 'sizeGiB', message: `Its source needs at least ${needed} GiB.` };
}

/** Makes a volume and waits until it can be used. */
export async function makeVolume(run: AnyRun, input: Input): Promise<ActionResult> {
  const client = run.cloud.blockStorage;
  await run.step('Creating the volume', 0);
  const made = await make(run, {
    type: 'volume',
    list: () => volumes.list(client, { name: input.name }),
    create: () =>
      volumes.create(client, {
        name: input.name,
        ...given({
          description: input.description,
          size: input.sizeGiB,
          volume_type: input.volumeType,
          availability_zone: input.availabilityZone,
          metadata: input.metadata,
          imageRef: input.imageId,
          snapshot_id: input.snapshotId,
          source_volid: input.volumeId,
        }),
      }),
    get: (id) => volumes.get(client, id),
  });
  await run.step('Waiting until it is available', 30);
  await volumeComesTo(run, made.id, `volume ${input.name}`, ({ status }) => status === 'available' || status === 'in-use');
  const { bootable } = input;
  if (bootable !== undefined) {
    await run.send(
      'Set bootable',
      async () => (await volumes.setBootable(client, made.id, bootable), true),
      async () => undefined,
    );
    await run.inventory.reread('volume', made.id);
  }
  return madeOne('volume', made);
}
