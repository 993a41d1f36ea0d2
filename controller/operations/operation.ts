import type { Json } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';

export const operationStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type OperationState = (typeof operationStates)[number];

/** Name under which many operations are asked for at once. */
export const bulkAction = 'bulk';

/** What somebody asked for that takes time; times are epoch ms. */
export interface Operation {
  readonly id: string;
  /** `instance.start`, ...; `bulk` for many at once. */
  readonly action: string;
  readonly actor: string;
  readonly userId?: string;
  /** '' for a bulk over several. */
  readonly cluster: string;
  /** Resource type, id and name in the cloud; '' for a bulk, and the last two for an action that makes something. */
  readonly type: string;
  readonly target: string;
  readonly targetName: string;
  /** Of the object that declares the target; '' when none does. */
  readonly namespace: string;
  readonly state: OperationState;
  /** 0 to 100. */
  readonly percent: number;
  readonly steps: readonly Step[];
  /** Without what was secret in it. */
  readonly input: Json;
  readonly result?: Json;
  readonly problem?: OperationProblem;
  /** Ids the clouds gave to its writes, oldest first. */
  readonly requestIds: readonly string[];
  readonly parent?: string;
  readonly retryOf?: string;
  /** How often it was taken up; more than one after restarts. */
  readonly attempts: number;
  readonly cancelRequestedAt?: number;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly version: number;
}

export interface Step {
  readonly name: string;
  /** Done when it began. */
  readonly percent: number;
  readonly at: number;
}

/** RFC 9457: why it failed, and the next step. */
export interface OperationProblem {
  readonly type: 'about:blank';
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Of the input. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly requestIds?: readonly string[];
}

/** The object that declares a target, and what has become of the change of it. */
export interface DeclaredTarget {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Set: the declaration was changed to this generation, and has to be carried out; `gone`: it was deleted. Absent: done in the cloud. */
  readonly until?: number | 'gone';
  /** Set: the reconciler leaves alone what is done from this generation on, and has to have seen it first. */
  readonly after?: number;
}

/** What a runner has to know after a restart. */
export interface Progress {
  /** The target as it was when the operation was made. */
  readonly before?: Json;
  /** What would change, as it was told then. */
  readonly changes?: readonly Change[];
  readonly declared?: DeclaredTarget;
  /** Names of the input's fields that were secret, and are only held in memory. */
  readonly secrets?: readonly string[];
  /** Writes by name; without an answer while nobody knows whether the cloud got it. */
  readonly sent?: Readonly<Record<string, { readonly answer?: Json }>>;
}

/** Whence an operation was asked for; kept for the audit. */
export interface Origin {
  readonly address?: string;
  readonly session?: string;
  readonly requestId?: string;
}

export function hasEnded(state: OperationState): boolean {
  return state !== 'queued' && state !== 'running';
}
