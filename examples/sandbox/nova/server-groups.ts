import type { Answer, ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import { exceedsQuota } from '../quotas.ts';
import type { RouteTable } from '../routes.ts';
import type { Schema } from '../schema.ts';
import type { ServerGroup, Store } from '../store.ts';

/** Server groups since 2.64: one policy and its rules. */
export const serverGroupRoutes: RouteTable = {
  'GET /os-server-groups': listGroups,
  'POST /os-server-groups': createGroup,
  'GET /os-server-groups/:id': (call) => ({ status: 200, body: { server_group: document(findGroup(call), call.store) } }),
  'DELETE /os-server-groups/:id': (call) => {
    call.world.store.serverGroups.delete(findGroup(call).id);
    return { status: 204 };
  },
};

const schema: Schema = {
  required: ['server_group'],
  others: false,
  properties: {
    server_group: {
      type: 'object',
      required: ['name', 'policy'],
      others: false,
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 255 },
        policy: { type: 'string', enum: ['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity'] },
        rules: {
          type: 'object',
          others: false,
          properties: { max_server_per_host: { type: ['integer', 'string'], pattern: '^[0-9]+$', minimum: 1 } },
        },
      },
    },
  },
};

function ownGroups(call: ScopedCall): ServerGroup[] {
  return [...call.store.serverGroups.values()].filter(({ projectId }) => projectId === call.token.projectId);
}

function findGroup(call: ScopedCall): ServerGroup {
  const group = ownGroups(call).find(({ id }) => id === call.params.id);
  return group ?? refuse(404, `Instance group ${call.params.id} could not be found.`);
}

function listGroups(call: ScopedCall): Answer {
  const offset = Number(call.query.get('offset') ?? 0);
  const limit = Math.min(Number(call.query.get('limit') ?? 1000), 1000);
  return {
    status: 200,
    body: {
      server_groups: ownGroups(call)
        .slice(offset, offset + limit)
        .map((group) => document(group, call.store)),
    },
  };
}

function createGroup(call: ScopedCall): Answer {
  const given = checkedBody(call.body, schema).server_group as {
    name: string;
    policy: string;
    rules?: { max_server_per_host?: number | string };
  };
  const most = given.rules?.max_server_per_host;
  if (most !== undefined && given.policy !== 'anti-affinity') refuse(400, 'Only anti-affinity policy supports rules.');
  const { world, token } = call;
  if (exceedsQuota(world, token.projectId, 'compute', 'server_groups', { used: ownGroups(call).length, more: 1 }))
    refuse(403, 'Quota exceeded, too many server groups.');
  const group: ServerGroup = {
    id: world.random.uuid(),
    name: given.name,
    policy: given.policy,
    maxServersPerHost: most === undefined ? null : Number(most),
    projectId: token.projectId,
    userId: token.userId,
  };
  world.store.serverGroups.set(group.id, group);
  return { status: 200, body: { server_group: document(group, world.store) } };
}

function document(group: ServerGroup, store: Pick<Store, 'servers'>): object {
  const members = [...store.servers.values()].filter(({ groupId, vmState }) => groupId === group.id && vmState !== 'deleted');
  return {
    id: group.id,
    name: group.name,
    policy: group.policy,
    rules: group.maxServersPerHost === null ? {} : { max_server_per_host: group.maxServersPerHost },
    members: members.map(({ id }) => id),
    project_id: group.projectId,
    user_id: group.userId,
  };
}
