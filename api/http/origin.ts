import type { FastifyRequest } from 'fastify';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Whether a browser sends this write from another site: what only cookies vouch for must not be carried out then. Browsers tell by
 * `Sec-Fetch-Site`, older ones by `Origin`; what tells neither is no browser. A bearer token is not sent along by itself, so it is let through.
 */
export function isCrossSiteWrite(request: FastifyRequest): boolean {
  return !safeMethods.has(request.method) && request.headers.authorization === undefined && isFromElsewhere(request);
}

/** Whether the page that sends a request is not one of ours; for WebSockets, which are a GET. */
export function isFromElsewhere(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = request.headers;
  if (origin === undefined) return false;
  // Not by the scheme: a proxy that speaks TLS for us may not say so, and a host is not ours under another one.
  return !URL.canParse(origin) || new URL(origin).host !== request.host;
}
