import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** Set on what was forwarded once: two processes that take each other for the right one would else send it around for ever. */
export const forwarded = 'stackwarden-forwarded';

/** About one connection, not about what is sent over it (RFC 9110, 7.6.1). */
const ofConnection = new Set(['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'proxy-connection', 'expect']);

/** Headers of a request or an answer that are for whoever is at the other end. */
export function passing(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined && !ofConnection.has(entry[0])),
  );
}

/**
 * What this process says of whoever asked it. The next one believes it when this one is among its trusted proxies; `Host` stays theirs, as it
 * is what `Origin` is held against.
 */
export function toldOf({ headers, raw, host, protocol }: FastifyRequest): Record<string, string> {
  const before = [headers['x-forwarded-for'] ?? []].flat();
  return {
    [forwarded]: '1',
    'x-forwarded-for': [...before, raw.socket.remoteAddress ?? 'unknown'].join(', '),
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol,
  };
}
