import type { Change } from './kind.ts';
import type { KubeObject } from './object.ts';

/** What the loop records: a difference seen, a change made, an attempt that failed. Stored append-only by the audit room. */
export interface AuditEntry {
  /** CamelCase: DriftDetected, DriftResolved, Created, Adopted, Updated, Deleted, Retained, Missing, Failed, ... */
  readonly type: string;
  /** Who: `system:stackwarden-controller`, a user's name, or `unknown` for a change made behind our back. */
  readonly actor: string;
  readonly cluster?: string;
  readonly object?: { readonly kind: string; readonly namespace: string; readonly name: string; readonly uid: string };
  readonly cloudId?: string;
  readonly changes: readonly Change[];
  /** `observed`: seen, not done by us. */
  readonly result: 'ok' | 'failed' | 'denied' | 'observed';
  readonly message: string;
  /** Ids the cloud gave to the requests that did it. */
  readonly requestIds: readonly string[];
  /** Ties everything of one reconcile together; also sent to the cloud as the global request id. */
  readonly reconcileId?: string;
  /** Whence a person asked: network address, id of the session or token, id of the request. */
  readonly source?: { readonly address?: string; readonly session?: string; readonly requestId?: string };
}

/** A cloud connection as the loop gets it for one reconcile. */
export interface Connection<Cloud> {
  readonly cloud: Cloud;
  /** Name of the Cluster object; the queue's fairness class and the audit's cluster. */
  readonly cluster: string;
  /** The drift policy objects of this cluster have unless they name one. */
  readonly driftPolicy: 'Correct' | 'Report';
  /** Drift is only reported until then (RFC 3339): no maintenance window of this cluster is open. */
  readonly shutUntil?: string;
  /** So many of its resources may be lost at once, or be replaced between two sweeps, without a person; the loop's own limit if absent. */
  readonly recreationLimit?: number;
  /** Ids of the requests sent through this connection so far, writes only, oldest first. */
  requestIds(): readonly string[];
}

/** Why there is no connection now; the object waits for its Cluster and says so. */
export interface NoConnection {
  readonly reason: string;
  readonly message: string;
}

/** What an error means for the next step; made once, from service, status and body, by the composition root. */
export type Verdict = Sorted & {
  /**
   * The cloud answered and did nothing: a create that failed so may be sent again without looking for what it might have made. MUST
   * NOT be set when the answer was lost or could not be read.
   */
  readonly refused?: boolean;
};

type Sorted =
  /** The cloud says "not now" (in use, busy, wrong state): look again, growing delay, no failure. */
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  /** May pass by itself: backoff with jitter, never sooner than retryAfterMs. */
  | { readonly kind: 'transient'; readonly reason: string; readonly message: string; readonly retryAfterMs?: number }
  /** Needs a person (quota, policy, bad request): Stalled, looked at slowly and when the spec changes. */
  | { readonly kind: 'stalled'; readonly reason: string; readonly message: string };

/** Everything the loop takes from outside, so that time, randomness and the world can be set by a test. */
export interface LoopDeps<Cloud> {
  connect(object: KubeObject, reconcileId: string): Connection<Cloud> | NoConnection;
  classify(error: unknown): Verdict;
  audit(entry: AuditEntry): Promise<void>;
  readonly clock: Clock;
  /** [0, 1). */
  random(): number;
  newId(): string;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>): void;
}

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
}
