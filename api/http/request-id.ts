import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Letters, digits, dot, hyphen and underscore: it goes into logs and the audit as it is. 64 characters are what the audit keeps. */
const wellFormed = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;

/** The id a request is known by in its answer, in problems, the log and the audit: the caller's `X-Request-Id` if it is well-formed, else a new UUID. */
export function requestIdOf({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && wellFormed.test(given) ? given : randomUUID();
}
