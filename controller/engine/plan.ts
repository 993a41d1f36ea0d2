import { isAskedFor } from './asked.ts';
import { type Correction, contestedPaths } from './corrections.ts';
import type { Change, Difference, Reason } from './kind.ts';
import type { DriftEntry, IgnoredEntry } from './object.ts';
import { ignoredBy, type Policies } from './policies.ts';

export interface PlanInput {
  readonly difference: Difference;
  readonly generation: number;
  /** status.settledGeneration: differences at that generation are drift, not work. */
  readonly settledGeneration: number | undefined;
  /** status.drift: what was shown before. */
  readonly shown: readonly DriftEntry[];
  readonly policies: Policies;
  /** status.corrections: what was put right lately. */
  readonly corrections?: readonly Correction[];
  /** Epoch ms. */
  readonly now: number;
}

/** What to do next, and what there is to show. The same plan is carried out, shown and audited. */
export interface Plan {
  /** `refuse`: something could only be done by a rebuild or a replacement, and that is not allowed. */
  readonly action: 'none' | 'wait' | 'blocked' | 'update' | 'rebuild' | 'replace' | 'refuse';
  /** What the action is about. */
  readonly changes: readonly Change[];
  /** Why it is `wait`, `blocked` or `refuse`. */
  readonly why?: Reason;
  /** Everything that may be changed, now or in a later step. */
  readonly allowed: readonly Change[];
  /** Why some of `allowed` will not be done after all. */
  readonly refusal?: Reason;
  /** All of `changes` is drift: nobody asked for the action but the policy. */
  readonly isCorrection: boolean;
  /** All drift there is, in the order of paths; `since` kept. */
  readonly drift: readonly DriftEntry[];
  /** Drift that was not shown before, or is another difference than before. */
  readonly detected: readonly DriftEntry[];
  /** Drift that was shown and is no difference any more. */
  readonly vanished: readonly DriftEntry[];
  /** Differences that are ignored; undefined when nothing can be said about them now. */
  readonly ignored?: readonly IgnoredEntry[];
  /** Drift that somebody keeps changing back, and is therefore left. */
  readonly contested: readonly DriftEntry[];
  /** Everything that differs and is not ignored. */
  readonly differing: readonly Change[];
  /** No work is left at this generation; what still differs is drift. */
  readonly settled: boolean;
}

/** Stands for the whole resource in status.drift. */
export const WHOLE = '';
/** The difference of a resource that does not carry the object's stamp (yet): no field of the spec. */
export const STAMP = 'metadata.uid';

/**
 * Sorts differences into work (the spec asks for it) and drift (it does not), and says what may be done about them. Pure. Drift is a
 * difference at a generation already carried out in full, or one already shown with the same declared value: a new generation that
 * changes another field must not turn reported drift into work.
 */
export function planFor(input: PlanInput): Plan {
  const { difference, policies, shown } = input;
  if (difference.waiting) return waitingPlan(difference.waiting, shown);
  const compared = difference.changes.filter((change) => policies.manages || change.path !== STAMP);
  const differing = compared.filter((change) => !ignoredBy(policies.ignore, change.path));
  const isDrift = (change: Change): boolean =>
    input.settledGeneration === input.generation || shown.some((one) => one.path === change.path && same(one.declared, change.to));
  const drift = driftEntries(differing.filter(isDrift), shown, timeOf(input.now));
  const contested = contestedPaths(input.corrections ?? [], input.generation, input.now);
  const isAsked = (path: string): boolean => drift.some((one) => one.path === path && isAskedFor(policies.asked, one));
  const mayCorrect = ({ path }: Change): boolean => (policies.drift === 'Correct' && !contested.has(path)) || isAsked(path);
  const allowed = policies.manages ? differing.filter((change) => !isDrift(change) || mayCorrect(change)) : [];
  return {
    ...actionFor(allowed, difference, policies, isDrift),
    drift,
    detected: drift.filter((one) => !shown.some((other) => isSameEntry(one, other))),
    vanished: shown.filter((one) => !differing.some((change) => change.path === one.path)),
    ignored: ignoredEntries(compared, policies),
    contested: policies.drift === 'Correct' ? drift.filter((one) => contested.has(one.path) && !isAsked(one.path)) : [],
    differing,
    settled: differing.every(isDrift) && !difference.failed,
  };
}

/** What is done about the changes that may be made: a replacement brings all of them at once, else first what can be done in place. */
function actionFor(
  allowed: readonly Change[],
  { failed }: Difference,
  policies: Policies,
  isDrift: (change: Change) => boolean,
): Pick<Plan, 'action' | 'changes' | 'why' | 'allowed' | 'refusal' | 'isCorrection'> {
  const forced = allowed.filter((change) => change.by !== undefined);
  const refusal = forced.length > 0 ? refusalOf(forced, policies) : undefined;
  const step = (action: Plan['action'], changes: readonly Change[]) => ({
    action,
    changes,
    allowed,
    ...(refusal && { refusal }),
    isCorrection: changes.length > 0 && changes.every(isDrift),
  });
  if (failed) return { ...step('blocked', []), why: failed };
  if (!refusal && forced.some((change) => change.by === 'replace')) return step('replace', allowed);
  const inPlace = allowed.filter((change) => change.by === undefined);
  if (inPlace.length > 0) return step('update', inPlace);
  if (forced.length === 0) return step('none', []);
  return refusal ? { ...step('refuse', forced), why: refusal } : step('rebuild', forced);
}

function refusalOf(changes: readonly Change[], policies: Policies): Reason | undefined {
  const fields = `Cannot be changed in place: ${pathsOf(changes)}.`;
  if (!policies.allowsReplacement) {
    const message = `${fields} Take the change back, set spec.replacePolicy to Allow (data in the cloud resource is lost), or delete the object and create it anew.`;
    return { reason: 'ReplacementRequired', message };
  }
  if (!policies.isProtected) return undefined;
  return {
    reason: 'DeletionProtected',
    message: `${fields} Replacing it is forbidden by spec.deletionProtection; take the change back, or that.`,
  };
}

/** While the cloud is on its way, half-made fields differ that nobody changed: what was shown stays, nothing is added. */
function waitingPlan(why: Reason, shown: readonly DriftEntry[]): Plan {
  const back = shown.filter((one) => one.path === WHOLE);
  const drift = shown.filter((one) => one.path !== WHOLE);
  return {
    action: 'wait',
    changes: [],
    why,
    allowed: [],
    isCorrection: false,
    drift,
    detected: [],
    vanished: back,
    contested: [],
    differing: [],
    settled: false,
  };
}

/** The drift of a resource that was there and is lost. */
export function planForMissing(shown: readonly DriftEntry[], now: number): { drift: DriftEntry[]; isNew: boolean } {
  const before = shown.find((one) => one.path === WHOLE);
  return { drift: [before ?? { path: WHOLE, declared: 'present', observed: 'missing', since: timeOf(now) }], isNew: before === undefined };
}

/** Drift as the audit log tells it. */
export function changeOf(entry: DriftEntry): Change {
  return { path: entry.path, from: entry.observed, to: entry.declared };
}

/** The fields, as messages name them. */
export function pathsOf(entries: readonly { readonly path: string }[]): string {
  return entries.map((one) => one.path || 'the whole resource').join(', ');
}

/** RFC 3339 with seconds. */
export function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function driftEntries(changes: readonly Change[], shown: readonly DriftEntry[], now: string): DriftEntry[] {
  return changes
    .map((change) => ({
      path: change.path,
      declared: change.to,
      observed: change.from,
      since: shown.find((one) => one.path === change.path)?.since ?? now,
    }))
    .toSorted(byPath);
}

function ignoredEntries(changes: readonly Change[], { ignore }: Policies): IgnoredEntry[] {
  return changes
    .flatMap((change) => {
      const rule = ignoredBy(ignore, change.path);
      if (!rule) return [];
      const { reason, until } = rule;
      return [{ path: change.path, declared: change.to, observed: change.from, reason, ...(until !== undefined && { until }) }];
    })
    .toSorted(byPath);
}

const byPath = (one: { path: string }, other: { path: string }): number => (one.path < other.path ? -1 : 1);

function isSameEntry(one: DriftEntry, other: DriftEntry): boolean {
  return one.path === other.path && same(one.declared, other.declared) && same(one.observed, other.observed);
}

function same(one: unknown, other: unknown): boolean {
  return canonical(one ?? null) === canonical(other ?? null);
}

/** JSON with sorted fields and without null ones: Kubernetes gives objects back in an order of its own and drops nulls. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part)
            .filter(([, field]) => field !== null)
            .toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : part,
  );
}
