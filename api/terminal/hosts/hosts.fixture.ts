import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAudit } from '#controller/audit/audit.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { createMetrics } from '#controller/metrics.ts';
import { openStore } from '#migrations/store.ts';
import type { World } from '../../actions/world.ts';
import { adminGroups, everywhereAs, type Grant, platformIdentity } from '../../auth/identity.ts';
import { rolePermissions } from '../../auth/permissions.ts';
import { createRights } from '../../auth/rights.ts';
import { createTokens } from '../../auth/tokens.ts';
import { doorOf, type KubeDoor } from '../../connections/kube-door.ts';
import { createFileKeyProvider } from '../../kube/encryption.ts';
import { createObjectStore } from '../../kube/sql-object-store.ts';
import { ownKube } from '../../own-kube.ts';
import { createServer } from '../../server.ts';
import { silentBus } from '../../shared/bus.ts';
import { createTerminals } from '../parts.ts';

const grant = (role: 'admin' | 'operator' | 'viewer', cluster: string, namespace = '*'): Grant => ({
  role,
  permissions: new Set(rolePermissions[role]),
  cluster,
  namespace,
});
/** anna may everything; labadmin is admin of cluster `lab`, olga operator of namespace `shop` in `main`, victor sees everything. */
const people = {
  anna: everywhereAs('super_admin'),
  labadmin: grant('admin', 'lab'),
  olga: grant('operator', 'main', 'shop'),
  victor: grant('viewer', '*'),
};
export type Who = keyof typeof people;

export interface FakeServer {
  readonly name: string;
  readonly namespace?: string;
  readonly power?: number;
  readonly addresses?: Readonly<Record<string, readonly object[]>>;
}

export type HostsApp = Awaited<ReturnType<typeof openHosts>>;

/** The application with terminals over an empty database, with Clusters `main` and `lab` and whatever servers a test puts into `main`. */
export async function openHosts() {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-hosts-'));
  const store = await openStore('sqlite::memory:');
  const clock = { now: Date.now, after: () => () => undefined };
  const audit = createAudit(store, { clock });
  const tokens = createTokens(store);
  const keys = createFileKeyProvider(join(room, 'encryption.key'));
  const metrics = createMetrics();
  const logged: string[] = [];
  const log = (level: string, message: string, fields?: Record<string, unknown>) =>
    void logged.push(`${level} ${message} ${JSON.stringify(fields)} ${String(fields?.['error'])}`);
  const servers = new Map<string, FakeServer>();
  let since = 0;
  let kube: KubeDoor = () => Promise.reject(new Error('too early'));
  const terminals = createTerminals({
    store,
    audit,
    keys,
    metrics,
    settings: { recording: 'text', recordingDays: 30, idleMs: 1, maxMs: 1, detachMs: 1, perPerson: 5, perTarget: 5, localTargets: false },
    world: () => worldOf(servers),
    kube: (request) => kube(request),
    rights: createRights(silentBus()),
    clock,
    log,
  });
  const app = await createServer({
    audit,
    tokens,
    terminals,
    metrics,
    log,
    kube: { store: createObjectStore(store), resources: resourceDefinitions(), keyProvider: keys },
    clusters: () => undefined,
    notReady: async () => [],
  });
  kube = doorOf(ownKube(app), { authorization: `Bearer ${tokens.issueForProcess(platformIdentity)}` });
  const bearers = Object.fromEntries(
    Object.entries(people).map(([user, one]) => [
      user,
      tokens.issueForProcess({ user, groups: user === 'anna' ? adminGroups : [], grants: [one], how: 'token' }),
    ]),
  ) as Record<Who, string>;

  async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object, more: { who?: Who; match?: string } = {}) {
    const { who = 'anna', match } = more;
    const headers = { authorization: `Bearer ${bearers[who]}`, ...(match !== undefined && { 'if-match': match }) };
    const reply = await app.inject({ method, url, headers, ...(payload && { payload }) });
    const body = (reply.body === '' ? {} : JSON.parse(reply.body)) as Record<string, unknown> & { items: Record<string, unknown>[] };
    return { status: reply.statusCode, headers: reply.headers, text: reply.body, body };
  }
  async function declare(name: string, terminalSpec?: object) {
    const spec = { credentialsSecretRef: { namespace: 'default', name: 'none' }, ...(terminalSpec && { terminals: terminalSpec }) };
    const apiVersion = 'openstack.stackwarden.io/v1alpha1';
    const made = await call('POST', `/apis/${apiVersion}/clusters`, { apiVersion, kind: 'Cluster', metadata: { name }, spec });
    if (made.status !== 201) throw new Error(made.text);
  }
  await declare('main');
  await declare('lab');
  return {
    store,
    audit,
    servers,
    logged,
    call,
    declare,
    /** Since the last reset, newest first. */
    audited: async (type: string) => (await audit.list({ type })).items.filter(({ seq }) => seq > since),
    /** As if nothing had been kept, and no server were there. */
    async reset() {
      const { terminalProfiles, terminalKeys, hostKeys } = store.tables;
      for (const table of [terminalProfiles, terminalKeys, hostKeys]) await store.db.delete(table);
      servers.clear();
      since = await audit.newest();
    },
    async close() {
      await app.close();
      await store.close();
      rmSync(room, { recursive: true });
    },
  };
}

function worldOf(servers: ReadonlyMap<string, FakeServer>): World {
  const get = (_type: string, id: string) => {
    const found = servers.get(id);
    return found && { id, name: found.name, addresses: found.addresses ?? {}, 'OS-EXT-STS:power_state': found.power ?? 1 };
  };
  const objectOf = (id: string) => {
    const { name, namespace } = servers.get(id) ?? {};
    return namespace === undefined ? undefined : { kind: 'Instance', metadata: { name, namespace }, spec: {} };
  };
  return {
    clouds: {
      look: (cluster: string) =>
        cluster === 'lab' ? { reason: 'ClusterNotReady', message: 'lab is not connected.' } : { inventory: { get } },
    },
    objects: { inCluster: () => (_type: string, id: string) => objectOf(id), list: () => [], get: () => undefined },
  } as unknown as World;
}
