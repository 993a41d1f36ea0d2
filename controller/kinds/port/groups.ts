import type { Change } from '#controller/engine/kind.ts';
import { concerns, elementPath } from '../changes.ts';

/** A declared group: how the spec calls it, and its cloud id. */
export interface DesiredGroup {
  readonly name: string;
  readonly id: string;
}

interface GroupStep {
  readonly id: string;
  readonly change: Change;
}

const FIELD = 'spec.securityGroupRefs';

/** Compares security groups. `names` are the cloud's, by id. Pure. */
export function planGroups(
  desired: readonly DesiredGroup[] | undefined,
  observed: readonly string[],
  names: Readonly<Record<string, string>>,
): GroupStep[] {
  if (!desired) return [];
  const missing = desired
    .filter(({ id }) => !observed.includes(id))
    .map(({ id, name }) => ({ id, change: { path: elementPath(FIELD, name), from: null, to: name } }));
  const taken = new Set(desired.map(({ name }) => name));
  const surplus = observed
    .filter((id) => !desired.some((one) => one.id === id))
    .map((id) => {
      const name = names[id] ?? id;
      // Names are not unique in a cloud; one that equals a declared group's would point at that.
      const label = taken.has(name) ? id : name;
      return { id, change: { path: elementPath(FIELD, label), from: label, to: null } };
    });
  return [...missing, ...surplus];
}

/** The groups to write after those of `changes` that are about them; undefined when none is. */
export function groupsAfter(steps: readonly GroupStep[], observed: readonly string[], changes: readonly Change[]): string[] | undefined {
  const allowed = steps.filter(({ change }) => concerns(changes, change.path));
  if (allowed.length === 0) return undefined;
  const gone = new Set(allowed.filter(({ change }) => change.to === null).map(({ id }) => id));
  const come = allowed.filter(({ change }) => change.to !== null).map(({ id }) => id);
  return [...observed.filter((id) => !gone.has(id)), ...come];
}
