import { mapChanges, setChanges } from '#controller/kinds/changes.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import type { AnyAction } from '../action.ts';
import { firstOf, type InstanceAction, inputOf, stateObstacle } from './states.ts';

const changeable = ['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED'];
const anyState = [...changeable, 'SHELVED', 'SHELVED_OFFLOADED', 'RESCUE', 'VERIFY_RESIZE', 'ERROR'];

const rename: InstanceAction<{ name: string }> = {
  name: 'instance.rename',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Give an instance another name',
  input: inputOf(
    {
      name: {
        type: 'string',
        minLength: 1,
        maxLength: 255,
        pattern: '^\\S(.*\\S)?$',
        description: 'The new name: 1 to 255 characters, no space at its ends.',
      },
    },
    'name',
  ),
  danger: 'none',
  obstacle: (look) => stateObstacle(look, 'renamed', anyState, { evenBusy: true }),
  effects: ({ target }, { name }) => ({
    changes: target.name === name ? [] : [{ path: 'spec.name', from: target.name, to: name }],
    takesAlong: [],
  }),
  // Its name is declared also where nobody wrote it: it is that of the object.
  declares: (_look, { name }) => ({ name }),
  async run(run, { name }) {
    await run.send(
      'rename',
      async () => (await servers.update(run.cloud.compute, run.id, { name }), null),
      () => again,
    );
    await run.until('the name', async () => ((await run.inventory.reread('server', run.id))?.name === name ? true : undefined));
    return undefined;
  },
};

interface MetadataInput {
  readonly metadata: Readonly<Record<string, string | null>>;
}

/** Keys Stackwarden knows its own by. */
const ownKey = /^stackwarden\./;

const setMetadata: InstanceAction<MetadataInput> = {
  name: 'instance.setMetadata',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Set metadata of an instance, or take it away',
  input: inputOf(
    {
      metadata: {
        type: 'object',
        maxProperties: 128,
        additionalProperties: {
          type: 'string',
          nullable: true,
          maxLength: 255,
          description: 'A value of at most 255 characters; null takes the key away.',
        },
        description: 'Keys to set; null takes one away, and others stay as they are.',
      },
    },
    'metadata',
  ),
  danger: 'none',
  obstacle(look, input) {
    const reserved = Object.keys(input?.metadata ?? {}).find((key) => ownKey.test(key));
    return firstOf(
      stateObstacle(look, 'given metadata', changeable),
      reserved === undefined
        ? undefined
        : { reason: 'Reserved', field: 'metadata', message: `${reserved} is how Stackwarden knows its own; leave it out.` },
    );
  },
  effects: ({ target }, { metadata }) => ({
    changes: mapChanges('spec.metadata', target.metadata, after(target.metadata, metadata)),
    takesAlong: [],
  }),
  declares: ({ declared }, { metadata }) => (declared?.spec['metadata'] === undefined ? undefined : { metadata }),
  async run(run, { metadata }) {
    const set = Object.fromEntries(Object.entries(metadata).filter((entry): entry is [string, string] => entry[1] !== null));
    if (Object.keys(set).length > 0) {
      await run.send(
        'set',
        async () => (await servers.setMetadata(run.cloud.compute, run.id, set), null),
        () => again,
      );
    }
    const now = (await run.inventory.reread('server', run.id))?.metadata ?? {};
    for (const [key, value] of Object.entries(metadata)) {
      if (value !== null || !Object.hasOwn(now, key)) continue;
      await run.send(`take ${key}`, async () => (await servers.deleteMetadataKey(run.cloud.compute, run.id, key), null));
    }
    await run.until('the metadata', async () => {
      const seen = (await run.inventory.reread('server', run.id))?.metadata ?? {};
      return Object.entries(metadata).every(([key, value]) => (seen[key] ?? null) === value) ? true : undefined;
    });
    return undefined;
  },
};

const setTags: InstanceAction<{ tags: readonly string[] }> = {
  name: 'instance.setTags',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Set the tags of an instance',
  input: inputOf(
    {
      tags: {
        type: 'array',
        maxItems: 50,
        items: {
          type: 'string',
          minLength: 1,
          maxLength: 60,
          pattern: '^[^,/]+$',
          description: 'A tag: 1 to 60 characters, neither comma nor slash.',
        },
        description: 'All tags it is to have, at most 50.',
      },
    },
    'tags',
  ),
  danger: 'none',
  obstacle: (look) => stateObstacle(look, 'tagged', changeable),
  effects: ({ target }, { tags }) => ({ changes: setChanges('spec.tags', target.tags ?? [], tags), takesAlong: [] }),
  declares: ({ declared }, { tags }) => (declared?.spec['tags'] === undefined ? undefined : { tags: [...new Set(tags)] }),
  async run(run, { tags }) {
    const wanted = [...new Set(tags)].toSorted();
    await run.send(
      'tag',
      async () => (await servers.replaceTags(run.cloud.compute, run.id, wanted), null),
      () => again,
    );
    await run.until('the tags', async () => {
      const seen = (await run.inventory.reread('server', run.id))?.tags ?? [];
      return seen.toSorted().join() === wanted.join() ? true : undefined;
    });
    return undefined;
  },
};

/** Sent twice, these do the same: it is sent again after a restart. */
const again = Promise.resolve(undefined);

function after(metadata: Readonly<Record<string, string>>, change: MetadataInput['metadata']): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...metadata, ...change }).filter((entry): entry is [string, string] => entry[1] !== null));
}

export const namingActions: readonly AnyAction[] = [rename, setMetadata, setTags];
