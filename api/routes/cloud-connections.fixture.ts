import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ne } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import { createClusterSights } from '#controller/cluster-sights.ts';
import type { Connections } from '#controller/connections.ts';
import { createHealthRecords, type HealthRecords } from '#controller/health/records.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { createMetrics } from '#controller/metrics.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { adminGroups, everywhereAs, type Grant } from '../auth/identity.ts';
import { createTokens } from '../auth/tokens.ts';
import { openKeys } from '../keys/key-source.ts';
import { createKeyRotation } from '../keys/rotation.ts';
import type { ObjectStore, Write } from '../kube/object-store.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { auditKubeChange } from '../kube-audit.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { createServer } from '../server.ts';

export const planted = 'planted-horse-battery';
export const clustersInKube = '/apis/openstack.stackwarden.io/v1alpha1/clusters';

/** One entry of a clouds.yaml. */
export function entry(authUrl = 'https://keystone.example/v3', password = planted) {
  const domains = { user_domain_name: 'Default', project_domain_name: 'Default' };
  return { auth: { auth_url: authUrl, username: 'warden', password, project_name: 'shop', ...domains }, region_name: 'R1' };
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

type Who = 'anna' | 'victor' | 'olga';
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The whole application over an empty database, without a controller. anna is super_admin, victor a viewer, olga an operator of `lab` alone. */
export interface ConnectionsApp {
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly audit: Audit;
  readonly health: HealthRecords;
  call(method: Method, url: string, payload?: object, options?: { who?: Who; headers?: Record<string, string> }): Promise<Answer>;
  /** Listens; the token is anna's. */
  listen(): Promise<{ readonly url: string; readonly token: string }>;
  /** Listens, and answers the data directory a command finds it by; the command is anna's. */
  serve(): Promise<string>;
  /** The Authorization header of somebody. */
  bearer(who: Who): string;
  /** What the next writes of the object store meet: an error to fail with, or undefined to go on. */
  onWrite(check: (write: Write) => Error | undefined): void;
  /** Takes all objects but namespaces away, as if there had been none; the audit stays. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function openConnectionsApp(): Promise<ConnectionsApp> {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-connections-'));
  const store = await openStore('sqlite::memory:');
  const audit = createAudit(store, { clock: { now: Date.now } });
  const health = createHealthRecords(store);
  const tokens = createTokens(store);
  const person = (user: string, grant: Grant) => tokens.issueForProcess({ user, groups: adminGroups, grants: [grant], how: 'process' });
  const people: Record<Who, string> = {
    anna: person('anna', everywhereAs('super_admin')),
    victor: person('victor', everywhereAs('viewer')),
    olga: person('olga', { ...everywhereAs('operator'), cluster: 'lab' }),
  };
  const keys = openKeys({}, join(room, 'encryption.key'));
  const keyRotation = createKeyRotation({ store, keys, audit, log: () => undefined, settleMs: 0 });
  let check: (write: Write) => Error | undefined = () => undefined;
  const app = await createServer({
    audit,
    tokens,
    metrics: createMetrics(),
    log: () => undefined,
    clusters: () => undefined,
    sights: () => createClusterSights({ store, connections: { inventory: () => undefined } as unknown as Connections }),
    health,
    keyRotation,
    kube: {
      store: checked(createObjectStore(store), (write) => check(write)),
      resources: resourceDefinitions(),
      keyProvider: keys,
      onChange: (change) => auditKubeChange(audit, change),
    },
    notReady: async () => [],
  });
  return {
    app,
    store,
    audit,
    health,
    async call(method, url, payload, { who = 'anna', headers = {} } = {}) {
      const reply = await app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${people[who]}`, ...(payload && { 'content-type': 'application/json' }), ...headers },
        ...(payload && { payload }),
      });
      const isJson = /application\/(problem\+)?json/.test(String(reply.headers['content-type']));
      return {
        status: reply.statusCode,
        headers: reply.headers,
        text: reply.body,
        body: isJson && reply.body ? reply.json() : {},
      };
    },
    async listen() {
      return { url: await app.listen({ host: '127.0.0.1', port: 0 }), token: people.anna };
    },
    async serve() {
      const server = await app.listen({ host: '127.0.0.1', port: 0 });
      writeKubeconfig(join(room, 'kubeconfig'), { server, ca: '', user: 'anna', token: people.anna });
      return room;
    },
    bearer: (who) => `Bearer ${people[who]}`,
    onWrite: (fresh) => {
      check = fresh;
    },
    async reset() {
      check = () => undefined;
      await store.db.delete(store.tables.objects).where(ne(store.tables.objects.resource, 'namespaces'));
    },
    async close() {
      await keyRotation.stop();
      await app.close();
      await store.close();
      rmSync(room, { recursive: true });
    },
  };
}

function checked(real: ObjectStore, check: (write: Write) => Error | undefined): ObjectStore {
  const write: ObjectStore['write'] = (one) => {
    const error = check(one);
    return error ? Promise.reject(error) : real.write(one);
  };
  return new Proxy(real, { get: (target, name) => (name === 'write' ? write : Reflect.get(target, name).bind?.(target)) });
}
