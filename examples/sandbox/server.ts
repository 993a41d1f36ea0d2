import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, type Call, malformed, notFoundPage, Refusal, type Service } from './call.ts';
import { createBlockStorage } from './cinder/service.ts';
import { createMachines } from './consoles/machines.ts';
import { refuseOtherUpgrades, serveConsoles } from './consoles/proxy.ts';
import { answerControl } from './control.ts';
import { createFaults, type Fault, type FaultEngine, type Faults, withoutRows } from './faults.ts';
import { createImageService } from './glance/service.ts';
import { createIdentity } from './keystone/service.ts';
import { createNetworking } from './neutron/service.ts';
import { proxyPaths } from './nova/remote-consoles.ts';
import { createCompute } from './nova/service.ts';
import { createRequestLog, type LoggedRequest, type RequestLog } from './request-log.ts';
import { password, seedWorld } from './seed.ts';
import type { Store } from './store.ts';
import { type Clock, createClock, createWorld, type Durations, defaultDurations, type World } from './world.ts';

export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Loopback address to listen on; 127.0.0.1 if absent. */
  readonly host?: string;
  readonly region?: string;
  /** Added to every answer. */
  readonly latencyMs?: number;
  /** Multiplies every duration. */
  readonly timeScale?: number;
  readonly durations?: Partial<Durations>;
  /** Replaces the machine's clock; then `timeScale` has no effect. */
  readonly clock?: Clock;
  /** Ids, addresses and the chances of faults follow from it. */
  readonly seed?: number;
  /** A policy as some operators have it; false, as Nova is delivered. */
  readonly showsDiagnosticsToMembers?: boolean;
}

/** A running simulated cloud. */
export interface Sandbox {
  /** Keystone's address, the `auth_url` of clouds.yaml. */
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  readonly region: string;
  /** What the cloud holds; may be read and changed by tests as an operator behind our back would. */
  readonly store: Store;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly seed: number;
  /** A clouds.yaml with one entry of this name for the user `demo`, or another seeded user. */
  cloudsYaml(cloudName: string, options?: { user?: 'demo' | 'admin' | 'demo-reader' }): string;
  /** Makes every token issued so far unknown. */
  expireTokens(): void;
  close(): Promise<void>;
}

/** Starts a simulated cloud on loopback; several may run in one process. Rejects if the port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const seed = options.seed ?? 1;
  const ownClock = options.clock ? undefined : createClock(options.timeScale ?? 1);
  const world = createWorld({
    region: options.region ?? 'RegionOne',
    seed,
    clock: options.clock ?? (ownClock as Clock),
    durations: { ...defaultDurations, ...options.durations },
    showsDiagnosticsToMembers: options.showsDiagnosticsToMembers ?? false,
  });
  seedWorld(world);
  const faults = createFaults(world.random, world.store);
  const log = createRequestLog();
  const services = [createIdentity(), createCompute(), createNetworking(), createBlockStorage(), createImageService()];
  const parts: Parts = { world, faults, log, services, latencyMs: options.latencyMs ?? 0 };
  const server = createServer((request, response) => void serve(parts, request, response));
  const endConsoles = serveConsolesOf(world, server);
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  world.origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url: `${world.origin}/identity/v3`,
    origin: world.origin,
    port,
    region: world.region,
    store: world.store,
    faults,
    requests: log,
    seed,
    cloudsYaml: (cloudName, user) => cloudsYaml(world, cloudName, user?.user ?? 'demo'),
    expireTokens: () => world.store.tokens.clear(),
    async close() {
      ownClock?.close();
      endConsoles();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Returns what ends all connections to consoles. */
function serveConsolesOf(world: World, server: Server): () => void {
  const machines = createMachines(world.clock);
  world.onServerChanged = (changed) => machines.changed(changed);
  const { consoleTokens, servers } = world.store;
  const ends = (['serial', 'novnc'] as const).map((type) =>
    serveConsoles(server, {
      path: proxyPaths[type],
      find(id) {
        const token = consoleTokens.get(id);
        const found = token && servers.get(token.serverId);
        // Nova's own proxies let a token of the one to the other; that is stricter here, so that nobody comes to rely on it.
        if (!found || token.type !== type || token.expiresAt <= world.clock.now()) return undefined;
        return { baseUrl: token.baseUrl, connect: (stream) => machines.connect(found, type, stream) };
      },
    }),
  );
  refuseOtherUpgrades(server, Object.values(proxyPaths));
  return () => {
    for (const end of ends) end();
  };
}

function cloudsYaml(world: World, cloudName: string, user: string): string {
  const project = user === 'admin' ? 'admin' : 'demo';
  const lines = [
    'clouds:',
    `  ${cloudName}:`,
    '    auth:',
    `      auth_url: ${world.origin}/identity/v3`,
    `      username: ${user}`,
    `      password: ${password}`,
    `      project_name: ${project}`,
    '      user_domain_id: default',
    '      project_domain_id: default',
    `    region_name: ${world.region}`,
    '    interface: public',
    '    identity_api_version: 3',
  ];
  return `${lines.join('\n')}\n`;
}

interface Parts {
  readonly world: World;
  readonly faults: FaultEngine;
  readonly log: RequestLog & { record(entry: LoggedRequest): void };
  readonly services: readonly Service[];
  readonly latencyMs: number;
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/';
  const method = request.method ?? 'GET';
  const data = await readBody(request);
  if (data === undefined) return;
  if (url.startsWith('/_sandbox/')) return send(response, answerControl(method, url.split('?')[0] ?? '', parseJson(data), parts), {});
  const service = parts.services.find(({ prefix }) => url === prefix || url.startsWith(`${prefix}/`) || url.startsWith(`${prefix}?`));
  if (!service) return send(response, notFoundPage, {});
  await serveService(parts, service, { method, url, data, request, response });
}

interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly data: Buffer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serveService(parts: Parts, service: Service, exchange: Exchange): Promise<void> {
  const { world } = parts;
  const { method, request, response } = exchange;
  const [rawPath, rawQuery] = split(exchange.url.slice(service.prefix.length), '?');
  const path = rawPath === '' ? '/' : rawPath;
  const fullPath = rawQuery === '' ? path : `${path}?${rawQuery}`;
  const requestId = `req-${world.random.uuid()}`;
  const struck = parts.faults.strike({ service: service.name, method, path: fullPath });
  const effects = struck.map(({ fault }) => fault.effect);
  const finish = (status: number) => parts.log.record(logEntry(parts, service, exchange, { path: fullPath, requestId, status }));

  if (parts.latencyMs > 0) await pause(parts.latencyMs);
  for (const effect of effects) if (effect.type === 'slow') await pause(effect.ms);
  const hang = effects.find((effect) => effect.type === 'hang');
  if (hang) {
    finish(0);
    if (hang.afterMs !== undefined) setTimeout(() => request.socket.destroy(), hang.afterMs).unref();
    return;
  }
  if (effects.some((effect) => effect.type === 'reset-before')) {
    finish(0);
    request.socket.destroy();
    return;
  }
  const tokenId = request.headers['x-auth-token'];
  if (effects.some((effect) => effect.type === 'expire-token') && typeof tokenId === 'string') world.store.tokens.delete(tokenId);

  const call: Call = {
    method,
    path,
    query: new URLSearchParams(rawQuery),
    headers: request.headers,
    body: isJson(request) ? parseJson(exchange.data) : undefined,
    data: exchange.data,
    world,
    store: method === 'GET' ? (struck.findLast(({ snapshot }) => snapshot)?.snapshot ?? world.store) : world.store,
    requestId,
  };
  const answer = applyAfter(struck, () => answerOf(service, call));
  if (effects.some((effect) => effect.type === 'reset-after')) {
    finish(0);
    request.socket.destroy();
    return;
  }
  finish(answer.status);
  const ids: Record<string, string> = { 'x-openstack-request-id': requestId };
  if (service.alsoComputeRequestId) ids['x-compute-request-id'] = requestId;
  send(response, answer, ids);
}

/** Acts unless a fault answers first, and lets faults that change the answer do so. */
function applyAfter(struck: readonly { fault: Fault }[], act: () => Answer): Answer {
  for (const { fault } of struck) if (fault.effect.type === 'status') return fault.effect;
  const answer = act();
  for (const { fault } of struck) if (fault.effect.type === 'status-after') return fault.effect;
  return struck.some(({ fault }) => fault.effect.type === 'empty-list') ? withoutRows(answer) : answer;
}

function answerOf(service: Service, call: Call): Answer {
  try {
    return service.answer(call);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    // A mistake of the sandbox itself: said aloud, since a test that met it would otherwise blame the cloud.
    console.error(`sandbox: ${call.method} ${service.prefix}${call.path} failed`, error);
    return { status: 500, body: { error: { code: 500, title: 'Internal Server Error', message: `The sandbox failed: ${String(error)}` } } };
  }
}

function send(response: ServerResponse, answer: Answer, extra: Readonly<Record<string, string>>): void {
  const headers: Record<string, string> = { ...extra, ...answer.headers };
  if (answer.body === undefined) {
    response.writeHead(answer.status, answer.status === 204 ? headers : { ...headers, 'content-length': '0' }).end();
    return;
  }
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  headers['content-type'] ??= typeof answer.body === 'string' ? 'text/html; charset=UTF-8' : 'application/json';
  headers['content-length'] = String(Buffer.byteLength(text));
  response.writeHead(answer.status, headers).end(text);
}

/** The whole body; undefined if the caller went away meanwhile. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return Promise.resolve(Buffer.alloc(0));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => resolve(undefined));
  });
}

/** Everything but the data of images. */
function isJson(request: IncomingMessage): boolean {
  return request.headers['content-type'] !== 'application/octet-stream';
}

function parseJson(data: Buffer): unknown {
  const text = data.toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return malformed;
  }
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function logEntry(
  parts: Parts,
  service: Service,
  exchange: Exchange,
  seen: { path: string; requestId: string; status: number },
): LoggedRequest {
  const global = exchange.request.headers['x-openstack-request-id'];
  const isGlobal = typeof global === 'string' && /^req-[0-9a-f-]{36}$/.test(global);
  return {
    at: parts.world.clock.now(),
    service: service.name,
    method: exchange.method,
    ...seen,
    ...(isGlobal ? { globalRequestId: global } : {}),
  };
}
