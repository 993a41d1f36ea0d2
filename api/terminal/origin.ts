import type { FastifyRequest } from 'fastify';

/**
 * Why the page that asks for a stream is not one of ours, in words for people; undefined when it is. A WebSocket is a GET that browsers send
 * from any site with all its cookies: only `Origin` tells, and it has to be exactly where this server is reached. A program with a token
 * need not send one.
 */
export function foreignOrigin(
  { headers, protocol, host }: Pick<FastifyRequest, 'headers' | 'protocol' | 'host'>,
  { isBrowser, publicUrl }: { readonly isBrowser: boolean; readonly publicUrl: string | undefined },
): string | undefined {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return 'the browser says that a page of another site asks (Sec-Fetch-Site)';
  const { origin } = headers;
  if (origin === undefined) return isBrowser ? 'there is no Origin, which every browser sends' : undefined;
  const own = [`${protocol}://${host}`, ...(publicUrl === undefined ? [] : [publicUrl])].map(originOf);
  return own.includes(originOf(origin)) && originOf(origin) === origin
    ? undefined
    : 'the Origin is not the address this server is reached at';
}

/** As browsers write it: without a port that is the usual one. */
function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
