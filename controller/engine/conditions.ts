import type { Condition, KubeObject, ObjectStatus } from './object.ts';
import type { Outcome, OwnCondition } from './outcome.ts';

const COMMON = ['Drifted', 'Ready', 'Reconciling', 'Stalled'];
/** Longer messages would be refused by a real API server (32768); nobody reads that much. */
const LONGEST_MESSAGE = 4_000;

/**
 * The conditions after a pass, as kstatus reads them: Ready always, Reconciling and Stalled only while abnormal, Drifted once it
 * was looked for. Sorted; the transition time moves with the status only, so equal passes give equal conditions.
 */
export function conditionsAfter(status: ObjectStatus | undefined, outcome: Outcome, generation: number, now: number): Condition[] {
  const previous = status?.conditions;
  const told: OwnCondition[] = [
    ...(outcome.conditions ?? []),
    { type: 'Ready', status: outcome.ready, reason: outcome.reason, message: outcome.message },
  ];
  if (outcome.phase)
    told.push({ type: outcome.phase, status: 'True', reason: outcome.phaseReason ?? outcome.reason, message: outcome.message });
  const before = previous?.find((one) => one.type === 'Drifted');
  const stored = status?.drift ?? [];
  // A pass that did not look says nothing new, but a process killed after storing drift may have left the condition behind it.
  const isKept = outcome.drift === undefined && (before?.status === 'True') === stored.length > 0;
  if (!isKept) told.push(drifted((outcome.drift ?? stored).map((one) => one.path)));
  const fresh = told.map((one) => condition(one, previous, generation, now));
  return [...fresh, ...(isKept && before ? [before] : [])].toSorted((one, other) => (one.type < other.type ? -1 : 1));
}

function drifted(paths: readonly string[]): OwnCondition {
  if (paths.length === 0) return { type: 'Drifted', status: 'False', reason: 'NoDrift', message: 'The cloud holds what is declared.' };
  const fields = paths.map((path) => path || 'the whole resource').toSorted();
  return {
    type: 'Drifted',
    status: 'True',
    reason: paths.includes('') ? 'Missing' : 'Changed',
    message: `Changed in the cloud: ${fields.join(', ')}.`,
  };
}

function condition(told: OwnCondition, previous: readonly Condition[] | undefined, generation: number, now: number): Condition {
  const before = previous?.find((one) => one.type === told.type);
  return {
    type: told.type,
    status: told.status,
    reason: told.reason,
    message: told.message.length > LONGEST_MESSAGE ? `${told.message.slice(0, LONGEST_MESSAGE - 1)}…` : told.message,
    lastTransitionTime: before?.status === told.status ? before.lastTransitionTime : timestamp(now),
    observedGeneration: generation,
  };
}

/** RFC 3339 with seconds, as Kubernetes writes times. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return object.status?.conditions?.find((one) => one.type === type);
}

/** What is wrong with an object's status by the contract of kstatus; empty when nothing is. For tests. */
export function lintStatus(object: KubeObject): string[] {
  const { status, metadata } = object;
  const conditions = status?.conditions ?? [];
  const of = (type: string): Condition | undefined => conditions.find((one) => one.type === type);
  const types = conditions.map((one) => one.type);
  const wrong: string[] = [];
  const check = (fine: boolean, otherwise: string): void => {
    if (!fine) wrong.push(otherwise);
  };
  check(status?.observedGeneration !== undefined, 'observedGeneration is missing');
  check((status?.observedGeneration ?? 0) <= (metadata.generation ?? 0), 'observedGeneration is ahead of generation');
  check(of('Ready') !== undefined, 'Ready is missing');
  check(new Set(types).size === types.length, 'a condition is there twice');
  check(types.join() === types.toSorted().join(), 'conditions are not sorted');
  for (const type of ['Reconciling', 'Stalled'])
    check(of(type) === undefined || of(type)?.status === 'True', `${type} is there without being True`);
  check(!(of('Reconciling') && of('Stalled')), 'Reconciling and Stalled at once');
  check(!(of('Ready')?.status === 'True' && (of('Reconciling') || of('Stalled'))), 'Ready and abnormal at once');
  check((of('Drifted')?.status === 'True') === (status?.drift ?? []).length > 0, 'Drifted and status.drift disagree');
  for (const one of conditions) {
    check(/^[A-Z][A-Za-z0-9]*$/.test(one.reason), `${one.type} has a reason that is not CamelCase`);
    check(one.message !== '', `${one.type} has no message`);
    check(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(one.lastTransitionTime), `${one.type} has no transition time`);
    check(one.observedGeneration <= (metadata.generation ?? 0), `${one.type} is ahead of generation`);
    check(
      !COMMON.includes(one.type) || one.type === 'Drifted' || one.observedGeneration === status?.observedGeneration,
      `${one.type} is about another generation`,
    );
  }
  return wrong;
}
