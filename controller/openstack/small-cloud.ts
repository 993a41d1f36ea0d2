import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudConfig } from './clouds-yaml.ts';
import { parseCloudConfig } from './clouds-yaml.ts';

/** A request as the small cloud got it. */
export interface Received {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** What a route answers: a body of any kind (text goes out as it is), or nothing when it has dealt with the socket itself. */
export type Route = (
  request: Received,
  response: ServerResponse,
) => { status?: number; body?: unknown; headers?: Record<string, string> } | undefined;

/**
 * For tests: a Keystone that gives out and revokes tokens, and behind the same address whatever services the test writes. It is
 * a real HTTP server on loopback; the sandbox cloud is another thing, and this room may not import it.
 */
export interface SmallCloud {
  readonly url: string;
  readonly config: CloudConfig;
  /** Everything but logins and version documents. */
  readonly received: readonly Received[];
  logins(): number;
  /** No token given out so far is good any more. */
  revokeTokens(): void;
  readonly settings: {
    password: string;
    lifetimeMs: number;
    microversions: Record<'compute' | 'volume', string>;
    loginStatus?: number;
    loginHangs?: boolean;
    hidden: string[];
  };
  /** Routes by `GET /compute/v2.1/servers`; the query does not count. */
  readonly routes: Map<string, Route>;
  close(): Promise<void>;
}

const SERVICES: readonly (readonly [type: string, path: string])[] = [
  ['compute', '/compute/v2.1'],
  ['volumev3', '/volume/v3/p1'],
  ['network', '/network'],
  ['image', '/image'],
];

export async function startSmallCloud(): Promise<SmallCloud> {
  const settings: SmallCloud['settings'] = {
    password: 'right',
    lifetimeMs: 3_600_000,
    microversions: { compute: '2.96', volume: '3.70' },
    hidden: [],
  };
  const routes = new Map<string, Route>();
  const received: Received[] = [];
  const valid = new Set<string>();
  let logins = 0;
  let url = '';

  function logIn({ body }: Received): ReturnType<Route> {
    logins += 1;
    if (settings.loginHangs) return undefined;
    if (settings.loginStatus) return { status: settings.loginStatus, body: '<html><body><h1>Bad</h1>no Keystone here</body></html>' };
    const { auth } = body as { auth: { identity: { password?: { user: { password: string } } } } };
    if (auth.identity.password?.user.password !== settings.password) {
      return {
        status: 401,
        body: { error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' } },
      };
    }
    const id = `token-${logins}`;
    valid.add(id);
    return { status: 201, headers: { 'x-subject-token': id }, body: { token: tokenBody(url, settings) } };
  }

  function answer(request: Received, response: ServerResponse): ReturnType<Route> {
    const key = `${request.method} ${request.path.split('?')[0]}`;
    if (key === 'POST /identity/v3/auth/tokens') return logIn(request);
    if (key === 'GET /compute/v2.1/') return { body: { version: { version: settings.microversions.compute, min_version: '2.1' } } };
    if (key === 'GET /volume/v3/')
      return { status: 300, body: { versions: [{ version: settings.microversions.volume, min_version: '3.0' }] } };
    received.push(request);
    if (!valid.has(String(request.headers['x-auth-token'])))
      return { status: 401, body: { error: { code: 401, title: 'Unauthorized', message: 'no' } } };
    const route = routes.get(key);
    return route ? route(request, response) : { status: 404, body: { itemNotFound: { code: 404, message: `no route ${key}` } } };
  }

  const server = createServer((incoming, response) => {
    const serve = async () => {
      const body = await readBody(incoming);
      const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body };
      const result = answer(request, response);
      if (!result) return;
      const text = typeof result.body === 'string' ? result.body : result.body === undefined ? '' : JSON.stringify(result.body);
      response.writeHead(result.status ?? 200, {
        'content-type': 'application/json',
        'x-openstack-request-id': `req-${received.length}`,
        ...result.headers,
      });
      response.end(text);
    };
    void serve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    config: configFor(url),
    received,
    logins: () => logins,
    revokeTokens: () => valid.clear(),
    settings,
    routes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A config for user u of project p, with the right password unless told otherwise. */
export function configFor(url: string, password = 'right'): CloudConfig {
  const auth = {
    auth_url: `${url}/identity/v3`,
    username: 'u',
    password,
    project_name: 'p',
    user_domain_id: 'default',
    project_domain_id: 'default',
  };
  return parseCloudConfig({ cloudsYaml: JSON.stringify({ clouds: { small: { auth, region_name: 'R1' } } }) });
}

function tokenBody(url: string, { lifetimeMs, hidden }: SmallCloud['settings']): object {
  const now = Date.now();
  return {
    user: { id: 'u1' },
    project: { id: 'p1', name: 'p' },
    roles: [{ name: 'member' }],
    issued_at: new Date(now).toISOString(),
    expires_at: new Date(now + lifetimeMs).toISOString(),
    catalog: SERVICES.filter(([type]) => !hidden.includes(type)).map(([type, path]) => ({
      type,
      name: type,
      endpoints: [{ interface: 'public', region: 'R1', region_id: 'R1', url: `${url}${path}` }],
    })),
  };
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** A clock that stands still until `advance` moves it; what falls due on the way is called in order. */
export function createTestClock(start = Date.now()): {
  now(): number;
  after(ms: number, call: () => void): () => void;
  advance(ms: number): void;
} {
  let now = start;
  const timers = new Set<{ at: number; call: () => void }>();
  return {
    now: () => now,
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...timers].filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.call();
      }
      now = end;
    },
  };
}

/** A clock that never makes anybody wait: each wait moves it on. */
export function createEagerClock(start = Date.now()): { now(): number; after(ms: number, call: () => void): () => void; waits: number[] } {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    after(ms, call) {
      waits.push(ms);
      now += ms;
      const handle = setImmediate(call);
      return () => clearImmediate(handle);
    },
  };
}
