import { createHash, randomUUID } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Application, annaInBrowser, openApplication } from './application.fixture.ts';
import { forgedCredentials, hostileTexts, refusedBodies, refusedQueries, refusedYaml } from './malicious-inputs.fixture.ts';
import type { PlatformRoute } from './methods.ts';
import { problems } from './problems.ts';

/** Paths, statements, names of libraries, traces: what tells an attacker how we are built. */
const internals =
  /\n\s+at |node_modules|node:internal|\/(?:home|root|usr|tmp)\/|\.(?:ts|js):\d|sqlite|mysql|drizzle|\bajv\b|fastify|FST_|SELECT .* FROM|\[object/i;

const limits = { known: 10_000_000, unknown: 10_000_000 };
const clusters = () => ({
  names: () => ['main'],
  of: () => ({ reason: 'ClusterNotReady', message: 'It is not connected.', passes: false }),
});

describe('malicious input', () => {
  let one: Application;
  let routes: readonly PlatformRoute[];
  beforeAll(async () => {
    one = await openApplication({ limits, clusters });
    routes = one.app.platformRoutes.filter(({ method }) => method !== 'HEAD');
  });
  afterAll(() => one.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  interface Attack {
    readonly method: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly payload?: string | Buffer;
    /** What was put in, which the answer may say back. */
    readonly text?: string;
  }
  const send = ({ method, url, headers, payload }: Attack) =>
    one.app.inject({
      method: method as Method,
      url,
      headers: { authorization: `Bearer ${one.token}`, ...headers },
      ...(payload !== undefined && { payload }),
    });
  /** The path of a route with a value for every parameter that names something, though nothing there is. */
  const pathOf = (url: string, value = 'none') => url.replaceAll(/:(\w+)/g, (_, name: string) => (name === 'revision' ? '1' : value));
  const writes = () => routes.filter(({ method }) => method !== 'GET');
  const json = { 'content-type': 'application/json' };

  function expectUnharmed(answer: LightMyRequestResponse, attack: Attack): void {
    const what = `${attack.method} ${attack.url.slice(0, 200)} ${String(attack.payload ?? '').slice(0, 80)}`;
    expect(answer.statusCode, `${what}: ${answer.body.slice(0, 300)}`).toBeLessThan(500);
    const said = JSON.stringify(attack.text ?? String(attack.payload ?? '')).slice(1, -1);
    if (answer.statusCode >= 400) expect(said === '' ? answer.body : answer.body.replaceAll(said, ''), what).not.toMatch(internals);
    expect(answer.body, what).not.toContain(one.token);
    expect(answer.headers['set-cookie'], what).toBeUndefined();
    expect(answer.headers['location'], what).toBeUndefined();
  }
  async function expectRefused(attack: Attack, status?: number): Promise<void> {
    const answer = await send(attack);
    expectUnharmed(answer, attack);
    const what = `${attack.method} ${attack.url.slice(0, 200)} ${String(attack.payload ?? '').slice(0, 80)}: ${answer.body.slice(0, 200)}`;
    if (status === undefined) expect(answer.statusCode, what).toBeGreaterThanOrEqual(400);
    else expect(answer.statusCode, what).toBe(status);
    expect(answer.headers['content-type'], what).toContain('application/problem+json');
    const { title, type, requestId } = answer.json<{ title: string; type: string; requestId: string }>();
    expect(Object.keys(problems), what).toContain(title);
    expect([type, requestId], what).toEqual([`/problems/${title}`, answer.headers['x-request-id']]);
  }

  it('is more than 200 kinds of it', () => {
    const all = [hostileTexts, refusedQueries, refusedBodies, refusedYaml, forgedCredentials];
    expect(all.reduce((sum, list) => sum + new Set(list.map((input) => JSON.stringify(input))).size, 0)).toBeGreaterThan(200);
  });

  it('in a part of the path is never found, on any route that has one', async () => {
    const withParts = routes.filter(({ url }) => url.includes(':'));
    expect(withParts.length).toBeGreaterThan(5);
    for (const { method, url } of withParts)
      for (const text of [...hostileTexts, 'a'.repeat(299)]) {
        // What a client itself resolves away arrives elsewhere.
        if (text === '.' || text === '..') continue;
        const attacked = url.replaceAll(/:(\w+)/g, encodeURIComponent(text));
        await expectRefused({ method, url: attacked, text, ...(method !== 'GET' && { headers: json, payload: '{}' }) });
      }
  });

  it('that is no path at all is refused', async () => {
    for (const url of [
      '/%',
      '/%zz',
      '/api/v1/%ff',
      '/problems/%0a',
      '/problems/%c0%ae%c0%ae',
      '/..%2f..%2fetc/passwd',
      '//evil.example/',
      '/api/docs/static/..%2f..%2f..%2fpackage.json',
      '/api/docs/static/%2e%2e/%2e%2e/package.json',
      '/metrics%2f..%2fapi',
    ])
      await expectRefused({ method: 'GET', url });
    // These are the Kubernetes API's, as everything below /api/v1 that is not ours.
    for (const url of [
      '/api/v1/audit%00',
      '/api/v1/namespaces/%00',
      '/api/v1/namespaces/..%2f..%2fx',
      `/api/v1/clusters/${'a'.repeat(2000)}/undeclared`,
    ]) {
      const answer = await send({ method: 'GET', url });
      expectUnharmed(answer, { method: 'GET', url });
      expect(answer.json(), url).toMatchObject({ kind: 'Status', status: 'Failure' });
    }
  });

  it('as the value of a parameter changes nothing and breaks nothing', async () => {
    const { paths } = one.app.swagger() as { paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>> };
    for (const { method, url } of routes) {
      const parameters = paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]?.parameters ?? [];
      const asked = parameters.filter((parameter) => parameter.in === 'query');
      // A third of them each, all of them for each route.
      for (const [at, { name }] of asked.entries())
        for (const text of hostileTexts.filter((_, index) => asked.length < 3 || (at + index) % 3 === 0)) {
          const attack = {
            method,
            url: `${pathOf(url)}?${name}=${encodeURIComponent(text)}`,
            text,
            ...(method !== 'GET' && { headers: json, payload: '{}' }),
          };
          expectUnharmed(await send(attack), attack);
        }
    }
    expect((await one.audit.verify({})).ok).toBe(true);
  });

  it('as a query is refused by every route that takes one', async () => {
    const { paths } = one.app.swagger() as { paths: Record<string, Record<string, { parameters?: { in: string }[] }>> };
    const asked = routes.filter(({ method, url }) =>
      paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]?.parameters?.some((parameter) => parameter.in === 'query'),
    );
    expect(asked.length).toBeGreaterThan(5);
    for (const { method, url } of asked)
      for (const query of refusedQueries)
        await expectRefused({ method, url: `${pathOf(url)}?${query}`, ...(method !== 'GET' && { headers: json, payload: '{}' }) });
  });

  it('as a body is refused by every route that writes', async () => {
    expect(writes().length).toBeGreaterThan(3);
    for (const { method, url } of writes())
      for (const payload of refusedBodies) await expectRefused({ method, url: pathOf(url), headers: json, payload });
  });

  it('of another type than JSON is refused by every route that writes', async () => {
    for (const { method, url } of writes()) {
      for (const type of [
        'text/plain',
        'text/html',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/xml',
        'application/json; charset=utf-7',
        'application/json5',
        'x',
        '*/*',
      ])
        await expectRefused({ method, url: pathOf(url), headers: { 'content-type': type }, payload: '{}' }, 415);
      for (const encoding of ['gzip', 'br', 'deflate, gzip', 'zstd'])
        await expectRefused({ method, url: pathOf(url), headers: { ...json, 'content-encoding': encoding }, payload: '{}' }, 415);
    }
  });

  it('larger than 3 MiB is refused by every route that writes', async () => {
    const payload = Buffer.alloc(3 * 1024 * 1024 + 1, ' ');
    for (const { method, url } of writes()) await expectRefused({ method, url: pathOf(url), headers: json, payload }, 413);
  });

  it('as YAML is refused where YAML is taken, in little time', async () => {
    for (const payload of refusedYaml)
      for (const type of ['application/yaml', 'text/x-yaml'])
        await expectRefused({ method: 'POST', url: '/api/v1/plan', headers: { 'content-type': type }, payload });
  });

  it('as YAML within JSON is refused alike', async () => {
    for (const text of refusedYaml) {
      const payload = JSON.stringify({ manifests: [{ file: '../../x', text }] });
      await expectRefused({ method: 'POST', url: '/api/v1/plan', headers: json, payload });
    }
  });

  it('as a credential is answered 401 by every route that is not open', async () => {
    const closed = routes.filter(({ access }) => access !== 'open');
    for (const { method, url } of closed)
      for (const headers of forgedCredentials) {
        const answer = await one.app.inject({ method: method as Method, url: pathOf(url), headers });
        expectUnharmed(answer, { method, url });
        expect([url, headers, answer.statusCode]).toEqual([url, headers, 401]);
      }
  });

  it('as a credential is answered 401 by the Kubernetes API', async () => {
    for (const headers of forgedCredentials)
      expect((await one.app.inject({ url: '/api/v1/secrets', headers })).json(), JSON.stringify(headers)).toMatchObject({
        kind: 'Status',
        code: 401,
      });
  });

  it('at the Kubernetes API is refused as Kubernetes does, and told nothing', async () => {
    const url = '/api/v1/namespaces/default/configmaps';
    for (const [type, bodies] of [
      ['application/json', refusedBodies],
      ['application/yaml', refusedYaml.slice(0, -2)],
    ] as const)
      for (const payload of bodies) {
        const attack = { method: 'POST', url, headers: { 'content-type': type }, payload };
        const answer = await send(attack);
        expectUnharmed(answer, attack);
        expect(answer.json(), String(payload).slice(0, 80)).toMatchObject({ kind: 'Status', status: 'Failure' });
      }
    for (const text of hostileTexts) {
      const attack = { method: 'GET', url: `${url}/${encodeURIComponent(text)}`, text };
      expectUnharmed(await send(attack), attack);
      const selector = {
        method: 'GET',
        url: `${url}?labelSelector=${encodeURIComponent(text)}&fieldSelector=${encodeURIComponent(text)}`,
        text,
      };
      expectUnharmed(await send(selector), selector);
    }
  });

  it('left nothing behind: no failure in the log, the chain of the audit whole, no prototype changed', async () => {
    expect(one.logged).toEqual([]);
    expect((await one.audit.verify({})).ok).toBe(true);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('a token', () => {
  it('that is over, or was replaced, is one nobody was given', async () => {
    const one = await openApplication({ limits });
    const expired = `sw-${'x'.repeat(43)}`;
    const hash = createHash('sha256').update(expired).digest('hex');
    await one.store.db
      .insert(one.store.tables.apiTokens)
      .values({ id: randomUUID(), name: 'old', user: 'anna', hash, createdAt: 1, expiresAt: 2 });
    const ask = async (token: string) =>
      (await one.app.inject({ url: '/api/v1/audit', headers: { authorization: `Bearer ${token}` } })).statusCode;
    expect(await ask(expired)).toBe(401);
    expect(await ask(one.token)).toBe(200);
    for (const altered of [one.token.slice(0, -1), `${one.token}x`, one.token.toUpperCase(), ` ${one.token}`, `${one.token} ${one.token}`])
      expect([altered, await ask(altered)]).toEqual([altered, 401]);
    await one.store.db.delete(one.store.tables.apiTokens);
    expect(await ask(one.token)).toBe(401);
    await one.close();
  });
});

describe('a page of another site', () => {
  it('can write through no route with the cookies of this one, and each attempt is in the audit', async () => {
    const one = await openApplication({ limits, clusters, ofCookie: annaInBrowser });
    const writes = one.app.platformRoutes.filter(({ method }) => !['GET', 'HEAD'].includes(method));
    const pages = [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'SAME-ORIGIN ' },
      { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' },
      ...['null', 'https://evil.example', 'http://localhost.evil.example', 'http://evil.example/http://localhost:80', 'file://', ''].map(
        (origin) => ({ origin }),
      ),
    ];
    let attempts = 0;
    for (const { method, url } of writes)
      for (const headers of pages) {
        const path = url.replaceAll(/:revision\b/g, '1').replaceAll(/:\w+/g, 'none');
        const answer = await one.app.inject({
          method: method as 'POST',
          url: path,
          headers: { 'content-type': 'application/json', ...headers },
          payload: '{}',
        });
        expect([url, headers, answer.json<{ title: string }>().title]).toEqual([url, headers, 'CrossSite']);
        attempts += 1;
      }
    const { items } = await one.audit.list({ result: 'denied' }, { limit: 500 });
    expect(items.filter(({ actor, message }) => actor === 'anna' && message.includes('another site'))).toHaveLength(attempts);
    await one.close();
  });
});
