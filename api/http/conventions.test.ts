import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenStackError } from '#controller/openstack/errors.ts';
import { type Application, annaInBrowser, csrfOfAnna, openApplication } from './application.fixture.ts';

describe('every answer', () => {
  let one: Application;
  beforeAll(async () => {
    one = await openApplication();
  });
  afterAll(() => one.close());
  const get = (url: string, headers: Record<string, string> = {}) =>
    one.app.inject({ url, headers: { authorization: `Bearer ${one.token}`, ...headers } });

  it.each(['/healthz', '/api/v1/audit', '/api/v1/namespaces', '/nothing', '/api/v1/audit?limit=x', '/%zz', `/problems/${'x'.repeat(400)}`])(
    'carries the headers that keep browsers careful: %s',
    async (url) => {
      const { headers } = await get(url);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'permissions-policy': expect.stringContaining('camera=()'),
        'cache-control': expect.stringMatching(/^no-/),
        'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );

  it('keeps a request id that is well-formed, in header and problem, and makes one of its own for any other', async () => {
    const kept = await get('/api/v1/nothing/here/at/all/of/it/x', { 'x-request-id': 'ci-run.4711_a' });
    expect(kept.headers['x-request-id']).toBe('ci-run.4711_a');
    const refused = await get('/api/v1/audit?limit=x', { 'x-request-id': 'ci-run.4711_a' });
    expect(refused.json()).toMatchObject({ type: '/problems/BadRequest', title: 'BadRequest', requestId: 'ci-run.4711_a' });
    for (const wrong of ['short', 'x'.repeat(65), 'with space in it', '<script>alert(1)</script>', '-leading-hyphen'])
      expect((await get('/healthz', { 'x-request-id': wrong })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names methods there are where one is missing, for any path of the platform', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const answer = await one.app.inject({ method, url: '/api/v1/audit', payload: 'x', headers: { 'content-type': 'text/plain' } });
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
      expect(answer.json()).toMatchObject({ title: 'MethodNotAllowed', detail: expect.stringContaining('GET, HEAD, OPTIONS') });
    }
    const options = await one.app.inject({ method: 'OPTIONS', url: '/api/v1/plan' });
    expect([options.statusCode, options.headers.allow, options.body]).toEqual([204, 'OPTIONS, POST', '']);
  });

  it('is the same with a slash at the end, and has no body for HEAD', async () => {
    expect((await get('/api/v1/audit/')).statusCode).toBe(200);
    const head = await one.app.inject({ method: 'HEAD', url: '/api/v1/audit', headers: { authorization: `Bearer ${one.token}` } });
    expect([head.statusCode, head.body]).toEqual([200, '']);
  });

  it('is 304 without a body for whoever has it already', async () => {
    const first = await get('/api/v1/problems');
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    for (const known of [etag, '*', `"other", ${etag}`, etag.slice(2)]) {
      const again = await get('/api/v1/problems', { 'if-none-match': known });
      expect([known, again.statusCode, again.body, again.headers.etag]).toEqual([known, 304, '', etag]);
    }
    expect((await get('/api/v1/problems', { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });
});

describe('a body', () => {
  let one: Application;
  beforeAll(async () => {
    one = await openApplication();
  });
  afterAll(() => one.close());
  const post = (headers: Record<string, string>, payload: string | Buffer) =>
    one.app.inject({ method: 'POST', url: '/api/v1/plan', headers: { authorization: `Bearer ${one.token}`, ...headers }, payload });

  it.each([
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'multipart/form-data; boundary=x' }],
    [{ 'content-type': 'application/json; charset=utf-16' }],
    [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }],
    [{ 'content-type': 'application/jsonx' }],
  ])('is taken as JSON in UTF-8 only: not %j', async (headers: Record<string, string>) => {
    expect((await post(headers, '{"manifests":""}')).json()).toMatchObject({ status: 415, title: 'UnsupportedMediaType' });
  });

  it.each([
    '{',
    '{"a":1,"a":2}',
    '{"__proto__":{"x":1}}',
    '{"a":1e999}',
    '{"a":"\\u0000"}',
    '{"a":"\\ud800"}',
    '['.repeat(65) + ']'.repeat(65),
  ])('that reads in two ways or none is refused: %s', async (payload) => {
    expect((await post({ 'content-type': 'application/json' }, payload)).json()).toMatchObject({ status: 400, title: 'MalformedBody' });
  });

  it('in bad UTF-8 is refused, as JSON and as YAML', async () => {
    for (const type of ['application/json', 'application/yaml'])
      expect((await post({ 'content-type': type }, Buffer.from([0x22, 0xc3, 0x28, 0x22]))).json()).toMatchObject({
        title: 'MalformedBody',
      });
  });

  it('may hold whatever JSON can say in one way', async () => {
    const manifests = 'a: "{\\" [,:" # \\u0000 \u{1f600}';
    const answer = await post({ 'content-type': 'application/json; charset=UTF-8' }, JSON.stringify({ manifests, namespace: 'a-1' }));
    expect(answer.json()).toMatchObject({ title: 'BadManifests' });
  });
});

describe('a failure', () => {
  it('of a cloud is told in its words with its request id, and one of ours in none', async () => {
    const one = await openApplication();
    const failing = new OpenStackError({
      cloud: 'main',
      service: 'compute',
      method: 'POST',
      path: '/servers',
      kind: 'http',
      status: 403,
      detail: 'Quota exceeded for cores',
      requestId: 'req-77',
      mayHaveActed: false,
    });
    one.audit.list = async () => Promise.reject(failing);
    const ask = () =>
      one.app.inject({ url: '/api/v1/audit', headers: { authorization: `Bearer ${one.token}`, 'x-request-id': 'ask-0001' } });
    expect((await ask()).json()).toMatchObject({
      status: 409,
      title: 'CloudRefused',
      detail: 'Cloud main (compute): Quota exceeded for cores',
      upstream: { cloud: 'main', service: 'compute', status: 403, requestId: 'req-77' },
    });
    one.audit.list = async () => Promise.reject(new Error('secret-in-message'));
    const answer = await ask();
    expect(answer.json()).toMatchObject({ status: 500, title: 'InternalError', requestId: 'ask-0001' });
    expect(answer.body).not.toContain('secret-in-message');
    expect(one.logged.join()).toContain('"requestId":"ask-0001"');
    await one.close();
  });
});

describe('too many requests', () => {
  it('are refused by person and by unknown address, each with when to come again', async () => {
    const one = await openApplication({ limits: { known: 3, unknown: 2 } });
    const known = () => one.app.inject({ url: '/api/v1/audit', headers: { authorization: `Bearer ${one.token}` } });
    const unknown = (url: string) => one.app.inject({ url, remoteAddress: '192.0.2.7' });
    const first = await known();
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': '2', 'ratelimit-reset': '60' });
    await known();
    expect((await known()).statusCode).toBe(200);
    const refused = await known();
    expect([refused.statusCode, Number(refused.headers['retry-after']) > 0]).toEqual([429, true]);
    expect(refused.json()).toMatchObject({ type: '/problems/TooManyRequests', title: 'TooManyRequests' });

    expect((await unknown('/api/v1/audit')).statusCode).toBe(401);
    expect((await unknown('/api/v1/namespaces')).statusCode).toBe(401);
    const kube = await unknown('/api/v1/namespaces');
    expect(kube.json()).toMatchObject({ kind: 'Status', code: 429, reason: 'TooManyRequests' });
    expect(kube.headers['retry-after']).toBeDefined();
    expect((await one.app.inject({ url: '/api/v1/audit', remoteAddress: '192.0.2.8' })).statusCode).toBe(401);
    expect((await unknown('/healthz')).statusCode).toBe(200);
    await one.close();
  });
});

describe('a page of another site', () => {
  let one: Application;
  beforeAll(async () => {
    one = await openApplication({ ofCookie: annaInBrowser });
  });
  afterAll(() => one.close());
  const post = (url: string, headers: Record<string, string>) =>
    one.app.inject({
      method: 'POST',
      url,
      headers: { host: 'warden.example', 'content-type': 'application/json', 'x-csrf-token': csrfOfAnna, ...headers },
      payload: '{"manifests":""}',
    });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://warden.example:81' }],
  ])('cannot write with the cookies of this one, at either API, and it is recorded: %j', async (headers: Record<string, string>) => {
    expect((await post('/api/v1/plan', headers)).json()).toMatchObject({ status: 403, title: 'CrossSite' });
    expect((await post('/api/v1/namespaces/default/configmaps', headers)).json()).toMatchObject({
      kind: 'Status',
      code: 403,
      reason: 'Forbidden',
    });
    const { items } = await one.audit.list({ result: 'denied' }, { limit: 1 });
    expect(items[0]).toMatchObject({ actor: 'anna', type: 'Denied', message: expect.stringContaining('another site') });
  });

  it.each([[{}], [{ 'sec-fetch-site': 'same-origin' }], [{ 'sec-fetch-site': 'none' }], [{ origin: 'http://warden.example' }]])(
    'is none of: %j',
    async (headers: Record<string, string>) => {
      expect((await post('/api/v1/plan', headers)).json()).toMatchObject({ title: 'BadManifests' });
    },
  );

  it('may be told of, as long as a token is sent instead of a cookie', async () => {
    const answer = await post('/api/v1/plan', { authorization: `Bearer ${one.token}`, 'sec-fetch-site': 'cross-site' });
    expect(answer.json()).toMatchObject({ title: 'BadManifests' });
  });
});

describe('over TLS', () => {
  it('browsers are told to stay there, but for a name of this machine, which other programs share', async () => {
    const one = await openApplication({ trustProxy: ['127.0.0.1'] });
    const forwarded = (host: string) =>
      one.app.inject({ url: '/healthz', headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': host } });
    expect((await forwarded('warden.example')).headers['strict-transport-security']).toMatch(/^max-age=\d{8}$/);
    expect((await forwarded('localhost')).headers).not.toHaveProperty('strict-transport-security');
    await one.close();
  });

  it('forwarded headers of a stranger are not believed', async () => {
    const one = await openApplication();
    const url = await one.app.listen({ host: '127.0.0.1', port: 0 });
    const headers = await new Promise<NodeJS.Dict<string | string[]>>((resolve, reject) => {
      const { port } = one.app.server.address() as AddressInfo;
      request({ port, path: '/healthz', headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'warden.example' } }, (answer) => {
        answer.resume();
        resolve(answer.headers);
      })
        .on('error', reject)
        .end();
    });
    expect(url).toMatch(/^http:/);
    expect(headers).not.toHaveProperty('strict-transport-security');
    await one.close();
  });
});
