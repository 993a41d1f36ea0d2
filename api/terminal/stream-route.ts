import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { sourceOf } from '../auth/denials.ts';
import { problem } from '../routes/problem.ts';
import { FRAME_BYTES } from './frames.ts';
import { foreignOrigin } from './origin.ts';
import type { Terminals } from './parts.ts';
import type { StreamProtocol } from './protocol.ts';
import { recordDeed } from './record.ts';
import { nothing, terminalParams } from './schema.ts';
import type { Presence } from './viewer.ts';

interface StreamOptions {
  readonly terminals: Terminals;
  readonly presenceOf: (request: FastifyRequest) => Presence;
}

const protocol: StreamProtocol = 'stackwarden.terminal.v1';
const ticketPrefix = 'stackwarden.ticket.';
/** For the goodbyes of all pages, when the process ends. */
const goodbyeMs = 2_000;

type Upgrade = FastifyRequest<{ Params: { id: string } }>;

/**
 * `GET /api/v1/terminals/ID/stream`, a WebSocket. Before the upgrade it is looked where the page comes from; behind it, as a browser is told
 * nothing else, whether the ticket lets it in.
 */
export async function streamRoute(app: FastifyInstance, { terminals, presenceOf }: StreamOptions): Promise<void> {
  await app.register(websocket, {
    options: {
      maxPayload: FRAME_BYTES,
      // Costs memory for each page, and tells of what is typed by how well it packs.
      perMessageDeflate: false,
      handleProtocols: (offered: Set<string>) => (offered.has(protocol) ? protocol : false),
    },
    errorHandler: (_error, socket) => socket.terminate(),
    async preClose() {
      const { websocketServer } = app;
      for (const socket of websocketServer.clients) socket.close(1001);
      const timer = setTimeout(() => {
        for (const socket of websocketServer.clients) socket.terminate();
      }, goodbyeMs);
      await new Promise((done) => websocketServer.close(done));
      clearTimeout(timer);
    },
  });
  app.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/api/v1/terminals/:id/stream',
    exposeHeadRoute: false,
    schema: { params: terminalParams, querystring: nothing },
    config: { access: 'signed-in' },
    preHandler: (request, reply) => refuseForeign(terminals, request, reply),
    handler: async (_request, reply) =>
      problem(reply.header('upgrade', 'websocket'), 426, 'UpgradeRequired', `This is a WebSocket of sub-protocol ${protocol}.`),
    wsHandler: (socket, request) => letIn(terminals, socket, request, presenceOf(request)),
  });
}

async function refuseForeign(
  { publicUrl, rows, audit }: Terminals,
  request: Upgrade,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (!request.ws) return undefined;
  const why = foreignOrigin(request, { isBrowser: request.identity.how === 'cookie', publicUrl });
  if (why === undefined) return undefined;
  const { id } = request.params;
  const row = await rows.get(id);
  if (row) await recordDeed(audit, { ...refusal(request, `stream: ${why}`), target: row });
  return problem(reply, 403, 'CrossSite', `A terminal is opened from a page of this site alone: ${why}.`);
}

function letIn(terminals: Terminals, socket: WebSocket, request: Upgrade, presence: Presence): void {
  const { live, rows, audit } = terminals;
  const { id } = request.params;
  const { identity, address } = presence;
  const terminal = live.find(id);
  const taken = live.tickets.take(ticketIn(request), { terminal: id, user: identity.user, session: identity.session, address });
  if ('refused' in taken) {
    socket.close(4001, 'ticket refused');
    void refused().catch(() => undefined);
    return undefined;
  }
  if (!terminal || terminal.state === 'ended') return socket.close(4004, 'no such terminal');
  return terminal.join(socket, taken.purpose === 'watch' ? 'watches' : 'works', presence);

  async function refused(): Promise<void> {
    const target = terminal?.facts.target ?? (await rows.get(id));
    const why = 'refused' in taken ? taken.refused : '';
    if (target) await recordDeed(audit, { ...refusal(request, `stream: the ticket ${why}`), target });
  }
}

function ticketIn({ headers }: FastifyRequest): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  return offered.find((one) => one.startsWith(ticketPrefix))?.slice(ticketPrefix.length);
}

function refusal(request: Upgrade, message: string) {
  const { identity, params } = request;
  const source = sourceOf(request);
  return {
    type: 'TerminalRefused',
    actor: identity.user,
    message: `${message} (terminal ${params.id})`,
    result: 'denied',
    source,
  } as const;
}
