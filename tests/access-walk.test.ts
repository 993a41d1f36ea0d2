import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyRequest, RouteOptions } from 'fastify';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Access } from '#api/auth/gate.ts';
import { builtInRoles, permissions, rolePermissions } from '#api/auth/permissions.ts';
import { readSettings } from '#api/settings.ts';
import { type Running, start } from '#api/start.ts';

/** Marks a request of the walk: it ends where a handler would begin, so that nothing is done and no body has to be right. */
const mark = 'x-access-walk';
const letIn = 299;
const place = { cluster: 'main', namespace: 'shop' };
/** What is served to nobody in particular, such as the files of the web (the last); the Kubernetes API asks the table itself (see kube-access.test.ts). */
const outside =
  /^(?:\/healthz|\/api\/docs(?:\/.*)?|\/livez|\/readyz|\/api|\/api\/v1|\/api\/v1\/\*|\/apis|\/apis\/\*|\/version|\/openapi\/v3|\/openapi\/v3\/\*|\/\*)$/;

interface Route {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
}
interface Walker {
  readonly name: string;
  /** Undefined: nobody known. */
  readonly token?: string;
  readonly role?: (typeof builtInRoles)[number];
  readonly isLimited?: true;
}

const password = 'green tea at four';
const routes: Route[] = [];
const bare: string[] = [];
const walkers: Walker[] = [{ name: 'nobody' }];
let running: Running;
let agent: Agent;

beforeAll(async () => {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'stackwarden-walk-')), 'data');
  const settings = readSettings(['--data', dataDir, '--listen', '127.0.0.1:0', '--no-sandbox', '--log-level', 'error'], {});
  if (settings === 'help') throw new Error('unreachable');
  running = await start(settings, () => undefined, { onRoute: note });
  agent = new Agent({ connections: 4, connect: { ca: readFileSync(join(dataDir, 'tls/ca.crt'), 'utf8'), timeout: 60_000 } });
  const admin = { authorization: `Bearer ${readFileSync(join(dataDir, 'admin-password'), 'utf8').trim()}` };
  walkers.push(await settle(admin, 'without-role'));
  for (const role of builtInRoles) walkers.push({ ...(await settle(admin, `the-${role}`, { role })), role });
  walkers.push({ ...(await settle(admin, 'limited', { role: 'super_admin', ...place })), role: 'super_admin', isLimited: true });
}, 120_000);
afterAll(async () => {
  await agent?.close();
  await running?.stop();
});

/** Keeps what a route is, and has its handler step aside for the walk. */
function note(route: RouteOptions): void {
  const { method, url, config, handler } = route;
  const access = config?.access;
  if (config?.isMethodMissing) return;
  if (!access) return void bare.push(url);
  for (const each of [method].flat()) if (each !== 'HEAD') routes.push({ method: each, url, access });
  route.attachValidation = true;
  route.handler = function walk(asked, reply) {
    if (asked.headers[mark] !== undefined) return reply.code(letIn).send();
    if (asked.validationError) throw asked.validationError;
    return handler.call(this, asked, reply);
  };
}

/** A person with a token of their own. */
async function settle(admin: Record<string, string>, username: string, ...bindings: object[]): Promise<Walker> {
  await send('POST', '/api/v1/users', { username, password, bindings }, admin);
  const begun = await send('POST', '/api/v1/session', { username, password });
  const { csrf } = (await begun.body.json()) as { csrf: string };
  const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? '';
  const made = await send('POST', '/api/v1/me/tokens', { name: 'walk' }, { cookie, 'x-csrf-token': csrf });
  return { name: username, token: ((await made.body.json()) as { token: string }).token };
}

function send(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  return request(running.url + path, {
    method: method as 'GET',
    dispatcher: agent,
    // Of bytes as they come, and of all else.
    headers: {
      ...headers,
      ...(body !== undefined && { 'content-type': path.includes('/files/content') ? 'application/octet-stream' : 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Parts of the path that say where; any other is an id of nothing. */
const paramsOf = (url: string): Record<string, string> =>
  Object.fromEntries([...url.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, place[name as 'cluster'] ?? 'x']));

async function walk({ method, url }: Route, { token }: Walker): Promise<number> {
  const path = url.replaceAll(/:(\w+)(?:\([^)]*\))?/g, (_, name: string) => paramsOf(`:${name}`)[name] ?? 'x').replace('*', 'x');
  const headers = { [mark]: '1', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const query = new URLSearchParams(place).toString();
  const reply = await send(method, `${path}?${query}`, method === 'GET' ? undefined : place, headers);
  await reply.body.dump();
  return reply.statusCode;
}

/** What the table says. */
function expected({ url, access }: Route, { token, role, isLimited }: Walker): number | 'refused somehow' {
  if (access === 'open') return letIn;
  if (token === undefined) return 401;
  if (access === 'signed-in') return letIn;
  const { permission, at } = access;
  if (!role || !rolePermissions[role].includes(permission)) return 403;
  if (!isLimited || at === 'anywhere') return letIn;
  if (at === 'everywhere') return 403;
  try {
    const { cluster, namespace } = at({ params: paramsOf(url), query: place, body: place, headers: {} } as unknown as FastifyRequest);
    return cluster === place.cluster && namespace === place.namespace ? letIn : 403;
  } catch {
    return 'refused somehow';
  }
}

describe('every route of the platform', () => {
  it('says who may use it, by a row of the table', () => {
    expect(bare.filter((url) => !outside.test(url))).toEqual([]);
    expect(routes.length).toBeGreaterThan(40);
    for (const { url, access } of routes) if (typeof access !== 'string') expect(permissions, url).toHaveProperty([access.permission]);
  });

  it('lets in whom the table lets in, and nobody else', async () => {
    const wrong: string[] = [];
    for (const walker of walkers)
      await Promise.all(
        routes.map(async (route) => {
          const status = await walk(route, walker);
          const wanted = expected(route, walker);
          const isRight = wanted === 'refused somehow' ? status >= 400 : status === wanted;
          if (!isRight) wrong.push(`${walker.name}: ${route.method} ${route.url} answered ${status}, the table says ${wanted}`);
        }),
      );
    expect(wrong).toEqual([]);
  }, 120_000);

  it('is refused on the record', async () => {
    const root = walkers.find(({ role, isLimited }) => role === 'super_admin' && !isLimited)?.token ?? '';
    const reply = await send('GET', '/api/v1/audit?type=Denied&actor=limited&limit=500', undefined, { authorization: `Bearer ${root}` });
    const { items } = (await reply.body.json()) as { items: { message: string }[] };
    const refused = routes.filter((route) => walkers.some((walker) => walker.isLimited && expected(route, walker) === 403));
    expect(refused.length).toBeGreaterThan(10);
    for (const { method, url } of refused)
      expect(
        items.some(({ message }) => message.startsWith(`${method} ${url}: `)),
        `${method} ${url}`,
      ).toBe(true);
  });
});
