import type { Change, Difference, Reason } from './kind.ts';
import type { DriftEntry } from './object.ts';

export interface PlanInput {
  readonly difference: Difference;
  readonly generation: number;
  /** status.settledGeneration: differences at that generation are drift, not work. */
  readonly settledGeneration: number | undefined;
  /** status.drift: what was shown before. */
  readonly shown: readonly DriftEntry[];
  readonly policy: 'Correct' | 'Report';
  /** RFC 3339, for drift seen now for the first time. */
  readonly now: string;
}

/** What to do next, and what drift there is to show. The same plan is carried out, shown and audited. */
export interface Plan {
  readonly action: 'none' | 'wait' | 'blocked' | 'update' | 'replace';
  /** What `update` may touch; for `replace`, what cannot be closed in place. */
  readonly changes: readonly Change[];
  /** Why it is `wait` or `blocked`. */
  readonly why?: Reason;
  /** All drift there is, in the order of paths; `since` kept. */
  readonly drift: readonly DriftEntry[];
  /** Drift that was not shown before, or is another difference than before. */
  readonly detected: readonly DriftEntry[];
  /** Drift that was shown and is no difference any more. */
  readonly vanished: readonly DriftEntry[];
  /** No work is left at this generation; what still differs is drift. */
  readonly settled: boolean;
}

/** Stands for the whole resource in status.drift. */
export const WHOLE = '';

/**
 * Sorts differences into work (the spec asks for it) and drift (it does not), and says what may be done about them. Pure. Drift is a
 * difference at a generation already carried out in full, or one already shown with the same declared value: a new generation that
 * changes another field must not turn reported drift into work.
 */
export function planFor(input: PlanInput): Plan {
  const { difference, shown, policy } = input;
  // While the cloud is on its way, half-made fields differ that nobody changed: what was shown stays, nothing is added.
  if (difference.waiting) {
    const back = shown.filter((one) => one.path === WHOLE);
    return {
      action: 'wait',
      changes: [],
      why: difference.waiting,
      drift: shown.filter((one) => one.path !== WHOLE),
      detected: [],
      vanished: back,
      settled: false,
    };
  }
  const isDrift = (change: Change): boolean =>
    input.settledGeneration === input.generation || shown.some((one) => one.path === change.path && same(one.declared, change.to));
  const work = difference.changes.filter((change) => !isDrift(change));
  const drift = driftEntries(difference.changes.filter(isDrift), shown, input.now);
  const detected = drift.filter((one) => !shown.some((other) => isSameEntry(one, other)));
  const vanished = shown.filter((one) => !difference.changes.some((change) => change.path === one.path));
  const allowed = policy === 'Correct' ? difference.changes : work;
  const inPlace = allowed.filter((change) => change.by === undefined);
  const seen = { drift, detected, vanished, settled: work.length === 0 && !difference.failed };
  if (difference.failed) return { action: 'blocked', changes: [], why: difference.failed, ...seen };
  if (inPlace.length > 0) return { action: 'update', changes: inPlace, ...seen };
  if (allowed.length > 0) return { action: 'replace', changes: allowed, ...seen };
  return { action: 'none', changes: [], ...seen };
}

/** The drift of a resource that was there and is lost. */
export function planForMissing(shown: readonly DriftEntry[], now: string): { drift: DriftEntry[]; isNew: boolean } {
  const before = shown.find((one) => one.path === WHOLE);
  return { drift: [before ?? { path: WHOLE, declared: 'present', observed: 'missing', since: now }], isNew: before === undefined };
}

/** Drift as the audit log tells it. */
export function changeOf(entry: DriftEntry): Change {
  return { path: entry.path, from: entry.observed, to: entry.declared };
}

function driftEntries(changes: readonly Change[], shown: readonly DriftEntry[], now: string): DriftEntry[] {
  return changes
    .map((change) => ({
      path: change.path,
      declared: change.to,
      observed: change.from,
      since: shown.find((one) => one.path === change.path)?.since ?? now,
    }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

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
