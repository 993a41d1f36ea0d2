import type { JsonSchema } from './json.ts';
import type { AnyKind } from './kind.ts';
import type { KubeApi, ResourceName } from './kube-api.ts';
import type { Loss } from './loss-guard.ts';
import type { KubeObject } from './object.ts';
import type { StoreChange } from './object-store.ts';
import type { Outcome } from './outcome.ts';
import type { LoopDeps } from './ports.ts';
import type { Planner } from './set-plan.ts';

/** Who asks first is served first: a person's change, then what the world did, then routine looks. */
export type Priority = 'person' | 'wake' | 'sweep';

export interface LoopOptions<Cloud> {
  readonly api: KubeApi;
  readonly deps: LoopDeps<Cloud>;
  /** API group and version of all kinds; finalizer and annotations are `<group>/cloud-resource`, `/paused`, `/reconcile-at`, `/correct-at`. */
  readonly group: string;
  readonly version: string;
  readonly kinds: readonly AnyKind<Cloud>[];
  /** Kinds without a cloud resource of their own (Cluster). */
  readonly plain?: readonly PlainKind[];
  /** Passes at a time over all clusters; default 32. */
  readonly workers?: number;
  /** Passes at a time for one cluster; default 8. */
  readonly perCluster?: number;
  /** How much newer than a lost create a list must be to prove that nothing was created; default 10 s. */
  readonly settleMs?: number;
  /** Slow look at what needs a person; default 5 min. */
  readonly stalledMs?: number;
  /** Asked when only a complete list newer than `notBefore` (epoch ms) can tell what became of a lost create. */
  requestList?(cluster: string, kind: string, notBefore: number): void;
  /** So much of a cluster is lost at once that nothing of it is made anew (`loss`), or that is over (undefined). */
  onMassLoss?(cluster: string, loss: Loss | undefined): void;
  /** Told of each change of an object, after the cache shows it. */
  onObject?(change: StoreChange): void;
  /** Called after every pass, for metrics. */
  onReconcile?(kind: string, result: PassResult, seconds: number): void;
}

/** `Conflict` and `Failed` (no status could be written) are shown to nobody but metrics and logs. */
export type PassResult = 'Ready' | 'Reconciling' | 'Stalled' | 'Paused' | 'Deleted' | 'Conflict' | 'Failed';

/** A kind the loop reconciles through a function: informer, queue, finalizer, status and events are the loop's. */
export interface PlainKind {
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Schema of `spec`, for its references. */
  readonly spec: JsonSchema;
  /** One pass over an object that is not being deleted; writes no status itself. What it throws is classified like any error. */
  reconcile(object: KubeObject): Promise<Outcome>;
  /** Called once nothing refers to the object any more, before its finalizer goes; undefined when it may go. */
  finalize?(object: KubeObject): Promise<Outcome | undefined>;
  /** The object is gone from Kubernetes. */
  gone?(object: KubeObject): void;
}

export interface Loop {
  /** Resolves once every kind has been listed; workers start then. */
  readonly synced: Promise<void>;
  /** Something happened to these cloud ids or owner uids. */
  wake(ids: readonly string[], priority?: Priority): void;
  /** A sweep of this cluster ended: look at all its objects. */
  sweepDone(cluster: string): void;
  /** The connection of this cluster came, changed or went: look at all its objects. */
  clusterChanged(name: string): void;
  /** Looks at one object soon. */
  enqueue(kind: string, name: { namespace: string; name: string }, priority?: Priority): void;
  /** Synchronous reads of the cache. */
  get(kind: string, name: { namespace: string; name: string }): KubeObject | undefined;
  list(kind: string): KubeObject[];
  stats(): QueueStats;
  /** Says what declaring something would do. Throws what reading the cloud throws. */
  readonly planner: Planner;
  /** Takes no new work, lets running passes end (at most `deadlineMs`, default 20 s), then stops watching. */
  stop(options?: { deadlineMs?: number }): Promise<void>;
}

export interface QueueStats {
  /** Keys waiting for a worker, by priority. */
  readonly depth: Readonly<Record<Priority, number>>;
  /** Keys waiting for their time. */
  readonly delayed: number;
  readonly running: number;
  /** Seconds the oldest waiting key has waited; 0 when none waits. */
  readonly oldestSeconds: number;
  readonly added: number;
  readonly retries: number;
}

/** Where the objects of a kind live. */
export function resourceOf(
  kind: { kind: string; plural: string; namespaced?: boolean },
  api: { group: string; version: string },
): ResourceName {
  return { group: api.group, version: api.version, plural: kind.plural, kind: kind.kind, namespaced: kind.namespaced ?? true };
}
