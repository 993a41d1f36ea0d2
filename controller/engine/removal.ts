import type { JsonObject } from './json.ts';
import { type Outcome, polling } from './outcome.ts';
import { ownerOf, type Pass, StepFailed } from './pass.ts';
import { canonical } from './plan.ts';
import type { Connection } from './ports.ts';

/** A delete that was accepted and shows no progress is asked for again after this long. */
const ASK_AGAIN_MS = 15_000;

/** Deletes a cloud resource, a step a pass; undefined once it is gone. Only what carries our stamp or was adopted may come here. */
export async function removeResource<Cloud>(
  pass: Pass<Cloud>,
  connection: Connection<Cloud>,
  resource: { readonly id: string; readonly observed: unknown },
  status: JsonObject,
): Promise<Outcome | undefined> {
  const { kind, object, memory, deps } = pass;
  const { id, observed } = resource;
  const why = { reason: 'Deleting', message: `Waits until ${id} is gone from the cloud.` };
  const fingerprint = canonical(observed);
  const asked = memory.deletion;
  if (asked && asked.fingerprint === fingerprint && deps.clock.now() - asked.at < ASK_AGAIN_MS) return polling(why, { status });
  const owner = { ...ownerOf(object), id };
  try {
    await kind.delete(connection.cloud, observed, owner);
  } catch (cause) {
    throw new StepFailed('delete', cause, { changes: [], found: { status }, requestIds: connection.requestIds() });
  }
  const requestIds = [...new Set([...(asked?.requestIds ?? []), ...connection.requestIds()])];
  memory.deletion = { fingerprint, at: deps.clock.now(), requestIds };
  // Many resources are gone with the answer: looking at once spares them the first delay.
  await kind.reread(connection.cloud, id);
  const seen = kind.observe(connection.cloud, owner);
  if (seen.found === 'none') return undefined;
  if (seen.found === 'one') memory.deletion = { ...memory.deletion, fingerprint: canonical(seen.observed) };
  return polling(why, { status });
}
