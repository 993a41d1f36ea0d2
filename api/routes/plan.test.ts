import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createAudit } from '#controller/audit/audit.ts';
import type { ObjectPlan, PlanRequest, SetPlan } from '#controller/engine/set-plan.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { createMetrics } from '#controller/metrics.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { createTokens } from '../auth/tokens.ts';
import { createFileKeyProvider } from '../kube/encryption.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { createServer } from '../server.ts';

const apiVersion = 'openstack.stackwarden.io/v1alpha1';
const clusterRef = { name: 'main' };
const network = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion,
  kind: 'Network',
  metadata: { name, namespace: 'default', ...metadata },
  spec: { clusterRef, ...spec },
});
const networks = `/apis/${apiVersion}/namespaces/default/networks`;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** An object as kubectl apply leaves it. */
const applied = (object: ReturnType<typeof network>) => ({
  ...object,
  metadata: { ...object.metadata, annotations: { [lastApplied]: JSON.stringify(object) } },
});

interface Problem {
  readonly file?: string;
  readonly document?: number;
  readonly line?: number;
  readonly object?: string;
  readonly path: string;
  readonly message: string;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly body: SetPlan & {
    verdict: string;
    errors: Problem[];
    declarations: { kind: string; name: string; action: string; changes: unknown[] }[];
  };
}

describe('POST /api/v1/plan', () => {
  const dir = mkdtempSync(join(tmpdir(), 'stackwarden-plan-'));
  let store: Store;
  let app: FastifyInstance;
  let token: string;
  let asked: PlanRequest[];
  let isReady: boolean;
  let answer: (request: PlanRequest) => SetPlan;

  beforeAll(async () => {
    store = await openStore('sqlite::memory:');
    const tokens = createTokens(store);
    token = await tokens.ensureFirstAdmin(join(dir, 'admin-password'));
    const planner = {
      async plan(request: PlanRequest) {
        asked.push(request);
        return answer(request);
      },
    };
    app = await createServer({
      audit: createAudit(store, { clock: { now: Date.now } }),
      tokens,
      metrics: createMetrics(),
      log: () => undefined,
      kube: {
        store: createObjectStore(store),
        resources: resourceDefinitions(),
        keyProvider: createFileKeyProvider(join(dir, 'encryption.key')),
      },
      clusters: () => undefined,
      planner: () => (isReady ? planner : undefined),
      notReady: async () => [],
    });
  });
  beforeEach(() => {
    asked = [];
    isReady = true;
    answer = creating;
  });
  afterEach(async () => void (await app.inject({ method: 'DELETE', url: networks, headers: { authorization: `Bearer ${token}` } })));
  afterAll(async () => {
    await app.close();
    await store.close();
  });

  async function send(payload: string | object, headers: Record<string, string> = {}): Promise<Reply> {
    const isText = typeof payload === 'string';
    const reply = await app.inject({
      method: 'POST',
      url: '/api/v1/plan',
      headers: { authorization: `Bearer ${token}`, 'content-type': isText ? 'application/yaml' : 'application/json', ...headers },
      payload: isText ? payload : JSON.stringify(payload),
    });
    const type = String(reply.headers['content-type']).split(';')[0] ?? '';
    return { status: reply.statusCode, type, text: reply.body, body: (type.includes('json') ? reply.json() : {}) as Reply['body'] };
  }
  const plan = (...objects: object[]) => send(objects.map((object) => stringify(object)).join('---\n'));
  const kube = async (method: 'GET' | 'POST' | 'PUT', url: string, body?: object) => {
    const reply = await app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { payload: JSON.stringify(body) }),
    });
    expect(reply.statusCode, reply.body).toBeLessThan(300);
    return reply.json<Record<string, unknown>>();
  };
  const problems = ({ status, type, body }: Reply) => {
    expect([status, type]).toEqual([400, 'application/problem+json']);
    return body.errors;
  };

  describe('asks the planner about objects as they would be stored', () => {
    it('new ones with an identity of their own and no version', async () => {
      const { status, body } = await plan(network('front', { mtu: 1400 }));
      expect(status).toBe(200);
      expect(body).toMatchObject({ verdict: 'changes', objects: [{ action: 'create', name: 'front' }], gaps: [] });
      expect(asked).toMatchObject([
        { objects: [{ kind: 'Network', metadata: { uid: expect.stringMatching(/-/), resourceVersion: '', generation: 1 } }] },
      ]);
      expect(await kube('GET', networks)).toMatchObject({ items: [] });
    });

    it('existing ones with their status, and a generation that counts the change', async () => {
      const made = (await kube('POST', networks, network('front', { mtu: 1400 }))) as { metadata: { uid: string } };
      await plan(network('front', { mtu: 1300 }));
      expect(asked[0]?.objects).toMatchObject([{ metadata: { uid: made.metadata.uid, generation: 2 }, spec: { mtu: 1300 } }]);
      expect(await kube('GET', `${networks}/front`)).toMatchObject({ spec: { mtu: 1400 } });
    });

    it('without what is declared no more, but with what somebody else declared', async () => {
      const before = applied(network('front', { mtu: 1400, description: 'old' }));
      await kube('POST', networks, { ...before, spec: { ...before.spec, adminStateUp: false } });
      const { body } = await plan(network('front', { mtu: 1400 }));
      expect(asked[0]?.objects[0]?.spec).toEqual({ clusterRef, mtu: 1400, adminStateUp: false });
      expect(body.declarations).toMatchObject([{ action: 'update', changes: [{ path: 'spec.description', from: 'old', to: null }] }]);
    });

    it('in a namespace that the set itself makes', async () => {
      await kube('POST', networks, network('front'));
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
      const { status, body } = await plan(network('front', {}, { namespace: 'shop' }), namespace);
      expect(status).toBe(200);
      expect(asked[0]?.objects).toMatchObject([{ metadata: { name: 'front', namespace: 'shop' } }]);
      expect(body.declarations).toMatchObject([
        { kind: 'Network', action: 'create' },
        { kind: 'Namespace', action: 'create' },
      ]);
    });

    it('in the namespace that is asked for where they name none', async () => {
      await kube('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } });
      const { metadata: _metadata, ...rest } = network('front');
      await send({ manifests: stringify({ ...rest, metadata: { name: 'front' } }), namespace: 'elsewhere' });
      expect(asked[0]?.objects).toMatchObject([{ metadata: { namespace: 'elsewhere' } }]);
    });
  });

  it('leaves Clusters, Secrets and Namespaces out of the clouds, and counts them as declarations', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
      stringData: { 'clouds.yaml': 'hunter2' },
    };
    const cluster = {
      apiVersion,
      kind: 'Cluster',
      metadata: { name: 'far' },
      spec: { credentialsSecretRef: { namespace: 'default', name: 's' } },
    };
    const { body, text } = await plan(secret, cluster);
    expect(asked).toEqual([]);
    expect(body).toMatchObject({
      verdict: 'changes',
      declarations: [
        { kind: 'Secret', action: 'create' },
        { kind: 'Cluster', action: 'create' },
      ],
    });
    await kube('POST', '/api/v1/namespaces/default/secrets', secret);
    await kube('POST', `/apis/${apiVersion}/clusters`, cluster);
    expect((await plan(secret, cluster)).body.verdict).toBe('nothing');
    const changed = await plan({ ...secret, stringData: { 'clouds.yaml': 'hunter3' } });
    expect(changed.body.declarations).toMatchObject([{ action: 'update', changes: [] }]);
    expect(text + changed.text).not.toMatch(/hunter|aHVudGVy/);
  });

  it('plans nothing for what is declared already', async () => {
    answer = ({ objects }) => ({ objects: objects.map((object) => planned(object.metadata.name, 'none')), gaps: [] });
    await kube('POST', networks, network('front', { mtu: 1400 }));
    expect((await plan(network('front', { mtu: 1400 }))).body.verdict).toBe('nothing');
  });

  describe('answers', () => {
    it('text to who asks for text', async () => {
      const { type, text } = await send(stringify(network('front')), { accept: 'text/plain' });
      expect(type).toBe('text/plain');
      expect(text).toBe('+ Network default/front  (main)\nPlan: 1 to create.\n');
    });

    it('JSON to who asks for both, JSON first', async () => {
      expect((await send(stringify(network('front')), { accept: 'application/json, text/plain' })).type).toBe('application/json');
    });

    it('401 without a token and 503 while the controller starts', async () => {
      expect((await send('a: 1', { authorization: 'Bearer nobody-at-all-is-known-by-this' })).status).toBe(401);
      isReady = false;
      expect(await plan(network('front'))).toMatchObject({ status: 503, type: 'application/problem+json' });
    });

    it('413 to more than it takes', async () => {
      expect((await send('#'.repeat(3 * 1024 * 1024 + 1))).status).toBe(413);
      const many = Array.from({ length: 2001 }, (_, index) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c-${index}` } }));
      expect(problems(await send(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: many })))).toMatchObject([
        { message: expect.stringContaining('at most 2000') },
      ]);
    });
  });

  describe('names everything that is wrong', () => {
    it('at once, with file, line and field', async () => {
      const files = [
        { file: 'a.yaml', text: stringify(network('front', { mtuu: 1 })) },
        { file: 'b.yaml', text: `${stringify(network('back', { mtu: 'large' }))}---\nkind: [\n` },
        { file: 'c.yaml', text: stringify({ apiVersion, kind: 'Netwrok', metadata: { name: 'x' } }) },
      ];
      expect(problems(await send({ manifests: files }))).toEqual([
        { file: 'a.yaml', document: 1, line: 1, object: 'Network default/front', path: 'spec.mtuu', message: 'There is no such field.' },
        {
          file: 'b.yaml',
          document: 1,
          line: 1,
          object: 'Network default/back',
          path: 'spec.mtu',
          message: expect.stringContaining('must be of type integer'),
        },
        { file: 'b.yaml', document: 2, line: expect.any(Number), path: '', message: expect.any(String) },
        { file: 'c.yaml', document: 1, line: 1, path: 'kind', message: expect.stringContaining('has no kind Netwrok; it has Cluster, ') },
      ]);
      expect(asked).toEqual([]);
    });

    it('of an object that exists, too', async () => {
      await kube('POST', networks, network('front'));
      const found = problems(await plan(network('front', { mtuu: 1, mtu: 1400, tgas: [] })));
      expect(found.map(({ path }) => path)).toEqual(['spec.mtuu', 'spec.tgas']);
    });

    it('the same object twice, unless it says the same', async () => {
      const files = [
        { file: 'a.yaml', text: stringify(network('front')) },
        { file: 'b.yaml', text: `# twice\n${stringify(network('front', { mtu: 1400 }))}` },
      ];
      expect(problems(await send({ manifests: files }))).toMatchObject([
        { file: 'b.yaml', line: 2, object: 'Network default/front', message: expect.stringContaining('a.yaml:1') },
      ]);
      expect((await plan(network('front'), network('front'))).body.objects).toHaveLength(1);
    });

    it('a group and a namespace that are not there', async () => {
      expect(problems(await plan({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' } }))).toMatchObject([
        { path: 'kind', message: expect.stringContaining('knows no apps/v1') },
      ]);
      expect(problems(await plan(network('front', {}, { namespace: 'nowhere' })))).toMatchObject([
        { path: 'metadata.namespace', message: expect.stringContaining('no namespace nowhere') },
      ]);
    });

    it('an empty set', async () => {
      expect(problems(await send('---\n'))).toMatchObject([{ message: expect.stringContaining('no object in body') }]);
    });

    it('a request of another shape', async () => {
      const found = problems(await send({ manifests: [{ file: 'a', yaml: '' }], prune: { all: true } }));
      expect(found.map(({ path }) => path).toSorted()).toEqual(['manifests.0.text', 'manifests.0.yaml', 'prune.all']);
      expect(problems(await send({ manifests: stringify(network('front')), prune: {} }))).toMatchObject([{ path: 'prune' }]);
    });
  });

  describe('a prune', () => {
    beforeEach(async () => {
      for (const name of ['front', 'back']) await kube('POST', networks, applied(network(name, {}, { labels: { app: 'shop' } })));
      await kube('POST', networks, applied(network('other', {}, { labels: { app: 'blog' } })));
      await kube('POST', networks, network('by-hand', {}, { labels: { app: 'shop' } }));
      answer = ({ objects, deleted = [] }) => ({
        objects: [
          ...objects.map((object) => planned(object.metadata.name, 'none')),
          ...deleted.map((object) => planned(object.metadata.name, 'delete')),
        ],
        gaps: [],
      });
    });
    const manifests = stringify(network('front', {}, { labels: { app: 'shop' } }));
    const deleted = () => asked[0]?.deleted?.map(({ metadata }) => metadata.name) ?? [];

    it('is never implied', async () => {
      await send({ manifests });
      expect(deleted()).toEqual([]);
    });

    it('takes what was applied, fits the selector, and is not in the set', async () => {
      const { body } = await send({ manifests, prune: { selector: 'app=shop' } });
      expect(deleted()).toEqual(['back']);
      expect(body).toMatchObject({ verdict: 'changes', objects: [{ action: 'none' }, { action: 'delete', name: 'back' }] });
      expect(body.declarations).toMatchObject([
        { name: 'front', action: 'none' },
        { name: 'back', action: 'delete' },
      ]);
    });

    it('takes all of a namespace when that is asked for', async () => {
      await send({ manifests, prune: { namespace: 'default' } });
      expect(deleted().toSorted()).toEqual(['back', 'other']);
    });

    it('with no manifests at all needs to be told that this is meant', async () => {
      expect(problems(await send({ manifests: '', prune: { selector: 'app=shop' } }))).toMatchObject([
        { message: expect.stringContaining('allowEmpty') },
      ]);
      await send({ manifests: '', prune: { selector: 'app=shop', allowEmpty: true } });
      expect(deleted().toSorted()).toEqual(['back', 'front']);
    });

    it('refuses a selector that is none', async () => {
      expect(problems(await send({ manifests, prune: { selector: 'app==shop==x' } }))).toMatchObject([{ path: 'prune.selector' }]);
    });
  });

  it('is shown as warnings by a dry run of kubectl', async () => {
    const reply = await app.inject({
      method: 'POST',
      url: `${networks}?dryRun=All`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: JSON.stringify(network('front')),
    });
    expect(reply.headers['warning']).toEqual(['299 - "plan: would create Network default/front on main"']);
  });
});

function planned(name: string, action: ObjectPlan['action']): ObjectPlan {
  return { kind: 'Network', namespace: 'default', name, cluster: 'main', action, changes: [], losesData: false };
}

function creating({ objects }: PlanRequest): SetPlan {
  return { objects: objects.map((object) => ({ ...planned(object.metadata.name, 'create'), kind: object.kind })), gaps: [] };
}
