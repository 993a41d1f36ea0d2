import { Stored } from './stored.ts';

/** What was wrong with one field of what was sent. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

interface ProblemBody {
  readonly title?: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly permission?: string;
  readonly errors?: readonly FieldProblem[];
  /** Of the Kubernetes API, which words its refusals otherwise. */
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string; readonly message?: string; readonly reason?: string }[] };
}

/** Why a request was not answered as asked (RFC 9457): `title` is stable, `message` is for people. `status` 0: no answer came. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldProblem[];
  readonly requestId: string | undefined;
  readonly permission: string | undefined;
  /** Seconds until another try makes sense, where the server said. */
  readonly retryAfter: number | undefined;
  /** The whole answer, for what only some problems tell. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: ProblemBody, retryAfter?: number) {
    super(body.detail ?? body.message ?? '');
    this.status = status;
    this.title = body.title ?? body.reason ?? 'Unknown';
    this.errors =
      body.errors ?? (body.details?.causes ?? []).map(({ field = '', message = '' }) => ({ field: field.replace(/^\./, ''), message }));
    this.requestId = body.requestId;
    this.permission = body.permission;
    this.retryAfter = retryAfter;
    this.body = body as Readonly<Record<string, unknown>>;
  }
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON; a string as it is, with `contentType`. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** 30 s. */
  readonly timeoutMs?: number;
}

/** What goes along with each write, so that no other site can make this browser send one; data/session.ts keeps it. */
export const csrfToken = new Stored<string | undefined>(undefined);

/** Whether the server answers, as the newest request showed. */
export const isReachable = new Stored(true);

/** Counted up whenever an answer says that nobody is signed in (any more). */
export const refusedAsUnknown = new Stored(0);

/** Asks the server; undefined for an answer without a body. Throws Problem, and what `signal` aborts with. */
export async function ask<T>(path: string, options: Ask = {}): Promise<T> {
  const reply = await answerTo(path, options);
  if (reply.status === 204) return undefined as T;
  const isJson = reply.headers.get('content-type')?.includes('json') ?? false;
  return (isJson ? await reply.json() : await reply.text()) as T;
}

/** Like `ask`, for answers that are read otherwise than whole: streams, headers. Throws Problem. */
export async function answerTo(path: string, options: Ask = {}): Promise<Response> {
  const { signal, timeoutMs = 30_000 } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  let reply: Response;
  try {
    reply = await fetch(urlOf(path, options.query), {
      ...requestOf(options),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    isReachable.set(false);
    throw new Problem(0, { title: timeout.aborted ? 'TimedOut' : 'Unreachable' });
  }
  isReachable.set(true);
  if (reply.ok || reply.status === 304) return reply;
  if (reply.status === 401) refusedAsUnknown.set(refusedAsUnknown.value + 1);
  const retryAfter = Number(reply.headers.get('retry-after') ?? Number.NaN);
  throw new Problem(reply.status, await problemIn(reply), Number.isFinite(retryAfter) ? retryAfter : undefined);
}

/** Path with its query, for links and for what the browser fetches by itself. */
export function urlOf(path: string, query: Ask['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

function requestOf({ method = 'GET', body, contentType, headers }: Ask): RequestInit {
  const isWrite = method !== 'GET';
  const token = csrfToken.value;
  return {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
      ...(isWrite && token !== undefined && { 'x-csrf-token': token }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    credentials: 'same-origin',
    redirect: 'error',
  };
}

async function problemIn(reply: Response): Promise<ProblemBody> {
  try {
    return (await reply.json()) as ProblemBody;
  } catch {
    return {};
  }
}
