import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Agent, request as send } from 'undici';
import { problem } from '../routes/problem.ts';
import type { Address } from './lead.ts';

/** Routes that are answered from what the controller knows: they go to the process it runs in. Everything else is answered from the database. */
const ofController = [
  /^\/api\/v1\/(?:plan|drift|search|watch|resources|operations|hypervisors|quotas|overview|terminal-targets)(?:\/|$)/,
  /^\/api\/v1\/clusters(?:\/|$)/,
  /^\/api\/v1\/objects\/.*\/drift(?:\/[a-z]+)?$/,
  /^\/api\/v1\/objects\/.*\/revisions\/[^/]+\/(?:plan|apply)$/,
];

/** Set on what was forwarded once: two processes that take each other for the leader would else send it around for ever. */
const forwarded = 'stackwarden-forwarded';

/** About one connection, not about what is sent over it (RFC 9110, 7.6.1). */
const ofConnection = new Set([
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
  'expect',
  'host',
]);

/**
 * Sends requests that need the controller on to the process that leads, streams included, as whoever sent them: that process looks again who
 * they are and what they may. MUST be added behind the gate.
 */
export function addForwarding(app: FastifyInstance, elsewhere: () => Address | undefined): void {
  let pool: { readonly ca: string; readonly agent: Agent } | undefined;
  const agentFor = (ca: string): Agent => {
    if (pool?.ca !== ca) {
      void pool?.agent.close();
      pool = { ca, agent: new Agent({ connect: { ca }, allowH2: false, headersTimeout: 60_000, bodyTimeout: 0 }) };
    }
    return pool.agent;
  };
  app.addHook('onClose', async () => pool?.agent.destroy());
  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const leader = ofController.some((pattern) => pattern.test(path)) ? elsewhere() : undefined;
    if (!leader) return undefined;
    if (request.headers[forwarded] !== undefined) return unreachable(reply);
    return forward(request, reply, leader, agentFor(leader.ca));
  });
}

async function forward(request: FastifyRequest, reply: FastifyReply, leader: Address, dispatcher: Agent): Promise<FastifyReply> {
  const ended = new AbortController();
  reply.raw.once('close', () => ended.abort());
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  try {
    const answer = await send(leader.url + request.url, {
      method: request.method as 'GET',
      headers: { ...passing(request.headers), [forwarded]: '1' },
      // As it comes: what it means is for the leader to read.
      ...(hasBody && { body: request.raw }),
      dispatcher,
      signal: ended.signal,
    });
    return await reply.code(answer.statusCode).headers(passing(answer.headers)).send(answer.body);
  } catch {
    // Between the death of a leader and the next election; whoever asked is told when to ask again.
    return unreachable(reply);
  }
}

function passing(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined && !ofConnection.has(entry[0])),
  );
}

function unreachable(reply: FastifyReply): FastifyReply {
  return problem(
    reply.header('retry-after', 5),
    503,
    'LeaderUnreachable',
    'The process that keeps the clouds cannot be reached; another takes over within 20 seconds. Whether a change got there is not known: look before you repeat it.',
  );
}
