import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';

/** What a token leads to. */
export interface ConsoleFound {
  /** What the address of the console began with; `Origin` is held against its scheme. */
  readonly baseUrl: string;
  /** The hypervisor's end: serves one connection until it closes. Throws when nothing listens there. */
  connect(stream: Duplex): void;
}

export interface ConsoleProxyOptions {
  /** Below it the proxy answers; upgrades elsewhere are left alone. */
  readonly path: string;
  /** Undefined for a token that is unknown or has run out. */
  find(token: string): ConsoleFound | undefined | Promise<ConsoleFound | undefined>;
}

/**
 * Stands in for nova-serialproxy or nova-novncproxy, and checks what they check in the order they do (nova/console/websocketproxy.py,
 * `new_websocket_client` and `verify_origin_proto`; websockify/websocketserver.py and websocket.py): the handshake is answered first, so that a
 * wrong token or Origin shows as a connection that closes without a word. Returns what ends its connections.
 */
export function serveConsoles(server: Server, options: ConsoleProxyOptions): () => void {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, handleProtocols: binaryOnly });
  const take = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://proxy.invalid');
    if (!url.pathname.startsWith(options.path)) return;
    const offered = request.headers['sec-websocket-protocol'];
    // Websockify knows this one alone since 0.10, and must choose one of those that are offered.
    if (offered !== undefined && !protocolsOf(offered).includes('binary')) return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (ws) => void serve(ws, request, url.searchParams.get('token') ?? '', options));
  };
  server.on('upgrade', take);
  return () => {
    server.off('upgrade', take);
    for (const ws of sockets.clients) ws.terminate();
  };
}

/** For a server on which several proxies stand: closes what none of them takes. */
export function refuseOtherUpgrades(server: Server, paths: readonly string[]): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    if (!paths.some((path) => (request.url ?? '').startsWith(path))) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  });
}

const binaryOnly = (offered: Set<string>): string | false => (offered.has('binary') ? 'binary' : false);
const protocolsOf = (header: string): string[] => header.split(',').map((one) => one.trim());

async function serve(ws: WebSocket, request: IncomingMessage, token: string, options: ConsoleProxyOptions): Promise<void> {
  ws.on('error', () => ws.terminate());
  ws.on('message', (_, isBinary) => {
    if (!isBinary) ws.close(1003, 'Unsupported: Text frames are not supported');
  });
  const stream = createWebSocketStream(ws);
  stream.on('error', () => ws.terminate());
  ws.on('close', () => stream.destroy());
  const found = token === '' ? undefined : await options.find(token);
  if (!found || !isAllowedOrigin(request, found.baseUrl)) return ws.terminate();
  try {
    found.connect(stream);
  } catch {
    ws.terminate();
  }
}

/** A client that sends none is no browser, and is let through. */
function isAllowedOrigin({ headers }: IncomingMessage, baseUrl: string): boolean {
  if (headers.origin === undefined) return true;
  if (!URL.canParse(headers.origin)) return false;
  const origin = new URL(headers.origin);
  const host = new URL(`http://${headers.host ?? ''}`).hostname;
  if (origin.hostname !== host) return false;
  const scheme = new URL(baseUrl).protocol;
  const also: Record<string, string> = { 'ws:': 'http:', 'wss:': 'https:' };
  return origin.protocol === scheme || origin.protocol === also[scheme];
}
