import { Informer } from './informer.ts';
import { KubeEvents } from './kube-events.ts';
import { type Loop, type LoopOptions, type Priority, resourceOf } from './loop.ts';
import { LossGuard } from './loss-guard.ts';
import { type Memory, newMemory } from './memory.ts';
import type { KubeObject } from './object.ts';
import { ObjectStore, type StoreChange } from './object-store.ts';
import { createPlanner } from './planner.ts';
import type { LoopDeps } from './ports.ts';
import { type KindInGraph, ReferenceGraph } from './references.ts';
import { type Running, reconcileObject } from './runner.ts';
import { Outbox } from './scribe.ts';
import { byCloudId, byCluster, indexedStore, wakenedBy } from './wake-ups.ts';
import { workFor } from './work.ts';
import { Workqueue } from './workqueue.ts';

const WORKERS = 32;
const PER_CLUSTER = 8;
const DEADLINE_MS = 20_000;

/** Starts the one control loop for all kinds: informers, queue, workers. */
export function startLoop<Cloud>(options: LoopOptions<Cloud>): Loop {
  const { api, deps, workers = WORKERS, perCluster = PER_CLUSTER } = options;
  const { clock } = deps;
  const log: LoopDeps<Cloud>['log'] = (level, message, fields) => deps.log(level, message, fields);
  const random = (): number => deps.random();
  const queue = new Workqueue({ clock, random, workers, perGroup: perCluster });
  const memories = new Map<string, Memory>();
  const inGraph = new Map<string, KindInGraph>();
  const graph = new ReferenceGraph(inGraph);
  const informers = new Map<string, Informer>();
  const guard = new LossGuard<Cloud>({
    clock,
    kinds: options.kinds,
    objectsOf: (cluster) => options.kinds.flatMap((kind) => byCluster(informers.get(kind.kind)?.store ?? new ObjectStore(), cluster)),
    audit: (entry) => deps.audit(entry),
    log,
    onAlarm: (cluster, loss) => options.onMassLoss?.(cluster, loss),
  });
  const events = new KubeEvents({ api, clock, random, log });
  const outbox = new Outbox(deps);

  const enqueue = (object: KubeObject, priority: Priority): void => queue.add(workFor(object, priority));
  const on = (change: StoreChange): void => {
    if (change.type === 'deleted') forget(change.object);
    for (const { object, priority } of wakenedBy(change, graph, options.group)) enqueue(object, priority);
    options.onObject?.(change);
  };
  const forget = (object: KubeObject): void => {
    memories.delete(object.metadata.uid);
    queue.forget(workFor(object, 'wake').key);
    options.plain?.find((one) => one.kind === object.kind)?.gone?.(object);
  };

  const declared = [...options.kinds.map((kind) => ({ ...namesOf(kind), namespaced: true })), ...(options.plain ?? [])];
  // All kinds are known to the graph before the first object arrives: its references are indexed as it does.
  const stores = declared.map((kind) => ({ kind, store: indexedStore(() => graph) }));
  for (const { kind, store } of stores) inGraph.set(kind.kind, { namespaced: kind.namespaced, spec: kind.spec, store });
  for (const { kind, store } of stores)
    informers.set(kind.kind, new Informer({ api, resource: resourceOf(kind, options), clock, random, log, store, on }));

  const running: Running<Cloud> = { options, queue, graph, guard, events, outbox, informers, memoryOf: (uid) => memoryIn(memories, uid) };
  const synced = Promise.all([...informers.values()].map((informer) => informer.synced)).then(() => undefined);
  let isStopping = false;
  const working = synced.then(() => Promise.all(Array.from({ length: workers }, () => work(running))));
  working.catch((error: unknown) => log('error', 'A worker ended', { error: String(error) }));

  const each = (found: (informer: Informer) => KubeObject[], priority: Priority): void => {
    for (const informer of informers.values()) for (const object of found(informer)) enqueue(object, priority);
  };
  return {
    synced,
    wake: (ids, priority = 'wake') => {
      for (const id of ids) each(({ store }) => byCloudId(store, id), priority);
    },
    sweepDone: (cluster) => {
      guard.sweepDone(cluster);
      each(({ store }) => byCluster(store, cluster), 'sweep');
    },
    clusterChanged: (name) => each(({ store }) => byCluster(store, name), 'wake'),
    enqueue: (kind, { namespace, name }, priority = 'wake') => {
      const object = informers.get(kind)?.store.get(`${namespace}/${name}`);
      if (object) enqueue(object, priority);
    },
    get: (kind, { namespace, name }) => informers.get(kind)?.store.get(`${namespace}/${name}`),
    list: (kind) => informers.get(kind)?.store.list() ?? [],
    stats: () => queue.stats(),
    planner: createPlanner({
      kinds: options.kinds,
      caches: inGraph,
      guard,
      deps,
      readSecret: (name) => api.readSecret(name),
      pausedAnnotation: `${options.group}/paused`,
      correctAnnotation: `${options.group}/correct-at`,
    }),
    stop: async ({ deadlineMs = DEADLINE_MS } = {}) => {
      if (isStopping) return;
      isStopping = true;
      // Informers go on meanwhile: a pass that ends may still need to see its own writes.
      const ended = queue.shutDown().then(async () => {
        await outbox.flush();
        await events.flush();
        return true;
      });
      let cancel: () => void = () => undefined;
      const late = new Promise<boolean>((resolve) => {
        cancel = clock.after(deadlineMs, () => resolve(false));
      });
      if (!(await Promise.race([ended, late]))) log('warn', 'Stopping while passes still run', { running: queue.stats().running });
      cancel();
      await Promise.all([...informers.values()].map((informer) => informer.stop()));
    },
  };
}

async function work<Cloud>(running: Running<Cloud>): Promise<void> {
  for (let item = await running.queue.take(); item; item = await running.queue.take()) {
    try {
      await reconcileObject(running, item);
    } finally {
      running.queue.done(item.key);
    }
  }
}

function namesOf<T extends { kind: string; plural: string; spec: KindInGraph['spec'] }>({
  kind,
  plural,
  spec,
}: T): Pick<T, 'kind' | 'plural' | 'spec'> {
  return { kind, plural, spec };
}

function memoryIn(memories: Map<string, Memory>, uid: string): Memory {
  const memory = memories.get(uid) ?? newMemory();
  memories.set(uid, memory);
  return memory;
}
