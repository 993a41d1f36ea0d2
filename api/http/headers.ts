import type { FastifyReply, FastifyRequest } from 'fastify';

/** For answers that are data: a browser that is made to show one as a page runs nothing of it. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** For pages: everything from here, no inline script or style, nothing from outside, in no frame. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Controls of the web fetch the pictures of their icons, which stand in the scripts.
  "connect-src 'self' data:",
  "img-src 'self' data:",
  "worker-src 'self'",
  "font-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** For scripts: one that runs as a worker lives under the policy it came with, not under that of the page that started it. */
const scriptPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const always: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

const aYear = 365 * 24 * 3600;

/** Adds the headers every answer has; what a handler set itself stays. There is no CORS header anywhere: other sites may read nothing. */
export function addSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  const headers: Record<string, string> = { ...always, 'x-request-id': request.id, 'cache-control': 'no-store' };
  headers['content-security-policy'] = policyFor(String(reply.getHeader('content-type') ?? ''));
  if (request.protocol === 'https' && !isLoopback(request.hostname)) headers['strict-transport-security'] = `max-age=${aYear}`;
  for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) reply.header(name, value);
}

function policyFor(contentType: string): string {
  if (contentType.startsWith('text/html')) return pagePolicy;
  return /^(?:text|application)\/javascript/.test(contentType) ? scriptPolicy : dataPolicy;
}

/** There it would bind every other program on this machine that listens without TLS. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname.startsWith('127.') || hostname === '[::1]';
}
