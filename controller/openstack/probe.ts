import type { LookupAddress } from 'node:dns';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { endpointOf } from './catalog.ts';
import type { Cloud, ServiceClient, TokenInfo } from './cloud.ts';
import type { CloudConfig } from './clouds-yaml.ts';
import { OpenStackError } from './errors.ts';
import { guardedLookup, refuseForbidden } from './forbidden-address.ts';
import { sortNetworkFailure } from './network-failure.ts';

export type ProbeStep = 'DNS' | 'TCP' | 'TLS' | 'Auth' | 'Catalog' | 'Microversions';

export interface ProbeResult {
  readonly step: ProbeStep;
  readonly ok: boolean;
  readonly latencyMs: number;
  /** What was found, or what failed, where, and what to do; the same text as long as nothing changes. */
  readonly message: string;
}

/**
 * Looks at a cloud from the wire up, a step at a time, and stops at the first that fails. Name, port and certificate are looked at on
 * connections of their own; the rest goes through `cloud`, so its token and microversions are warm afterwards.
 */
export async function* probe(cloud: Cloud, options: { timeoutMs?: number; signal?: AbortSignal } = {}): AsyncGenerator<ProbeResult> {
  const { timeoutMs = 10_000, signal } = options;
  const steps: readonly (readonly [ProbeStep, () => Promise<string>])[] = [
    ['DNS', () => resolveName(cloud.config)],
    ['TCP', () => openPort(cloud.config, timeoutMs)],
    ['TLS', () => checkCertificate(cloud.config, timeoutMs)],
    ['Auth', () => checkLogin(cloud)],
    ['Catalog', () => checkCatalog(cloud)],
    ['Microversions', () => checkMicroversions(cloud)],
  ];
  for (const [step, look] of steps) {
    if (signal?.aborted) return;
    const startedAt = performance.now();
    const { ok, message } = await look().then(
      (found) => ({ ok: true, message: found }),
      (error: unknown) => ({ ok: false, message: explain(error, cloud.config) }),
    );
    yield { step, ok, latencyMs: performance.now() - startedAt, message };
    if (!ok) return;
  }
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

function addressOf({ authUrl }: CloudConfig): Address {
  const { hostname, port, protocol } = new URL(authUrl);
  const isTls = protocol === 'https:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isTls ? 443 : 80), isTls };
}

async function resolveName(config: CloudConfig): Promise<string> {
  const { host } = addressOf(config);
  refuseForbidden(host);
  if (isIP(host)) return `${host} is an address, no name to resolve`;
  const addresses = await new Promise<LookupAddress[]>((resolve, reject) =>
    guardedLookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found as LookupAddress[]))),
  );
  return `${host} is ${addresses
    .map(({ address }) => address)
    .toSorted()
    .join(', ')}`;
}

async function openPort(config: CloudConfig, timeoutMs: number): Promise<string> {
  const { host, port } = addressOf(config);
  await opened(connectTcp({ host, port, lookup: guardedLookup, autoSelectFamily: true }), 'connect', timeoutMs);
  return `${host} accepts connections on port ${port}`;
}

async function checkCertificate(config: CloudConfig, timeoutMs: number): Promise<string> {
  const { host, port, isTls } = addressOf(config);
  if (!isTls) return `${host} is spoken to over plain HTTP, as auth_url says`;
  const { ca, verify, clientCertificate } = config;
  const client = clientCertificate ? { cert: clientCertificate.cert, key: clientCertificate.key.reveal() } : {};
  const name = isIP(host) ? {} : { servername: host };
  const socket = connectTls({ host, port, lookup: guardedLookup, rejectUnauthorized: verify, ...name, ...(ca ? { ca } : {}), ...client });
  await opened(socket, 'secureConnect', timeoutMs);
  return verify ? `${host} shows a certificate that is trusted here` : `${host} speaks TLS; its certificate is not checked (verify: false)`;
}

/** Waits for a socket's good event and closes it. */
function opened(socket: Socket, event: string, timeoutMs: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const giveUp = () => reject(Object.assign(new Error('connect time-out'), { code: 'UND_ERR_CONNECT_TIMEOUT' }));
    const timer = setTimeout(giveUp, timeoutMs);
    const settle = (end: () => void) => () => {
      clearTimeout(timer);
      end();
    };
    socket.once(event, settle(resolve));
    socket.once('error', (error) => settle(() => reject(error))());
  }).finally(() => socket.destroy());
}

async function checkLogin(cloud: Cloud): Promise<string> {
  const info = await cloud.authenticate();
  if (!info.projectId) throw unscoped(cloud);
  const roles = info.roles.toSorted().join(', ') || 'no role';
  return `Keystone let us into project ${info.projectName || info.projectId} with ${roles}`;
}

/** A token without a project opens nothing. */
function unscoped(cloud: Cloud): OpenStackError {
  const detail = 'the token belongs to no project; write auth.project_name and auth.project_domain_name';
  const failure = { cloud: cloud.name, service: 'identity', method: 'POST', path: '/auth/tokens', mayHaveActed: false } as const;
  return new OpenStackError({ ...failure, kind: 'auth', detail });
}

async function checkCatalog(cloud: Cloud): Promise<string> {
  const info = await cloud.authenticate();
  const services = ['compute', 'block-storage', 'network', 'image'] as const;
  const problems = services.flatMap((service) => missing(cloud, service, info));
  if (problems.length > 0) throw new Error(problems.join('; '));
  const { region, interface: face } = cloud.config;
  return `the catalog has ${services.join(', ')} (${face} interface${region ? `, region ${region}` : ''})`;
}

function missing(cloud: Cloud, service: ServiceClient['service'], info: TokenInfo): string[] {
  try {
    endpointOf(cloud.name, service, cloud.config, info);
    return [];
  } catch (error) {
    return [explain(error, cloud.config)];
  }
}

async function checkMicroversions(cloud: Cloud): Promise<string> {
  const told = await Promise.all(
    [cloud.compute, cloud.blockStorage].map(async (client) => {
      const range = await client.microversions();
      return `${client.service} ${range ? `${range.min} to ${range.max}` : 'without microversions'}`;
    }),
  );
  return told.join(', ');
}

/** The cause with the thing to do about it; calls and request ids are left out, so that the text stays the same. */
function explain(error: unknown, config: CloudConfig): string {
  if (error instanceof OpenStackError)
    return withNextStep(error.kind, error.kind === 'http' ? `${error.service} answered ${error.status}: ${error.detail}` : error.detail);
  if (!(error instanceof Error)) return String(error);
  // Only socket errors have a code; the others are ours and complete.
  if (!('code' in error) && !(error instanceof AggregateError)) return error.message;
  const { host, port } = addressOf(config);
  const { kind, detail } = sortNetworkFailure(error, `${host}:${port}`);
  return withNextStep(kind, detail);
}

function withNextStep(kind: string, detail: string): string {
  const next = NEXT_STEPS[kind];
  return next ? `${detail}; ${next}` : detail;
}

const NEXT_STEPS: Readonly<Record<string, string>> = {
  dns: 'correct auth_url or the name server',
  connection: 'check that the service runs there and that a firewall lets us through',
  timeout: 'check that the service runs there and that a firewall lets us through',
  tls: 'put the CA that signed it into caBundle, or have the certificate renewed',
  http: 'look into the log of that service',
  'invalid-response': 'correct the address in auth_url or in the catalog',
};
