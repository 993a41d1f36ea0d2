import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFileKeyProvider } from './encryption.ts';
import { kubeApi } from './kube-api.ts';
import { MemoryObjectStore } from './memory-object-store.ts';
import { widget } from './widget.fixture.ts';

type Answer = Record<string, unknown> & { metadata: Record<string, unknown>; items: { metadata: { name: string } }[]; message: string };

let folder: string;
let app: FastifyInstance;
let store: MemoryObjectStore;
let logged: string[];

const widgets = '/apis/demo.stackwarden.io/v1alpha1/namespaces/default/widgets';
const maps = '/api/v1/namespaces/default/configmaps';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stackwarden-'));
  store = new MemoryObjectStore();
  logged = [];
  app = fastify();
  app.get('/api/v1/audit', async () => 'the platform');
  await app.register(kubeApi, {
    store,
    resources: [widget],
    authenticate: (request) => (request.headers.authorization === 'Bearer good' ? { user: 'ann', groups: [] } : undefined),
    keyProvider: createFileKeyProvider(join(folder, 'key')),
    onChange: () => {
      throw new Error('the audit is down');
    },
    log: (_level, message) => logged.push(message),
  });
});

afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function send(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ code: number; body: Answer; text: string; headers: Record<string, unknown> }> {
  const response = await app.inject({
    method,
    url,
    headers: { authorization: 'Bearer good', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isJson =
    String(response.headers['content-type']).includes('json') && response.body.startsWith('{') && !response.body.includes('}\n{');
  return { code: response.statusCode, body: (isJson ? response.json() : {}) as Answer, text: response.body, headers: response.headers };
}

const make = (name: string, spec: object = { sizeGiB: 5 }, metadata: object = {}) => ({
  apiVersion: 'demo.stackwarden.io/v1alpha1',
  kind: 'Widget',
  metadata: { name, ...metadata },
  spec,
});

describe('requests', () => {
  test('of nobody known are answered 401', async () => {
    expect(await send('GET', widgets, undefined, { authorization: 'Bearer bad' })).toMatchObject({
      code: 401,
      body: { kind: 'Status', reason: 'Unauthorized' },
    });
  });

  test('leave the routes of the platform alone', async () => {
    expect((await send('GET', '/api/v1/audit')).text).toBe('the platform');
  });

  test('larger than 1.5 MiB are answered 413', async () => {
    const answer = await send('POST', maps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'big' },
      data: { a: 'x'.repeat(1_600_000) },
    });
    expect(answer).toMatchObject({ code: 413, body: { reason: 'RequestEntityTooLarge' } });
  });

  test('that fail inside tell nothing of it, and the log does', async () => {
    vi.spyOn(store, 'get').mockRejectedValueOnce(new Error('disk hunter2'));
    const answer = await send('GET', `${widgets}/a`);
    expect(answer).toMatchObject({ code: 500, body: { reason: 'InternalError' } });
    expect(answer.text).not.toContain('hunter2');
    expect(logged).toContain('a request failed');
  });

  test('are carried out even when the audit is down, and the log says so', async () => {
    expect((await send('POST', widgets, make('a'))).code).toBe(201);
    expect(logged).toContain('recording a change of an object failed');
  });

  test('for protobuf alone are answered in JSON, and for YAML in YAML', async () => {
    expect((await send('GET', widgets, undefined, { accept: 'application/vnd.kubernetes.protobuf' })).headers['content-type']).toBe(
      'application/json; charset=utf-8',
    );
    expect((await send('GET', '/api/v1/namespaces/default', undefined, { accept: 'application/yaml' })).text).toContain(
      'kind: Namespace\n',
    );
  });

  test('name no path that is not there', async () => {
    for (const path of [
      '/api/v1/gadgets',
      '/apis/none/v1',
      '/apis/none',
      `${widgets}/a/scale`,
      `${widgets}/a/b/c`,
      '/openapi/v3/none',
      '/api/v1/namespaces/%ff/configmaps/a',
    ]) {
      expect((await send('GET', path)).code, path).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('lists', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await send('POST', widgets, make(name, { sizeGiB: 5 }, { labels: { odd: String('ace'.includes(name)) } }));
  });

  test('come in pages that show one moment, whatever happens between them', async () => {
    const first = await send('GET', `${widgets}?limit=2`);
    expect(first.body.items.map((item) => item.metadata.name)).toEqual(['a', 'b']);
    expect(first.body.metadata.remainingItemCount).toBe(3);
    await send('DELETE', `${widgets}/c`);
    await send('POST', widgets, make('bb'));
    await send('PATCH', `${widgets}/d`, { spec: { sizeGiB: 9 } }, { 'content-type': 'application/merge-patch+json' });
    const second = await send('GET', `${widgets}?limit=2&continue=${String(first.body.metadata.continue)}`);
    expect(second.body.items).toMatchObject([{ metadata: { name: 'c' } }, { metadata: { name: 'd' }, spec: { sizeGiB: 5 } }]);
    const last = await send('GET', `${widgets}?limit=2&continue=${String(second.body.metadata.continue)}`);
    expect(last.body.items.map((item) => item.metadata.name)).toEqual(['e']);
    expect(last.body.metadata).toEqual({ resourceVersion: first.body.metadata.resourceVersion });
  });

  test('select before they count the page', async () => {
    const first = await send('GET', `${widgets}?limit=2&labelSelector=odd%3Dtrue`);
    expect(first.body.items.map((item) => item.metadata.name)).toEqual(['a', 'c']);
    const second = await send('GET', `${widgets}?limit=2&labelSelector=odd%3Dtrue&continue=${String(first.body.metadata.continue)}`);
    expect(second.body.items.map((item) => item.metadata.name)).toEqual(['e']);
    expect(second.body.metadata.continue).toBeUndefined();
  });

  test('can be of an exact version, until that is forgotten: 410', async () => {
    const { body } = await send('GET', `${widgets}?limit=2`);
    const version = String(body.metadata.resourceVersion);
    await send('DELETE', widgets);
    const then = `${widgets}?resourceVersion=${version}&resourceVersionMatch=Exact`;
    expect((await send('GET', then)).body.items).toHaveLength(5);
    await store.compact(1, 0);
    expect(await send('GET', then)).toMatchObject({ code: 410, body: { reason: 'Expired' } });
    expect(await send('GET', `${widgets}?limit=2&continue=${String(body.metadata.continue)}`)).toMatchObject({
      code: 410,
      body: { reason: 'Expired' },
    });
  });
});

describe('writes', () => {
  test('that change nothing keep the version', async () => {
    const made = await send('POST', widgets, make('a'));
    const again = await send('PUT', `${widgets}/a`, made.body);
    expect(again.body.metadata.resourceVersion).toBe(made.body.metadata.resourceVersion);
  });

  test('of many at once all count when they name no version', async () => {
    await send('POST', maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } });
    const patches = Array.from({ length: 20 }, (_, index) =>
      send('PATCH', `${maps}/m`, { data: { [`k${index}`]: 'v' } }, { 'content-type': 'application/merge-patch+json' }),
    );
    expect((await Promise.all(patches)).map(({ code }) => code)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(Object.keys((await send('GET', `${maps}/m`)).body.data as object)).toHaveLength(20);
  });

  test('cannot forge what the server keeps', async () => {
    const forged = {
      uid: 'mine',
      generation: 9,
      creationTimestamp: '2000-01-01T00:00:00Z',
      deletionTimestamp: '2000-01-01T00:00:00Z',
      managedFields: [{}],
    };
    const { body } = await send('POST', widgets, { ...make('a', { sizeGiB: 1 }, forged), status: { phase: 'Forged' } });
    expect(body.metadata).toMatchObject({ generation: 1 });
    expect(body.metadata.uid).not.toBe('mine');
    expect(body.metadata.deletionTimestamp).toBeUndefined();
    expect(body.metadata.managedFields).toBeUndefined();
    expect(body.status).toBeUndefined();
  });

  test('of a status do not touch the spec or the generation', async () => {
    await send('POST', widgets, make('a'));
    const { body } = await send(
      'PATCH',
      `${widgets}/a/status`,
      { spec: { sizeGiB: 9 }, metadata: { labels: { x: 'y' } }, status: { phase: 'Up' } },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect(body).toMatchObject({ spec: { sizeGiB: 5 }, status: { phase: 'Up' }, metadata: { generation: 1 } });
    expect(body.metadata.labels).toBeUndefined();
  });

  test('of secrets are encrypted where they are stored, in every place', async () => {
    const secrets = '/api/v1/namespaces/default/secrets';
    const applied = { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'hunter2' } };
    await send('POST', secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', ...applied }, stringData: { a: 'hunter2' } });
    await send('PATCH', `${secrets}/s`, { stringData: { b: 'hunter3' } }, { 'content-type': 'application/merge-patch+json' });
    const rows = JSON.stringify([await store.page('secrets', {}), await store.events(0, 100)]);
    expect(rows).not.toMatch(/hunter|aHVudGVy/);
    expect((await send('GET', `${secrets}/s`)).body.data).toEqual({ a: 'aHVudGVyMg==', b: 'aHVudGVyMw==' });
  });

  test('of a broken secret say nothing of what was in it', async () => {
    for (const body of [
      '{"kind":"Secret","hunter2',
      { kind: 'Secret', stringData: { a: 'hunter2' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'hunter2!' } },
    ]) {
      const { code, text } = await send('POST', '/api/v1/namespaces/default/secrets', body);
      expect(code).toBe(400);
      expect(text).not.toContain('hunter2');
    }
  });
});

describe('discovery', () => {
  test('is aggregated when asked for, in both versions', async () => {
    for (const version of ['v2', 'v2beta1']) {
      const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
      const { body, headers } = await send('GET', '/apis', undefined, { accept: `${type},application/json` });
      expect(String(headers['content-type']).replaceAll(/[" ]/g, '')).toContain(type);
      expect(body).toMatchObject({ apiVersion: `apidiscovery.k8s.io/${version}` });
      expect(JSON.stringify(body)).toContain('"resource":"widgets"');
    }
  });

  test('names groups, versions and resources one by one', async () => {
    expect((await send('GET', '/apis/demo.stackwarden.io')).body).toMatchObject({
      kind: 'APIGroup',
      preferredVersion: { version: 'v1alpha1' },
    });
    const { resources } = (await send('GET', '/apis/demo.stackwarden.io/v1alpha1')).body as unknown as { resources: { name: string }[] };
    expect(resources.map(({ name }) => name)).toEqual(['widgets', 'widgets/status']);
  });

  test('has an OpenAPI document for each version, found by its hash', async () => {
    const { paths } = (await send('GET', '/openapi/v3')).body as unknown as { paths: Record<string, { serverRelativeURL: string }> };
    expect(Object.keys(paths)).toContain('apis/demo.stackwarden.io/v1alpha1');
    const { body } = await send('GET', paths['apis/demo.stackwarden.io/v1alpha1']?.serverRelativeURL ?? '');
    expect(JSON.stringify(body)).toContain(
      '"x-kubernetes-group-version-kind":[{"group":"demo.stackwarden.io","version":"v1alpha1","kind":"Widget"}]',
    );
  });
});

test('a watch ends when the server does', async () => {
  const watching = send('GET', `${widgets}?watch=1&resourceVersion=1`);
  await send('POST', widgets, make('a'));
  await app.close();
  expect((await watching).text).toMatch(/^\{"type":"ADDED","object":\{"apiVersion":"demo\.stackwarden\.io\/v1alpha1","kind":"Widget"/);
});
