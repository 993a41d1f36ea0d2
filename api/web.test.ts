import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { addConventions } from './http/conventions.ts';
import { addWeb } from './web.ts';

describe('the web at the server', () => {
  let app: FastifyInstance;
  const dir = mkdtempSync(join(tmpdir(), 'stackwarden-web-'));
  mkdirSync(join(dir, 'assets'));
  writeFileSync(join(dir, 'assets/index-abc.js'), 'export {};');
  writeFileSync(join(dir, 'assets/index-abc.js.br'), 'packed');
  writeFileSync(join(dir, 'before-paint.js'), '// first');

  const open = async () => {
    app = fastify();
    await addConventions(app, { log: () => undefined });
    await addWeb(app, dir);
  };
  const get = (url: string, headers = {}) => app.inject({ method: 'GET', url, headers });

  afterEach(() => app.close());

  it('says how to build it where it is not built', async () => {
    await open();
    const { statusCode, body } = await get('/');
    expect(statusCode).toBe(503);
    expect(body).toContain('npm run build:web');
  });

  describe('once it is built', () => {
    const opened = async () => {
      writeFileSync(join(dir, 'index.html'), '<!doctype html><title>Stackwarden</title>');
      await open();
    };

    it.each(['/', '/drift?cause=missing', '/resources/server/main/4f', '/sign-in', '/no/such/page'])(
      'answers %s with its page',
      async (url) => {
        await opened();
        const { statusCode, headers, body } = await get(url);
        expect(statusCode).toBe(200);
        expect(headers['content-type']).toBe('text/html; charset=utf-8');
        expect(headers['cache-control']).toBe('no-cache');
        expect(body).toContain('<title>Stackwarden</title>');
      },
    );

    it('lets its page run nothing that stands inline and nothing from outside', async () => {
      await opened();
      const policy = String((await get('/')).headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('unsafe');
    });

    it.each(['/api/v2/nothing', '/apis', '/metrics/x', '/problems', '/openapi'])('never answers %s with a page', async (url) => {
      await opened();
      const { statusCode, headers } = await get(url);
      expect(statusCode).toBe(404);
      expect(headers['content-type']).toContain('application/problem+json');
    });

    it('lets browsers keep what is named after its content, packed as they take it', async () => {
      await opened();
      const { headers, body } = await get('/assets/index-abc.js', { 'accept-encoding': 'br' });
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers['content-encoding']).toBe('br');
      expect(body).toBe('packed');
      expect((await get('/before-paint.js')).headers['cache-control']).toBe('no-cache');
    });

    it('lets a script that runs as a worker ask this server, and nobody else', async () => {
      await opened();
      const policy = String((await get('/assets/index-abc.js')).headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'self';");
    });

    it('has no file but its own', async () => {
      await opened();
      expect((await get('/assets/none.js')).statusCode).toBe(404);
      expect((await get('/assets/..%2f..%2fetc%2fpasswd')).statusCode).toBe(404);
      expect((await get('/assets/%2e%2e/%2e%2e/index.html')).body).not.toContain('root:');
    });
  });
});
