import { createHash } from 'node:crypto';
import { and, eq, isNull, lt } from 'drizzle-orm';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Store } from '#migrations/store.ts';
import { isDuplicate } from '#migrations/store-error.ts';
import { problem } from './routes/problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a request with an Idempotency-Key: an id that every repetition of it has as well. */
    onceId: string | undefined;
  }
}

export interface IdempotencyOptions {
  readonly store: Store;
  readonly clock: { now(): number };
}

const keptMs = 24 * 3_600_000;
/** After that a request without an answer was cut off by the end of its process. */
const answeredWithinMs = 120_000;

interface Kept {
  readonly body: unknown;
  readonly location?: string;
}

/**
 * Honours `Idempotency-Key` on every POST registered after this call: the same key with the same request gets the same answer for a
 * day, and nothing is begun twice; with another request it is refused. An answer of 400 or more is not kept, since nothing was begun. What
 * an answer holds under `secret` is told once. MUST stand where the gate stands.
 */
export function honourIdempotencyKeys(app: FastifyInstance, { store, clock }: IdempotencyOptions): void {
  const table = store.tables.idempotencyKeys;
  const mine = new WeakMap<FastifyRequest, { readonly actor: string; readonly key: string }>();
  app.decorateRequest('onceId', undefined);

  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined || !request.identity) return undefined;
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
      return problem(reply, 400, 'BadRequest', 'Idempotency-Key: 1 to 255 visible ASCII characters, such as a UUID.');
    }
    const actor = request.identity.userId ?? request.identity.user;
    const asked = digest(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`);
    const now = clock.now();
    await store.db.delete(table).where(lt(table.createdAt, now - keptMs));
    if (!(await take({ actor, key, request: asked, createdAt: now }))) {
      const [row] = await store.db
        .select()
        .from(table)
        .where(and(eq(table.actor, actor), eq(table.key, key)));
      if (row && row.request !== asked) {
        return problem(reply, 422, 'IdempotencyKeyReused', 'This Idempotency-Key was used for another request; take a new one for each.');
      }
      if (row && row.status !== null) return repeat(reply, row.status, JSON.parse(row.answer ?? '{}') as Kept);
      if (!row || row.createdAt > now - answeredWithinMs) {
        const detail = 'The request with this Idempotency-Key is still being answered. Try again in a second.';
        return problem(reply.header('retry-after', 1), 409, 'InProgress', detail);
      }
      // Its process ended before it answered: this one takes its place, and meets what that one may have stored under the same id.
    }
    mine.set(request, { actor, key });
    request.onceId = uuidFrom(digest(`${actor}\n${key}`));
    return undefined;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const own = mine.get(request);
    if (!own) return payload;
    mine.delete(request);
    const where = and(eq(table.actor, own.actor), eq(table.key, own.key));
    if (reply.statusCode >= 400) await store.db.delete(table).where(and(where, isNull(table.status)));
    else
      await store.db
        .update(table)
        .set({ status: reply.statusCode, answer: JSON.stringify(keep(reply, payload)) })
        .where(where);
    return payload;
  });

  async function take(row: { actor: string; key: string; request: string; createdAt: number }): Promise<boolean> {
    try {
      await store.db.insert(table).values(row);
      return true;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return false;
    }
  }
}

function keep(reply: FastifyReply, payload: unknown): Kept {
  const { secret: _secret, ...body } = (typeof payload === 'string' ? JSON.parse(payload) : {}) as Record<string, unknown>;
  const location = reply.getHeader('location');
  return { body, ...(typeof location === 'string' && { location }) };
}

function repeat(reply: FastifyReply, status: number, { body, location }: Kept): FastifyReply {
  if (location !== undefined) reply.header('location', location);
  return reply.code(status).header('idempotency-replayed', 'true').send(body);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The first 122 of a digest's bits as a UUID (version 8). */
function uuidFrom(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
