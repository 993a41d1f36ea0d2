import type { ConsoleType } from '#controller/openstack/compute/remote-consoles.ts';
import { Secret } from '#controller/openstack/secret.ts';

/** Where a console proxy is, taken from the address Nova gave out. */
export interface ProxyAddress {
  /** The WebSocket's, with the token. MUST NOT be shown or logged. */
  readonly url: Secret;
  /** What the proxy holds `Origin` against: host and scheme of the address (nova/console/websocketproxy.py, `verify_origin_proto`). */
  readonly origin: string;
  /** HOST:PORT, to be shown. */
  readonly host: string;
  /** Without brackets, for looking up. */
  readonly hostname: string;
  readonly isSecure: boolean;
}

/**
 * Serial consoles: `ws://HOST:6083/?token=TOKEN`. Screens: `http://HOST:6080/vnc_auto.html?path=%3Ftoken%3DTOKEN`, the address of a page whose
 * noVNC connects to `path` beside itself (nova/objects/console_auth_token.py, `access_url`; noVNC's app/ui.js, `connect`); before Rocky
 * `?token=TOKEN`. Undefined for what is none of these.
 */
export function proxyAddress(address: string, type: ConsoleType): ProxyAddress | undefined {
  const base = new URL(address);
  const isSecure = base.protocol === 'wss:' || base.protocol === 'https:';
  if (!isSecure && base.protocol !== 'ws:' && base.protocol !== 'http:') return undefined;
  const path = type === 'novnc' ? base.searchParams.get('path') : null;
  const url = path === null ? new URL(base) : beside(base, path);
  if (path === null && type === 'novnc') url.pathname = new URL('./websockify', base).pathname;
  if (!url?.searchParams.get('token') || url.host !== base.host) return undefined;
  url.protocol = isSecure ? 'wss:' : 'ws:';
  url.hash = '';
  const origin = `${isSecure ? 'https' : 'http'}://${base.host}`;
  return { url: new Secret(url.href), origin, host: base.host, hostname: base.hostname.replace(/^\[|\]$/g, ''), isSecure };
}

/** `./` keeps a path that looks like an address from becoming one. */
function beside(page: URL, path: string): URL {
  return path.startsWith('/') ? new URL(path.replace(/^\/+/, '/'), page) : new URL(`./${path}`, page);
}
