import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import type { PlanRequest, SetPlan } from '#controller/engine/set-plan.ts';
import { createHistory } from '#controller/history/history.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { createMetrics } from '#controller/metrics.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { adminGroups, everywhereAs } from '../auth/identity.ts';
import { createTokens } from '../auth/tokens.ts';
import { createFileKeyProvider } from '../kube/encryption.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { recordAlongside } from '../kube-history.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { createServer } from '../server.ts';

export const volumes = '/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/volumes';
export const objects = '/api/v1/objects/Volume/default/data';
const began = Date.parse('2026-11-25T10:00:00Z');

/** The time so many requests after the start. */
export const iso = (seconds: number) => new Date(began + seconds * 1000).toISOString();

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

/** The whole application over an empty database, asked by anna with kubectl; every request is a second later than the one before. */
export interface HistoryApp {
  readonly store: Store;
  readonly audit: Audit;
  /** What the planner was asked. */
  readonly planned: readonly PlanRequest[];
  now(): number;
  get(url: string): Promise<Answer>;
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object): Promise<Answer>;
  /** Makes the volume `data`. */
  declare(sizeGiB?: number): Promise<Answer>;
  grow(sizeGiB: number, more?: object): Promise<Answer>;
  /** Listens, and answers the data directory a command finds it by. */
  serve(): Promise<string>;
  close(): Promise<void>;
}

export async function openHistoryApp(): Promise<HistoryApp> {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-history-api-'));
  const planned: PlanRequest[] = [];
  let now = began;
  const clock = { now: () => now, after: () => () => undefined };
  const store = await openStore('sqlite::memory:');
  const audit = createAudit(store, { clock });
  const tokens = createTokens(store);
  const anna = tokens.issueForProcess({ user: 'anna', groups: adminGroups, grants: [everywhereAs('super_admin')], how: 'process' });
  const history = createHistory(store, { clock });
  await history.complete(nothing());
  const planner = {
    plan: async (request: PlanRequest): Promise<SetPlan> => {
      planned.push(request);
      return { objects: [], gaps: [{ cluster: 'main', reason: 'Unreachable', message: 'no answer' }] };
    },
  };
  const definitions = resourceDefinitions();
  const app = await createServer({
    audit,
    tokens,
    metrics: createMetrics(),
    log: () => undefined,
    history: { history, kinds: definitions, clock },
    planner: () => planner,
    clusters: () => undefined,
    kube: {
      store: createObjectStore(store, { alongside: recordAlongside(history) }),
      resources: definitions,
      keyProvider: createFileKeyProvider(join(room, 'encryption.key')),
      clock,
    },
    notReady: async () => [],
  });
  const call: HistoryApp['call'] = async (method, url, payload) => {
    now += 1000;
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const reply = await app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${anna}`,
        'user-agent': 'kubectl/v1.32.0 (linux/amd64) kubernetes/70d3cc9',
        ...(payload ? { 'content-type': type } : {}),
      },
      ...(payload ? { payload } : {}),
    });
    return { status: reply.statusCode, type: String(reply.headers['content-type']), body: reply.json<Record<string, unknown>>() };
  };
  return {
    store,
    audit,
    planned,
    now: () => now,
    call,
    get: (url) => call('GET', url),
    declare: (sizeGiB = 1) =>
      call('POST', volumes, {
        apiVersion: 'openstack.stackwarden.io/v1alpha1',
        kind: 'Volume',
        metadata: { name: 'data' },
        spec: { clusterRef: { name: 'main' }, sizeGiB },
      }),
    grow: (sizeGiB, more = {}) => call('PATCH', `${volumes}/data`, { spec: { sizeGiB, ...more } }),
    async serve() {
      const server = await app.listen({ host: '127.0.0.1', port: 0 });
      writeKubeconfig(join(room, 'kubeconfig'), { server, ca: '', user: 'anna', token: anna });
      return room;
    },
    async close() {
      await app.close();
      await store.close();
      rmSync(room, { recursive: true });
    },
  };
}

async function* nothing(): AsyncGenerator<[]> {}
