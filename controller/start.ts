import { randomUUID } from 'node:crypto';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Store } from '#migrations/store.ts';
import type { Audit } from './audit/audit.ts';
import { clusterKind } from './clusters.ts';
import { createConnections } from './connections.ts';
import { startLoop } from './engine/controller.ts';
import { createKubeApi } from './engine/kube-client.ts';
import type { Loop } from './engine/loop.ts';
import type { Clock, Verdict } from './engine/ports.ts';
import { apiGroup, apiVersion, kinds } from './kinds/index.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { classifyOpenStackError } from './openstack/errors.ts';
import { createUndeclaredWatch } from './undeclared.ts';

export interface ControllerOptions {
  readonly kubeConfig: KubeConfig;
  readonly store: Store;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly log: Log;
  /** How much newer than a lost create a list must be before another create is sent; default 10 s. */
  readonly settleMs?: number;
}

export interface Controller {
  /** What keeps it from working, in words; empty when it works. */
  notReady(): readonly string[];
  /** Ends running passes, then connections. */
  stop(): Promise<void>;
}

const systemClock: Clock = {
  now: Date.now,
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** The reconciler: composes loop, connections, inventories and audit, and starts them. */
export async function startController(options: ControllerOptions): Promise<Controller> {
  const { metrics, log, audit } = options;
  const api = createKubeApi(options.kubeConfig);
  let isSynced = false;
  // The loop and the connections wake each other; both are made before either runs.
  const loopSoFar = (): Loop => loop;
  const undeclared = createUndeclaredWatch({ loop: loopSoFar, audit, kinds: kinds.map((kind) => kind.kind), log });
  const connections = createConnections({
    store: options.store,
    metrics,
    log,
    now: Date.now,
    random: Math.random,
    onEvent: (event) => loopSoFar().wake(event.ids),
    onSweep(cluster, reports) {
      loopSoFar().sweepDone(cluster);
      const inventory = connections.inventory(cluster);
      if (inventory && undeclared.swept(cluster, inventory, reports)) enqueueCluster(cluster);
    },
    onChange(cluster) {
      enqueueCluster(cluster);
      loopSoFar().clusterChanged(cluster);
    },
  });
  const enqueueCluster = (name: string) => loopSoFar().enqueue('Cluster', { namespace: '', name });
  const cluster = clusterKind({
    api,
    connections,
    health: (name) => undeclared.health(name),
    async clusterGone(name) {
      undeclared.forget(name);
      await connections.close(name);
    },
  });
  const loop = startLoop({
    api,
    group: apiGroup,
    version: apiVersion,
    kinds,
    plain: [cluster],
    ...(options.settleMs === undefined ? {} : { settleMs: options.settleMs }),
    requestList: (name, _kind, notBefore) => connections.requestSweep(name, notBefore),
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
  void loop.synced.then(() => {
    isSynced = true;
  });
  return {
    notReady: () => (isSynced ? [] : ['the controller has not listed all kinds yet']),
    async stop() {
      await loop.stop();
      await connections.stop();
    },
  };
}

/** Errors of the clouds are sorted beside their client; anything else is ours, and may pass. */
function classify(error: unknown): Verdict {
  return classifyOpenStackError(error) ?? { kind: 'transient', reason: 'InternalError', message: error instanceof Error ? error.message : String(error) };
}

function countDrifted(loop: Loop): ReadonlyMap<string, number> {
  const isDrifted = (object: { status?: { drift?: readonly unknown[] } }) => (object.status?.drift?.length ?? 0) > 0;
  return new Map(kinds.map((kind) => [kind.kind, loop.list(kind.kind).filter(isDrifted).length]));
}
