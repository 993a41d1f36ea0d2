import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

type Headers = FastifyRequest['headers'];

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Why a request that changes something is not taken, when another site may have made a browser send it; undefined when it is taken.
 * `token` is that of the session; undefined before there is one.
 */
export function forgeryIn(method: string, headers: Headers, token: string | undefined): string | undefined {
  if (safe.has(method)) return undefined;
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return 'A browser sent this for another site. Open Stackwarden itself and do it there.';
  if (origin !== undefined && hostOf(origin) !== (headers[':authority'] ?? host))
    return 'The request names another origin than this server. Open Stackwarden itself and do it there.';
  if (token === undefined) return undefined;
  const sent = headers['x-csrf-token'];
  if (typeof sent === 'string' && same(sent, token)) return undefined;
  return 'A request with a session cookie that changes something needs the header x-csrf-token; GET /api/v1/session tells its value.';
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
