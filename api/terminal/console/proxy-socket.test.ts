import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { configFor } from '#controller/openstack/small-cloud.ts';
import { serveConsoles } from '#examples/sandbox/consoles/proxy.ts';
import { ensureTls } from '../../tls.ts';
import { proxyAddress } from './proxy-address.ts';
import { connectProxy, isLocalUrl, ProxyUnreachable } from './proxy-socket.ts';

const token = 'c0ffee-token';
const clearing: (() => void)[] = [];
afterEach(() => {
  for (const clear of clearing.splice(0)) clear();
});

const config = configFor('http://127.0.0.1:1');

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  clearing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy behind which somebody says hello. */
async function proxyOn(server: Server, scheme: 'ws' | 'wss'): Promise<string> {
  let baseUrl = '';
  const end = serveConsoles(server, {
    path: '/',
    find: (given) => (given === token ? { baseUrl, connect: (stream) => void stream.write('hello') } : undefined),
  });
  clearing.push(end);
  baseUrl = `${scheme}://127.0.0.1:${await listen(server)}/`;
  return `${baseUrl}?token=${token}`;
}

function connect(url: string, options: Partial<Parameters<typeof connectProxy>[1]> = {}) {
  const address = proxyAddress(url, 'serial');
  if (!address) throw new Error('not an address of a console');
  return connectProxy(address, { config, mayBeLocal: true, signal: new AbortController().signal, ...options });
}

async function refusal(url: string, options: Partial<Parameters<typeof connectProxy>[1]> = {}): Promise<string> {
  const error: unknown = await connect(url, options).then(
    (socket) => socket.close(),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProxyUnreachable);
  expect(inspect(error, { depth: 10 })).not.toContain(token);
  return (error as ProxyUnreachable).message;
}

async function hello(url: string, options: Partial<Parameters<typeof connectProxy>[1]> = {}): Promise<string> {
  const socket = await connect(url, options);
  const said = await new Promise<string>((resolve, reject) => {
    socket.onData((bytes) => resolve(Buffer.from(bytes).toString()));
    socket.onClose(({ code }) => reject(new Error(`closed with ${code}`)));
  });
  socket.close();
  return said;
}

describe('a connection to a console proxy', () => {
  it('is let in by one that checks as Nova does', async () => {
    expect(await hello(await proxyOn(createPlainServer(), 'ws'))).toBe('hello');
  });

  it('trusts the authorities of the cloud and no others', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'stackwarden-test-'));
    clearing.push(() => rmSync(dir, { recursive: true }));
    const { cert, key, ca } = await ensureTls(dir, '127.0.0.1');
    const url = await proxyOn(createSecureServer({ cert, key }), 'wss');
    expect(await refusal(url)).toMatch(/cannot be trusted.*authority that is not trusted/);
    expect(await hello(url, { config: { ...config, ca } })).toBe('hello');
    expect(await hello(url, { config: { ...config, verify: false } })).toBe('hello');
    // The same certificate, for a name it does not have.
    expect(await refusal(url.replace('127.0.0.1', 'other.localhost'), { config: { ...config, ca } })).toMatch(/another host name|resolved/);
  });

  it.each([
    'ws://169.254.169.254:6083/',
    'ws://[fe80::1]:6083/',
    'ws://[::ffff:169.254.169.254]/',
    'ws://100.100.100.200/',
    'ws://0xa9fea9fe/',
  ])('is never made to %s', async (base) => {
    expect(await refusal(`${base}?token=${token}`)).toMatch(/never connected to/);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '[::]', '2130706433', '[::ffff:127.0.0.1]', '127.1.2.3'])(
    'is made to this machine (%s) only for clouds that are on it',
    async (host) => {
      const { port } = new URL(await proxyOn(createPlainServer(), 'ws'));
      expect(await refusal(`ws://${host}:${port}/?token=${token}`, { mayBeLocal: false })).toMatch(/this machine itself/);
    },
  );

  it.each([
    ['http://127.0.0.1:5000/v3', true],
    ['http://localhost/v3', true],
    ['http://[::1]/v3', true],
    ['https://10.0.0.1/v3', false],
    ['https://keystone.example/v3', false],
  ])('knows whether %s is on this machine', (url, is) => expect(isLocalUrl(url)).toBe(is));

  it('says what answers that is no console proxy', async () => {
    const port = await listen(createPlainServer((_, response) => response.writeHead(403).end()));
    expect(await refusal(`ws://127.0.0.1:${port}/?token=${token}`)).toMatch(/answered the handshake with status 403/);
    const server = createPlainServer();
    const other = new WebSocketServer({ server, handleProtocols: () => false });
    clearing.push(() => other.close());
    expect(await refusal(`ws://127.0.0.1:${await listen(server)}/?token=${token}`)).toMatch(/no console proxy of Nova's/);
    expect(await refusal(`ws://127.0.0.1:1/?token=${token}`)).toMatch(/127\.0\.0\.1:1 refuses connections/);
    expect(await refusal(`ws://no-such-host.invalid/?token=${token}`)).toMatch(/cannot be resolved/);
  });

  it('follows no redirect, which would carry the token elsewhere', async () => {
    const url = await proxyOn(createPlainServer(), 'ws');
    const port = await listen(createPlainServer((_, response) => response.writeHead(302, { location: url }).end()));
    expect(await refusal(`ws://127.0.0.1:${port}/?token=${token}`)).toMatch(/status 302/);
  });

  it('is given up when nobody waits for it any longer', async () => {
    const url = `ws://127.0.0.1:${await listen(createPlainServer(() => undefined))}/?token=${token}`;
    const abort = new AbortController();
    const refused = refusal(url, { signal: abort.signal });
    abort.abort();
    expect(await refused).toBe('It was not waited for any longer.');
    expect(await refusal(url, { signal: AbortSignal.abort() })).toBe('It was not waited for any longer.');
  });
});
