import type { Answer, ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import type { RouteTable } from '../routes.ts';
import type { Server } from '../store.ts';
import { tagSchema } from './create-schema.ts';
import { changeable } from './metadata.ts';
import { findServer, requireState, requireUnlocked } from './states.ts';

/** From 2.26 on. Tags are shown in order, each once. */
export const tagRoutes: RouteTable = {
  'GET /servers/:id/tags': (call) => ({ status: 200, body: { tags: findServer(call).tags } }),
  'PUT /servers/:id/tags': replaceTags,
  'DELETE /servers/:id/tags': (call) => {
    writable(call, 'delete tags').tags = [];
    return { status: 204 };
  },
  'PUT /servers/:id/tags/:tag': addTag,
  'DELETE /servers/:id/tags/:tag': removeTag,
};

function writable(call: ScopedCall, action: string): Server {
  const server = findServer(call);
  requireUnlocked(call, server);
  requireState(server, action, changeable, { anyTask: true, needsHost: false });
  return server;
}

function replaceTags(call: ScopedCall): Answer {
  const schema = { required: ['tags'], others: false, properties: { tags: { type: 'array', items: tagSchema, maxItems: 50 } } } as const;
  const given = checkedBody(call.body, schema).tags as string[];
  const server = writable(call, 'update tags');
  server.tags = [...new Set(given)].toSorted();
  return { status: 200, body: { tags: server.tags } };
}

function addTag(call: ScopedCall): Answer {
  const tag = call.params.tag ?? '';
  const server = writable(call, 'update tags');
  if (server.tags.includes(tag)) return { status: 204 };
  server.tags = [...server.tags, tag].toSorted();
  return { status: 201, headers: { location: `${call.world.origin}/compute/v2.1/servers/${server.id}/tags/${encodeURIComponent(tag)}` } };
}

function removeTag(call: ScopedCall): Answer {
  const tag = call.params.tag ?? '';
  const server = writable(call, 'delete tags');
  if (!server.tags.includes(tag)) refuse(404, `Instance ${server.id} has no tag '${tag}'`);
  server.tags = server.tags.filter((item) => item !== tag);
  return { status: 204 };
}
