import type { RequestOptions, ServiceClient, ServiceName, ServiceResponse, TokenInfo } from './cloud.ts';
import { readErrorBody } from './error-body.ts';
import { type MicroversionRange, microversionHeaders } from './microversions.ts';
import { retryAfterMs } from './retries.ts';
import type { Token } from './tokens.ts';
import { failure, isRead, type WireRequest, type WireResponse } from './transport.ts';

/** A global request id, and the ids OpenStack answered writes with. */
export interface Trace {
  readonly id: string;
  readonly requestIds: string[];
}

/** What a service client needs of its cloud. */
export interface ServiceContext {
  readonly cloud: string;
  now(): number;
  send(wire: WireRequest): Promise<WireResponse>;
  token(trace?: Trace): Promise<Token>;
  discard(tokenId: string): void;
  endpoint(service: ServiceName, info: TokenInfo): string;
  headers(trace?: Trace): Record<string, string>;
  range(service: ServiceName, trace?: Trace): Promise<MicroversionRange | undefined>;
  forgetRange(service: ServiceName): void;
}

export function createServiceClient(service: ServiceName, context: ServiceContext, trace?: Trace): ServiceClient {
  async function attempt(
    options: RequestOptions,
    token: Token,
    body: string | undefined,
  ): Promise<{ wire: WireRequest; response: WireResponse }> {
    const versions = options.microversion === undefined ? undefined : await context.range(service, trace);
    const wire: WireRequest = {
      service,
      method: options.method,
      path: options.path,
      url: urlOf(context.endpoint(service, token.info), options),
      headers: {
        ...context.headers(trace),
        accept: 'application/json',
        'x-auth-token': token.id,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(versions && options.microversion ? microversionHeaders(service, options.microversion, versions) : {}),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(options.data === undefined ? {} : { body: options.data }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.signal ? { signal: options.signal } : {}),
    };
    const response = await context.send(wire);
    if (trace && response.requestId && !isRead(options.method)) trace.requestIds.push(response.requestId);
    return { wire, response };
  }

  async function request<T>(options: RequestOptions): Promise<ServiceResponse<T>> {
    checkPath(options.path);
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const token = await context.token(trace);
    let { wire, response } = await attempt(options, token, body);
    if (response.status === 401) {
      // The token was revoked or expired early. The call was not acted on, so any method may be repeated, once.
      context.discard(token.id);
      ({ wire, response } = await attempt(options, await context.token(trace), body));
    }
    if (response.status === 406) context.forgetRange(service);
    return readAnswer<T>(context.cloud, wire, response, context.now(), options.body);
  }

  return { service, cloud: context.cloud, request, microversions: () => context.range(service, trace) };
}

/** A 2xx answer with its JSON; everything else is thrown. `sent` names the secrets its error may quote. */
export function readAnswer<T>(cloud: string, wire: WireRequest, response: WireResponse, now: number, sent?: unknown): ServiceResponse<T> {
  const { status, headers, text, requestId } = response;
  const ids = requestId ? { requestId } : {};
  if (status < 200 || status > 299) {
    const after = retryAfterMs(headers, now);
    const kind = status === 401 ? 'auth' : 'http';
    const mayHaveActed = !isRead(wire.method) && (status >= 500 || status === 408);
    throw failure(cloud, wire, {
      kind,
      status,
      mayHaveActed,
      ...readErrorBody(text, status, sent),
      ...ids,
      ...(after === undefined ? {} : { retryAfterMs: after }),
    });
  }
  if (text === '') return { status, headers, body: undefined as T, ...ids };
  try {
    return { status, headers, body: JSON.parse(text) as T, ...ids };
  } catch (error) {
    const detail = `${wire.url.host} answered ${text.length} characters of ${headers['content-type'] ?? 'unknown type'} instead of JSON; is a proxy in the way?`;
    throw failure(cloud, wire, { kind: 'invalid-response', status, detail, mayHaveActed: !isRead(wire.method), ...ids, cause: error });
  }
}

/** An empty or dotted part would silently address the whole collection, or leave the endpoint. */
function checkPath(path: string): void {
  if (!/^(\/(?!\.{1,2}(\/|$))[^/?#]+)+$/.test(path))
    throw new TypeError(`not a path below an endpoint: ${JSON.stringify(path)}; encode ids, and leave none empty`);
}

function urlOf(endpoint: string, { path, query = {} }: RequestOptions): URL {
  const url = new URL(`${endpoint}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of typeof value === 'object' ? value : [value]) url.searchParams.append(name, String(one));
  }
  return url;
}
