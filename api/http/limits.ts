import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import type { Identity } from '../auth/identity.ts';
import { HttpProblem } from './http-problem.ts';

/** How many requests a minute. */
export interface RateLimits {
  /** Of one person, to the platform API, with whatever sessions and tokens. */
  readonly known: number;
  /** Of one address (an IPv6 /64) whose requests nobody vouches for: sign-ins, wrong tokens, expired cookies. */
  readonly unknown: number;
}

/** A UI that reloads a dozen lists with every click stays far below the first, a person who mistypes far below the second. */
export const defaultRateLimits: RateLimits = { known: 6000, unknown: 600 };

interface Rate {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What is left to whoever sent this; undefined where nothing is counted. */
    rate: Rate | undefined;
  }
}

const windowMs = 60_000;

/** Counts a request; throws 429 when there are too many. */
export type Count = (request: FastifyRequest, identity: Identity | undefined) => Promise<void>;

/**
 * Tells in `RateLimit-*` headers what is left and in `Retry-After` when to come again. With Redis, the processes of one installation count
 * together; while it cannot be reached nothing is refused.
 */
export async function addRateLimits(app: FastifyInstance, limits: RateLimits, redis?: Redis): Promise<Count> {
  await app.register(rateLimit, { global: false, skipOnError: true, ...(redis && { redis, nameSpace: 'stackwarden-rate-' }) });
  app.decorateRequest('rate', undefined);
  app.addHook('onSend', async ({ rate }, reply, payload) => {
    if (!rate) return payload;
    reply.header('ratelimit-limit', rate.limit).header('ratelimit-remaining', rate.remaining).header('ratelimit-reset', rate.resetSeconds);
    if (reply.statusCode === 429 && !reply.hasHeader('retry-after')) reply.header('retry-after', Math.max(1, rate.resetSeconds));
    return payload;
  });
  const names = new WeakMap<FastifyRequest, string>();
  const counter = (max: number, by: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow: windowMs, keyGenerator: by });
  const ofPeople = counter(limits.known, (request) => `user:${names.get(request) ?? ''}`);
  const ofAddresses = counter(limits.unknown, (request) => `address:${normalizeIP(request.ip)}`);
  return async (request, identity) => {
    // Parts of this program are not held up by it.
    if (identity?.how === 'process') return;
    if (identity) names.set(request, identity.user);
    const found = await (identity ? ofPeople : ofAddresses)(request);
    if (found.isAllowed) return;
    request.rate = { limit: found.max, remaining: found.remaining, resetSeconds: found.ttlInSeconds };
    if (!found.isExceeded) return;
    throw new HttpProblem(
      429,
      'TooManyRequests',
      `More than ${found.max} requests in a minute. Try again in ${found.ttlInSeconds} seconds.`,
    );
  };
}
