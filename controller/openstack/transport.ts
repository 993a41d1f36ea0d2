import { Readable } from 'node:stream';
import { Agent, type Dispatcher, request } from 'undici';
import { type Breaker, createBreaker } from './breaker.ts';
import { type Budget, type Lane, UPLOADS_AT_ONCE } from './budget.ts';
import type { Clock } from './clock.ts';
import type { RequestOptions, ServiceName } from './cloud.ts';
import type { CloudConfig } from './clouds-yaml.ts';
import { type FailureKind, OpenStackError } from './errors.ts';
import { guardedLookup, refuseForbidden } from './forbidden-address.ts';
import { sortNetworkFailure } from './network-failure.ts';

/** One request as it goes over the wire, for metrics and logs. */
export interface RequestObservation {
  readonly cloud: string;
  readonly service: ServiceName;
  readonly method: string;
  /** Below the endpoint, without the query. */
  readonly path: string;
  /** The HTTP status, or how it failed without one. */
  readonly status: number | FailureKind;
  /** Without the wait for the budget. */
  readonly durationMs: number;
  readonly requestId?: string;
}

export interface Timeouts {
  readonly connectMs: number;
  /** From the request's last byte to the answer's headers. */
  readonly headersMs: number;
  /** From the start to the answer's last byte. */
  readonly totalMs: number;
}

export interface WireRequest {
  readonly service: ServiceName;
  readonly method: RequestOptions['method'];
  readonly url: URL;
  /** For errors and observations. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, or data that begins anew with each attempt. */
  readonly body?: string | (() => AsyncIterable<Uint8Array>);
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly requestId?: string;
}

export interface Transport {
  /** One attempt within the budget: any status is an answer; throws OpenStackError when there is none. */
  send(wire: WireRequest): Promise<WireResponse>;
  close(): Promise<void>;
}

/** A time-out has cost its caller far more than a refused connection: three of them are enough. */
const TIMEOUT_WEIGHT = 2;
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

/** One pool of connections for a cloud, and a breaker for each of its hosts: a dead Cinder must not stop Nova. */
export function createTransport(options: {
  cloud: string;
  config: CloudConfig;
  budget: Budget;
  concurrency: number;
  timeouts: Timeouts;
  clock: Clock;
  onRequest?: (observation: RequestObservation) => void;
}): Transport {
  const { cloud, budget, clock, timeouts } = options;
  const agent = agentFor(options.config, options.concurrency + UPLOADS_AT_ONCE, timeouts);
  const breakers = new Map<string, Breaker>();

  function breakerOf(origin: string): Breaker {
    const known = breakers.get(origin);
    if (known) return known;
    const made = createBreaker({ clock });
    breakers.set(origin, made);
    return made;
  }

  function refuse(
    wire: WireRequest,
    { since, lastError, retryAfterMs }: { since: number; lastError: string; retryAfterMs: number },
  ): never {
    const detail = `not tried, since it did not answer from ${new Date(since).toISOString()} on; last error: ${lastError}`;
    throw failure(cloud, wire, { kind: 'circuit-open', detail, retryAfterMs, mayHaveActed: false });
  }

  async function exchange(wire: WireRequest, breaker: Breaker, isProbe: boolean): Promise<WireResponse> {
    const startedAt = performance.now();
    const observe = (status: number | FailureKind, requestId?: string) => {
      const { service, method, path } = wire;
      const durationMs = performance.now() - startedAt;
      options.onRequest?.({ cloud, service, method, path, status, durationMs, ...(requestId ? { requestId } : {}) });
    };
    try {
      const response = await overTheWire(agent, wire, timeouts);
      breaker.answered();
      observe(response.status, response.requestId);
      return response;
    } catch (error) {
      const { isUnsent, ...sorted } = sortNetworkFailure(error, wire.url.host);
      if (sorted.kind === 'invalid-response') breaker.answered();
      else if (sorted.kind === 'aborted') breaker.released(isProbe);
      else breaker.failed(sorted.detail, isProbe, sorted.kind === 'timeout' ? TIMEOUT_WEIGHT : 1);
      observe(sorted.kind);
      throw failure(cloud, wire, { ...sorted, mayHaveActed: !isUnsent && !isRead(wire.method), cause: error });
    }
  }

  return {
    async send(wire) {
      const breaker = breakerOf(wire.url.origin);
      const refusal = breaker.refusal();
      if (refusal) refuse(wire, refusal);
      const leave = await budget.enter(wire.signal, laneOf(wire)).catch((error: unknown) => {
        throw failure(cloud, wire, { kind: 'aborted', detail: 'cancelled by us before it was sent', mayHaveActed: false, cause: error });
      });
      try {
        // It may have opened while this call waited for its turn.
        const admission = breaker.admit();
        if (!admission.go) refuse(wire, admission.refusal);
        return await exchange(wire, breaker, admission.isProbe);
      } finally {
        leave();
      }
    },
    close: () => agent.destroy(),
  };
}

function laneOf({ body }: WireRequest): Lane {
  return typeof body === 'function' ? 'upload' : 'call';
}

export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function agentFor(config: CloudConfig, connections: number, timeouts: Timeouts): Agent {
  const { ca, clientCertificate, verify } = config;
  return new Agent({
    connections,
    allowH2: false,
    maxResponseSize: MAX_RESPONSE_BYTES,
    connect: {
      timeout: timeouts.connectMs,
      lookup: guardedLookup,
      rejectUnauthorized: verify,
      ...(ca ? { ca } : {}),
      ...(clientCertificate ? { cert: clientCertificate.cert, key: clientCertificate.key.reveal() } : {}),
    },
  });
}

async function overTheWire(dispatcher: Dispatcher, wire: WireRequest, timeouts: Timeouts): Promise<WireResponse> {
  refuseForbidden(wire.url.hostname);
  const total = AbortSignal.timeout(wire.timeoutMs ?? timeouts.totalMs);
  const headersTimeout = wire.timeoutMs ?? timeouts.headersMs;
  const answer = await request(wire.url, {
    dispatcher,
    method: wire.method,
    headers: wire.headers,
    ...(wire.body === undefined ? {} : { body: typeof wire.body === 'string' ? wire.body : Readable.from(ours(wire.body())) }),
    headersTimeout,
    bodyTimeout: headersTimeout,
    signal: wire.signal ? AbortSignal.any([wire.signal, total]) : total,
  });
  const text = await answer.body.text();
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const requestId = headers['x-openstack-request-id'] ?? headers['x-compute-request-id'];
  return { status: answer.statusCode, headers, text, ...(requestId ? { requestId } : {}) };
}

/** Data that breaks off is our end of the call, and nothing against the host: the call counts as cancelled. */
async function* ours(data: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* data;
  } catch (cause) {
    throw Object.assign(new Error('the data broke off', { cause }), { code: 'UND_ERR_ABORTED' });
  }
}

/** An error about this request. */
export function failure(
  cloud: string,
  wire: Pick<WireRequest, 'service' | 'method' | 'path'>,
  what: Omit<ConstructorParameters<typeof OpenStackError>[0], 'cloud' | 'service' | 'method' | 'path'>,
): OpenStackError {
  return new OpenStackError({ cloud, service: wire.service, method: wire.method, path: wire.path, ...what });
}
