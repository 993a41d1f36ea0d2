import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAudit } from '#controller/audit/audit.ts';
import { createMetrics } from '#controller/metrics.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { StoreError } from '#migrations/store-error.ts';
import { createTokens } from './auth/tokens.ts';
import { createFileKeyProvider } from './kube/encryption.ts';
import type { ObjectStore } from './kube/object-store.ts';
import { createObjectStore } from './kube/sql-object-store.ts';
import { createServer } from './server.ts';

describe('the HTTP application', () => {
  const dir = mkdtempSync(join(tmpdir(), 'stackwarden-server-'));
  let store: Store;
  let app: FastifyInstance;
  let token: string;
  let reasons: string[];
  let isDiskFull: boolean;

  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    token = await createTokens(store).ensureFirstAdmin(join(dir, 'admin-password'));
    reasons = [];
    isDiskFull = false;
    app = await serverOn(failingWhenFull(createObjectStore(store)));
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });

  const serverOn = (objects: ObjectStore) =>
    createServer({
      audit: createAudit(store, { clock: { now: Date.now } }),
      tokens: createTokens(store),
      metrics: createMetrics(),
      log: () => undefined,
      kube: { store: objects, resources: [], keyProvider: createFileKeyProvider(join(dir, 'encryption.key')) },
      clusters: () => undefined,
      notReady: async () => reasons,
    });
  const get = (url: string, bearer?: string) => app.inject({ url, headers: bearer ? { authorization: `Bearer ${bearer}` } : {} });

  it.each(['/metrics', '/api/v1/audit', '/api/v1/audit/verify'])('asks for a token at %s and says where it is', async (url) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(answer.json<{ detail: string }>().detail).toContain('admin-password');
    expect((await get(url, 'sw-somebody-elses-token-of-enough-length')).statusCode).toBe(401);
    expect((await get(url, token)).statusCode).toBe(200);
  });

  it('asks for a token before it tells of clusters, and says that the controller is starting', async () => {
    const url = '/api/v1/clusters/main/undeclared';
    expect((await get(url)).statusCode).toBe(401);
    expect((await get(url, token)).json()).toMatchObject({ status: 503, title: 'Starting' });
  });

  it('answers an unknown token at the Kubernetes API as Kubernetes does', async () => {
    expect((await get('/api/v1/namespaces')).json()).toMatchObject({ kind: 'Status', code: 401, reason: 'Unauthorized' });
    expect((await get('/api/v1/namespaces', token)).json()).toMatchObject({ kind: 'NamespaceList' });
  });

  it('lets probes in without a token and tells what it waits for', async () => {
    expect((await get('/healthz')).body).toBe('ok');
    expect((await get('/readyz')).statusCode).toBe(200);
    reasons = ['the controller is starting'];
    const answer = await get('/readyz');
    expect([answer.statusCode, answer.body]).toEqual([503, 'the controller is starting']);
  });

  it('shows metrics in the text format', async () => {
    expect((await get('/metrics', token)).body).toContain('# TYPE openstack_requests_total counter');
  });

  it('keeps the first admin over restarts, readable by the owner alone, and makes a new one when the file is lost', async () => {
    const tokens = createTokens(store);
    expect(await tokens.ensureFirstAdmin(join(dir, 'admin-password'))).toBe(token);
    expect(statSync(join(dir, 'admin-password')).mode & 0o777).toBe(0o600);
    const renewed = await tokens.ensureFirstAdmin(join(dir, 'elsewhere'));
    expect(await tokens.authenticate(`Bearer ${token}`)).toBeUndefined();
    expect(await tokens.authenticate(`Bearer ${renewed}`)).toMatchObject({ user: 'admin' });
  });

  it('names the full disk to whoever writes, and takes the write once there is room', async () => {
    const create = () =>
      app.inject({
        method: 'POST',
        url: '/api/v1/namespaces/default/configmaps',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        payload: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } },
      });
    isDiskFull = true;
    const refused = await create();
    expect(refused.json()).toMatchObject({
      kind: 'Status',
      code: 503,
      reason: 'ServiceUnavailable',
      message: expect.stringContaining('Free some space'),
    });
    isDiskFull = false;
    expect((await create()).statusCode).toBe(201);
  });

  /** The store as it behaves when its disk is full; that a real full disk ends in this error is shown beside the store. */
  function failingWhenFull(real: ObjectStore): ObjectStore {
    const write: ObjectStore['write'] = (one) => {
      if (isDiskFull)
        return Promise.reject(new StoreError('full', 'The disk that holds stackwarden.db is full. Free some space and try again.'));
      return real.write(one);
    };
    return new Proxy(real, { get: (target, name) => (name === 'write' ? write : Reflect.get(target, name).bind?.(target)) });
  }

  it('starts on a database that takes two minutes to answer', async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const slow: ObjectStore = Object.assign(createObjectStore(store), {
      async version() {
        ask();
        await answered;
        return 0;
      },
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const starting = serverOn(slow);
      await asked;
      vi.advanceTimersByTime(120_000);
      answer();
      await (await starting).close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('stores no token, only its hash', async () => {
    const rows = await store.db.select().from(store.tables.apiTokens);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows).toHaveLength(1);
  });
});
