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
  readonly conditions?: readonly Condition[];
  readonly drift?: readonly DriftEntry[];
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
