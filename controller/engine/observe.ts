import type { Observation } from './kind.ts';
import type { KubeObject } from './object.ts';
import { type Outcome, stalled } from './outcome.ts';
import { ownerOf, type Pass } from './pass.ts';
import { nameOf } from './references.ts';

/** Finds the cloud resource. A list may leave out what is there: that a recorded id is lost is only believed when reading it says so. */
export async function observe<Cloud>(pass: Pick<Pass<Cloud>, 'kind' | 'object' | 'isPoll'>, cloud: Cloud): Promise<Observation<unknown>> {
  const owner = ownerOf(pass.object);
  if (pass.isPoll && owner.id !== undefined) await pass.kind.reread(cloud, owner.id);
  const seen = pass.kind.observe(cloud, owner);
  if (seen.found !== 'none' || owner.id === undefined) return seen;
  await pass.kind.reread(cloud, owner.id);
  return pass.kind.observe(cloud, owner);
}

/** Which of them is the right one is for a person to say. */
export function ambiguous(object: KubeObject, ids: readonly string[]): Outcome {
  const message = `Several cloud resources carry the stamp of ${nameOf(object)}: ${ids.toSorted().join(', ')}. Delete all but one of them.`;
  return stalled({ reason: 'Ambiguous', message });
}
