import type { IncomingHttpHeaders } from 'node:http';
import type { Store, Token } from './store.ts';
import type { World } from './world.ts';

export type ServiceName = 'identity' | 'compute' | 'network' | 'block-storage' | 'image';

/** One request as the code of a service sees it. */
export interface Call {
  readonly method: string;
  /** Below the service's prefix, e.g. `/v2.1/servers/detail`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined when there was none, `malformed` when it could not be parsed. */
  readonly body: unknown;
  /** The body as it came. */
  readonly data: Buffer;
  readonly world: World;
  /** What reads see: the world's store, or an earlier state of it when a fault says so. */
  readonly store: Store;
  /** Id the answer carries in `x-openstack-request-id`. */
  readonly requestId: string;
}

/** A call by someone with a valid token scoped to a project. */
export interface ScopedCall extends Call {
  readonly token: Token & { readonly projectId: string };
  readonly params: Readonly<Record<string, string>>;
  /** Minor part of the microversion: 100 for 2.100; 0 where a service has none. */
  readonly minor: number;
}

export interface Answer {
  readonly status: number;
  /** An object is sent as JSON; a string as HTML; undefined as an empty body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends a call with an error answer. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

export const malformed = Symbol('malformed JSON');

/** One simulated service behind a path prefix. */
export interface Service {
  readonly name: ServiceName;
  readonly prefix: string;
  /** The header services repeat the request id in, besides `x-openstack-request-id`; Glance and Neutron send only the latter. */
  readonly alsoComputeRequestId: boolean;
  answer(call: Call): Answer;
}

export function isAdmin(call: ScopedCall): boolean {
  return call.token.roles.includes('admin');
}

/** A reader's token may not write. */
export function mayWrite(call: ScopedCall): boolean {
  return call.token.roles.includes('member') || isAdmin(call);
}

/** What Paste and WebOb answer where no controller is reached. */
export function htmlPage(status: number, title: string, text: string): Answer {
  const heading = `${status} ${title}`;
  const body = `<html>\n <head>\n  <title>${heading}</title>\n </head>\n <body>\n  <h1>${heading}</h1>\n  ${text}<br /><br />\n\n\n\n </body>\n</html>`;
  return { status, body };
}

export const notFoundPage = htmlPage(404, 'Not Found', 'The resource could not be found.');

/** keystonemiddleware's answer to a missing, unknown or expired token. */
export function unauthorized(world: World): Answer {
  return {
    status: 401,
    headers: { 'www-authenticate': `Keystone uri="${world.origin}/identity"` },
    body: { error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' } },
  };
}

/** The valid, project-scoped token of a call; undefined if there is none. */
export function tokenOf(call: Call): ScopedCall['token'] | undefined {
  const id = call.headers['x-auth-token'];
  const token = typeof id === 'string' ? call.world.store.tokens.get(id) : undefined;
  if (!token?.projectId || token.expiresAt <= call.world.clock.now()) return undefined;
  return { ...token, projectId: token.projectId };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value the way Python prints it; the services' messages quote their input so. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (!isRecord(value)) return '';
  return `{${Object.entries(value)
    .map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`)
    .join(', ')}}`;
}

/** Text and numbers as text; anything else as the text given instead. */
export function asText(value: unknown, otherwise = ''): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : otherwise;
}

/** Like `pythonRepr`, but a bare string stays bare, as `str()` does. */
export function pythonStr(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}
