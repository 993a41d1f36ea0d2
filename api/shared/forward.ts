import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Agent, buildConnector, request as send } from 'undici';
import { problem } from '../routes/problem.ts';
import { isStream } from '../terminal/stream-path.ts';
import type { Address } from './lead.ts';
import { forwarded, passing, toldOf } from './passing.ts';
import { createTunnels } from './tunnel.ts';

/** Routes that are answered from what the controller knows: they go to the process it runs in. Everything else is answered from the database. */
const ofController = [
  /^\w+ \/api\/v1\/(?:plan|drift|search|watch|resources|operations|hypervisors|quotas|overview|terminal-targets)(?:\/|$)/,
  /^\w+ \/api\/v1\/clusters(?:\/|$)/,
  /^\w+ \/api\/v1\/objects\/.*\/drift(?:\/[a-z]+)?$/,
  /^\w+ \/api\/v1\/objects\/.*\/revisions\/[^/]+\/(?:plan|apply)$/,
  // A terminal is made where the inventory is, and stays there.
  /^POST \/api\/v1\/terminals\/?$/,
];

/** Where requests are answered that this process cannot answer. */
export interface Elsewhere {
  /** Where the controller runs, when not here. */
  readonly leader: () => Address | undefined;
  /** Where the thing lives that a request is about, when it lives in another process; undefined: here, or nowhere. */
  readonly home?: (request: FastifyRequest) => Promise<Address | undefined>;
}

/**
 * Sends requests that need the controller, or what lives in another process, on to that one, streams included, as whoever sent them: it looks
 * again who they are and what they may. MUST be added behind the gate.
 */
export function addForwarding(app: FastifyInstance, { leader, home }: Elsewhere): void {
  const agents = createAgents();
  const tunnels = createTunnels();
  app.addHook('preClose', async () => tunnels.close());
  app.addHook('onClose', async () => agents.destroy());
  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const needsLeader = ofController.some((pattern) => pattern.test(`${request.method} ${path}`));
    const to = needsLeader ? leader() : await home?.(request);
    if (!to) return undefined;
    if (await pass(request, reply, to)) return reply;
    // What is known of it is in the database as well.
    const isReadable = !needsLeader && request.method === 'GET' && /^\/api\/v1\/terminals\/[^/]+\/?$/.test(path);
    return isReadable ? undefined : needsLeader ? unreachable(reply) : gone(reply);
  });

  async function pass(request: FastifyRequest, reply: FastifyReply, to: Address): Promise<boolean> {
    if (request.headers[forwarded] !== undefined) return false;
    if (isStream(request.url, request.headers)) return tunnels.open(request, reply, to);
    return forward(request, reply, to, agents.of(to.ca));
  }
}

/** A pool of connections for each process, known by its certificate authority; few at a time, as processes are. */
function createAgents() {
  const most = 16;
  const agents = new Map<string, Agent>();
  return {
    of(ca: string): Agent {
      const found = agents.get(ca) ?? new Agent({ connect: connectorOf(ca), allowH2: false, headersTimeout: 60_000, bodyTimeout: 0 });
      agents.delete(ca);
      agents.set(ca, found);
      const [oldest] = agents.keys();
      if (agents.size > most && oldest !== undefined) {
        void agents.get(oldest)?.close();
        agents.delete(oldest);
      }
      return found;
    },
    destroy: () => Promise.all([...agents.values()].map((agent) => agent.destroy())),
  };
}

/** The certificate is that of the process itself, whatever name the client called it by. */
function connectorOf(ca: string): buildConnector.connector {
  const connect = buildConnector({ ca });
  return ({ hostname, protocol, port }, done) => connect({ hostname, host: hostname, protocol, port }, done);
}

/** False when there was no answer. */
async function forward(request: FastifyRequest, reply: FastifyReply, to: Address, dispatcher: Agent): Promise<boolean> {
  const ended = new AbortController();
  reply.raw.once('close', () => ended.abort());
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  try {
    const answer = await send(to.url + request.url, {
      method: request.method as 'GET',
      headers: { ...passing(request.headers), ...toldOf(request) },
      // As it comes: what it means is for the other to read.
      ...(hasBody && { body: request.raw }),
      dispatcher,
      signal: ended.signal,
    });
    await reply.code(answer.statusCode).headers(passing(answer.headers)).send(answer.body);
    return true;
  } catch {
    return false;
  }
}

/** Between the death of a leader and the next election; whoever asked is told when to ask again. */
function unreachable(reply: FastifyReply): FastifyReply {
  return problem(
    reply.header('retry-after', 5),
    503,
    'LeaderUnreachable',
    'The process that keeps the clouds cannot be reached; another takes over within 20 seconds. Whether a change got there is not known: look before you repeat it.',
  );
}

function gone(reply: FastifyReply): FastifyReply {
  const detail =
    'The process this terminal lived in cannot be reached: it has ended, or is cut off. A shell cannot move to another process; open a new terminal.';
  return problem(reply, 410, 'TerminalGone', detail);
}
