import type { JsonObject } from './json.ts';
import type { Change, Difference, Reason } from './kind.ts';
import type { KubeObject } from './object.ts';
import { applied, type Outcome, stalled } from './outcome.ts';
import { type Pass, StepFailed } from './pass.ts';
import type { Policies } from './policies.ts';
import type { Connection } from './ports.ts';
import { beginReplacement, type Replaceable } from './replace.ts';

interface Broken {
  readonly difference: Difference;
  readonly policies: Policies;
  readonly found: Pick<Outcome, 'status' | 'drift' | 'conditions'>;
  readonly resource: Replaceable;
  readonly desired: unknown;
}

/** The resource is in ERROR: what the spec says is to be done about it, if anything, so often and no more. */
export async function recover<Cloud>(pass: Pass<Cloud>, connection: Connection<Cloud>, broken: Broken): Promise<Outcome> {
  const { difference, policies, found, resource } = broken;
  const { kind, object, deps, scribe } = pass;
  const failed = difference.failed ?? { reason: 'Failed', message: 'The cloud resource failed.' };
  const { recovery } = failed;
  if (!recovery || !policies.manages) return stalled(failed, found);
  if (policies.isProtected) return stalled(also(failed, 'spec.onError is not carried out: spec.deletionProtection forbids it.'), found);
  const { attempts = 0, lastAt } = object.status?.recovery ?? {};
  if (attempts >= recovery.attempts)
    return stalled(
      also(failed, `spec.onError was carried out ${attempts} times and did not help; change the spec to have it tried again.`),
      found,
    );
  const now = deps.clock.now();
  const restMs = lastAt === undefined ? 0 : Date.parse(lastAt) + recovery.coolDownMs - now;
  if (restMs > 0) {
    const message = `spec.onError is carried out again in ${Math.ceil(restMs / 1000)} s (${attempts} of ${recovery.attempts} attempts made).`;
    return { ...stalled(also(failed, message), found), next: { look: 'after', ms: restMs } };
  }
  const status = { ...found.status, recovery: { attempts: attempts + 1, lastAt: new Date(now).toISOString() } };
  const changes: Change[] = [{ path: 'status.state', from: 'ERROR', to: 'ACTIVE', by: recovery.by }];
  const message = `${failed.message} Attempt ${attempts + 1} of ${recovery.attempts} to put it right (${recovery.by}).`;
  await scribe.before({ type: 'Recovering', message, changes });
  // Counted before it is tried: an attempt that kills us must not be tried for ever.
  const counted = { ...pass, object: await pass.writes.store(await pass.writes.hold(object), { recovery: status.recovery }) };
  if (recovery.by === 'replace') return beginReplacement(counted, connection, { changes, isCorrection: true }, resource);
  try {
    await kind.update(connection.cloud, broken.desired, resource.observed, changes);
  } catch (cause) {
    throw new StepFailed('update', cause, { changes, found: { ...found, status }, requestIds: connection.requestIds() });
  }
  await scribe.after({ type: 'Updated', message: 'Asked for a rebuild', changes, requestIds: connection.requestIds() });
  return applied({ reason: 'Recovering', message }, { ...found, status });
}

/** Forgets the attempts once the resource has been well for as long as an attempt is to rest. */
export function recoveryOver(object: KubeObject, { failed }: Difference, now: number): JsonObject {
  const { recovery, observedGeneration } = object.status ?? {};
  if (!recovery || failed) return {};
  const isLongAgo = now - Date.parse(recovery.lastAt) > WELL_AFTER_MS || observedGeneration !== object.metadata.generation;
  return isLongAgo ? { recovery: null } : {};
}

/** A resource that was well for so long and fails again has failed anew. */
const WELL_AFTER_MS = 3_600_000;

function also(failed: Reason, more: string): Reason {
  return { reason: failed.reason, message: `${failed.message} ${more}` };
}
