import type { Answer, ScopedCall } from '../call.ts';
import { checkedBody, faultAnswer, refuse } from '../fault-bodies.ts';
import type { RouteTable } from '../routes.ts';
import type { Schema } from '../schema.ts';
import type { ConsoleToken } from '../store.ts';
import type { World } from '../world.ts';
import { findServer } from './states.ts';

/** Where the stand-ins for nova-serialproxy and nova-novncproxy answer. */
export const proxyPaths = { serial: '/serialproxy/', novnc: '/novncproxy/' } as const;

/** `[consoleauth] token_ttl`, as it is delivered. */
const tokenLivesMs = 600_000;

const protocols = ['vnc', 'spice', 'serial', 'mks'];
const types = ['novnc', 'xvpvnc', 'spice-html5', 'serial', 'webmks'];

export const remoteConsoleRoutes: RouteTable = { 'POST /servers/:id/remote-consoles': create };

function create(call: ScopedCall): Answer {
  if (call.minor < 6) return faultAnswer(404, 'The resource could not be found.');
  // Those of VMware came with 2.8.
  const known = (all: string[]): Schema => ({ type: 'string', enum: call.minor < 8 ? all.slice(0, -1) : all });
  const wanted: Schema = {
    type: 'object',
    required: ['protocol', 'type'],
    properties: { protocol: known(protocols), type: known(types) },
    others: false,
  };
  const body = checkedBody(call.body, { required: ['remote_console'], properties: { remote_console: wanted }, others: false });
  const { protocol, type } = body.remote_console as { protocol: string; type: string };
  const server = findServer(call);
  if (server.host === '') refuse(409, `Instance ${server.id} is not ready`);
  if (protocol === 'vnc' && type !== 'novnc') refuse(400, `Invalid console type ${type}`);
  if (protocol !== 'vnc' && protocol !== 'serial') refuse(400, `Unavailable console type ${type}.`);
  // Whatever type a serial console is asked for with, it is the same.
  const url = issue(call.world, server.id, protocol === 'vnc' ? 'novnc' : 'serial');
  return { status: 200, body: { remote_console: { protocol, type, url } } };
}

/** The address of a console, as nova/objects/console_auth_token.py writes it. */
function issue(world: World, serverId: string, type: ConsoleToken['type']): string {
  const { consoleTokens } = world.store;
  const now = world.clock.now();
  for (const [id, { expiresAt }] of consoleTokens) if (expiresAt <= now) consoleTokens.delete(id);
  const token = world.random.uuid();
  const origin = type === 'serial' ? world.origin.replace(/^http/, 'ws') : world.origin;
  const baseUrl = `${origin}${proxyPaths[type]}${type === 'novnc' ? 'vnc_auto.html' : ''}`;
  consoleTokens.set(token, { serverId, type, baseUrl, expiresAt: now + tokenLivesMs });
  return type === 'novnc' ? `${baseUrl}?path=${encodeURIComponent(`?token=${token}`)}` : `${baseUrl}?token=${token}`;
}
