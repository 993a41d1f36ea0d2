import type { ManifestPlan } from '#api/plan/plan-manifests.ts';
import type { Verdict } from '#api/plan/summary.ts';
import { ask } from './http.ts';

/** What applying manifests would do; nothing was written for it. */
export interface Plan extends ManifestPlan {
  readonly verdict: Verdict;
  readonly counts: Readonly<Record<PlannedAction | 'declarationOnly', number>>;
}

export type ObjectPlan = Plan['objects'][number];
export type PlannedAction = ObjectPlan['action'];
/** With `by` it cannot be made in place. */
export type PlannedChange = ObjectPlan['changes'][number];
/** One field, as it is and as it would be; null is nothing. */
export type Change = Pick<PlannedChange, 'path' | 'from' | 'to'>;

export interface ObjectName {
  readonly kind: string;
  /** '' for what is in none. */
  readonly namespace: string;
  readonly name: string;
}

/** One thing wrong with manifests, and where. */
export interface ManifestProblem {
  readonly file?: string;
  readonly document?: number;
  readonly line?: number;
  readonly object?: string;
  readonly path: string;
  readonly message: string;
}

/** A field that another program wrote. */
export interface Conflict extends Change {
  readonly manager: string;
  readonly pipeline: boolean;
  readonly actor?: string;
  readonly at?: string;
}

export interface Applied extends ObjectName {
  readonly apiVersion: string;
  readonly document: number;
  readonly line: number;
  readonly outcome: 'created' | 'changed' | 'unchanged' | 'conflict' | 'refused';
  readonly uid?: string;
  readonly generation?: number;
  readonly changes: readonly Change[];
  readonly conflicts: readonly Conflict[];
  readonly problems: readonly ManifestProblem[];
}

/** The version that manifests were made from, by `Kind/namespace/name`. */
export type Seen = Readonly<Record<string, { readonly uid: string; readonly generation: number }>>;

export interface ApplyOptions {
  /** Overwrite what others wrote. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly seen?: Seen;
  readonly signal?: AbortSignal;
}

/** Throws Problem; `BadManifests` with `body.errors` as ManifestProblem. */
export function planManifests(manifests: string, { signal }: { signal?: AbortSignal } = {}): Promise<Plan> {
  return ask<Plan>('/api/v1/plan', { method: 'POST', body: { manifests }, timeoutMs: 120_000, ...(signal && { signal }) });
}

/** What came of each object. Throws Problem when the manifests cannot be read: then nothing was applied. */
export async function applyManifests(manifests: string, { signal, ...options }: ApplyOptions = {}): Promise<readonly Applied[]> {
  const { objects } = await ask<{ objects: readonly Applied[] }>('/api/v1/apply', {
    method: 'POST',
    body: { manifests, ...options },
    timeoutMs: 300_000,
    ...(signal && { signal }),
  });
  return objects;
}

/** What is wrong with the manifests, where that is why a request failed. */
export function manifestProblems(problem: {
  readonly title: string;
  readonly body: Readonly<Record<string, unknown>>;
}): readonly ManifestProblem[] {
  return problem.title === 'BadManifests' ? ((problem.body['errors'] ?? []) as readonly ManifestProblem[]) : [];
}

export function keyOf({ kind, namespace, name }: ObjectName): string {
  return `${kind}/${namespace}/${name}`;
}
