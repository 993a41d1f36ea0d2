import { heldBy } from './finalize.ts';
import type { Observation, Reason } from './kind.ts';
import type { DriftEntry } from './object.ts';
import { applied, type Outcome, stalled, waiting } from './outcome.ts';
import type { Pass } from './pass.ts';
import { type Plan, pathsOf, WHOLE } from './plan.ts';
import type { Connection } from './ports.ts';
import { nameOf } from './references.ts';
import { removeResource } from './removal.ts';
import { statusPatch } from './status.ts';

/** What a pass knows of a resource it is about to replace. */
export interface Replaceable {
  readonly id: string;
  readonly observed: unknown;
  readonly drift: readonly DriftEntry[];
}

/** Begins a replacement: remembers it before anything is deleted, so that a controller that is killed goes on with it. */
export async function beginReplacement<Cloud>(
  pass: Pass<Cloud>,
  connection: Connection<Cloud>,
  plan: Pick<Plan, 'changes' | 'isCorrection'>,
  { id, observed, drift }: Replaceable,
): Promise<Outcome> {
  const { object, deps, scribe } = pass;
  const held = heldBy(pass);
  if (held) return stalled(replacementBlocked(held), { drift });
  if (plan.isCorrection && !pass.guard.mayReplace(connection)) return tooManyReplaced(connection, plan, { drift });
  await scribe.before({ type: 'Replacing', message: `Deletes ${id} to make it anew: ${pathsOf(plan.changes)}`, changes: plan.changes });
  const fields = { replacing: { id, at: new Date(deps.clock.now()).toISOString() } };
  const begun = waiting({ reason: 'Replacing', message: `Is being replaced: ${pathsOf(plan.changes)}.` }, { status: fields, drift });
  const stored = await pass.writes.store(await pass.writes.hold(object), statusPatch(object, begun, deps.clock.now()) ?? fields);
  return continueReplacement({ ...pass, object: stored }, connection, { found: 'one', id, observed });
}

/** The limit of the cluster is reached; the next sweep wakes us. */
export function tooManyReplaced<Cloud>(
  { cluster }: Connection<Cloud>,
  { changes }: Pick<Plan, 'changes'>,
  found: Pick<Outcome, 'status' | 'drift' | 'conditions'>,
): Outcome {
  const message = `Is to be made anew (${pathsOf(changes)}); waits for the next sweep, for as many as spec.limits.recreations of Cluster ${cluster} allows are under way.`;
  return waiting({ reason: 'ReplacementLimit', message }, found);
}

/** Goes on with a replacement that has begun: the old resource has to be gone before the new one is made. */
export async function continueReplacement<Cloud>(
  pass: Pass<Cloud>,
  connection: Connection<Cloud>,
  seen: Extract<Observation<unknown>, { found: 'one' | 'none' }>,
): Promise<Outcome> {
  if (seen.found === 'one') {
    const moving = await removeResource(pass, connection, seen, {});
    if (moving) return { ...moving, reason: 'Replacing' };
  }
  const id = pass.object.status?.replacing?.id;
  const requestIds = pass.memory.deletion?.requestIds ?? [];
  pass.memory.deletion = undefined;
  pass.memory.drift = [];
  pass.memory.corrected.add(WHOLE);
  const message = `${id ?? 'The old resource'} is gone; ${nameOf(pass.object)} is made anew`;
  await pass.scribe.after({
    type: 'Deleted',
    message,
    changes: [{ path: WHOLE, from: 'present', to: null }],
    requestIds,
    ...(id !== undefined && { cloudId: id }),
  });
  const status = { id: null, replacing: null, settledGeneration: null, corrections: null };
  return applied({ reason: 'Replacing', message: `${message}.` }, { status, drift: [] });
}

/** Why what is held is not replaced. */
export function replacementBlocked({ message }: Reason): Reason {
  return { reason: 'ReplacementBlocked', message: `Cannot be replaced while others need it. ${message}` };
}
