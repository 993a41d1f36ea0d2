import type { ObjectPlan, PlannedAction } from '#controller/engine/set-plan.ts';
import type { Declaration } from './declarations.ts';
import type { ManifestPlan } from './plan-manifests.ts';

/**
 * - `nothing`: applying it changes neither a cloud nor what is declared of it. A new object that only observes what is as it says, as an
 *   export writes them, changes neither.
 * - `changes`: it does, and all of it can be told.
 * - `incomplete`: something would stop, has to wait, or cannot be seen; what can be told is told.
 */
export type Verdict = 'nothing' | 'changes' | 'incomplete';

/** Actions in the order in which people ask about them, with the words of the summary line. */
export const actionWords: Readonly<Record<PlannedAction, string>> = {
  create: 'to create',
  adopt: 'to adopt',
  update: 'to change',
  rebuild: 'to rebuild',
  replace: 'to replace',
  delete: 'to delete',
  release: 'to let go of',
  report: 'drifted and only reported',
  none: 'as declared',
  wait: 'waiting',
  blocked: 'blocked',
  unknown: 'unknown',
};

const unclear: readonly PlannedAction[] = ['wait', 'blocked', 'unknown'];
const idle: readonly PlannedAction[] = ['none', 'report', ...unclear];

export function verdictOf(plan: ManifestPlan): Verdict {
  if (plan.gaps.length > 0 || plan.objects.some(({ action }) => unclear.includes(action))) return 'incomplete';
  const changesCloud = plan.objects.some(({ action }) => !idle.includes(action));
  const asDeclared = new Set(plan.objects.filter(({ action, id }) => action === 'none' && id !== undefined).map(keyOf));
  const isChange = (one: Declaration) => one.action !== 'none' && !(one.action === 'create' && asDeclared.has(keyOf(one)));
  return changesCloud || plan.declarations.some(isChange) ? 'changes' : 'nothing';
}

/** How many objects of each action there are, and how many change in Kubernetes only; zeros included. */
export function countsOf(plan: ManifestPlan): Record<PlannedAction | 'declarationOnly', number> {
  const count = (action: PlannedAction) => plan.objects.filter((one) => one.action === action).length;
  const actions = Object.fromEntries(Object.keys(actionWords).map((action) => [action, count(action as PlannedAction)]));
  return { ...(actions as Record<PlannedAction, number>), declarationOnly: declarationsOnly(plan).length };
}

/** `Plan: 2 to create, 1 to change; 7 as declared.` */
export function summaryLine(plan: ManifestPlan): string {
  const { none, declarationOnly, ...counts } = countsOf(plan);
  const parts = Object.entries(counts).flatMap(([action, count]) =>
    count > 0 ? [`${count} ${actionWords[action as PlannedAction]}`] : [],
  );
  if (declarationOnly > 0) parts.push(`${declarationOnly} in the declaration only`);
  const rest = none > 0 ? `; ${none} as declared` : '';
  return `Plan: ${parts.join(', ') || 'nothing to do'}${rest}.`;
}

/** Changes that reach no cloud: of kinds without a cloud resource, and of fields the cloud never hears of. */
export function declarationsOnly(plan: ManifestPlan): readonly Declaration[] {
  const told = new Set(plan.objects.filter(({ action }) => action !== 'none' && action !== 'report').map(keyOf));
  return plan.declarations.filter((one) => one.action !== 'none' && !told.has(keyOf(one)));
}

function keyOf({ kind, namespace, name }: Pick<ObjectPlan, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}
