import type { Kind, Observation, Owner, Resolve } from '#controller/engine/kind.ts';
import { create, remove as removeGroup, type ServerGroup, type ServerGroupPolicy } from '#controller/openstack/compute/server-groups.ts';
import { candidatesOf } from './candidates.ts';
import { fieldChange } from './changes.ts';
import { resourceName } from './fields.ts';
import type { CloudHandle } from './handle.ts';
import type { CommonSpec } from './policies.ts';
import { recordCreated, remove } from './writes.ts';

export type ServerGroupSpec = CommonSpec & {
  readonly name?: string;
  readonly policy: ServerGroupPolicy;
  readonly maxServersPerHost?: number;
};

export interface DesiredServerGroup {
  readonly name: string;
  readonly policy: ServerGroupPolicy;
  readonly maxServersPerHost?: number;
}

/**
 * A Nova server group. It has no field for a stamp and its name is not unique, so none is made beside one of the same name, and one that
 * turns up after a create was sent, as declared, is the one that create made.
 */
export const serverGroup: Kind<ServerGroupSpec, DesiredServerGroup, ServerGroup, CloudHandle> = {
  kind: 'ServerGroup',
  plural: 'servergroups',
  shortNames: ['osgrp'],
  description: 'Instances that are to run on the same host, or on different ones.',
  spec: {
    type: 'object',
    required: ['policy'],
    properties: {
      name: resourceName('server group'),
      policy: {
        type: 'string',
        enum: ['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'],
        description: 'affinity: the same host; anti-affinity: different hosts; soft: if possible. Fixed once made.',
      },
      maxServersPerHost: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        description: 'With policy anti-affinity: so many instances of the group may share a host. Fixed once made.',
      },
    },
    'x-kubernetes-validations': [
      { rule: "!has(self.maxServersPerHost) || self.policy == 'anti-affinity'", message: 'maxServersPerHost needs policy anti-affinity' },
    ],
    anyOf: [{ not: { required: ['maxServersPerHost'] } }, { properties: { policy: { enum: ['anti-affinity'] } } }],
  },
  status: { members: { type: 'integer', description: 'How many instances are in it.' } },
  columns: [
    { name: 'Policy', path: '.spec.policy', type: 'string' },
    { name: 'Members', path: '.status.members', type: 'integer' },
  ],

  desire(spec, resolve) {
    const desired = desiredOf(spec, resolve.owner);
    if (!spec.import) refuseTaken(desired, resolve);
    return desired;
  },

  observe(cloud, owner) {
    if (owner.id === undefined) return madeByLostCreate(cloud, owner);
    const found = cloud.inventory.get('server_group', owner.id);
    return found ? { found: 'one', id: found.id, observed: found } : { found: 'none' };
  },

  diff: (desired, observed) => ({
    changes: [
      ...fieldChange('spec.name', observed.name, desired.name, { by: 'replace' }),
      ...fieldChange('spec.policy', observed.policy, desired.policy, { by: 'replace' }),
      ...fieldChange('spec.maxServersPerHost', observed.rules.max_server_per_host, desired.maxServersPerHost, { by: 'replace' }),
    ],
  }),

  async create(cloud, { name, policy, maxServersPerHost }) {
    const askedAt = Date.now();
    const rules = maxServersPerHost === undefined ? {} : { rules: { max_server_per_host: maxServersPerHost } };
    const made = await create(cloud.client.compute, { name, policy, ...rules });
    recordCreated(cloud, 'server_group', made, askedAt);
    return { id: made.id };
  },

  async update() {
    // Nothing of a server group can be changed in place: every difference is by replacement, which the engine never asks of `update`.
  },

  delete: (cloud, observed) => remove(cloud, 'server_group', observed.id, () => removeGroup(cloud.client.compute, observed.id)),

  async reread(cloud, id) {
    await cloud.inventory.reread('server_group', id);
  },

  listedAt: (cloud) => cloud.inventory.listedAt('server_group'),

  report: (observed) => ({ members: observed.members.length }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'server_group', filter),

  declare: (_cloud, { name, policy, rules }) => ({
    name,
    policy,
    ...(rules.max_server_per_host !== undefined && { maxServersPerHost: rules.max_server_per_host }),
  }),
};

function desiredOf(spec: Omit<ServerGroupSpec, keyof CommonSpec>, owner: Owner): DesiredServerGroup {
  const { name = owner.name, policy, maxServersPerHost } = spec;
  return { name, policy, ...(maxServersPerHost !== undefined && { maxServersPerHost }) };
}

/** Groups of our project by this name. */
function sameName({ inventory }: CloudHandle, name: string): readonly ServerGroup[] {
  return inventory
    .byName('server_group', name)
    .filter((group) => group.project_id === undefined || group.project_id === inventory.projectId);
}

/** Those that are as declared, if a create of ours was sent; before that none of the name was there. */
function madeByLostCreate(cloud: CloudHandle, owner: Owner): Observation<ServerGroup> {
  if (!owner.isCreating || owner.spec === undefined) return { found: 'none' };
  const desired = desiredOf(owner.spec as unknown as ServerGroupSpec, owner);
  const found = sameName(cloud, desired.name).filter((group) => isAsDeclared(group, desired));
  const [first] = found;
  if (first === undefined) return { found: 'none' };
  if (found.length > 1) return { found: 'ambiguous', ids: found.map((group) => group.id).toSorted() };
  return { found: 'one', id: first.id, observed: first };
}

function isAsDeclared(group: ServerGroup, desired: DesiredServerGroup): boolean {
  return group.policy === desired.policy && group.rules.max_server_per_host === desired.maxServersPerHost;
}

/** Stalls an object that has made none yet while there is one of its name: made beside it, nobody could tell the two apart. */
function refuseTaken(desired: DesiredServerGroup, resolve: Resolve<CloudHandle>): void {
  const { owner, cloud } = resolve;
  if (owner.id !== undefined || owner.isCreating) return;
  const ids = sameName(cloud, desired.name)
    .map((group) => group.id)
    .toSorted();
  if (ids.length === 0) return;
  const message =
    `A server group named ${desired.name} is in cluster ${cloud.client.name} already: ${ids.join(', ')}. Choose another spec.name, ` +
    `delete that group, or take it over with spec.import.`;
  resolve.need<ServerGroup>(undefined, { reason: 'NameTaken', message });
}
