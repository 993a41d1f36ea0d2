import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Why a request is not taken; `title` is that of the problem it is answered with. */
export interface Forgery {
  readonly title: 'CrossSite' | 'CsrfTokenMissing';
  readonly reason: string;
}

/**
 * What speaks for it that another site made a browser send a request that changes something; undefined when nothing does. `token` is that of
 * the session; undefined before there is one.
 */
export function forgeryIn({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>, token: string | undefined): Forgery | undefined {
  if (safe.has(method)) return undefined;
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && hostOf(origin) !== (headers[':authority'] ?? host))
  )
    return { title: 'CrossSite', reason: 'A page of another site sent this request. Open Stackwarden itself and do it there.' };
  if (token === undefined || isSame(headers['x-csrf-token'], token)) return undefined;
  const reason =
    'A request with a session cookie that changes something needs the header x-csrf-token; GET /api/v1/session tells its value.';
  return { title: 'CsrfTokenMissing', reason };
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function isSame(given: string | string[] | undefined, token: string): boolean {
  const [left, right] = [Buffer.from(typeof given === 'string' ? given : ''), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}
