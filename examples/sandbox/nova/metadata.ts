import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import type { RouteTable } from '../routes.ts';
import { metadataSchema } from '../schema.ts';
import type { Server, VmState } from '../store.ts';
import { findServer, requireState, requireUnlocked } from './states.ts';

export const metadataRoutes: RouteTable = {
  'GET /servers/:id/metadata': (call) => ({ status: 200, body: { metadata: findServer(call).metadata } }),
  'POST /servers/:id/metadata': (call) => change(call, (old, given) => ({ ...old, ...given })),
  'PUT /servers/:id/metadata': (call) => change(call, (_old, given) => given),
  'GET /servers/:id/metadata/:key': (call) => ({ status: 200, body: { meta: { [call.params.key ?? '']: item(call, findServer(call)) } } }),
  'PUT /servers/:id/metadata/:key': setItem,
  'DELETE /servers/:id/metadata/:key': deleteItem,
};

/** States in which metadata and tags may be changed: not while it is being built, shelved or resized. */
export const changeable: readonly VmState[] = ['active', 'paused', 'suspended', 'stopped'];

function change(call: ScopedCall, merge: (old: Record<string, string>, given: Record<string, string>) => Record<string, string>): Answer {
  const given = checkedBody(call.body, { required: ['metadata'], others: false, properties: { metadata: metadataSchema } })
    .metadata as Record<string, string>;
  const server = writable(call, 'update metadata');
  server.metadata = merge(server.metadata, given);
  // Metadata counts as a change of the server; tags, ports and volumes do not.
  server.updatedAt = call.world.clock.now();
  return { status: 200, body: { metadata: server.metadata } };
}

function writable(call: ScopedCall, action: string): Server {
  const server = findServer(call);
  requireUnlocked(call, server);
  requireState(server, action, changeable, { anyTask: true, needsHost: false });
  return server;
}

function item(call: ScopedCall, server: Server): string {
  return server.metadata[call.params.key ?? ''] ?? refuse(404, 'Metadata item was not found');
}

function setItem(call: ScopedCall): Answer {
  const key = call.params.key ?? '';
  const meta = isRecord(call.body) && isRecord(call.body.meta) ? call.body.meta : {};
  if (typeof meta[key] !== 'string') refuse(400, 'Request body and URI mismatch');
  const server = writable(call, 'update metadata');
  server.metadata = { ...server.metadata, [key]: meta[key] };
  server.updatedAt = call.world.clock.now();
  return { status: 200, body: { meta: { [key]: meta[key] } } };
}

function deleteItem(call: ScopedCall): Answer {
  const server = writable(call, 'delete metadata');
  item(call, server);
  const { [call.params.key ?? '']: _gone, ...rest } = server.metadata;
  server.metadata = rest;
  server.updatedAt = call.world.clock.now();
  return { status: 204 };
}
