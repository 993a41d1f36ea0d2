import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import { sourceOf } from '../auth/denials.ts';
import { forbid } from '../auth/gate.ts';
import type { Identity } from '../auth/identity.ts';
import { parseMoment } from '../routes/audit-schema.ts';
import { badRequest, problem } from '../routes/problem.ts';
import { maySee, placeOf, presentTerminal } from './answers.ts';
import type { Terminals } from './parts.ts';
import type { Target, Wanted } from './ports.ts';
import type { TicketPurpose } from './protocol.ts';
import { recordDeed } from './record.ts';
import { permissionFor } from './rights.ts';
import { isOwn, type TerminalFilter, type TerminalRow } from './rows.ts';
import { checkStrictly, endQuery, listQuery, makeBody, nothing, terminalParams, ticketBody } from './schema.ts';
import { streamRoute } from './stream-route.ts';
import { targetOf } from './target.ts';
import type { Terminal } from './terminal.ts';
import type { Presence } from './viewer.ts';

export interface TerminalRoutesOptions {
  readonly terminals: Terminals;
  /** Who sends a request, asked again for as long as a terminal lasts. */
  readonly authenticate: (
    request: Pick<FastifyRequest, 'headers'>,
    options: { readonly isUnattended: boolean },
  ) => Promise<Identity | undefined>;
}

interface MakeBody extends Wanted {
  readonly cluster: string;
  readonly server: string;
}
interface ListQuery extends Omit<TerminalFilter, 'from' | 'until'> {
  readonly from?: string;
  readonly until?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** `/api/v1/terminals`: made, found, watched, ended; and the routes of all parts. MUST stand where the gate stands. */
export const terminalRoutes: FastifyPluginAsync<TerminalRoutesOptions> = async (app, options) => {
  const { terminals } = options;
  const { rows, live, clock } = terminals;
  checkStrictly(app);
  const config = { access: 'signed-in' } as const;
  const presenceOf = createPresence(options);

  app.post<{ Body: MakeBody }>(
    '/api/v1/terminals',
    { schema: { body: makeBody, querystring: nothing }, config },
    async (request, reply) => {
      const target = await targetFor(terminals, request, reply);
      if (!target) return reply;
      const { cluster: _cluster, server: _server, ...wanted } = request.body;
      const presence = presenceOf(request);
      const refusal = await live.refusal(target, wanted, presence);
      if (refusal) {
        await refused(terminals.audit, request, target, `${wanted.purpose} to ${target.name}: ${refusal.detail}`);
        return problem(reply, refusal.status, refusal.title, refusal.detail);
      }
      const terminal = await live.make(target, wanted, presence);
      return reply.code(201).send(answerTicket(terminal, 'attach', presence));
    },
  );

  app.route<{ Querystring: ListQuery }>({
    method: 'GET',
    url: '/api/v1/terminals',
    schema: { querystring: listQuery },
    config,
    async handler(request) {
      const { limit, cursor, from, until, ...same } = request.query;
      const filter = { ...same, ...moment('from', from), ...moment('until', until) };
      const { items, next } = await rows.list(filter, { viewer: request.identity, limit, ...(cursor !== undefined && { cursor }) });
      const now = clock.now();
      const present = (row: TerminalRow) => {
        const people = live.find(row.id)?.people;
        return presentTerminal(request, row, { now, ...(people && { people }) });
      };
      return { items: items.map(present), ...(next !== undefined && { next }) };
    },
  });

  app.get<{ Params: { id: string } }>(
    '/api/v1/terminals/:id',
    { schema: { params: terminalParams, querystring: nothing }, config },
    async (request, reply) => {
      const row = await rowFor(terminals, request, reply);
      const people = row && (live.find(row.id)?.people ?? []);
      return row && people ? presentTerminal(request, row, { now: clock.now(), people }) : reply;
    },
  );

  app.post<{ Params: { id: string }; Body: { purpose: TicketPurpose } }>(
    '/api/v1/terminals/:id/tickets',
    { schema: { params: terminalParams, body: ticketBody, querystring: nothing }, config },
    async (request, reply) => {
      const found = await liveFor(terminals, request, reply);
      if (!found) return reply;
      const { row, terminal } = found;
      const { purpose } = request.body;
      const mayNot =
        purpose === 'watch' ? await watchRefused(request, reply, row) : await attachRefused(request, reply, row, terminals.audit);
      return mayNot ? reply : reply.code(201).send(answerTicket(terminal, purpose, presenceOf(request)));
    },
  );

  app.delete<{ Params: { id: string }; Querystring: { reason?: string } }>(
    '/api/v1/terminals/:id',
    { schema: { params: terminalParams, querystring: endQuery }, config },
    async (request, reply) => {
      const found = await liveFor(terminals, request, reply);
      if (!found) return reply;
      const { row, terminal } = found;
      const { user } = request.identity;
      if (isOwn(row, request.identity)) await terminal.end({ reason: 'closed', detail: `Ended by ${user}.` });
      else {
        const decision = request.may('terminal.watch', placeOf(row));
        if (!decision.allowed) return await forbid(request, reply, decision);
        const { reason } = request.query;
        await terminal.end({ reason: 'ended-by', detail: `Ended by ${user}${reason === undefined ? '.' : `: ${reason}`}` });
      }
      return reply.code(204).send();
    },
  );

  await streamRoute(app, { ...options, presenceOf });
  for (const routes of terminals.routes) await app.register(routes);

  function answerTicket(terminal: Terminal, purpose: TicketPurpose, presence: Presence) {
    const { ticket, expiresAt } = live.ticketFor(terminal, purpose, presence);
    const { id } = terminal.facts;
    return { id, ticket, expiresAt: new Date(expiresAt).toISOString(), stream: `/api/v1/terminals/${id}/stream` };
  }
};

/** Who sends a request, as they are asked again later: by what they sent then, and nothing else of it. */
function createPresence({ authenticate }: TerminalRoutesOptions): (request: FastifyRequest) => Presence {
  return ({ identity, ip, headers: { authorization, cookie } }) => {
    const headers = { ...(authorization !== undefined && { authorization }), ...(cookie !== undefined && { cookie }) };
    return { identity, address: ip, again: (options) => authenticate({ headers }, options) };
  };
}

/** The instance somebody asks for; undefined when the reply says why there is none, or not for them. */
async function targetFor(
  { world: look, audit }: Terminals,
  request: FastifyRequest<{ Body: MakeBody }>,
  reply: FastifyReply,
): Promise<Target | undefined> {
  const { cluster, server, purpose, ...rest } = request.body;
  const world = look();
  if (!world)
    return void problem(reply.header('retry-after', 5), 503, 'Starting', 'The controller is starting. Try again in a few seconds.');
  const target = targetOf(world, cluster, server);
  if (target && 'unknown' in target) return void problem(reply, 409, 'ClusterNotReady', target.unknown);
  if (!target || !request.may('instance.read', target.place).allowed)
    return void problem(reply, 404, 'ResourceNotFound', `Cluster ${cluster} holds no instance ${server} that you may see.`);
  const decision = request.may(permissionFor(purpose), target.place);
  if (!decision.allowed) return void (await forbid(request, reply, decision));
  if (purpose !== 'ssh' && Object.keys(rest).length > 0) {
    const message = `Only SSH takes this; the ${purpose} console of an instance has no choice.`;
    return void badRequest(
      reply,
      Object.keys(rest).map((field) => ({ field, message })),
    );
  }
  const { address } = rest;
  if (address === undefined || target.addresses.some((one) => one.address === address)) return target;
  await refused(audit, request, target, `ssh to ${target.name}: an address that is not its own was asked for`);
  const own = target.addresses.map((one) => one.address).join(', ') || 'none';
  return void badRequest(reply, [{ field: 'address', message: `Allowed: an address of the instance; it has ${own}.` }]);
}

function refused(audit: Audit, request: FastifyRequest, target: Pick<Target, 'cluster' | 'serverId'>, message: string): Promise<void> {
  const actor = request.identity.user;
  return recordDeed(audit, { type: 'TerminalRefused', actor, target, message, result: 'denied', source: sourceOf(request) });
}

type ById = FastifyRequest<{ Params: { id: string } }>;

/** The terminal of the path; undefined when the reply says that there is none to see. */
export async function rowFor({ rows }: Terminals, request: FastifyRequest, reply: FastifyReply): Promise<TerminalRow | undefined> {
  const { id } = (request as ById).params;
  const row = await rows.get(id);
  if (row && maySee(request, row)) return row;
  return void problem(
    reply,
    404,
    'TerminalNotFound',
    `There is no terminal ${id} that you may see; GET /api/v1/terminals lists those there are.`,
  );
}

/** The same, while it lives in this process. */
export async function liveFor(
  terminals: Terminals,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ readonly row: TerminalRow; readonly terminal: Terminal } | undefined> {
  const row = await rowFor(terminals, request, reply);
  if (!row) return undefined;
  const terminal = terminals.live.find(row.id);
  if (terminal && terminal.state !== 'ended') return { row, terminal };
  const why = row.state === 'ended' ? `it ended: ${row.endReason}. ${row.endDetail}` : 'the process it lived in is gone.';
  return void problem(reply, 410, 'TerminalGone', `There is nothing to come back to: ${why}`);
}

/** True when the reply says that somebody may not watch. */
async function watchRefused(request: FastifyRequest, reply: FastifyReply, row: TerminalRow): Promise<boolean> {
  const decision = request.may('terminal.watch', placeOf(row));
  if (!decision.allowed) await forbid(request, reply, decision);
  else if (row.purpose === 'vnc')
    problem(reply, 409, 'NotWatchable', 'A screen is shown to one page only. Watch a terminal or a serial console.');
  else return false;
  return true;
}

/** True when the reply says that it is not theirs. */
async function attachRefused(request: FastifyRequest, reply: FastifyReply, row: TerminalRow, audit: Audit): Promise<boolean> {
  if (isOwn(row, request.identity)) return false;
  const detail = `Only ${row.user} works in this terminal. Ask for a ticket to watch.`;
  await refused(audit, request, row, `ticket to attach: it belongs to ${row.user} (terminal ${row.id})`);
  problem(reply, 403, 'Forbidden', detail);
  return true;
}

function moment<K extends string>(name: K, text: string | undefined): { readonly [key in K]?: number } {
  const at = text === undefined ? undefined : parseMoment(text);
  return (at === undefined ? {} : { [name]: at }) as { readonly [key in K]?: number };
}
