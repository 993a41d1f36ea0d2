import { mkdtempSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeKubeconfig } from '../kubeconfig.ts';
import { ensureTls } from '../tls.ts';
import { kubeconfigFile, requestJson, requestText } from './client.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

describe('the client of commands', () => {
  const seen: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = [];
  let answer: Answer;
  let server: Server;
  let dir: string;
  let kubeconfig: string;
  let ca: string;
  let url: string;

  beforeEach(async () => {
    seen.length = 0;
    answer = { status: 200, type: 'application/json', body: '{"fine":true}' };
    dir = mkdtempSync(join(tmpdir(), 'stackwarden-client-'));
    const tls = await ensureTls(join(dir, 'tls'), '127.0.0.1');
    server = createServer({ cert: tls.cert, key: tls.key }, (request, reply) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
        reply.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    ca = tls.ca;
    kubeconfig = join(dir, 'kubeconfig');
    writeKubeconfig(kubeconfig, { server: url, ca, user: 'admin', token: 'sesame' });
  });
  afterEach(async () => {
    await new Promise((done) => server.close(done));
  });

  it('takes server, CA and token from the kubeconfig and sends JSON', async () => {
    expect(await requestJson({ kubeconfig, method: 'POST', path: '/api/v1/things?all=1', body: { a: [1] } })).toEqual({ fine: true });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/v1/things?all=1',
        body: '{"a":[1]}',
        headers: { authorization: 'Bearer sesame', 'content-type': 'application/json' },
      },
    ]);
  });

  it('sends text as it is and gives the answer as it came', async () => {
    answer = { status: 200, type: 'text/plain', body: 'nothing to do\n' };
    const text = await requestText({ kubeconfig, method: 'POST', path: '/api/v1/plan', body: 'kind: Volume\n', accept: 'text/plain' });
    expect(text).toBe('nothing to do\n');
    expect(seen[0]).toMatchObject({ body: 'kind: Volume\n', headers: { 'content-type': 'application/yaml' } });
    expect(seen[0]?.headers.accept).toMatch(/^text\/plain,/);
  });

  it.each([
    [409, 'application/problem+json', '{"detail":"Cluster main is being listed."}', 'Cluster main is being listed.'],
    [404, 'application/json', '{"kind":"Status","message":"volumes \\"a\\" not found"}', 'volumes "a" not found'],
    [401, 'application/problem+json', '{"detail":"Send a token"}', 'does not take the token in '],
    [502, 'text/html', '<h1>Bad gateway</h1>', 'answered 502.'],
    [500, 'application/json', 'not JSON', 'answered 500.'],
  ])('words an answer of %i (%s)', async (status, type, body, message) => {
    answer = { status, type, body };
    await expect(requestJson({ kubeconfig, path: '/' })).rejects.toMatchObject({
      name: 'CommandError',
      message: expect.stringContaining(message),
    });
  });

  it('never shows the token', async () => {
    answer = { status: 401, type: 'application/json', body: '{}' };
    await expect(requestJson({ kubeconfig, path: '/' })).rejects.toThrow(expect.not.stringContaining('sesame'));
  });

  it('says that nothing listens, and where the address came from', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => free.once('listening', done));
    const { port } = free.address() as AddressInfo;
    await new Promise((done) => free.close(done));
    writeKubeconfig(kubeconfig, { server: `https://127.0.0.1:${port}`, ca, user: 'admin', token: 'sesame' });
    await expect(requestJson({ kubeconfig, path: '/' })).rejects.toThrow(
      `Nothing listens at https://127.0.0.1:${port}: is Stackwarden running? It is the server in ${kubeconfig}`,
    );
  });

  it('says that the certificate is not of the CA it knows', async () => {
    const other = await ensureTls(join(dir, 'other'), '127.0.0.1');
    writeKubeconfig(kubeconfig, { server: url, ca: other.ca, user: 'admin', token: 'sesame' });
    await expect(requestJson({ kubeconfig, path: '/' })).rejects.toThrow(`The certificate of ${url} does not fit the CA in ${kubeconfig}`);
  });

  it('says what to name when there is no kubeconfig, or no sensible one', async () => {
    await expect(requestJson({ kubeconfig: join(dir, 'none'), path: '/' })).rejects.toThrow('There is no kubeconfig at');
    writeFileSync(kubeconfig, 'just: text');
    await expect(requestJson({ kubeconfig, path: '/' })).rejects.toMatchObject({ name: 'CommandError' });
  });

  it('finds the kubeconfig of a data directory: flag, environment, ./data', () => {
    expect(kubeconfigFile({ kubeconfig: '/a/config', data: '/b' }, { STACKWARDEN_DATA: '/c' })).toBe('/a/config');
    expect(kubeconfigFile({ data: '/b' }, { STACKWARDEN_DATA: '/c' })).toBe('/b/kubeconfig');
    expect(kubeconfigFile({}, { STACKWARDEN_DATA: '/c' })).toBe('/c/kubeconfig');
    expect(kubeconfigFile({}, {})).toBe(join(process.cwd(), 'data/kubeconfig'));
  });
});
