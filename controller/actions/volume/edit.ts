import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Action } from '../action.ts';
import { change } from '../deeds.ts';
import { changeOf, entriesChanges, entriesPatch, given, onlyChanges, reservedKey } from '../fields.ts';
import { descriptionInput, type Entries, entriesInput, flagInput, inputOf, nameInput } from '../input.ts';
import { firstOf } from '../obstacles.ts';
import { isReadOnly, isReservedKey, metadataOf, unfit } from './state.ts';

interface Edit {
  readonly name?: string;
  readonly description?: string;
  readonly metadata?: Entries;
}

export const editVolume: Action<'volume', Edit> = {
  name: 'volume.edit',
  type: 'volume',
  target: 'one',
  permission: 'volume.change',
  summary: 'Change name, description and metadata',
  input: inputOf({
    name: nameInput('volume', { canBeEmpty: true }),
    description: descriptionInput,
    metadata: entriesInput('Metadata', 255),
  }),
  danger: 'none',
  obstacle: (look, input) =>
    firstOf(unfit(look, 'available', 'in-use', 'reserved', 'error'), reservedKey('metadata', input?.metadata, isReservedKey)),
  effects: ({ target }, { name, description, metadata }) =>
    onlyChanges(
      changeOf('name', target.name ?? '', name),
      changeOf('description', target.description ?? '', description),
      entriesChanges('metadata', metadataOf(target), metadata),
    ),
  declares: ({ target }, { name, description, metadata }) => ({
    ...given({ name, description }),
    ...entriesPatch('metadata', metadataOf(target), metadata),
  }),
  async run(run, { name, description, metadata = {} }) {
    const client = run.cloud.blockStorage;
    const row = { type: 'volume', id: run.id } as const;
    const fields = given({ name, description });
    if (Object.keys(fields).length > 0) await change(run, 'Rename', row, () => volumes.update(client, run.id, fields));
    const set = Object.entries(metadata).filter((entry): entry is [string, string] => entry[1] !== null);
    if (set.length > 0) await change(run, 'Set metadata', row, () => volumes.setMetadata(client, run.id, Object.fromEntries(set)));
    const { metadata: there } = await volumes.get(client, run.id);
    const gone = Object.entries(metadata).flatMap(([key, value]) => (value === null && key in there ? [key] : []));
    for (const key of gone) await change(run, `Remove metadata ${key}`, row, () => volumes.deleteMetadataKey(client, run.id, key));
    return undefined;
  },
};

export const setVolumeBootable: Action<'volume', { readonly bootable: boolean }> = {
  name: 'volume.setBootable',
  type: 'volume',
  target: 'one',
  permission: 'volume.change',
  summary: 'Say whether instances may boot from the volume',
  input: inputOf({ bootable: flagInput('Whether instances may boot from it.') }, 'bootable'),
  danger: 'none',
  obstacle: (look) => unfit(look, 'available', 'in-use', 'reserved'),
  effects: ({ target }, { bootable }) => onlyChanges(changeOf('bootable', target.bootable === 'true', bootable)),
  declares: (_look, { bootable }) => ({ bootable }),
  async run(run, { bootable }) {
    const client = run.cloud.blockStorage;
    await change(run, 'Set bootable', { type: 'volume', id: run.id }, () => volumes.setBootable(client, run.id, bootable));
    return undefined;
  },
};

export const setVolumeReadOnly: Action<'volume', { readonly readOnly: boolean }> = {
  name: 'volume.setReadOnly',
  type: 'volume',
  target: 'one',
  permission: 'volume.change',
  summary: 'Say whether attachments may write; while it is attached to nothing',
  input: inputOf({ readOnly: flagInput('Whether attachments may only read.') }, 'readOnly'),
  danger: 'none',
  obstacle: (look) => unfit(look, 'available'),
  effects: ({ target }, { readOnly }) => onlyChanges(changeOf('readOnly', isReadOnly(target), readOnly)),
  declares: (_look, { readOnly }) => ({ readOnly }),
  async run(run, { readOnly }) {
    const client = run.cloud.blockStorage;
    await change(run, 'Set read-only', { type: 'volume', id: run.id }, () => volumes.setReadonly(client, run.id, readOnly));
    return undefined;
  },
};
