import type { Answer, ScopedCall } from '../call.ts';
import { checkedBody } from '../fault-bodies.ts';
import type { RouteTable } from '../routes.ts';
import type { Schema } from '../schema.ts';
import { createServer } from './create.ts';
import { descriptionSchema, nameSchema } from './create-schema.ts';
import { deleteServer } from './delete.ts';
import { listServers } from './list.ts';
import { findServer, requireUnlocked } from './states.ts';
import { serverDocument, serverLinks } from './view.ts';

export const serverRoutes: RouteTable = {
  'GET /servers': (call) => listServers(call, (server) => ({ id: server.id, name: server.name, links: serverLinks(call, server.id) })),
  'GET /servers/detail': (call) => listServers(call, (server) => serverDocument(call, server, 'in-list')),
  'POST /servers': createServer,
  'GET /servers/:id': (call) => ({ status: 200, body: { server: serverDocument(call, findServer(call)) } }),
  'PUT /servers/:id': updateServer,
  'DELETE /servers/:id': deleteServer,
  'GET /servers/:id/ips': showAddresses,
};

function updateServer(call: ScopedCall): Answer {
  const properties: Record<string, Schema> = {
    name: nameSchema,
    accessIPv4: { type: 'string' },
    accessIPv6: { type: 'string' },
    'OS-DCF:diskConfig': { type: 'string', enum: ['AUTO', 'MANUAL'] },
    ...(call.minor >= 19 ? { description: descriptionSchema } : {}),
    ...(call.minor >= 90 ? { hostname: { type: 'string' } } : {}),
  };
  const given = checkedBody(call.body, { required: ['server'], properties: { server: { type: 'object', others: false, properties } } })
    .server as Record<string, unknown>;
  const server = findServer(call);
  requireUnlocked(call, server);
  if (typeof given.name === 'string') server.name = given.name;
  if (given.description !== undefined) server.description = given.description as string | null;
  if (typeof given.accessIPv4 === 'string') server.accessIPv4 = given.accessIPv4;
  if (typeof given.accessIPv6 === 'string') server.accessIPv6 = given.accessIPv6;
  const document = serverDocument(call, server);
  // The answer still shows the time of the change before.
  if (Object.keys(given).length > 0) server.updatedAt = call.world.clock.now();
  return { status: 200, body: { server: document } };
}

function showAddresses(call: ScopedCall): Answer {
  const { addresses } = serverDocument(call, findServer(call)) as { addresses: Record<string, { version: number; addr: string }[]> };
  const short = Object.entries(addresses).map(([name, rows]) => [name, rows.map(({ version, addr }) => ({ version, addr }))]);
  return { status: 200, body: { addresses: Object.fromEntries(short) } };
}
