import type { Correction } from './corrections.ts';
import type { Json, JsonObject } from './json.ts';

/** A Kubernetes object as the loop sees it. */
export interface KubeObject<Spec = JsonObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** '' for cluster-scoped objects. */
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Spec;
  readonly status?: ObjectStatus;
}

/** Status fields every kind has. */
export interface ObjectStatus {
  readonly observedGeneration?: number;
  /** Cloud id of what we made. */
  readonly id?: string;
  /** Set before a create is sent, cleared when its id is known: a create may be under way, or its answer lost. */
  readonly intent?: { readonly attempt: number; readonly at: string };
  /** The newest generation that was carried out in full; differences at that generation are drift, not work. */
  readonly settledGeneration?: number;
  /** Stands for the values of Secrets that were carried out with it. */
  readonly settledSecrets?: string;
  readonly conditions?: readonly Condition[];
  readonly drift?: readonly DriftEntry[];
  readonly ignored?: readonly IgnoredEntry[];
  /** What taking the resource over would change, while it is only observed. */
  readonly plan?: readonly PlanEntry[];
  readonly corrections?: readonly Correction[];
  /** True: the cloud resource was found by `spec.import` and is not ours. False: it was taken over, and the import is history. */
  readonly isOnlyObserved?: boolean;
  /** A replacement has begun: this resource is deleted, and one made anew. */
  readonly replacing?: { readonly id: string; readonly at: string };
  /** What was done about its ERROR state. */
  readonly recovery?: { readonly attempts: number; readonly lastAt: string };
  readonly [field: string]: unknown;
}

export interface Condition {
  readonly type: 'Ready' | 'Reconciling' | 'Stalled' | 'Drifted' | (string & {});
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration: number;
}

/** A difference the spec did not cause. */
export interface DriftEntry {
  readonly path: string;
  readonly declared: Json;
  readonly observed: Json;
  readonly since: string;
}

/** A difference that is left alone because the spec says so. */
export interface IgnoredEntry {
  readonly path: string;
  readonly declared: Json;
  readonly observed: Json;
  readonly reason: string;
  readonly until?: string;
}

/** One field that taking over would change. */
export interface PlanEntry {
  readonly path: string;
  readonly declared: Json;
  readonly observed: Json;
  readonly by?: 'rebuild' | 'replace';
}
