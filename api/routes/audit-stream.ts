import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyPluginAsync } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { AuditFilter } from '#controller/audit/list.ts';
import { present } from './audit-answer.ts';
import { checkAuditRequests, type FilterQuery, filterOf } from './audit-filter.ts';
import { streamQuery } from './audit-schema.ts';
import { problem } from './problem.ts';

export interface AuditStreamOptions {
  readonly audit: Audit;
  /** How soon entries of other processes are seen; 1 s. */
  readonly pollMs?: number;
  /** How often a quiet stream shows that it lives; 15 s. */
  readonly heartbeatMs?: number;
  /** How long a stream lasts before the client has to ask again, and may no longer be allowed to; 5 min. */
  readonly lifeMs?: number;
}

const pageRows = 200;
const streamsAtOnce = 200;

/** `GET /api/v1/audit/stream`: new entries as server-sent events; the event id is the entry's number, from which a client that comes back goes on. */
export const auditStream: FastifyPluginAsync<AuditStreamOptions> = async (app, options) => {
  const { audit, pollMs = 1000, heartbeatMs = 15_000, lifeMs = 300_000 } = options;
  checkAuditRequests(app);
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());
  let running = 0;
  app.get<{ Querystring: FilterQuery & { readonly after?: number } }>(
    '/api/v1/audit/stream',
    { exposeHeadRoute: false, schema: { querystring: streamQuery }, config: { access: { permission: 'audit.read', at: 'everywhere' } } },
    async (request, reply) => {
      const { after, ...query } = request.query;
      const filter = filterOf(query);
      if (running >= streamsAtOnce) {
        reply.header('retry-after', '10');
        return problem(reply, 503, 'TooManyStreams', `${running} streams of the audit log are open. Try again when some have ended.`);
      }
      const newest = await audit.newest();
      const start = Math.min(lastEventId(request.headers['last-event-id']) ?? after ?? newest, newest);
      const ended = new AbortController();
      const signal = AbortSignal.any([ended.signal, stopping.signal, AbortSignal.timeout(lifeMs)]);
      reply.hijack();
      const { raw } = reply;
      raw.on('close', () => ended.abort());
      raw.on('error', () => ended.abort());
      running += 1;
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      try {
        await follow(audit, { filter, start, pollMs, heartbeatMs, signal, send: sender(raw, signal) });
      } catch (error) {
        // Whoever listens reads on from the last id: a stream that ends loses nothing.
        if (!signal.aborted) request.log.warn({ err: error }, 'a stream of the audit log failed');
      } finally {
        running -= 1;
        raw.end();
      }
      return reply;
    },
  );
};

function lastEventId(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

/** Resolves when the client can take more: one that does not read holds a page here, the rest stays in the log. */
function sender(raw: ServerResponse, signal: AbortSignal): (chunk: string) => Promise<void> {
  return async (chunk) => {
    if (!raw.write(chunk)) await once(raw, 'drain', { signal });
  };
}

interface Following {
  readonly filter: AuditFilter;
  /** The entry behind which to begin. */
  readonly start: number;
  readonly pollMs: number;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
  send(chunk: string): Promise<void>;
}

async function follow(audit: Audit, { filter, start, pollMs, heartbeatMs, signal, ...to }: Following): Promise<void> {
  const bell = createBell(signal);
  const endListening = audit.onRecord(bell.ring);
  try {
    await to.send(`retry: 2000\n\n${await gapBehind(audit, start)}`);
    let last = start;
    let spokeAt = Date.now();
    while (!signal.aborted) {
      const newest = await audit.newest();
      const span = { above: last, below: newest + 1 };
      const entries = newest > last ? await audit.between(span, { filter, order: 'oldest', limit: pageRows }) : [];
      const isFull = entries.length === pageRows;
      last = isFull ? (entries.at(-1)?.seq ?? last) : Math.max(last, newest);
      if (entries.length > 0) {
        await to.send(entries.map((entry) => `id: ${entry.seq}\nevent: entry\ndata: ${JSON.stringify(present(entry))}\n\n`).join(''));
        spokeAt = Date.now();
      } else if (Date.now() - spokeAt >= heartbeatMs) {
        // An id without data: nothing happens at the client but that it knows how far we have looked.
        await to.send(`id: ${last}\n: alive\n\n`);
        spokeAt = Date.now();
      }
      if (!isFull) await bell.wait(Math.min(pollMs, heartbeatMs));
    }
  } finally {
    endListening();
  }
}

/** Tells a client who comes back after long what it can no longer get: entries removed for their age. */
async function gapBehind(audit: Audit, start: number): Promise<string> {
  const [first] = await audit.between({ above: start, below: Infinity }, { order: 'oldest', limit: 1 });
  if (!first || first.seq === start + 1) return '';
  return `event: gap\ndata: ${JSON.stringify({ from: start + 1, to: first.seq - 1 })}\n\n`;
}

/** Waits for a ring, a time or the end, whichever is first; a ring while nobody waits counts for the next wait. */
function createBell(signal: AbortSignal) {
  let hasRung = false;
  let wake: () => void = () => undefined;
  signal.addEventListener('abort', () => wake());
  return {
    ring: () => {
      hasRung = true;
      wake();
    },
    async wait(ms: number): Promise<void> {
      if (!hasRung && !signal.aborted) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, ms);
          wake = () => {
            clearTimeout(timer);
            done();
          };
        });
      }
      hasRung = false;
    },
  };
}
