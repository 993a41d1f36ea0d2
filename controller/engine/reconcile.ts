import { isAskedFor } from './asked.ts';
import { conditionOf } from './conditions.ts';
import { bookCorrections, contestedMessage } from './corrections.ts';
import { finalize } from './finalize.ts';
import type { Json, JsonObject } from './json.ts';
import type { Change, Reason } from './kind.ts';
import { massLossMessage } from './loss-guard.ts';
import type { DriftEntry, IgnoredEntry, KubeObject, PlanEntry } from './object.ts';
import { ambiguous, observe } from './observe.ts';
import { applied, inSync, type Outcome, type OwnCondition, polling, retrying, stalled, waiting } from './outcome.ts';
import { isConnected, isLateEnough, lookingForLostCreate, ownerOf, type Pass, StepFailed, unconnected } from './pass.ts';
import { canonical, changeOf, type Plan, pathsOf, planFor, planForMissing, WHOLE } from './plan.ts';
import { type Policies, policiesOf } from './policies.ts';
import type { Connection } from './ports.ts';
import { recover, recoveryOver } from './recover.ts';
import { nameOf } from './references.ts';
import { beginReplacement, continueReplacement, tooManyReplaced } from './replace.ts';
import { resolveDesired, type Wished } from './resolve.ts';
import { readSecrets, settledGenerationOf } from './secrets.ts';
import { statusPatch } from './status.ts';
import { claimedBy, differs, findImport, importOf, mayTakeOver, takeOver } from './take-over.ts';

/** Applied so often running, the same changes are not a step on the way but a way to nowhere. */
const PATIENCE = 2;

/** One pass: looks at the object and at the world, takes one step, and says what came of it. Throws what the calls throw. */
export async function reconcile<Cloud>(pass: Pass<Cloud>): Promise<Outcome> {
  const { kind, object, deps, graph } = pass;
  if (object.metadata.annotations?.[pass.settings.pausedAnnotation] === 'true') return paused(pass);
  if (object.metadata.deletionTimestamp !== undefined) return finalize(pass);

  const connection = deps.connect(object, pass.reconcileId);
  if (!isConnected(connection)) return unconnected(object, connection);
  const wanted = importOf(object);
  const { id } = object.status ?? {};
  // First of all: what only a create would have to wait for must not keep it from being found.
  if (wanted && id === undefined && object.status?.isOnlyObserved === undefined) return findImport(pass, connection, wanted);
  const secrets = await readSecrets(kind, object, pass.readSecret);
  const wish = resolveDesired(kind, object, connection.cloud, ownerOf(object), { graph, secrets });
  if ('outcome' in wish) return wish.outcome;
  const claimed = wanted && id !== undefined ? claimedBy(pass, id) : undefined;
  if (claimed) return claimed;

  const seen = await observe(pass, connection.cloud);
  switch (seen.found) {
    case 'ambiguous':
      return ambiguous(object, seen.ids);
    case 'foreign':
      return stalled({ reason: 'NotOurs', message: seen.message });
    case 'none':
      if (object.status?.replacing) return continueReplacement(pass, connection, seen);
      return absent(pass, connection, wish.desired);
    case 'one':
      if (seen.id !== id) return adopt(pass, connection.cloud, seen.id);
      if (object.status?.replacing) return continueReplacement(pass, connection, seen);
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
  const policies = policiesOf(object, connection, pass.deps.clock.now(), pass.settings.correctAnnotation);
  if (!policies.manages) return stalled(nothingToObserve(object), { drift });
  if (drift.length > 0) {
    const why = keptLost(pass, connection, policies, drift);
    if (why) return { ...why, drift };
  }
  const intent = object.status?.intent;
  if (intent && !isLateEnough(listedAt, intent.at, pass.settings.settleMs))
    return lookingForLostCreate(pass, connection.cluster, intent.at);
  return create(pass, connection, desired, drift);
}

/** Why a lost resource is not made anew now. A loss is believed only together with a look at everything else that is newer than it. */
function keptLost<Cloud>(
  pass: Pass<Cloud>,
  connection: Connection<Cloud>,
  policies: Policies,
  drift: readonly DriftEntry[],
): Outcome | undefined {
  const { object, memory, guard, deps } = pass;
  const isAsked = drift.some((one) => isAskedFor(policies.asked, one));
  if (policies.drift === 'Report' && !isAsked) return stalled(lostAndLeft(object, policies));
  memory.lostAt ??= deps.clock.now();
  if (guard.listedSince(connection) <= memory.lostAt) {
    pass.settings.requestList?.(connection.cluster, pass.kind.kind, memory.lostAt + 1);
    const message = `${nameOf(object)} is gone from the cloud; looks at what else is missing in Cluster ${connection.cluster} before it is made anew.`;
    return waiting({ reason: 'LookingAround', message });
  }
  const loss = guard.heldBy(connection);
  return loss && stalled({ reason: 'MassLoss', message: massLossMessage(connection.cluster, loss) });
}

function lostAndLeft(object: KubeObject, { shutUntil }: Policies): Reason {
  const gone = `${nameOf(object)} is gone from the cloud`;
  if (shutUntil !== undefined)
    return { reason: 'Missing', message: `${gone}; it is made anew when the maintenance window of its Cluster opens at ${shutUntil}.` };
  const message = `${gone}, and the drift policy is Report, so it is not made anew. Set spec.driftPolicy to Correct to have it back.`;
  return { reason: 'Missing', message };
}

function nothingToObserve(object: KubeObject): Reason {
  if (object.status?.id !== undefined)
    return {
      reason: 'Missing',
      message: `${object.status.id} is gone from the cloud, and ${nameOf(object)} only observes it. Delete the object, or correct spec.import.`,
    };
  const message = `spec.managementPolicy is Observe, and nothing is named to observe. Name it in spec.import, or set the policy to Manage to have it made.`;
  return { reason: 'NothingToObserve', message };
}

/** What was there and is lost is drift, from when it is first missed until it is back. */
async function noteMissing<Cloud>(pass: Pass<Cloud>): Promise<readonly DriftEntry[]> {
  const { object, memory, scribe, deps } = pass;
  const shown = memory.drift ?? object.status?.drift ?? [];
  if (object.status?.id === undefined) return shown.filter((one) => one.path === WHOLE);
  const missing = planForMissing(shown, deps.clock.now());
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
  memory.lostAt = undefined;
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
  wish: Wished,
  observed: unknown,
  { isFresh = false }: { isFresh?: boolean } = {},
): Promise<Outcome> {
  const { kind, object, memory, deps } = pass;
  memory.lostAt = undefined;
  const generation = object.metadata.generation ?? 0;
  const now = deps.clock.now();
  const difference = kind.diff(wish.desired, observed);
  const policies = policiesOf(object, connection, now, pass.settings.correctAnnotation);
  if (object.status?.isOnlyObserved && policies.manages) {
    const { may, plan } = mayTakeOver(object, difference, now);
    if (may) return takeOver(pass, plan);
    if (!difference.waiting) return differs(object, plan, report(pass, observed));
  }
  const shown = memory.drift ?? object.status?.drift ?? [];
  const corrections = object.status?.corrections ?? [];
  const settledGeneration = settledGenerationOf(object, wish.secretsDigest);
  const plan = planFor({ difference, generation, settledGeneration, shown, policies, corrections, now });
  const losesData = plan.action === 'rebuild' || plan.action === 'replace';
  if (losesData && !isFresh) return lookAgain(pass, connection, wish);
  await noteDrift(pass, plan);

  const isSettled = plan.settled && wish.later.length === 0;
  const found: Found = {
    status: {
      ...report(pass, observed),
      intent: null,
      ...(isSettled && { settledGeneration: generation, settledSecrets: wish.secretsDigest ?? null }),
      ...(plan.ignored && { ignored: listOrNone(plan.ignored) }),
      plan: policies.manages ? null : listOrNone(plan.differing.map(observedEntry)),
      ...(plan.action === 'none' && recoveryOver(object, difference, now)),
    },
    drift: plan.drift,
    ...(plan.contested.length > 0 && { conditions: [await noteContested(pass, connection.cloud, plan, observed)] }),
  };
  const resource = { id: object.status?.id ?? '', observed, drift: plan.drift };
  switch (plan.action) {
    case 'wait':
      return polling(plan.why ?? { reason: 'Waiting', message: 'Waits for the cloud.' }, found);
    case 'blocked':
      return recover(pass, connection, { difference, policies, found, resource, desired: wish.desired });
    case 'refuse':
      return stalled(plan.why ?? { reason: 'ReplacementRequired', message: 'Cannot be changed in place.' }, found);
    case 'rebuild':
      if (plan.isCorrection && !pass.guard.mayReplace(connection)) return tooManyReplaced(connection, plan, found);
      return update(pass, connection, plan, found, () => kind.update(connection.cloud, wish.desired, observed, plan.changes));
    case 'update':
      return update(pass, connection, plan, found, () => kind.update(connection.cloud, wish.desired, observed, plan.changes));
    case 'replace':
      return beginReplacement(pass, connection, plan, resource);
    case 'none':
      memory.applied = undefined;
      return done(plan, policies, wish.later, found);
  }
}

/** What we hold may be as old as the last sweep, and lost data does not come back: it is read once more before the step is decided on. */
async function lookAgain<Cloud>(pass: Pass<Cloud>, connection: Connection<Cloud>, wish: Wished): Promise<Outcome> {
  const owner = ownerOf(pass.object);
  await pass.kind.reread(connection.cloud, owner.id ?? '');
  const seen = pass.kind.observe(connection.cloud, owner);
  if (seen.found === 'one') return advance(pass, connection, wish, seen.observed, { isFresh: true });
  return applied({ reason: 'Looking', message: `${owner.id} is not what it was; looks anew.` });
}

function done(plan: Plan, policies: Policies, later: readonly string[], found: Found): Outcome {
  if (!policies.manages) {
    const differs = plan.differing.length > 0 ? ` It differs from this spec: ${pathsOf(plan.differing)}; see status.plan.` : '';
    return inSync(`Only observed.${differs}`, { reason: 'Observed', ...found });
  }
  if (later.length > 0)
    return waiting({ reason: 'WaitingForReference', message: `All is done but what needs ${later.join(', ')}.` }, found);
  if (plan.drift.length === 0) return inSync('The cloud holds what is declared.', found);
  const fields = pathsOf(plan.drift);
  if (policies.shutUntil === undefined) return inSync(`As declared but for drift that is only reported: ${fields}.`, found);
  return inSync(
    `As declared but for drift that is put right when the maintenance window of its Cluster opens at ${policies.shutUntil}: ${fields}.`,
    found,
  );
}

async function update<Cloud>(
  pass: Pass<Cloud>,
  connection: Connection<Cloud>,
  plan: Plan,
  before: Found,
  carryOut: () => Promise<void>,
): Promise<Outcome> {
  const { memory, scribe, object } = pass;
  const found = withCorrections(pass, plan, before);
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
  const corrected = correctedBy(plan);
  const updated = changes.filter((change) => !corrected.includes(change));
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

/** What the pass found out beside its outcome. */
interface Found {
  readonly status: JsonObject;
  readonly drift: readonly DriftEntry[];
  readonly conditions?: readonly OwnCondition[];
}

function correctedBy({ changes, drift }: Plan): readonly Change[] {
  return changes.filter((change) => drift.some((one) => one.path === change.path));
}

/** Keeps book of what is put right, so that it shows when somebody else changes it back each time. */
function withCorrections<Cloud>({ object, deps, memory }: Pass<Cloud>, plan: Plan, found: Found): Found {
  const paths = correctedBy(plan).map((change) => change.path);
  // A correction that has not shown yet is not another one.
  const fresh = paths.filter((path) => !memory.corrected.has(path));
  if (fresh.length === 0) return found;
  const book = bookCorrections(object.status?.corrections ?? [], fresh, object.metadata.generation ?? 0, deps.clock.now());
  return { ...found, status: { ...found.status, corrections: book.map((one) => ({ ...one })) } };
}

/** Says that somebody keeps changing these fields back, once in the audit and as long as it is so in a condition. */
async function noteContested<Cloud>(pass: Pass<Cloud>, cloud: Cloud, plan: Plan, observed: unknown): Promise<OwnCondition> {
  const { kind, object, scribe, deps, memory } = pass;
  const paths = plan.contested.map((one) => one.path);
  if (memory.contested?.paths === paths.join()) return memory.contested.condition;
  const changedBy =
    (await kind.changedBy?.(cloud, observed).catch((error: unknown) => {
      deps.log('debug', 'Asking who changed a resource failed', { error: String(error) });
      return [];
    })) ?? [];
  const message = contestedMessage(object.status?.corrections ?? [], paths, changedBy);
  await scribe.after({ type: 'Contested', message, actor: 'unknown', result: 'observed', changes: plan.contested.map(changeOf) });
  const condition: OwnCondition = { type: 'Contested', status: 'True', reason: 'FieldContested', message };
  memory.contested = { paths: paths.join(), condition };
  return condition;
}

function observedEntry({ path, from, to, by }: Change): PlanEntry {
  return { path, declared: to, observed: from, ...(by && { by }) };
}

function listOrNone(entries: readonly (IgnoredEntry | PlanEntry)[]): Json {
  return entries.length > 0 ? entries.map((entry) => ({ ...entry })) : null;
}

/** The kind's status fields; those it does not report this time are removed. */
function report<Cloud>({ kind }: Pass<Cloud>, observed: unknown): JsonObject {
  return { ...Object.fromEntries(Object.keys(kind.status).map((field) => [field, null])), ...kind.report(observed) };
}
