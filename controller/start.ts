import { randomUUID } from 'node:crypto';
import type { Store } from '#migrations/store.ts';
import { actions } from './actions/index.ts';
import type { Audit } from './audit/audit.ts';
import { type ClusterSights, createClusterSights } from './cluster-sights.ts';
import { type ClusterViews, createClusterViews } from './cluster-views.ts';
import { createClusterWatch } from './cluster-watch.ts';
import { clusterKind } from './clusters.ts';
import { createConnections } from './connections.ts';
import { declaredObjects } from './declared-objects.ts';
import { startLoop } from './engine/controller.ts';
import type { KubeApi } from './engine/kube-api.ts';
import { kubeClient } from './engine/kube-client.ts';
import type { PooledKubeConfig } from './engine/kube-config.ts';
import type { Loop } from './engine/loop.ts';
import type { StoreChange } from './engine/object-store.ts';
import type { Clock, Verdict } from './engine/ports.ts';
import type { Planner } from './engine/set-plan.ts';
import { createCallCounter } from './health/calls.ts';
import { createHealthRecords } from './health/records.ts';
import { startSampler } from './health/sampler.ts';
import { createHypervisors, type Hypervisors } from './hypervisors.ts';
import { parseDuration } from './kinds/duration.ts';
import { apiGroup, apiVersion, kinds } from './kinds/index.ts';
import { verdictOfObstacle } from './kinds/obstacle.ts';
import type { RowChange } from './lists/feed.ts';
import { createLists, type Lists } from './lists/lists.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { classifyOpenStackError, OpenStackError } from './openstack/errors.ts';
import type { DeclaredObjects } from './operations/declared.ts';
import { createOperationEvents, type OperationEvents } from './operations/events.ts';
import { createOperationRows } from './operations/rows.ts';
import { type Clouds, startRunner } from './operations/runner.ts';
import { toldRows } from './operations/told-rows.ts';
import { createOverview, type Overview } from './overview.ts';

export interface ControllerOptions {
  readonly kubeConfig: PooledKubeConfig;
  readonly store: Store;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Stands between the loop and Kubernetes, as a recorder does; nothing, unless given. */
  readonly around?: (api: KubeApi) => KubeApi;
  /** How much newer than a lost create a list must be before another create is sent; default 10 s. */
  readonly settleMs?: number;
  /** Below it images may take their data from files; none when undefined. */
  readonly imageDirectory?: string;
  /** Told of each change of a row of the lists, and of each object; both after they are shown. */
  readonly onRow?: (change: RowChange) => void;
  readonly onObject?: (change: StoreChange) => void;
  /** Shared with who takes operations in this process, so that they begin at once. */
  readonly operationEvents?: OperationEvents;
}

export interface Controller {
  /** What keeps it from working, in words; empty when it works. */
  notReady(): readonly string[];
  readonly planner: Planner;
  /** What the clouds hold and nobody declared. */
  clusters(): ClusterViews;
  /** What the clouds hold, joined with what is declared. */
  readonly lists: Lists;
  /** How much was seen of each cloud. */
  readonly sights: ClusterSights;
  /** What actions are thought over with. */
  readonly world: { readonly clouds: Clouds; readonly objects: DeclaredObjects };
  readonly hypervisors: Hypervisors;
  /** What is wrong now. */
  readonly overview: Overview;
  /** Ends running passes, then connections. */
  stop(): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** The reconciler: composes loop, connections, inventories and audit, and starts them. */
export async function startController(options: ControllerOptions): Promise<Controller> {
  const { metrics, log, audit } = options;
  const client = kubeClient(options.kubeConfig);
  const api = options.around?.(client) ?? client;
  let isSynced = false;
  // The loop and the connections wake each other; both are made before either runs.
  const theLoop = (): Loop => loop;
  const enqueueCluster = (name: string) => theLoop().enqueue('Cluster', { namespace: '', name });
  const watch = createClusterWatch({ loop: theLoop, kinds: kinds.map((kind) => kind.kind), audit, log });
  const calls = createCallCounter();
  const health = createHealthRecords(options.store);
  const connections = createConnections({
    store: options.store,
    metrics,
    log,
    clock: systemClock,
    random: Math.random,
    ...(options.imageDirectory !== undefined && { imageDirectory: options.imageDirectory }),
    onEvent(event) {
      theLoop().wake(event.ids);
      feed.changed(event);
    },
    onInventory: (cluster, inventory) => feed.opened(cluster, inventory),
    onRequest: (cluster, request) => calls.count(cluster, request),
    onReport(cluster, { type, error }) {
      if (error === undefined) feed.listed(cluster, type);
      const inventory = connections.inventory(cluster);
      if (inventory && watch.listed(cluster, inventory)) enqueueCluster(cluster);
    },
    onSweep(cluster) {
      theLoop().sweepDone(cluster);
      const inventory = connections.inventory(cluster);
      if (inventory && watch.swept(cluster, inventory)) enqueueCluster(cluster);
    },
    onChange(cluster) {
      enqueueCluster(cluster);
      theLoop().clusterChanged(cluster);
    },
  });
  const { lists, feed } = createLists({
    clusters: () => views.names(),
    why(name) {
      const look = connections.look(name);
      return 'reason' in look ? look : undefined;
    },
    // Three sweeps, and what they may take.
    staleMs(name) {
      const { sweepInterval = '60s' } = (loop.get('Cluster', { namespace: '', name })?.spec ?? {}) as { sweepInterval?: string };
      return 3 * parseDuration(sweepInterval) + 120_000;
    },
    now: Date.now,
    defer: (call) => void setImmediate(call),
    onChange: (change) => options.onRow?.(change),
    onError: (error, row) => log('error', 'a row of a list could not be made', { row, error: String(error) }),
  });
  const forget = (name: string) => {
    watch.forget(name);
    health
      .forget(name)
      .catch((error: unknown) => log('warn', 'the health of a cluster was not removed', { cluster: name, error: String(error) }));
  };
  const cluster = clusterKind({ api, connections, health: (name) => watch.health(name), forget });
  const loop = startLoop({
    api,
    group: apiGroup,
    version: apiVersion,
    kinds,
    plain: [cluster],
    ...(options.settleMs === undefined ? {} : { settleMs: options.settleMs }),
    onMassLoss(name, loss) {
      watch.massLoss(name, loss);
      enqueueCluster(name);
    },
    requestList: (name, _kind, notBefore) => connections.requestSweep(name, notBefore),
    onObject(change) {
      feed.object(change);
      options.onObject?.(change);
    },
    onReconcile: (kind, result, seconds) => metrics.reconciled(kind, result, seconds),
    deps: {
      connect: (object, reconcileId) => connections.connect(object, reconcileId),
      classify,
      audit: (entry) => audit.record(entry),
      clock: systemClock,
      random: Math.random,
      newId: randomUUID,
      log,
    },
  });
  metrics.queue(() => {
    const stats = loop.stats();
    return { depth: stats.depth.person + stats.depth.wake + stats.depth.sweep, oldestSeconds: stats.oldestSeconds, retries: stats.retries };
  });
  metrics.driftedObjects(() => countDrifted(loop));
  const views = createClusterViews({ loop: theLoop, connections });
  const overview = createOverview({ loop: theLoop, kinds: kinds.map(({ kind }) => kind), health: (name) => watch.health(name) });
  const sampler = startSampler({
    records: health,
    calls,
    clock: systemClock,
    clusters: () => views.names(),
    client(name) {
      const found = connections.look(name);
      return 'reason' in found ? found : found.client;
    },
    drift: () => overview.drift(),
    // The connections are up by then.
    firstAfterMs: 10_000,
    log,
  });
  const world = { clouds: connections, objects: declaredObjects(theLoop) };
  const operationEvents = options.operationEvents ?? createOperationEvents();
  const runner = startRunner({
    ...world,
    rows: toldRows(createOperationRows(options.store), (id) => operationEvents.changed(id)),
    audit,
    actions: new Map(actions.map((action) => [action.name, action])),
    events: operationEvents,
    clock: systemClock,
    id: randomUUID(),
    isAlone: options.store.engine === 'sqlite',
    log,
  });
  const markSynced = async () => {
    await loop.synced;
    isSynced = true;
  };
  void markSynced();
  return {
    planner: loop.planner,
    notReady: () => (isSynced ? [] : ['the controller has not listed all kinds yet']),
    clusters: () => views,
    lists,
    sights: createClusterSights({ connections, store: options.store }),
    world,
    hypervisors: createHypervisors({ connections, clock: systemClock }),
    overview,
    async stop() {
      // Closing the connections ends what it is at.
      const sampled = sampler.stop();
      await runner.stop();
      await loop.stop();
      await connections.stop();
      await sampled;
    },
  };
}

/** The clouds' errors are sorted beside their client; which of them surely did nothing lets a create be sent again without a search. */
function classify(error: unknown): Verdict {
  const obstacle = verdictOfObstacle(error);
  if (obstacle) return obstacle;
  const verdict = classifyOpenStackError(error);
  return error instanceof OpenStackError ? { ...verdict, refused: !error.mayHaveActed } : verdict;
}

function countDrifted(loop: Loop): ReadonlyMap<string, number> {
  const isDrifted = (object: { status?: { drift?: readonly unknown[] } }) => (object.status?.drift?.length ?? 0) > 0;
  return new Map(kinds.map((kind) => [kind.kind, loop.list(kind.kind).filter(isDrifted).length]));
}
