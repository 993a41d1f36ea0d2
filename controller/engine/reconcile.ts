import { conditionOf } from './conditions.ts';
import { finalize } from './finalize.ts';
import type { JsonObject } from './json.ts';
import type { DriftEntry, KubeObject } from './object.ts';
import { ambiguous, observe } from './observe.ts';
import { applied, inSync, type Outcome, polling, retrying, stalled, waiting } from './outcome.ts';
import { isConnected, isLateEnough, lookingForLostCreate, ownerOf, type Pass, StepFailed, unconnected } from './pass.ts';
import { canonical, changeOf, type Plan, planFor, planForMissing, WHOLE } from './plan.ts';
import type { Connection } from './ports.ts';
import { nameOf } from './references.ts';
import { resolveDesired } from './resolve.ts';
import { statusPatch } from './status.ts';

/** Applied so often running, the same changes are not a step on the way but a way to nowhere. */
const PATIENCE = 2;

/** One pass: looks at the object and at the world, takes one step, and says what came of it. Throws what the calls throw. */
export async function reconcile<Cloud>(pass: Pass<Cloud>): Promise<Outcome> {
  const { kind, object, deps, graph } = pass;
  if (object.metadata.annotations?.[pass.settings.pausedAnnotation] === 'true') return paused(pass);
  if (object.metadata.deletionTimestamp !== undefined) return finalize(pass);

  const connection = deps.connect(object, pass.reconcileId);
  if (!isConnected(connection)) return unconnected(object, connection);
  const wish = resolveDesired(kind, object, connection.cloud, ownerOf(object), graph);
  if ('outcome' in wish) return wish.outcome;

  const seen = await observe(pass, connection.cloud);
  switch (seen.found) {
    case 'ambiguous':
      return ambiguous(object, seen.ids);
    case 'foreign':
      return stalled({ reason: 'NotOurs', message: seen.message });
    case 'none':
      return absent(pass, connection, wish.desired);
    case 'one':
      if (seen.id !== object.status?.id) return adopt(pass, connection.cloud, seen.id);
      return advance(pass, connection, wish, seen.observed);
  }
}

/** There is none: never made, lost, or made by a create whose answer was lost and not to be seen yet. */
async function absent<Cloud>(pass: Pass<Cloud>, connection: Connection<Cloud>, desired: unknown): Promise<Outcome> {
  const { kind, object } = pass;
  const listedAt = kind.listedAt(connection.cloud);
  if (listedAt === 0)
    return waiting({ reason: 'Listing', message: `Waits until Cluster ${connection.cluster} has been listed for the first time.` });

  const drift = await noteMissing(pass);
  if (drift.length > 0 && policyOf(object, connection) === 'Report') {
    const message = `${nameOf(object)} is gone from the cloud, and the drift policy is Report, so it is not made anew. Set spec.driftPolicy to Correct to have it back.`;
    return stalled({ reason: 'Missing', message }, { drift });
  }
  const intent = object.status?.intent;
  if (intent && !isLateEnough(listedAt, intent.at, pass.settings.settleMs))
    return lookingForLostCreate(pass, connection.cluster, intent.at);
  return create(pass, connection, desired, drift);
}

/** What was there and is lost is drift, from when it is first missed until it is back. */
async function noteMissing<Cloud>(pass: Pass<Cloud>): Promise<readonly DriftEntry[]> {
  const { object, memory, scribe } = pass;
  const shown = memory.drift ?? object.status?.drift ?? [];
  if (object.status?.id === undefined) return shown.filter((one) => one.path === WHOLE);
  const missing = planForMissing(shown, now(pass));
  const message = `${nameOf(object)}: ${object.status.id} is gone from the cloud`;
  if (missing.isNew)
    await scribe.before({ type: 'Missing', message, actor: 'unknown', result: 'observed', changes: missing.drift.map(changeOf) });
  memory.drift = missing.drift;
  return missing.drift;
}

async function create<Cloud>(
  pass: Pass<Cloud>,
  connection: Connection<Cloud>,
  desired: unknown,
  drift: readonly DriftEntry[],
): Promise<Outcome> {
  const { kind, deps, memory, scribe } = pass;
  const held = await pass.writes.hold(pass.object);
  const attempt = (held.status?.intent?.attempt ?? 0) + 1;
  const intent = { attempt, at: new Date(deps.clock.now()).toISOString() };
  // What follows a re-creation (attachments, rules) is work to do, not drift: the generation counts as new.
  const sending = { reason: 'Creating', message: `Sent the create of ${nameOf(held)}; waits for the cloud's answer.` };
  // The whole status, for the answer may take long, and to kstatus an object without conditions is fine.
  const asked = waiting(sending, { status: { id: null, intent, settledGeneration: null }, drift });
  const owner = ownerOf(await pass.writes.store(held, statusPatch(held, asked, deps.clock.now()) ?? {}));
  memory.corrected.add(WHOLE);
  let id: string;
  try {
    ({ id } = await kind.create(connection.cloud, desired, owner));
  } catch (cause) {
    // The answer may have been lost long after the request: only a list from now on can tell.
    const found = { status: { intent: { attempt, at: new Date(deps.clock.now()).toISOString() } }, drift };
    throw new StepFailed('create', cause, { changes: [], found, requestIds: connection.requestIds() });
  }
  memory.drift = [];
  const message = `Created ${nameOf(held)} as ${id}`;
  await scribe.after({
    type: 'Created',
    message,
    cloudId: id,
    changes: [{ path: WHOLE, from: null, to: 'present' }],
    requestIds: connection.requestIds(),
  });
  return applied({ reason: 'Created', message }, { status: { id, intent: null }, drift: [] });
}

/**
 * It carries our stamp, and status does not know it: a create whose answer was lost. A list may show what is gone by now; taking that
 * for ours would end the search for what the last create made.
 */
async function adopt<Cloud>(pass: Pass<Cloud>, cloud: Cloud, id: string): Promise<Outcome> {
  await pass.kind.reread(cloud, id);
  const again = pass.kind.observe(cloud, ownerOf(pass.object));
  if (again.found !== 'one' || again.id !== id) return applied({ reason: 'Looking', message: `${id} is gone again; looks anew.` });
  await pass.writes.hold(pass.object);
  pass.memory.corrected.add(WHOLE);
  const message = `Found ${id}, made for ${nameOf(pass.object)} earlier, and took it over`;
  await pass.scribe.after({ type: 'Adopted', message, cloudId: id });
  return applied({ reason: 'Adopted', message }, { status: { id, intent: null } });
}

/** It is there: compares, and takes the step the plan names. */
async function advance<Cloud>(
  pass: Pass<Cloud>,
  connection: Connection<Cloud>,
  wish: { desired: unknown; later: readonly string[] },
  observed: unknown,
): Promise<Outcome> {
  const { kind, object, memory } = pass;
  const generation = object.metadata.generation ?? 0;
  const difference = kind.diff(wish.desired, observed);
  const shown = memory.drift ?? object.status?.drift ?? [];
  const plan = planFor({
    difference,
    generation,
    settledGeneration: object.status?.settledGeneration,
    shown,
    policy: policyOf(object, connection),
    now: now(pass),
  });
  await noteDrift(pass, plan);

  const isSettled = plan.settled && wish.later.length === 0;
  const found = {
    status: { ...report(pass, observed), intent: null, ...(isSettled && { settledGeneration: generation }) },
    drift: plan.drift,
  };
  switch (plan.action) {
    case 'wait':
      return polling(plan.why ?? { reason: 'Waiting', message: 'Waits for the cloud.' }, found);
    case 'blocked':
      return stalled(plan.why ?? { reason: 'Failed', message: 'The cloud resource failed.' }, found);
    case 'replace':
      return stalled(
        {
          reason: 'ReplacementRequired',
          message: `Cannot be changed in place: ${pathsOf(plan.changes)}. Take the change back, or delete and create ${nameOf(object)} anew.`,
        },
        found,
      );
    case 'update':
      return update(pass, connection, plan, found, () => kind.update(connection.cloud, wish.desired, observed, plan.changes));
    case 'none':
      memory.applied = undefined;
      if (wish.later.length > 0)
        return waiting({ reason: 'WaitingForReference', message: `All is done but what needs ${wish.later.join(', ')}.` }, found);
      if (plan.drift.length > 0) return inSync(`As declared but for drift that is only reported: ${pathsOf(plan.drift)}.`, found);
      return inSync('The cloud holds what is declared.', found);
  }
}

async function update<Cloud>(
  pass: Pass<Cloud>,
  connection: Connection<Cloud>,
  plan: Plan,
  found: { status: JsonObject; drift: readonly DriftEntry[] },
  carryOut: () => Promise<void>,
): Promise<Outcome> {
  const { memory, scribe, object } = pass;
  const { changes } = plan;
  const fingerprint = canonical(changes);
  const times = memory.applied?.fingerprint === fingerprint ? memory.applied.times + 1 : 1;
  await pass.writes.hold(object);
  try {
    await carryOut();
  } catch (cause) {
    throw new StepFailed('update', cause, { changes, found, requestIds: connection.requestIds() });
  }
  memory.applied = { fingerprint, times };
  memory.failure = undefined;
  const isDrift = (path: string): boolean => plan.drift.some((one) => one.path === path);
  const corrected = changes.filter((change) => isDrift(change.path));
  const updated = changes.filter((change) => !isDrift(change.path));
  for (const { path } of corrected) memory.corrected.add(path);
  if (times <= PATIENCE) {
    const requestIds = connection.requestIds();
    if (corrected.length > 0)
      await scribe.after({ type: 'DriftCorrected', message: `Put right: ${pathsOf(corrected)}`, changes: corrected, requestIds });
    if (updated.length > 0) await scribe.after({ type: 'Updated', message: `Changed: ${pathsOf(updated)}`, changes: updated, requestIds });
    return applied(
      { reason: updated.length > 0 ? 'Updating' : 'Correcting', message: `Applied ${pathsOf(changes)}; looks again whether it took.` },
      found,
    );
  }
  const message = `The cloud accepts these changes and does not keep them: ${pathsOf(changes)}. Check who else changes them, or declare what the cloud holds.`;
  if (times === PATIENCE + 1)
    await scribe.after({ type: 'NotConverging', message, changes, result: 'failed', requestIds: connection.requestIds() });
  return retrying({ reason: 'NotConverging', message }, found);
}

/** Audits what drifted before anything is done about it, and what went back by itself. Once each: on the way in and on the way out. */
async function noteDrift<Cloud>({ scribe, memory, object }: Pass<Cloud>, plan: Plan): Promise<void> {
  if (plan.detected.length > 0) {
    const message = `Changed in the cloud: ${pathsOf(plan.detected)}`;
    await scribe.before({ type: 'DriftDetected', message, actor: 'unknown', result: 'observed', changes: plan.detected.map(changeOf) });
  }
  memory.drift = plan.drift;
  const byItself = plan.vanished.filter((one) => !memory.corrected.has(one.path));
  for (const { path } of plan.vanished) memory.corrected.delete(path);
  if (byItself.length === 0) return;
  const message = `No longer differs: ${pathsOf(byItself)}`;
  await scribe.after({
    type: 'DriftResolved',
    message,
    actor: 'unknown',
    result: 'observed',
    ...(object.status?.id !== undefined && { cloudId: object.status.id }),
    changes: byItself.map(changeOf),
  });
}

function paused<Cloud>({ object, settings }: Pass<Cloud>): Outcome {
  const isDone = object.status?.settledGeneration === object.metadata.generation && object.metadata.deletionTimestamp === undefined;
  const message = `Paused by the annotation ${settings.pausedAnnotation}; remove it to go on.`;
  return {
    ready: isDone ? (conditionOf(object, 'Ready')?.status ?? 'Unknown') : 'False',
    reason: 'Paused',
    message,
    next: { look: 'whenWoken' },
  };
}

function policyOf<Cloud>(object: KubeObject, connection: Connection<Cloud>): 'Correct' | 'Report' {
  const own = object.spec['driftPolicy'];
  return own === 'Correct' || own === 'Report' ? own : connection.driftPolicy;
}

/** The kind's status fields; those it does not report this time are removed. */
function report<Cloud>({ kind }: Pass<Cloud>, observed: unknown): JsonObject {
  return { ...Object.fromEntries(Object.keys(kind.status).map((field) => [field, null])), ...kind.report(observed) };
}

function pathsOf(entries: readonly { readonly path: string }[]): string {
  return entries.map((one) => one.path || 'the whole resource').join(', ');
}

function now<Cloud>({ deps }: Pass<Cloud>): string {
  return `${new Date(deps.clock.now()).toISOString().slice(0, 19)}Z`;
}
