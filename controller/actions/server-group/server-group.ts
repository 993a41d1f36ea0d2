import * as serverGroups from '#controller/openstack/compute/server-groups.ts';
import type { Action } from '../action.ts';
import { madeOne, make, removeAndWait } from '../deeds.ts';
import { makes } from '../fields.ts';
import { inputOf, nameInput } from '../input.ts';
import { foreign } from '../obstacles.ts';

interface NewGroup {
  readonly name: string;
  readonly policy: serverGroups.ServerGroupPolicy;
  readonly maxServersPerHost?: number;
}

export const createServerGroup: Action<'server_group', NewGroup> = {
  name: 'serverGroup.create',
  type: 'server_group',
  target: 'none',
  permission: 'serverGroup.change',
  summary: 'Create a group of instances that are to share hosts, or not to',
  input: inputOf(
    {
      name: nameInput('server group'),
      policy: {
        type: 'string',
        enum: ['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'],
        description: 'affinity: the same host; anti-affinity: different hosts; soft: if possible.',
      },
      maxServersPerHost: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        description: 'With policy anti-affinity: so many instances of the group may share a host.',
      },
    },
    'name',
    'policy',
  ),
  danger: 'none',
  obstacle(_look, input) {
    if (input?.maxServersPerHost === undefined || input.policy === 'anti-affinity') return undefined;
    return { reason: 'Contradiction', field: 'maxServersPerHost', message: 'maxServersPerHost needs policy anti-affinity.' };
  },
  effects: (_look, input) => makes(input),
  async run(run, { name, policy, maxServersPerHost: most }) {
    const client = run.cloud.compute;
    const made = await make(run, {
      type: 'server_group',
      list: () => serverGroups.list(client),
      create: () => serverGroups.create(client, { name, policy, ...(most !== undefined && { rules: { max_server_per_host: most } }) }),
      get: (id) => serverGroups.get(client, id),
    });
    return madeOne('server_group', made);
  },
};

export const deleteServerGroup: Action<'server_group', object> = {
  name: 'serverGroup.delete',
  type: 'server_group',
  target: 'one',
  permission: 'serverGroup.delete',
  summary: 'Delete the group; its instances stay where they are',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: (look) => foreign(look, look.target.project_id, 'server group'),
  effects: ({ target, inventory }) => ({
    changes: [],
    takesAlong: target.members.map((id) => ({
      type: 'server' as const,
      id,
      name: inventory.get('server', id)?.name ?? id,
      what: 'stays, and is no longer held to the policy',
    })),
    loses: `The group and its policy ${target.policy}; a new one cannot take in instances that are there.`,
  }),
  run: (run) => {
    const client = run.cloud.compute;
    return removeAndWait(run, { type: 'server_group', id: run.id }, () => serverGroups.remove(client, run.id));
  },
};
