import type { Change, Reason } from './kind.ts';
import type { SecretData } from './kube-api.ts';
import type { KubeObject } from './object.ts';

/** What somebody would like to declare, and wants to know what would come of it. */
export interface PlanRequest {
  /**
   * Objects as the Kubernetes API would store them (defaulted, pruned, checked): what a dry run of their create or update answered. One
   * that is there already carries its uid, generation and status.
   */
  readonly objects: readonly KubeObject[];
  /** Objects that would be deleted along with it (what a prune takes away). */
  readonly deleted?: readonly KubeObject[];
  /** Secrets of the set, as they would be. */
  readonly secrets?: readonly { readonly namespace: string; readonly name: string; readonly data: SecretData }[];
}

/** What applying a set of declarations would do, object by object, in the order in which it would be done. Nothing was written for it. */
export interface SetPlan {
  readonly objects: readonly ObjectPlan[];
  /** Clusters that could not be looked at: their objects are planned as `unknown`. */
  readonly gaps: readonly PlanGap[];
}

export interface PlanGap extends Reason {
  readonly cluster: string;
}

export interface ObjectPlan {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly cluster: string;
  /** Id of the cloud resource, where there is one already. */
  readonly id?: string;
  readonly action: PlannedAction;
  /** Field by field; for `create` empty. With `by`, this field forces a rebuild or a replacement. */
  readonly changes: readonly PlannedChange[];
  /** Data in the cloud would be lost. */
  readonly losesData: boolean;
  /** What it waits for, or why it would stop, or what is noteworthy. */
  readonly why?: Reason;
}

/**
 * - `none`: as declared already. `report`: differs, and policy is to report only. `wait`: the cloud is on its way, look again.
 * - `create`, `update` (in place), `rebuild`, `replace` (deleted and created anew), `delete`: writes to the cloud.
 * - `adopt`: taken over (import), with `changes` if it differs. `release`: let go of, the cloud resource stays.
 * - `blocked`: would stop and ask for a person; `why` says what for. `unknown`: its cloud could not be looked at.
 */
export type PlannedAction =
  | 'none'
  | 'report'
  | 'wait'
  | 'create'
  | 'adopt'
  | 'update'
  | 'rebuild'
  | 'replace'
  | 'delete'
  | 'release'
  | 'blocked'
  | 'unknown';

export interface PlannedChange extends Change {
  /** `to` depends on something that does not exist yet; it is known once that is applied. */
  readonly isUnknown?: true;
}

/** Whether carrying out the plan writes to a cloud. */
export function writes(plan: ObjectPlan): boolean {
  return ['create', 'adopt', 'update', 'rebuild', 'replace', 'delete'].includes(plan.action);
}

/** Plans; asks the clouds no more than a reconcile would, and writes nothing anywhere. */
export interface Planner {
  plan(request: PlanRequest): Promise<SetPlan>;
}
