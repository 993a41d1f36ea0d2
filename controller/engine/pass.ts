import type { JsonObject } from './json.ts';
import type { AnyKind, Change, Owner } from './kind.ts';
import type { LossGuard } from './loss-guard.ts';
import type { Memory } from './memory.ts';
import type { DriftEntry, KubeObject } from './object.ts';
import { type Outcome, waiting } from './outcome.ts';
import type { Connection, LoopDeps, NoConnection } from './ports.ts';
import { nameOf, type ReferenceGraph } from './references.ts';
import type { Scribe } from './scribe.ts';
import type { ReadSecret } from './secrets.ts';

/** Everything one pass over one object works with. */
export interface Pass<Cloud> {
  readonly kind: AnyKind<Cloud>;
  readonly object: KubeObject;
  readonly deps: LoopDeps<Cloud>;
  readonly reconcileId: string;
  readonly graph: ReferenceGraph;
  readonly guard: LossGuard<Cloud>;
  readonly memory: Memory;
  readonly scribe: Scribe;
  readonly writes: ObjectWrites;
  readonly readSecret: ReadSecret;
  /** The cloud was on its way at the last look and nothing was heard since: read the resource anew before observing. */
  readonly isPoll: boolean;
  readonly settings: PassSettings;
}

export interface PassSettings {
  /** `<group>/paused`, `<group>/correct-at` and `<group>/cloud-resource`. */
  readonly pausedAnnotation: string;
  readonly correctAnnotation: string;
  readonly finalizer: string;
  readonly settleMs: number;
  requestList?(cluster: string, kind: string, notBefore: number): void;
}

/** The writes to Kubernetes a pass makes itself; its outcome is written by the loop. */
export interface ObjectWrites {
  /** Puts the finalizer on if it is not there; returns the object as it is then. */
  hold(object: KubeObject): Promise<KubeObject>;
  /** Takes the finalizer off. */
  release(object: KubeObject): Promise<void>;
  /** Stores status fields at once; refused when anything in the object changed since it was read. */
  store(object: KubeObject, fields: JsonObject): Promise<KubeObject>;
}

/** A call to the cloud that failed: what was being done, and what the pass had found out by then. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly step: 'create' | 'update' | 'delete';
  readonly changes: readonly Change[];
  readonly found: { readonly status?: JsonObject; readonly drift?: readonly DriftEntry[] };
  readonly requestIds: readonly string[];

  constructor(step: StepFailed['step'], cause: unknown, about: Pick<StepFailed, 'changes' | 'found' | 'requestIds'>) {
    super(`${step} failed`, { cause });
    this.step = step;
    this.changes = about.changes;
    this.found = about.found;
    this.requestIds = about.requestIds;
  }
}

export function ownerOf(object: KubeObject): Owner {
  const { uid, name, namespace = '' } = object.metadata;
  const { id, intent } = object.status ?? {};
  return {
    uid,
    name,
    namespace,
    key: `${namespace}/${name}`,
    spec: object.spec,
    ...(id !== undefined && id !== '' && { id }),
    ...(intent && { isCreating: true }),
  };
}

export function isConnected<Cloud>(connection: Connection<Cloud> | NoConnection): connection is Connection<Cloud> {
  return 'cloud' in connection;
}

/** Waits for the cluster; whether what was fine is still so cannot be known now. */
export function unconnected(object: KubeObject, why: NoConnection, wayOut = ''): Outcome {
  const wasDone = object.status?.id !== undefined && object.status.settledGeneration === object.metadata.generation;
  return waiting({ reason: why.reason, message: `${why.message}${wayOut}` }, { ready: wasDone ? 'Unknown' : 'False' });
}

/** Whether "not found" proves that a create sent at `intent` made nothing: only a list asked for well after it does. */
export function isLateEnough(listedAt: number, intentAt: string, settleMs: number): boolean {
  const sent = Date.parse(intentAt);
  return Number.isNaN(sent) ? false : listedAt > sent + settleMs;
}

/** Looks for what a lost create may have made, before another is sent or the object let go. */
export function lookingForLostCreate<Cloud>(pass: Pass<Cloud>, cluster: string, intentAt: string): Outcome {
  const sent = Date.parse(intentAt);
  pass.settings.requestList?.(cluster, pass.kind.kind, (Number.isNaN(sent) ? pass.deps.clock.now() : sent) + pass.settings.settleMs);
  return waiting(
    {
      reason: 'LookingForLostCreate',
      message: `An earlier create of ${nameOf(pass.object)} was sent and its answer is not known; looks in the cloud for what it made before going on.`,
    },
    { next: { look: 'poll' } },
  );
}
