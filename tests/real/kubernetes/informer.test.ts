import { randomBytes } from 'node:crypto';
import { ApiextensionsV1Api, CoreV1Api, CustomObjectsApi } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lintStatus } from '#controller/engine/conditions.ts';
import { startLoop } from '#controller/engine/controller.ts';
import { Informer } from '#controller/engine/informer.ts';
import type { JsonObject } from '#controller/engine/json.ts';
import { isConflict, isExpired, isNotFound, type KubeApi, type ResourceName } from '#controller/engine/kube-api.ts';
import { kubeClient } from '#controller/engine/kube-client.ts';
import { PooledKubeConfig } from '#controller/engine/kube-config.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import { ObjectStore } from '#controller/engine/object-store.ts';
import { Inventory, thingKind, World } from '#controller/engine/testing/fake-world.ts';
import { Process } from '#controller/engine/testing/process.ts';
import { type Cutter, cutterTo } from '#tests/parts/cutter.ts';

const KUBECONFIG = process.env['KUBE_UP_KUBECONFIG'];
/** A group of our own, so that nothing else on this server is touched. */
const GROUP = `e${randomBytes(4).toString('hex')}.engine.stackwarden.test`;
const THINGS: ResourceName = { group: GROUP, version: 'v1', plural: 'things', kind: 'Thing', namespaced: true };
const NAMESPACE = 'default';

const clock = {
  now: () => Date.now(),
  after: (ms: number, call: () => void) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  sleep: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
};

async function until(what: string, isSo: () => boolean | Promise<boolean>, ms = 90_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await clock.sleep(20);
  }
}

describe('the engine on a real kube-apiserver', () => {
  /** Straight to the server, for what people do. */
  const direct = new PooledKubeConfig();
  /** Through the cutter, as the engine goes. */
  const config = new PooledKubeConfig();
  let cutter: Cutter;
  let api: KubeApi;
  let people: CustomObjectsApi;

  const apply = async (name: string, spec: JsonObject): Promise<KubeObject> => {
    const named = { group: GROUP, version: 'v1', namespace: NAMESPACE, plural: 'things' };
    const body = { apiVersion: `${GROUP}/v1`, kind: 'Thing', metadata: { name }, spec };
    return (await people.createNamespacedCustomObject({ ...named, body })) as KubeObject;
  };
  const remove = async (name: string): Promise<void> => {
    await people.deleteNamespacedCustomObject({ group: GROUP, version: 'v1', namespace: NAMESPACE, plural: 'things', name });
  };
  const informerOf = (through: KubeApi, seen: string[], more: { silenceMs?: number; pageSize?: number } = {}): Informer =>
    new Informer({
      api: through,
      resource: THINGS,
      clock,
      random: Math.random,
      log: () => undefined,
      store: new ObjectStore(),
      on: (change) => void seen.push(`${change.type} ${change.object.metadata.name}`),
      backoff: { baseMs: 50, maxMs: 500 },
      ...more,
    });

  beforeAll(async () => {
    if (!KUBECONFIG) throw new Error('This suite needs a real Kubernetes API server: set KUBE_UP_KUBECONFIG to its kubeconfig.');
    direct.loadFromFile(KUBECONFIG);
    config.loadFromFile(KUBECONFIG);
    const cluster = config.getCurrentCluster();
    const server = new URL(cluster?.server ?? '');
    cutter = await cutterTo(server.hostname, Number(server.port || 443));
    config.clusters = config.clusters.map((one) => ({ ...one, server: `https://127.0.0.1:${cutter.port}` }));
    api = kubeClient(config, { timeoutMs: 20_000 });
    people = direct.makeApiClient(CustomObjectsApi);
    const preserved = { type: 'object', x_kubernetes_preserve_unknown_fields: true };
    await direct.makeApiClient(ApiextensionsV1Api).createCustomResourceDefinition({
      body: {
        metadata: { name: `things.${GROUP}` },
        spec: {
          group: GROUP,
          scope: 'Namespaced',
          names: { plural: 'things', singular: 'thing', kind: 'Thing' },
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              subresources: { status: {} },
              schema: { openAPIV3Schema: { type: 'object', properties: { spec: preserved, status: preserved } } },
            },
          ],
        },
      },
    });
    await until('the kind is served', () =>
      api.list(THINGS, {}).then(
        () => true,
        () => false,
      ),
    );
  });

  afterAll(async () => {
    if (KUBECONFIG === undefined) return;
    for (const one of (await kubeClient(direct).list(THINGS, {})).items)
      await kubeClient(direct)
        .patchFinalizers(THINGS, one, [])
        .catch(() => undefined);
    await direct.makeApiClient(ApiextensionsV1Api).deleteCustomResourceDefinition({ name: `things.${GROUP}` });
    await config.close();
    await direct.close();
    await cutter.close();
  });

  it('lists in pages and follows the watch', async () => {
    for (const name of ['p1', 'p2', 'p3', 'p4', 'p5']) await apply(name, { size: 1 });
    const first = await api.list(THINGS, { limit: 2 });
    expect([first.items.length, typeof first.continue]).toEqual([2, 'string']);
    const seen: string[] = [];
    const informer = informerOf(api, seen, { pageSize: 2 });
    await informer.synced;
    expect(informer.store.list()).toHaveLength(5);
    await apply('p6', {});
    await remove('p1');
    await until('the changes', () => seen.includes('added p6') && seen.includes('deleted p1'));
    await informer.stop();
    for (const name of ['p2', 'p3', 'p4', 'p5', 'p6']) await remove(name);
  });

  it('goes on after resets and notices a re-created object that it did not see go', async () => {
    const seen: string[] = [];
    let lists = 0;
    const counting: KubeApi = {
      ...api,
      list: (...call) => {
        lists += 1;
        return api.list(...call);
      },
    };
    const old = await apply('again', {});
    const informer = informerOf(counting, seen);
    await informer.synced;
    for (let i = 0; i < 5; i += 1) {
      cutter.cut();
      await apply(`cut-${i}`, {});
      await until('the object made during the cut', () => informer.store.get(`${NAMESPACE}/cut-${i}`) !== undefined);
    }
    cutter.freeze(true);
    cutter.cut();
    await remove('again');
    await apply('again', {});
    cutter.freeze(false);
    cutter.cut();
    await until('the new one', () => informer.store.get(`${NAMESPACE}/again`)?.metadata.uid !== old.metadata.uid);
    expect(seen.filter((one) => one.endsWith(' again'))).toEqual(['added again', 'deleted again', 'added again']);
    expect(lists).toBe(1);
    await informer.stop();
  });

  it('takes a frozen connection for dead and resumes', async () => {
    const seen: string[] = [];
    const informer = informerOf(api, seen, { silenceMs: 1_500 });
    await informer.synced;
    await clock.sleep(300);
    cutter.freeze(true);
    await apply('frozen', {});
    await clock.sleep(500);
    expect(informer.store.get(`${NAMESPACE}/frozen`)).toBeUndefined();
    cutter.freeze(false);
    await until('the object made meanwhile', () => informer.store.get(`${NAMESPACE}/frozen`) !== undefined);
    await informer.stop();
  });

  it('is told 410 for a version that is no longer kept, and lists anew', async () => {
    const watching = api.watch(
      THINGS,
      { resourceVersion: '1', bookmarks: true, timeoutSeconds: 5, signal: AbortSignal.timeout(10_000) },
      () => undefined,
    );
    expect(isExpired(await watching.catch((error: unknown) => error))).toBe(true);
    let lists = 0;
    const forgetful: KubeApi = {
      ...api,
      list: async (...call) => {
        lists += 1;
        const page = await api.list(...call);
        return lists === 1 ? { ...page, resourceVersion: '1' } : page;
      },
    };
    const seen: string[] = [];
    const informer = informerOf(forgetful, seen);
    await until('the second list', () => lists === 2);
    await apply('after-410', {});
    await until('the object', () => seen.includes('added after-410'));
    await informer.stop();
  });

  it('merges status, removes fields by null, and leaves spec and generation alone', async () => {
    const object = await apply('status', { size: 1 });
    const one = await api.patchStatus(THINGS, object, { id: 'id-1', intent: { attempt: 1, at: 'now' }, observedGeneration: 1 });
    const two = await api.patchStatus(THINGS, one, { intent: null });
    expect(two.status).toEqual({ id: 'id-1', observedGeneration: 1 });
    expect([two.spec, two.metadata.generation]).toEqual([{ size: 1 }, 1]);
  });

  it('refuses status for another uid, and with locked for an older version', async () => {
    const object = await apply('guarded', {});
    await remove('guarded');
    await apply('guarded', {});
    const refused = await api.patchStatus(THINGS, object, { id: 'x' }).catch((error: unknown) => error);
    expect(isConflict(refused), String(refused)).toBe(true);
    const now = (await api.get(THINGS, { namespace: NAMESPACE, name: 'guarded' })) as KubeObject;
    await api.patchStatus(THINGS, now, { id: 'y' });
    expect(isConflict(await api.patchStatus(THINGS, now, { id: 'z' }, { locked: true }).catch((error: unknown) => error))).toBe(true);
    expect((await api.patchStatus(THINGS, now, { state: 'fine' })).status).toEqual({ id: 'y', state: 'fine' });
    await remove('guarded');
    expect(isNotFound(await api.patchStatus(THINGS, now, { id: 'w' }).catch((error: unknown) => error))).toBe(true);
  });

  it('holds an object by its finalizer, and does not put one on what is being deleted', async () => {
    const held = await api.patchFinalizers(THINGS, await apply('held', {}), ['test.io/cloud-resource']);
    await remove('held');
    const deleting = (await api.get(THINGS, { namespace: NAMESPACE, name: 'held' })) as KubeObject;
    expect(deleting.metadata.deletionTimestamp).toBeDefined();
    expect(isConflict(await api.patchFinalizers(THINGS, held, []).catch((error: unknown) => error))).toBe(true);
    expect(
      isConflict(await api.patchFinalizers(THINGS, deleting, ['test.io/cloud-resource', 'test.io/late']).catch((error: unknown) => error)),
    ).toBe(true);
    await api.patchFinalizers(THINGS, deleting, []);
    expect(await api.get(THINGS, { namespace: NAMESPACE, name: 'held' })).toBeUndefined();
  });

  it('writes Events and counts them up, and reads Secrets', async () => {
    const core = direct.makeApiClient(CoreV1Api);
    const name = `event.${randomBytes(4).toString('hex')}`;
    const involvedObject = { apiVersion: `${GROUP}/v1`, kind: 'Thing', namespace: NAMESPACE, name: 'x', uid: 'u' };
    await api.createEvent({
      metadata: { namespace: NAMESPACE, name },
      involvedObject,
      type: 'Normal',
      reason: 'Created',
      message: 'x',
      count: 1,
      reportingComponent: 'test',
      reportingInstance: '',
    });
    await api.patchEvent({ namespace: NAMESPACE, name }, { count: 2 });
    expect((await core.readNamespacedEvent({ namespace: NAMESPACE, name })).count).toBe(2);
    await core.deleteNamespacedEvent({ namespace: NAMESPACE, name });
    await core.createNamespacedSecret({ namespace: NAMESPACE, body: { metadata: { name }, stringData: { 'clouds.yaml': 'clouds: {}' } } });
    expect(await api.readSecret({ namespace: NAMESPACE, name })).toEqual({ 'clouds.yaml': Buffer.from('clouds: {}') });
    await core.deleteNamespacedSecret({ namespace: NAMESPACE, name });
    expect(await api.readSecret({ namespace: NAMESPACE, name })).toBeUndefined();
  });

  it('shares connections between requests', async () => {
    const before = cutter.connections();
    const get = (): Promise<unknown> => api.get(THINGS, { namespace: NAMESPACE, name: 'status' });
    for (let i = 0; i < 20; i += 1) await Promise.all(Array.from({ length: 10 }, get));
    // Ten at a time need ten; a few more are opened while the first shake hands. Without a pool there would be 200.
    expect(cutter.connections() - before).toBeLessThanOrEqual(40);
  });

  it('leaves no request waiting for ever when connections are reset, be it in their handshake', async () => {
    const outcomes = new Set<string>();
    const get = (): Promise<void> =>
      api.get(THINGS, { namespace: NAMESPACE, name: 'status' }).then(
        () => void outcomes.add('answered'),
        (error: unknown) => void outcomes.add(String(error instanceof Error ? error.message : error).replace(/^.*: /, '')),
      );
    for (let i = 0; i < 60; i += 1) {
      const all = Promise.all(Array.from({ length: 10 }, get));
      await clock.sleep(Math.random() * 60);
      if (i % 2 === 0) cutter.cut();
      await all;
    }
    expect([...outcomes].filter((one) => /timeout/.test(one))).toEqual([]);
    expect(outcomes).toContain('answered');
  });

  it('runs the loop: creates, corrects drift, survives resets, deletes', async () => {
    const world = new World(clock, Math.random);
    world.buildMs = 200;
    const inventory = new Inventory(new Process(clock), world);
    await inventory.sweep();
    const loop = startLoop<Inventory>({
      api,
      group: GROUP,
      version: 'v1',
      kinds: [thingKind],
      // A cut may lose the answer to a stored intent; only a later list tells that nothing was made.
      settleMs: 300,
      requestList: (cluster, _kind, notBefore) => {
        clock.after(Math.max(0, notBefore - Date.now()) + 5, () => void inventory.sweep().then(() => loop.sweepDone(cluster)));
      },
      deps: {
        connect: () => ({ cloud: inventory, cluster: 'lab', driftPolicy: 'Correct', requestIds: () => [] }),
        classify: (error) => ({ kind: 'transient', reason: 'Failed', message: String(error) }),
        audit: () => Promise.resolve(),
        clock,
        random: Math.random,
        newId: () => randomBytes(8).toString('hex'),
        log: () => undefined,
      },
    });
    await loop.synced;
    const names = Array.from({ length: 10 }, (_, index) => `loop-${index}`);
    for (const name of names) await apply(name, { size: 2, clusterRef: { name: 'lab' } });
    cutter.cut();
    const statusOf = (name: string): KubeObject | undefined => loop.get('Thing', { namespace: NAMESPACE, name });
    const isReady = (name: string): boolean =>
      statusOf(name)?.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
    await until('all Ready', () => names.every(isReady));
    const stored = (await api.get(THINGS, { namespace: NAMESPACE, name: 'loop-3' })) as KubeObject;
    expect(lintStatus(stored)).toEqual([]);
    expect(stored).toEqual(statusOf('loop-3'));
    const [thing] = world.of(stored.metadata.uid);
    if (thing) thing.size = 9;
    await inventory.sweep();
    loop.wake([thing?.id ?? '']);
    await until('the drift is put right', () => thing?.size === 2);
    for (const name of names) await remove(name);
    cutter.cut();
    await until('all gone', () => names.every((name) => statusOf(name) === undefined));
    expect(world.alive().filter((one) => names.some((name) => statusOf(name)?.metadata.uid === one.owner))).toEqual([]);
    expect(world.sins).toEqual([]);
    await loop.stop();
  });
});
