import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleParts } from '#api/terminal/console/open.ts';
import { proxyAddress } from '#api/terminal/console/proxy-address.ts';
import { connectProxy } from '#api/terminal/console/proxy-socket.ts';
import { createScreenOpener } from '#api/terminal/console/screen.ts';
import { createSerialOpener } from '#api/terminal/console/serial.ts';
import { OpenFailed, type OpenOptions } from '#api/terminal/ports.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { type ConsoleType, create } from '#controller/openstack/compute/remote-consoles.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import { isOpenStackError } from '#controller/openstack/errors.ts';
import { createMonitor } from '#examples/sandbox/consoles/monitor.ts';
import { serveConsoles } from '#examples/sandbox/consoles/proxy.ts';
import { serveRfb } from '#examples/sandbox/consoles/rfb.ts';
import { createSerialPort } from '#examples/sandbox/consoles/serial.ts';
import { seen } from '#tests/parts/console-world.ts';
import { realCloudsFile } from '#tests/scenarios/world.ts';

/** What Nova says of a token: whose console it is, and where the proxy has to connect to (microversion 2.31). */
interface TokenInfo {
  readonly instance_uuid: string;
  readonly host: string;
  readonly port: number;
}

const name = `consoles-${randomUUID().slice(0, 8)}`;
const source = readFileSync(realCloudsFile(), 'utf8');
const connectAs = (cloud: string) => connectCloud(parseCloudConfig({ cloudsYaml: source, cloud }), { name: 'real' });

let demo: Cloud;
let admin: Cloud;
let serverId: string;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  [demo, admin] = [connectAs('osc-demo'), connectAs('osc-admin')];
  const images = await demo.image.request<{ images: { id: string }[] }>({ method: 'GET', path: '/images', query: { name: 'cirros' } });
  const made = await servers.create(demo.compute, { name, flavorRef: '1', imageRef: images.body.images[0]?.id ?? '', networks: 'none' });
  serverId = made.id;
  for (let look = 0; look < 240 && (await servers.get(demo.compute, serverId)).status !== 'ACTIVE'; look += 1) await pause(500);
});
afterAll(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  if (serverId) await servers.remove(demo.compute, serverId);
  await demo?.close();
  await admin?.close();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** As Nova itself has it; undefined for a token that it does not know. */
async function infoOf(token: string): Promise<TokenInfo | undefined> {
  const path = `/os-console-auth-tokens/${encodeURIComponent(token)}`;
  try {
    const { body } = await admin.compute.request<{ console: TokenInfo }>({ method: 'GET', path, microversion: '2.31' });
    return body.console;
  } catch (error) {
    if (isOpenStackError(error) && error.status === 404) return undefined;
    throw error;
  }
}

const port = createSerialPort({ name, uptimeMs: () => 0 });
const monitor = createMonitor(name);
const machine = (type: ConsoleType) => (stream: Duplex) => (type === 'serial' ? port.connect(stream) : serveRfb(stream, monitor));

/**
 * Sees to it that somebody answers at the address Nova gave out: its own proxy where that runs, and behind it the end of the hypervisor, which
 * this cloud only pretends to have; else a stand-in, which asks Nova what a token is good for as the proxy does.
 */
async function standIn(type: ConsoleType, proxy: URL, info: TokenInfo): Promise<'its own proxy' | 'a stand-in'> {
  if (await answers(proxy)) {
    const hypervisor = createServer({ noDelay: true }, machine(type));
    await listen(hypervisor, info.port, info.host);
    return 'its own proxy';
  }
  const server = createHttpServer();
  const baseUrl = `${type === 'serial' ? 'ws' : 'http'}://${proxy.host}/`;
  ends.push(
    serveConsoles(server, {
      path: '/',
      async find(token) {
        const found = await infoOf(token);
        return found && { baseUrl, connect: machine(type) };
      },
    }),
  );
  await listen(server, Number(proxy.port), proxy.hostname);
  return 'a stand-in';
}

async function listen(server: Server | HttpServer, at: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, host, resolve);
  });
  ends.push(() => server.close());
}

function answers({ port: at, hostname }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(at), hostname);
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}

function optionsOf(): OpenOptions {
  return {
    target: { cluster: 'real', serverId, name, place: { cluster: 'real', namespace: '' }, addresses: [] },
    wanted: { purpose: 'serial' },
    credentials: {},
    size: { cols: 80, rows: 24 },
    actor: 'anna',
    signal: AbortSignal.timeout(60_000),
    talk: { say: () => undefined, ask: async () => [], acceptHostKey: async () => false },
  };
}

/** The way from Nova's answer through its proxy to the instance; or that this cloud gives out no such console, in words. */
async function tryConsole(type: ConsoleType): Promise<string> {
  const parts: ConsoleParts = { look: () => ({ client: demo }), localTargets: false };
  const open = async () =>
    seen(type === 'serial' ? await createSerialOpener(parts)(optionsOf()) : await createScreenOpener(parts)(optionsOf()));
  const given = await create(demo.compute, serverId, type).catch((error: unknown) => error);
  if (isOpenStackError(given)) {
    expect([given.status, given.detail]).toEqual([400, `Unavailable console type ${type}.`]);
    const refused = await open().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OpenFailed);
    expect((refused as OpenFailed).end.detail).toMatch(/Cloud real gives out no (?:serial console|screen) of .*Unavailable console type/);
    return 'not given out';
  }
  const address = proxyAddress((given as { reveal(): string }).reveal(), type);
  const url = new URL(address?.url.reveal() ?? '');
  const token = url.searchParams.get('token') ?? '';
  const info = await infoOf(token);
  expect(info?.instance_uuid).toBe(serverId);
  const by = await standIn(type, url, info as TokenInfo);

  const terminal = await open();
  await terminal.until(type === 'serial' ? `${name} login: ` : 'RFB 003.008\n');
  terminal.remote.write(new TextEncoder().encode(type === 'serial' ? 'anna\recho 你好\r' : 'RFB 003.008\n'));
  await terminal.until(type === 'serial' ? '\r\n你好\r\n' : '\u0001\u0001');
  expect(terminal.remote.label).not.toContain(token);
  terminal.remote.end();

  const wrong = proxyAddress((given as { reveal(): string }).reveal().replace(token, randomUUID()), type);
  const socket = await connectProxy(wrong as NonNullable<typeof wrong>, {
    config: demo.config,
    mayBeLocal: true,
    signal: AbortSignal.timeout(60_000),
  });
  const closed = await new Promise<{ saidNothing: boolean }>((resolve) => {
    socket.onData(() => undefined);
    socket.onClose(resolve);
  });
  expect(closed.saidNothing).toBe(true);
  return `opened by ${by}`;
}

describe('consoles of a real Nova', () => {
  it.each(['serial', 'novnc'] as const)('gives out %s, or says in words that it does not', async (type) => {
    const outcome = await tryConsole(type);
    console.log(`${type}: ${outcome}`);
    expect(outcome).toMatch(/^(?:not given out|opened by .*)$/);
  });

  it('refuses a console of an instance that is not there', async () => {
    const target = { ...optionsOf().target, serverId: randomUUID() };
    const refused = createSerialOpener({ look: () => ({ client: demo }), localTargets: false })({ ...optionsOf(), target });
    await expect(refused).rejects.toMatchObject({ end: { reason: 'target-gone' } });
  });
});
