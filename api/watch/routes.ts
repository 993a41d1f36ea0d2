import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Clock } from '#controller/engine/ports.ts';
import { BadQuery } from '#controller/lists/bad-query.ts';
import { type Fits, parseFilter } from '#controller/lists/filter.ts';
import { decideAnywhere } from '../auth/decide.ts';
import { forbid } from '../auth/gate.ts';
import type { Identity } from '../auth/identity.ts';
import { problem } from '../routes/problem.ts';
import { typeNamed } from '../routes/resource-access.ts';
import { checkQueries } from '../routes/strict-queries.ts';
import type { Hub } from './hub.ts';
import { WatchStream } from './stream.ts';
import { type Watchable, watchables } from './watchable.ts';

export interface WatchRoutesOptions {
  readonly hub: Hub;
  /** Who sends a request; asked again every 15 s for as long as the client stays. */
  authenticate(request: FastifyRequest): Promise<Identity | undefined>;
  readonly clock: Clock;
  /** Clients at a time; 2,000. */
  readonly most?: number;
}

interface WatchQuery {
  readonly types: string;
  readonly filter: string;
  readonly since?: string;
}

const text = { type: 'string' } as const;
const names = [...watchables.keys()].join(', ');

const watchQuery = {
  type: 'object',
  additionalProperties: false,
  required: ['types'],
  properties: {
    types: { ...text, minLength: 1, maxLength: 300, description: `what to watch, with commas between; known are ${names}.` },
    filter: { ...text, maxLength: 2000, default: '', description: 'tokens as for the list of each type that is watched; 2000 characters.' },
    since: { ...text, minLength: 1, maxLength: 40, description: 'the id of the newest event that was seen, as Last-Event-ID.' },
  },
} as const;

/**
 * `GET /api/v1/watch`: server-sent events. First `snapshot` with a version: a list read after it and the changes since show the same world.
 * Then `change` with resource, key and body (null: gone), each whole. `reset`: read the lists again. `end`: why the server hangs up. MUST be
 * registered where the gate stands.
 */
export const watchRoutes: FastifyPluginAsync<WatchRoutesOptions> = async (app, options) => {
  const { hub, clock, most = 2_000 } = options;
  checkQueries(app);
  app.addHook('preClose', async () => hub.close());

  app.get<{ Querystring: WatchQuery }>(
    '/api/v1/watch',
    // A HEAD would have a stream made that nobody reads and nothing ends.
    { schema: { querystring: watchQuery }, config: { access: 'signed-in' }, exposeHeadRoute: false },
    async (request, reply) => {
      const wanted = new Map<Watchable, Fits | undefined>();
      for (const name of request.query.types.split(',')) {
        const found = watchables.get(name);
        if (!found) throw new BadQuery('types', `There is no type ${name}; known are ${names}.`);
        const decision = found.permission && decideAnywhere(request.identity, found.permission);
        if (decision && !decision.allowed) return forbid(request, reply, decision);
        const type = typeNamed(found.resource);
        wanted.set(found.resource, type && parseFilter(type, request.query.filter, clock.now()));
      }
      if (hub.readers >= most) {
        return problem(
          reply.header('retry-after', 30),
          503,
          'TooManyWatches',
          'Too many watch already. Close a window, or try again later.',
        );
      }
      const stream = new WatchStream({
        hub,
        wanted,
        identity: request.identity,
        since: lastSeen(request),
        again: () => options.authenticate(request),
        clock,
      });
      reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
      return reply.type('text/event-stream; charset=utf-8').send(stream);
    },
  );
};

/** A browser that comes back by itself says it in a header, and what it was first given in the address is old. */
function lastSeen({ headers, query }: FastifyRequest): string | undefined {
  const header = headers['last-event-id'];
  return typeof header === 'string' && header !== '' ? header.slice(0, 40) : (query as WatchQuery).since;
}
