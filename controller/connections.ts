import type { KubeObject } from './engine/object.ts';
import type { Connection, NoConnection } from './engine/ports.ts';
import { createCloudInventory, type ManagedInventory, type SweepReport } from './inventory/cloud-inventory.ts';
import type { InventoryEvent } from './inventory/inventory.ts';
import type { CloudHandle } from './kinds/handle.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Cloud } from './openstack/cloud.ts';
import type { CloudConfig } from './openstack/clouds-yaml.ts';
import { connectCloud } from './openstack/connect.ts';
import type { Store } from '#migrations/store.ts';

/** What a Cluster object asks of its connection. */
export interface ConnectionSettings {
  readonly config: CloudConfig;
  readonly sweepIntervalMs: number;
  readonly concurrency?: number;
  readonly requestsPerSecond?: number;
}

/** What of a Cluster object the loop applies to each pass; changes without a new connection. */
export interface ClusterPolicy {
  readonly driftPolicy: 'Correct' | 'Report';
  /** Empty: all. */
  readonly allowedNamespaces: readonly string[];
}

export type ConnectionPhase = 'listing' | 'ready';

/** One cloud client and one inventory per Cluster: what the loop's `connect` answers from. */
export interface Connections {
  connect(object: KubeObject, reconcileId: string): Connection<CloudHandle> | NoConnection;
  /** Makes the connection, or makes it anew when `settings` differ from those it was made with. The first sweep runs in the background. */
  open(cluster: string, settings: ConnectionSettings, policy: ClusterPolicy): Promise<void>;
  /** Whether there is a connection made with exactly these settings. */
  isOpenWith(cluster: string, settings: ConnectionSettings): boolean;
  /** undefined without a connection. */
  phase(cluster: string): ConnectionPhase | undefined;
  inventory(cluster: string): ManagedInventory | undefined;
  /** The reason why objects of this cluster have to wait; told by the Cluster's reconcile. */
  explain(cluster: string, why: NoConnection): void;
  close(cluster: string): Promise<void>;
  /** Asks for a complete list no older than `notBefore` (epoch ms). */
  requestSweep(cluster: string, notBefore: number): void;
  stop(): Promise<void>;
}

export interface ConnectionsDeps {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  onEvent(event: InventoryEvent): void;
  /** A sweep ended, the first one included. */
  onSweep(cluster: string, reports: readonly SweepReport[]): void;
  /** A connection became usable, or ended. */
  onChange(cluster: string): void;
}

interface Open {
  readonly key: string;
  readonly client: Cloud;
  readonly inventory: ManagedInventory;
  policy: ClusterPolicy;
  phase: ConnectionPhase;
  sweepTimer?: NodeJS.Timeout;
}

export function createConnections(deps: ConnectionsDeps): Connections {
  const open = new Map<string, Open>();
  const reasons = new Map<string, NoConnection>();

  async function close(cluster: string): Promise<void> {
    const connection = open.get(cluster);
    if (!connection) return;
    open.delete(cluster);
    clearTimeout(connection.sweepTimer);
    await connection.inventory.stop();
    await connection.client.close();
    deps.metrics.forgetCluster(cluster);
  }

  /** The first sweep: nothing may be decided about this cloud before it ended. A failed one is tried again by the inventory's own schedule. */
  async function list(cluster: string, connection: Open): Promise<void> {
    await connection.inventory.start();
    if (open.get(cluster) !== connection) return;
    connection.phase = 'ready';
    deps.onChange(cluster);
  }

  return {
    connect(object, reconcileId) {
      const cluster = clusterOf(object);
      const connection = open.get(cluster);
      if (!connection) return reasons.get(cluster) ?? notDeclared(cluster);
      const { allowedNamespaces, driftPolicy } = connection.policy;
      const namespace = object.metadata.namespace ?? '';
      if (allowedNamespaces.length > 0 && !allowedNamespaces.includes(namespace)) return notAllowed(cluster, namespace);
      if (connection.phase === 'listing') return { reason: 'ClusterListing', message: `Waiting for the first complete look at Cluster ${cluster}.` };
      const client = connection.client.traced(reconcileId);
      return { cloud: { client, inventory: connection.inventory }, cluster, driftPolicy, requestIds: () => client.requestIds() };
    },

    async open(cluster, settings, policy) {
      const key = keyOf(settings);
      const existing = open.get(cluster);
      if (existing?.key === key) {
        const isChanged = JSON.stringify(existing.policy) !== JSON.stringify(policy);
        existing.policy = policy;
        if (isChanged) deps.onChange(cluster);
        return;
      }
      await close(cluster);
      const connection: Open = { key, policy, phase: 'listing', ...connectAndWatch(cluster, settings, deps) };
      open.set(cluster, connection);
      list(cluster, connection).catch((error: unknown) => deps.log('error', 'the first look at a cluster failed', { cluster, error }));
    },

    isOpenWith: (cluster, settings) => open.get(cluster)?.key === keyOf(settings),
    phase: (cluster) => open.get(cluster)?.phase,
    inventory: (cluster) => open.get(cluster)?.inventory,
    explain: (cluster, why) => void reasons.set(cluster, why),
    close,

    requestSweep(cluster, notBefore) {
      const connection = open.get(cluster);
      if (!connection || connection.sweepTimer) return;
      connection.sweepTimer = setTimeout(
        () => {
          delete connection.sweepTimer;
          connection.inventory.sweep().catch((error: unknown) => deps.log('warn', 'a sweep failed', { cluster, error }));
        },
        Math.max(0, notBefore - deps.now()) + 1,
      );
    },

    async stop() {
      await Promise.all([...open.keys()].map(close));
    },
  };
}

function connectAndWatch(cluster: string, settings: ConnectionSettings, deps: ConnectionsDeps): { client: Cloud; inventory: ManagedInventory } {
  const client = connectCloud(settings.config, {
    name: cluster,
    ...(settings.concurrency === undefined ? {} : { concurrency: settings.concurrency }),
    ...(settings.requestsPerSecond === undefined ? {} : { requestsPerSecond: settings.requestsPerSecond }),
    onRequest: ({ durationMs, ...request }) => deps.metrics.openstackRequest(request, durationMs / 1000),
  });
  const inventory = createCloudInventory({
    cluster,
    client,
    store: deps.store,
    sweepIntervalMs: settings.sweepIntervalMs,
    lookIntervalMs: Math.max(1000, settings.sweepIntervalMs / 6),
    onEvent: deps.onEvent,
    onSweep: (reports) => {
      for (const report of reports) if (!report.error) deps.metrics.swept(cluster, report.type, deps.now());
      deps.onSweep(cluster, reports);
    },
    log: deps.log,
  });
  return { client, inventory };
}

/** Two connections with one key are the same connection. */
function keyOf({ config, ...rest }: ConnectionSettings): string {
  return JSON.stringify([config.fingerprint, rest]);
}

export function clusterOf(object: KubeObject): string {
  return (object.spec as { clusterRef?: { name?: string } }).clusterRef?.name ?? '';
}

function notDeclared(cluster: string): NoConnection {
  return { reason: 'ClusterNotReady', message: `Cluster ${cluster} is not connected yet; "kubectl describe cluster ${cluster}" says why.` };
}

function notAllowed(cluster: string, namespace: string): NoConnection {
  return {
    reason: 'NamespaceNotAllowed',
    message: `Cluster ${cluster} does not serve namespace ${namespace}; add it to the Cluster's spec.allowedNamespaces.`,
  };
}
