import type { Store } from '#migrations/store.ts';
import type { KubeObject } from './engine/object.ts';
import type { Clock, Connection, NoConnection } from './engine/ports.ts';
import { createCloudInventory, type ManagedInventory, type SweepReport } from './inventory/cloud-inventory.ts';
import type { InventoryEvent, ResourceType } from './inventory/inventory.ts';
import { createInventoryRepository } from './inventory/repository.ts';
import { RESOURCE_TYPES } from './inventory/tracked.ts';
import type { CloudHandle } from './kinds/handle.ts';
import type { Log } from './log.ts';
import { type MaintenanceWindow, shutUntil } from './maintenance.ts';
import type { Metrics } from './metrics.ts';
import type { Cloud } from './openstack/cloud.ts';
import type { CloudConfig } from './openstack/clouds-yaml.ts';
import { connectCloud } from './openstack/connect.ts';
import type { TokenCache } from './openstack/tokens.ts';
import type { RequestObservation } from './openstack/transport.ts';

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
  readonly maintenanceWindows: readonly MaintenanceWindow[];
  /** The loop's own when undefined. */
  readonly recreationLimit: number | undefined;
  /** Empty: all. */
  readonly allowedNamespaces: readonly string[];
}

/** One cloud client and one inventory per Cluster: what the loop's `connect` answers from. */
export interface Connections {
  connect(object: KubeObject, reconcileId: string): Connection<CloudHandle> | NoConnection;
  /** A client with these settings, to probe the cloud with before `open`; shares the token of its credential. Close it after use. */
  client(cluster: string, settings: ConnectionSettings): Cloud;
  /** Makes the connection, or makes it anew when `settings` differ from those it was made with. The first sweep runs in the background. */
  open(cluster: string, settings: ConnectionSettings, policy: ClusterPolicy): Promise<void>;
  /** Whether there is a connection made with exactly these settings. */
  isOpenWith(cluster: string, settings: ConnectionSettings): boolean;
  /** `listing` until the first sweep ended; undefined without a connection. */
  phase(cluster: string): 'listing' | 'ready' | undefined;
  inventory(cluster: string): ManagedInventory | undefined;
  /** The cloud as last seen, for who only reads; or why nothing can be said of it. */
  look(cluster: string): (CloudHandle & { readonly inventory: ManagedInventory }) | NoConnection;
  /** Who we are there; undefined until the first sweep ended. */
  identity(cluster: string): { readonly projectId: string; readonly userId: string } | undefined;
  /** The reason why objects of this cluster have to wait; told by the Cluster's reconcile. */
  explain(cluster: string, why: NoConnection): void;
  close(cluster: string): Promise<void>;
  /** Closes, and removes from the database what was seen of this cloud. */
  erase(cluster: string): Promise<void>;
  /** Asks for a complete list no older than `notBefore` (epoch ms). */
  requestSweep(cluster: string, notBefore: number): void;
  stop(): Promise<void>;
}

export interface ConnectionsDeps {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  /** Below it images may take their data from files; none when undefined. */
  readonly imageDirectory?: string;
  onEvent(event: InventoryEvent): void;
  /** The inventory of a cluster can be read from now on; undefined: no longer. */
  onInventory?(cluster: string, inventory: ManagedInventory | undefined): void;
  /** A request to the cloud ended, whoever asked for it. */
  onRequest?(cluster: string, request: RequestObservation): void;
  /** A type was listed whole, or could not be. */
  onReport(cluster: string, report: SweepReport): void;
  /** Every type was listed (or could not be) since the last call. */
  onSweep(cluster: string): void;
  /** A connection became usable, changed its policy, or ended. */
  onChange(cluster: string): void;
}

interface Open {
  readonly key: string;
  readonly client: Cloud;
  readonly inventory: ManagedInventory;
  policy: ClusterPolicy;
  phase: 'listing' | 'ready';
  identity?: { readonly projectId: string; readonly userId: string };
  cancelSweep?: () => void;
}

export function createConnections(deps: ConnectionsDeps): Connections {
  const { log, clock, imageDirectory } = deps;
  const open = new Map<string, Open>();
  const reasons = new Map<string, NoConnection>();
  const tokens: TokenCache = new Map();
  const client = (cluster: string, settings: ConnectionSettings) =>
    connectCloud(settings.config, {
      name: cluster,
      tokens,
      ...(settings.concurrency === undefined ? {} : { concurrency: settings.concurrency }),
      ...(settings.requestsPerSecond === undefined ? {} : { requestsPerSecond: settings.requestsPerSecond }),
      onRequest({ durationMs, ...request }) {
        deps.metrics.openstackRequest(request, durationMs / 1000);
        deps.onRequest?.(cluster, { ...request, durationMs });
      },
    });

  async function close(cluster: string): Promise<ManagedInventory | undefined> {
    const connection = open.get(cluster);
    if (!connection) return undefined;
    open.delete(cluster);
    deps.onInventory?.(cluster, undefined);
    connection.cancelSweep?.();
    // Closing the client first ends requests that hang, so that the inventory's end need not wait for them.
    await connection.client.close();
    await connection.inventory.stop();
    deps.metrics.forgetCluster(cluster);
    return connection.inventory;
  }

  /** The first sweep: nothing may be decided about this cloud before it ended. Types that failed are tried again by the inventory. */
  async function list(cluster: string, connection: Open): Promise<void> {
    await connection.inventory.start();
    const { projectId, userId } = await connection.client.authenticate();
    connection.identity = { projectId, userId };
    if (open.get(cluster) !== connection) return;
    connection.phase = 'ready';
    deps.onChange(cluster);
  }

  return {
    client,
    connect(object, reconcileId) {
      const cluster = clusterOf(object);
      const connection = open.get(cluster);
      if (!connection) return reasons.get(cluster) ?? notConnected(cluster);
      const { allowedNamespaces, driftPolicy, maintenanceWindows, recreationLimit } = connection.policy;
      const namespace = object.metadata.namespace ?? '';
      if (allowedNamespaces.length > 0 && !allowedNamespaces.includes(namespace)) return notAllowed(cluster, namespace);
      if (connection.phase === 'listing') return stillListing(cluster);
      const traced = connection.client.traced(reconcileId);
      const shut = shutUntil(maintenanceWindows, clock.now());
      return {
        cloud: { client: traced, inventory: connection.inventory, ...(imageDirectory !== undefined && { imageDirectory }) },
        cluster,
        driftPolicy,
        ...(shut !== undefined && { shutUntil: new Date(shut).toISOString() }),
        ...(recreationLimit !== undefined && { recreationLimit }),
        requestIds: () => traced.requestIds(),
      };
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
      const own = client(cluster, settings);
      const inventory = createInventory(cluster, own, settings, deps);
      deps.onInventory?.(cluster, inventory);
      const connection: Open = { key, policy, phase: 'listing', client: own, inventory };
      open.set(cluster, connection);
      list(cluster, connection).catch((error: unknown) =>
        log('error', 'the first look at a cluster failed', { cluster, error: String(error) }),
      );
    },

    isOpenWith: (cluster, settings) => open.get(cluster)?.key === keyOf(settings),
    phase: (cluster) => open.get(cluster)?.phase,
    inventory: (cluster) => open.get(cluster)?.inventory,
    look(cluster) {
      const connection = open.get(cluster);
      if (!connection) return reasons.get(cluster) ?? notConnected(cluster);
      return connection.phase === 'listing' ? stillListing(cluster) : connection;
    },
    identity: (cluster) => open.get(cluster)?.identity,
    explain: (cluster, why) => void reasons.set(cluster, { reason: why.reason, message: why.message }),
    async close(cluster) {
      await close(cluster);
    },
    async erase(cluster) {
      reasons.delete(cluster);
      await close(cluster);
      // Also of a cloud that is not connected now, a disabled one.
      await createInventoryRepository(deps.store, cluster).erase();
    },

    requestSweep(cluster, notBefore) {
      const connection = open.get(cluster);
      if (!connection || connection.cancelSweep) return;
      connection.cancelSweep = clock.after(Math.max(0, notBefore - clock.now()) + 1, () => {
        delete connection.cancelSweep;
        connection.inventory.sweep().then(
          () => deps.onChange(cluster),
          (error: unknown) => log('warn', 'a sweep failed', { cluster, error: String(error) }),
        );
      });
    },

    async stop() {
      await Promise.all([...open.keys()].map(close));
    },
  };
}

function createInventory(cluster: string, client: Cloud, settings: ConnectionSettings, deps: ConnectionsDeps): ManagedInventory {
  const reported = new Set<ResourceType>();
  const inventory = createCloudInventory({
    cluster,
    client,
    store: deps.store,
    clock: deps.clock,
    random: deps.random,
    log: deps.log,
    sweepIntervalMs: settings.sweepIntervalMs,
    lookIntervalMs: Math.max(500, settings.sweepIntervalMs / 6),
    onEvent: (event) => deps.onEvent(event),
    // Its rows came from the database, without an event.
    onLoaded: () => deps.onInventory?.(cluster, inventory),
    onSwept: (type, at) => deps.metrics.swept(cluster, type, at),
    onReport(report) {
      if (report.how !== 'full') return;
      deps.onReport(cluster, report);
      reported.add(report.type);
      if (reported.size < RESOURCE_TYPES.length) return;
      reported.clear();
      deps.metrics.sweepEnded(cluster);
      deps.onSweep(cluster);
    },
  });
  return inventory;
}

/** Two connections with one key are the same connection. */
function keyOf({ config, ...rest }: ConnectionSettings): string {
  return JSON.stringify([config.fingerprint, rest]);
}

/** Name of the Cluster an object belongs to; '' for one that names none. */
export function clusterOf(object: KubeObject): string {
  return (object.spec as { clusterRef?: { name?: string } }).clusterRef?.name ?? '';
}

function notConnected(cluster: string): NoConnection {
  return { reason: 'ClusterNotReady', message: `Cluster ${cluster} is not connected yet; "kubectl describe cluster ${cluster}" says why.` };
}

function stillListing(cluster: string): NoConnection {
  return { reason: 'ClusterListing', message: `Waiting for the first complete look at Cluster ${cluster}.` };
}

function notAllowed(cluster: string, namespace: string): NoConnection {
  return {
    reason: 'NamespaceNotAllowed',
    message: `Cluster ${cluster} does not serve namespace ${namespace}; add it to the Cluster's spec.allowedNamespaces.`,
  };
}
