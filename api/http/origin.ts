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
  return origin !== undefined && origin !== `${request.protocol}://${request.host}`;
}
