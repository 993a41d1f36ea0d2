import { customProperties } from '#controller/kinds/image-properties.ts';
import * as images from '#controller/openstack/image/images.ts';
import type { Action, Look } from '../action.ts';
import { change, removeAndWait } from '../deeds.ts';
import { changeOf, entriesChanges, entriesPatch, given, onlyChanges, reservedKey } from '../fields.ts';
import { type Entries, entriesInput, flagInput, inputOf, nameInput, tagsInput } from '../input.ts';
import { firstOf, foreign, listed } from '../obstacles.ts';

type ImageLook = Look<'image'>;

interface Edit {
  readonly name?: string;
  readonly visibility?: images.Image['visibility'];
  readonly protected?: boolean;
  readonly hidden?: boolean;
  readonly minDiskGiB?: number;
  readonly minRamMiB?: number;
  readonly properties?: Entries;
  readonly tags?: readonly string[];
}

/** What Glance and its neighbours keep for themselves, and what stands in a field of its own. */
const isReserved = (key: string): boolean => /^(stackwarden\.|os_glance_|os_hash_|owner_specified\.)/.test(key) || fields.has(key);
const fields: ReadonlySet<string> = new Set(
  (
    'id name status visibility owner protected os_hidden tags size virtual_size checksum self file schema disk_format container_format ' +
    'min_disk min_ram created_at updated_at locations direct_url stores'
  ).split(' '),
);

export const editImage: Action<'image', Edit> = {
  name: 'image.edit',
  type: 'image',
  target: 'one',
  permission: 'image.change',
  summary: 'Change name, visibility, protection, properties and tags',
  input: inputOf({
    name: nameInput('image'),
    visibility: {
      type: 'string',
      enum: ['private', 'shared', 'community', 'public'],
      description: 'Who may use it. public takes a role that most clouds give to administrators only.',
    },
    protected: flagInput('Whether the cloud refuses to delete it.'),
    hidden: flagInput('Whether it is left out of lists.'),
    minDiskGiB: { type: 'integer', minimum: 0, maximum: 1_048_576, description: 'Root disk an instance needs at least, in GiB.' },
    minRamMiB: { type: 'integer', minimum: 0, maximum: 1_073_741_824, description: 'Memory an instance needs at least, in MiB.' },
    properties: entriesInput('Custom properties', 4096),
    tags: tagsInput,
  }),
  danger: 'none',
  obstacle: (look, input) =>
    firstOf(foreign(look, look.target.owner, 'image'), gone(look), reservedKey('properties', input?.properties, isReserved)),
  effects: ({ target }, { properties, tags, ...rest }) =>
    onlyChanges(
      changeOf('name', target.name, rest.name),
      changeOf('visibility', target.visibility, rest.visibility),
      changeOf('protected', target.protected, rest.protected),
      changeOf('hidden', target.os_hidden ?? false, rest.hidden),
      changeOf('minDiskGiB', target.min_disk, rest.minDiskGiB),
      changeOf('minRamMiB', target.min_ram, rest.minRamMiB),
      changeOf('tags', target.tags, tags),
      entriesChanges('properties', customProperties(target), properties),
    ),
  declares: ({ target }, { properties, ...rest }) => ({
    ...given(rest),
    ...entriesPatch('properties', customProperties(target), properties),
  }),
  async run(run, input) {
    const client = run.cloud.image;
    const steps = async () => patchOf(await images.get(client, run.id), input);
    if ((await steps()).length === 0) return undefined;
    await change(run, 'Edit', { type: 'image', id: run.id }, async () => images.patch(client, run.id, await steps()));
    return undefined;
  },
};

/** `add` sets what is there as well as what is not; only what is there can be removed. */
function patchOf(image: images.Image, { properties = {}, ...rest }: Edit): images.ImagePatch[] {
  const set = given({
    name: rest.name,
    visibility: rest.visibility,
    protected: rest.protected,
    os_hidden: rest.hidden,
    min_disk: rest.minDiskGiB,
    min_ram: rest.minRamMiB,
    tags: rest.tags,
  });
  const fieldSteps = Object.entries(set).map(
    ([field, value]): images.ImagePatch => ({ op: 'replace', path: images.pointer(field), value }),
  );
  const propertySteps = Object.entries(properties).flatMap(([key, value]): images.ImagePatch[] => {
    if (value !== null) return [{ op: 'add', path: images.pointer(key), value }];
    return key in image ? [{ op: 'remove', path: images.pointer(key) }] : [];
  });
  return [...fieldSteps, ...propertySteps];
}

function gone({ target }: ImageLook) {
  if (target.status !== 'deleted' && target.status !== 'pending_delete') return undefined;
  return { reason: 'WrongState', message: `It is ${target.status}.` };
}

export const deleteImage: Action<'image', object> = {
  name: 'image.delete',
  type: 'image',
  target: 'one',
  permission: 'image.delete',
  summary: 'Delete the image; what was made of it stays',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: (look) => firstOf(foreign(look, look.target.owner, 'image'), guarded(look), gone(look), feeding(look)),
  effects(look) {
    const users = usersOf(look);
    const shared = look.target.visibility === 'private' ? '' : ' Other projects may be using it too.';
    return {
      changes: [],
      takesAlong: users.map(({ id, name }) => ({ type: 'server' as const, id, name, what: 'can no longer be rebuilt from it' })),
      loses: `The image and its data; an image of this id can never be made again.${shared}`,
    };
  },
  run: (run) => {
    const client = run.cloud.image;
    return removeAndWait(run, { type: 'image', id: run.id }, () => images.remove(client, run.id));
  },
};

function guarded({ target }: ImageLook) {
  if (!target.protected) return undefined;
  return { reason: 'Protected', message: 'It is protected; set protected to false first.' };
}

function feeding({ target, inventory }: ImageLook) {
  const building = [...inventory.all('server')].filter((server) => imageOf(server) === target.id && server.status === 'BUILD');
  if (building.length === 0) return undefined;
  return { reason: 'InUse', message: `Instances are being made of it (${listed(building.map(({ name }) => name))}); wait until they run.` };
}

function usersOf({ target, inventory }: ImageLook) {
  return [...inventory.all('server')].filter((server) => imageOf(server) === target.id);
}

const imageOf = ({ image }: { image: { id: string } | '' }): string | undefined => (image === '' ? undefined : image.id);
