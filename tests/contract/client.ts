/** Where a cloud is and how to get in; users `admin`, `demo` (member of project demo) and `demo-reader` share one password. */
export interface CloudAccess {
  readonly authUrl: string;
  readonly password: string;
  /** Called when the suite is done. */
  close?(): Promise<void>;
}

export type ServiceType = 'identity' | 'compute' | 'network' | 'block-storage' | 'image';

/** An answer's body, read field by field in assertions; typing each would hide what the service really sent. */
// oxlint-disable-next-line typescript/no-explicit-any -- bodies are what the suite examines; expect() checks every field it relies on.
export type Body = any;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Microversion of compute and block-storage; their newest known one if absent, none for ''. */
  readonly version?: string;
  /** Sent instead of the session's token; none for ''. */
  readonly token?: string;
}

/** One user's view of the cloud: raw HTTP, no retries, no checks. */
export interface Session {
  readonly token: string;
  readonly tokenBody: Body;
  readonly userId: string;
  readonly projectId: string;
  endpoint(type: ServiceType): string;
  request(type: ServiceType, method: string, path: string, options?: RequestOptions): Promise<Reply>;
}

const newest: Partial<Record<ServiceType, string>> = { compute: 'compute 2.100', 'block-storage': 'volume 3.71' };

export async function send(
  method: string,
  url: string,
  options: { body?: unknown; headers?: Readonly<Record<string, string>> } = {},
): Promise<Reply> {
  const hasBody = options.body !== undefined;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...options.headers },
    ...(hasBody ? { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) } : {}),
  });
  return { status: response.status, headers: response.headers, body: parse(await response.text()) };
}

function parse(text: string): Body {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The request body that asks for a token with a password. */
export function passwordLogin(user: string, password: string, scope: object | undefined): object {
  const identity = { methods: ['password'], password: { user: { name: user, domain: { id: 'default' }, password } } };
  return { auth: { identity, ...(scope ? { scope } : {}) } };
}

export function projectScope(name: string): object {
  return { project: { name, domain: { id: 'default' } } };
}

export async function login(access: CloudAccess, user: string, scope: object): Promise<Session> {
  const reply = await send('POST', `${access.authUrl}/auth/tokens`, { body: passwordLogin(user, access.password, scope) });
  if (reply.status !== 201) throw new Error(`${user} could not log in at ${access.authUrl}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return sessionOf(access, reply);
}

export function sessionOf(access: CloudAccess, reply: Reply): Session {
  const token = reply.headers.get('x-subject-token') ?? '';
  const tokenBody = reply.body.token;
  const endpoint = (type: ServiceType): string => {
    if (type === 'identity') return access.authUrl;
    const entry = tokenBody.catalog.find((service: Body) => service.type === type);
    const url: string = entry?.endpoints.find((row: Body) => row.interface === 'public')?.url ?? '';
    if (type === 'network') return `${url.replace(/\/$/, '')}/v2.0`;
    return type === 'image' ? `${url.replace(/\/$/, '')}/v2` : url;
  };
  return {
    token,
    tokenBody,
    userId: tokenBody.user.id,
    projectId: tokenBody.project?.id ?? '',
    endpoint,
    request(type, method, path, options = {}) {
      const version =
        options.version === undefined
          ? newest[type]
          : options.version === ''
            ? undefined
            : `${newest[type]?.split(' ')[0]} ${options.version}`;
      const sent = options.token ?? token;
      return send(method, endpoint(type) + path, {
        ...(options.body === undefined ? {} : { body: options.body }),
        headers: {
          ...(sent === '' ? {} : { 'x-auth-token': sent }),
          ...(version ? { 'openstack-api-version': version } : {}),
          ...options.headers,
        },
      });
    },
  };
}

/** Asks again until `isDone`, at growing intervals; throws with the last body after `timeoutMs`. */
export async function until(ask: () => Promise<Reply>, isDone: (reply: Reply) => boolean, timeoutMs = 60_000): Promise<Reply> {
  const end = Date.now() + timeoutMs;
  for (let pauseMs = 40; ; pauseMs = Math.min(pauseMs * 1.5, 500)) {
    const reply = await ask();
    if (isDone(reply)) return reply;
    if (Date.now() > end)
      throw new Error(`waited ${timeoutMs} ms in vain; last answer ${reply.status} ${JSON.stringify(reply.body).slice(0, 600)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
