import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { auditDenial } from '#api/auth/denials.ts';
import { addGate } from '#api/auth/gate.ts';
import { everywhereAs, type Grant, type Identity } from '#api/auth/identity.ts';
import type { OwnKubeReply, OwnKubeRequest } from '#api/own-kube.ts';
import { actingRoutes } from '#api/routes/acting.ts';
import { actions } from '#controller/actions/index.ts';
import { createAudit } from '#controller/audit/audit.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import { createCloudInventory } from '#controller/inventory/cloud-inventory.ts';
import { createLists } from '#controller/lists/lists.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import { createOperationEvents } from '#controller/operations/events.ts';
import type { Operation } from '#controller/operations/operation.ts';
import { createOperations } from '#controller/operations/operations.ts';
import { createOperationRows } from '#controller/operations/rows.ts';
import { startRunner } from '#controller/operations/runner.ts';
import { systemClock } from '#controller/start.ts';
import { startSandbox } from '#examples/sandbox/server.ts';
import { openStore } from '#migrations/store.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Operation & Record<string, unknown>;
}

/** The routes by which people act, over a sandbox cloud. `user` is an administrator of the cloud or a member of its project. */
export async function startActing({ user = 'demo', resizeMs = 250 }: { user?: 'demo' | 'admin'; resizeMs?: number } = {}) {
  const sandbox = await startSandbox({ timeScale: 0.2, durations: { resizeMs } });
  const cloudsYaml = sandbox
    .cloudsYaml('sandbox')
    .replace(/username: .*/, `username: ${user}`)
    .replace(/project_name: .*/, `project_name: ${user}`);
  const client: Cloud = connectCloud(parseCloudConfig({ cloudsYaml, cloud: 'sandbox' }), { name: 'main' });
  const store = await openStore('sqlite::memory:');
  const log = () => undefined;
  const { lists, feed } = createLists({
    clusters: () => ['main'],
    why: () => undefined,
    staleMs: () => 60_000,
    now: Date.now,
    defer: (call) => void setImmediate(call),
    onError(error) {
      throw error;
    },
  });
  const inventory = createCloudInventory({
    cluster: 'main',
    client,
    store,
    clock: systemClock,
    random: Math.random,
    log,
    onEvent: (event) => feed.changed(event),
  });
  await inventory.start();
  feed.opened('main', inventory);
  const audit = createAudit(store, { clock: systemClock });
  const events = createOperationEvents();
  const rows = createOperationRows(store);
  const operations = createOperations({ store, rows, audit, events, clock: systemClock });
  const byName = new Map(actions.map((action) => [action.name, action]));
  /** Objects by `type/id` of what they manage. */
  const objects = new Map<string, KubeObject>();
  const asked: OwnKubeRequest[] = [];
  const kube = { answer: (_request: OwnKubeRequest): OwnKubeReply => ({ status: 404, body: {} }) };
  const world = {
    clouds: {
      look: (cluster: string) =>
        cluster === 'main' ? { client, inventory } : { reason: 'ClusterNotReady', message: `Cluster ${cluster} is not connected yet.` },
    },
    objects: {
      inCluster: () => (type: string, id: string) => objects.get(`${type}/${id}`),
      list: (kind: string) => [...objects.values()].filter((object) => object.kind === kind),
      get: ({ kind, name }: { kind: string; name: string }) =>
        [...objects.values()].find((object) => object.kind === kind && object.metadata.name === name),
    },
  };
  // As the cloud is quicker than others, so is whoever waits for it.
  const clock = { now: () => systemClock.now(), after: (ms: number, call: () => void) => systemClock.after(ms / 5, call) };
  const runner = startRunner({ ...world, rows, audit, actions: byName, events, clock, id: randomUUID(), isAlone: true, log });
  const people = new Map<string, readonly Grant[]>([['root', [everywhereAs('super_admin')]]]);
  const app: FastifyInstance = fastify();
  addGate(app, {
    authenticate: async ({ headers }): Promise<Identity | undefined> => {
      const name = headers.authorization?.replace('Bearer ', '') ?? '';
      const grants = people.get(name);
      return grants && { user: name, groups: [], grants, how: 'token', session: `session-of-${name}` };
    },
    denied: (request, decision) => auditDenial(audit, request, decision),
  });
  await app.register(actingRoutes, {
    store,
    operations,
    actions: byName,
    audit,
    clock: systemClock,
    world: () => world,
    lists: () => lists,
    kube: async (request) => {
      asked.push(request);
      return kube.answer(request);
    },
  });

  const send = async (
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    options: { as?: string; headers?: Record<string, string> } = {},
  ) => {
    const reply = await app.inject({
      method,
      url: `/api/v1/${path}`,
      headers: { authorization: `Bearer ${options.as ?? 'root'}`, ...options.headers },
      ...(body && { payload: body }),
    });
    const text = reply.body;
    return {
      status: reply.statusCode,
      headers: reply.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Answer['body'],
    } satisfies Answer;
  };
  return {
    sandbox,
    client,
    inventory,
    audit,
    store,
    objects,
    asked,
    kube,
    people,
    get: (path: string, options?: { as?: string; headers?: Record<string, string> }) => send('GET', path, undefined, options),
    post: (path: string, body?: object, options?: { as?: string; headers?: Record<string, string> }) => send('POST', path, body, options),
    /** Asks for an action on a server and waits for its end. */
    act: (id: string, verb: string, body: object = {}, options?: { as?: string }) =>
      send('POST', `resources/server/main/${id}/actions/instance.${verb}?wait=30`, body, options),
    entries: async (id: string) => (await audit.list({ reconcileId: id })).items.toReversed(),
    async close() {
      await app.close();
      await runner.stop();
      await inventory.stop();
      await client.close();
      await store.close();
      await sandbox.close();
    },
  };
}
export type Acting = Awaited<ReturnType<typeof startActing>>;
