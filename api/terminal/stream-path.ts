import type { IncomingHttpHeaders } from 'node:http';

/** Requests that become a WebSocket; all others that ask for an upgrade are answered as if they had not. */
export function isStream(url: string | undefined, headers: IncomingHttpHeaders): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && /^\/api\/v1\/terminals\/[^/?]+\/stream(?:\?|$)/.test(url ?? '');
}
