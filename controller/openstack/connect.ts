import { randomUUID } from 'node:crypto';
import { createBudget } from './budget.ts';
import { endpointOf, versionDocumentOf } from './catalog.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Cloud, ServiceClient, ServiceName, TokenInfo, TracedCloud } from './cloud.ts';
import type { CloudConfig } from './clouds-yaml.ts';
import { login } from './keystone.ts';
import { type MicroversionRange, readRange } from './microversions.ts';
import { withRetries } from './retries.ts';
import { createServiceClient, readAnswer, type ServiceContext, type Trace } from './service.ts';
import { createTokenSource, type Token, type TokenCache } from './tokens.ts';
import { createTransport, failure, type RequestObservation, type Timeouts, type WireRequest } from './transport.ts';

export interface ConnectOptions {
  /** The cloud's name in errors, metrics and logs: the Cluster's. */
  readonly name: string;
  /** Calls at a time. */
  readonly concurrency?: number;
  readonly requestsPerSecond?: number;
  readonly timeouts?: Partial<Timeouts>;
  /** Called once for every request that went out, retries and logins included; MUST NOT throw. */
  readonly onRequest?: (observation: RequestObservation) => void;
  readonly clock?: Clock;
  /** [0, 1). */
  readonly random?: () => number;
  /** Hand the same one to all connections, and those of one credential share its token. */
  readonly tokens?: TokenCache;
}

const TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 60_000, totalMs: 120_000 };
/** An upgraded cloud is noticed after this long. */
const RANGE_LIVES_MS = 3_600_000;

/** A connection to one cloud. Sends nothing until it is first used; close it when done. */
export function connectCloud(config: CloudConfig, options: ConnectOptions): Cloud {
  const { name, clock = systemClock, random = Math.random, concurrency = 16, requestsPerSecond = 50 } = options;
  const timeouts = {
    ...TIMEOUTS,
    ...(config.timeoutMs ? { headersMs: config.timeoutMs, totalMs: config.timeoutMs } : {}),
    ...options.timeouts,
  };
  const budget = createBudget({ concurrency, requestsPerSecond, clock });
  const observer = options.onRequest ? { onRequest: options.onRequest } : {};
  const transport = createTransport({ cloud: name, config, budget, concurrency, timeouts, clock, ...observer });
  const tokens = tokenSourceFor(config, clock, options.tokens);
  const send = (wire: WireRequest) => withRetries(wire, (one) => transport.send(one), { clock, random });
  const logIn = (trace?: Trace): Promise<Token> =>
    login(name, config, { send, timeoutMs: timeouts.totalMs, now: () => clock.now(), headers: requestIdHeader(trace) });
  const ranges = new Map<ServiceName, { readonly at: number; readonly range: Promise<MicroversionRange | undefined> }>();

  const context: ServiceContext = {
    cloud: name,
    now: () => clock.now(),
    send,
    token: (trace) => tokens.current(() => logIn(trace)),
    discard: (id) => tokens.discard(id),
    endpoint: (service, info) => endpointOf(name, service, config, info),
    headers: requestIdHeader,
    async range(service, client) {
      const known = ranges.get(service);
      if (known && clock.now() - known.at < RANGE_LIVES_MS) return known.range;
      const range = discoverRange(service, client);
      ranges.set(service, { at: clock.now(), range });
      range.catch(() => ranges.delete(service));
      return range;
    },
    forgetRange: (service) => ranges.delete(service),
  };

  async function discoverRange(service: ServiceName, trace: Trace | undefined): Promise<MicroversionRange | undefined> {
    const token = await context.token(trace);
    const document = versionDocumentOf(service, context.endpoint(service, token.info));
    if (document === undefined) return undefined;
    const headers = { ...requestIdHeader(trace), accept: 'application/json', 'x-auth-token': token.id };
    const wire: WireRequest = { service, method: 'GET', path: '/', url: new URL(document), headers };
    const response = await send(wire);
    // 300 is how Cinder and Nova answer for "several versions".
    const status = response.status === 300 ? 200 : response.status;
    const { body } = readAnswer(name, wire, { ...response, status }, clock.now());
    const range = readRange(body);
    if (range) return range;
    const detail = `${wire.url.host} does not tell its microversions; the catalog's ${service} endpoint does not lead to that service`;
    throw failure(name, wire, { kind: 'invalid-response', detail, mayHaveActed: false });
  }

  return cloudOf(config, context, () => transport.close());
}

function tokenSourceFor(config: CloudConfig, clock: Clock, cache?: TokenCache) {
  const source = cache?.get(config.credential) ?? createTokenSource(clock);
  cache?.set(config.credential, source);
  return source;
}

/** OpenStack logs the id in every service a call touches; it takes only `req-` and a UUID. */
function requestIdHeader(trace?: Trace): Record<string, string> {
  const id = trace?.id ?? randomUUID();
  return { 'x-openstack-request-id': id.startsWith('req-') ? id : `req-${id}` };
}

function cloudOf(config: CloudConfig, context: ServiceContext, close: () => Promise<void>): Cloud;
function cloudOf(config: CloudConfig, context: ServiceContext, close: () => Promise<void>, trace: Trace): TracedCloud;
function cloudOf(config: CloudConfig, context: ServiceContext, close: () => Promise<void>, trace?: Trace): Cloud | TracedCloud {
  const client = (service: ServiceName): ServiceClient => createServiceClient(service, context, trace);
  const cloud: Cloud = {
    name: context.cloud,
    config,
    compute: client('compute'),
    blockStorage: client('block-storage'),
    network: client('network'),
    image: client('image'),
    identity: client('identity'),
    authenticate: async (): Promise<TokenInfo> => (await context.token(trace)).info,
    traced: (id) => cloudOf(config, context, close, { id, requestIds: [] }),
    close,
  };
  return trace ? { ...cloud, requestIds: () => [...trace.requestIds] } : cloud;
}
