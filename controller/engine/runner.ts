import { outcomeFor, outcomeOf, verdictOn } from './failure.ts';
import { heldBy } from './finalize.ts';
import type { Informer } from './informer.ts';
import { isConflict, isNotFound, KubeError, type ResourceName } from './kube-api.ts';
import type { KubeEvents } from './kube-events.ts';
import type { LoopOptions, PassResult, PlainKind } from './loop.ts';
import type { LossGuard } from './loss-guard.ts';
import { type Memory, pollDelayMs } from './memory.ts';
import type { KubeObject } from './object.ts';
import { finished, type Outcome, waiting } from './outcome.ts';
import type { ObjectWrites, Pass, PassSettings } from './pass.ts';
import { reconcile } from './reconcile.ts';
import type { ReferenceGraph } from './references.ts';
import { type Outbox, Scribe } from './scribe.ts';
import { statusPatch } from './status.ts';
import { isNew, workFor } from './work.ts';
import type { Work, Workqueue } from './workqueue.ts';

/** What all passes of a running loop share. */
export interface Running<Cloud> {
  readonly options: LoopOptions<Cloud>;
  readonly queue: Workqueue;
  readonly graph: ReferenceGraph;
  readonly guard: LossGuard<Cloud>;
  readonly events: KubeEvents;
  readonly outbox: Outbox;
  readonly informers: ReadonlyMap<string, Informer>;
  memoryOf(uid: string): Memory;
}

const SETTLE_MS = 10_000;
const STALLED_MS = 300_000;

/** Around a pass, what every pass needs once: look the object up, run, judge what it threw, write status, set the next look. Never throws. */
export async function reconcileObject<Cloud>(running: Running<Cloud>, work: Work): Promise<void> {
  const { options, queue } = running;
  const [kind = '', namespace = '', name = ''] = work.key.split('/');
  const informer = running.informers.get(kind);
  const cached = informer?.store.get(`${namespace}/${name}`);
  if (!informer || !cached) return queue.forget(work.key);
  if (isNew(cached)) return welcome(running, informer, work, cached);
  const startedAt = options.deps.clock.now();
  const writes = new Writes(running, informer);
  let object = cached;
  let result: PassResult;
  try {
    if (running.memoryOf(cached.metadata.uid).isDoubtful) object = await readAgain(running, informer, cached);
    const { outcome, scribe } = await pass(running, object, writes);
    await tell(running, informer, writes.latest ?? object, outcome, scribe);
    setNextLook(running, work, object, outcome);
    result = resultOf(outcome);
  } catch (error) {
    result = await afterKubeError(running, informer, work, object, error);
  }
  options.onReconcile?.(kind, result, (options.deps.clock.now() - startedAt) / 1000);
}

/** Gives a new object its first conditions, then its place in the line of its cluster. */
async function welcome<Cloud>(running: Running<Cloud>, informer: Informer, work: Work, object: KubeObject): Promise<void> {
  const { options, queue } = running;
  const outcome = waiting({ reason: 'Pending', message: 'Waits for its turn.' }, { ready: 'Unknown' });
  try {
    const patch = statusPatch(object, outcome, options.deps.clock.now()) ?? {};
    const told = await options.api.patchStatus(informer.resource, object, patch);
    informer.remember(told);
    queue.forget(work.key);
    queue.add(workFor(told, work.priority));
  } catch (error) {
    await afterKubeError(running, informer, work, object, error);
  }
}

/** Runs the kind's pass; the only place where what the cloud answers is caught. */
async function pass<Cloud>(
  running: Running<Cloud>,
  object: KubeObject,
  writes: ObjectWrites,
): Promise<{ outcome: Outcome; scribe: Scribe }> {
  const { options, graph, guard, outbox } = running;
  const { deps } = options;
  const reconcileId = deps.newId();
  const scribe = new Scribe(deps, outbox, object, reconcileId);
  const plain = options.plain?.find((one) => one.kind === object.kind);
  const kind = options.kinds.find((one) => one.kind === object.kind);
  const memory = running.memoryOf(object.metadata.uid);
  const isPoll = memory.pollAt !== undefined && memory.pollAt <= deps.clock.now();
  const full: Pass<Cloud> | undefined = kind && {
    kind,
    object,
    deps,
    reconcileId,
    graph,
    guard,
    memory,
    scribe,
    writes,
    readSecret: (name) => options.api.readSecret(name),
    isPoll,
    settings: settingsOf(options),
  };
  try {
    if (full) return { outcome: await reconcile(full), scribe };
    if (plain) return { outcome: await reconcilePlain(plain, object, graph, writes, settingsOf(options)), scribe };
    throw new Error(`No kind ${object.kind} is declared`);
  } catch (error) {
    if (error instanceof KubeError) throw error;
    deps.log('debug', 'A pass failed', {
      object: `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`,
      reconcileId,
      error: String(error),
    });
    return { outcome: full ? await outcomeOf(error, full) : outcomeFor(verdictOn(error, deps)), scribe };
  }
}

/** The pass of a kind without a cloud resource: finalizer, and deletion once nothing refers to it. */
async function reconcilePlain(
  plain: PlainKind,
  object: KubeObject,
  graph: ReferenceGraph,
  writes: ObjectWrites,
  settings: PassSettings,
): Promise<Outcome> {
  if (object.metadata.deletionTimestamp === undefined) return plain.reconcile(await writes.hold(object));
  if (!object.metadata.finalizers?.includes(settings.finalizer)) return finished('Nothing to clean up.');
  const held = heldBy({ graph, object }) ?? (await plain.finalize?.(object));
  if (held) return held;
  await writes.release(object);
  return finished('Nothing refers to it any more.');
}

/** Writes status, if anything in it changed, and says in Events what is news. */
async function tell<Cloud>(
  running: Running<Cloud>,
  informer: Informer,
  object: KubeObject,
  outcome: Outcome,
  scribe: Scribe,
): Promise<void> {
  const { options, events } = running;
  events.report(object, outcome, scribe.written);
  if (outcome.next.look === 'never') return;
  const patch = statusPatch(object, outcome, options.deps.clock.now());
  if (!patch) return;
  informer.remember(await options.api.patchStatus(informer.resource, object, patch));
}

function setNextLook<Cloud>(running: Running<Cloud>, work: Work, object: KubeObject, { next }: Outcome): void {
  const { options, queue } = running;
  const { deps } = options;
  if (next.look !== 'backoff') queue.forget(work.key);
  if (next.look === 'never') return;
  const memory = running.memoryOf(object.metadata.uid);
  const polls = next.look === 'poll' ? memory.polls + 1 : 0;
  memory.polls = polls;
  memory.pollAt = undefined;
  const soon: Work = { ...work, priority: 'wake' };
  switch (next.look) {
    case 'now':
      return queue.add(soon);
    case 'after':
      return queue.addAfter(soon, next.ms);
    case 'poll': {
      const delay = pollDelayMs(polls - 1);
      memory.pollAt = deps.clock.now() + delay;
      return queue.addAfter(soon, delay);
    }
    case 'backoff':
      queue.retry(soon, next.atLeastMs);
      return;
    case 'slowly':
      return queue.addAfter({ ...work, priority: 'sweep' }, (options.stalledMs ?? STALLED_MS) * (0.8 + 0.4 * deps.random()));
    case 'whenWoken':
      return;
  }
}

/**
 * Kubernetes did not take a write, or its answer was lost. A conflict is looked at again at once with the object as it is now, and shown
 * to nobody; anything else after a delay.
 */
async function afterKubeError<Cloud>(
  running: Running<Cloud>,
  informer: Informer,
  work: Work,
  object: KubeObject,
  error: unknown,
): Promise<PassResult> {
  const { options, queue } = running;
  const { deps } = options;
  const soon: Work = { ...work, priority: 'wake' };
  running.memoryOf(object.metadata.uid).isDoubtful = true;
  if (isConflict(error) || isNotFound(error)) {
    // Not at once: whoever changes the object again and again must not make us a tight loop.
    queue.addAfter(soon, 20 + 80 * deps.random());
    // Gone, or of another uid: the cache is told here rather than at the next pass, for there may be none.
    await readAgain(running, informer, object).catch((second: unknown) =>
      deps.log('debug', 'Reading an object after a conflict failed', { error: String(second) }),
    );
    return 'Conflict';
  }
  const delayMs = queue.retry(soon);
  deps.log('warn', 'A pass could not be brought to its end', { object: work.key, delayMs, error: String(error) });
  return 'Failed';
}

/** The object as Kubernetes has it now; a patch made from an older one could leave fields behind that nobody meant to keep. */
async function readAgain<Cloud>(running: Running<Cloud>, informer: Informer, object: KubeObject): Promise<KubeObject> {
  const { uid, namespace = '', name } = object.metadata;
  const now = await running.options.api.get(informer.resource, { namespace, name });
  if (now?.metadata.uid !== uid) informer.forget(object);
  if (now) informer.remember(now);
  if (now?.metadata.uid !== uid) throw new KubeError(404, 'NotFound', `${object.kind} ${namespace}/${name} is gone`);
  running.memoryOf(uid).isDoubtful = false;
  return now;
}

function resultOf(outcome: Outcome): PassResult {
  if (outcome.next.look === 'never') return 'Deleted';
  if (outcome.reason === 'Paused') return 'Paused';
  return outcome.phase ?? 'Ready';
}

function settingsOf<Cloud>(options: LoopOptions<Cloud>): PassSettings {
  const { group, settleMs = SETTLE_MS } = options;
  return {
    finalizer: `${group}/cloud-resource`,
    pausedAnnotation: `${group}/paused`,
    correctAnnotation: `${group}/correct-at`,
    settleMs,
    ...(options.requestList && { requestList: (cluster, kind, notBefore) => options.requestList?.(cluster, kind, notBefore) }),
  };
}

/** The object's own writes during a pass. Every answer goes into the cache at once, so that no later pass works from before it. */
class Writes<Cloud> implements ObjectWrites {
  /** The object as the last write left it. */
  latest: KubeObject | undefined;
  readonly #running: Running<Cloud>;
  readonly #informer: Informer;

  constructor(running: Running<Cloud>, informer: Informer) {
    this.#running = running;
    this.#informer = informer;
  }

  async hold(object: KubeObject): Promise<KubeObject> {
    const { finalizer } = settingsOf(this.#running.options);
    const has = object.metadata.finalizers ?? [];
    if (has.includes(finalizer)) return object;
    return this.#took(await this.#running.options.api.patchFinalizers(this.#resource, object, [...has, finalizer]));
  }

  async release(object: KubeObject): Promise<void> {
    const { finalizer } = settingsOf(this.#running.options);
    const left = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    try {
      this.#took(await this.#running.options.api.patchFinalizers(this.#resource, object, left));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    if (left.length === 0) this.#informer.forget(object);
  }

  async store(object: KubeObject, fields: Parameters<ObjectWrites['store']>[1]): Promise<KubeObject> {
    return this.#took(await this.#running.options.api.patchStatus(this.#resource, object, fields, { locked: true }));
  }

  get #resource(): ResourceName {
    return this.#informer.resource;
  }

  #took(object: KubeObject): KubeObject {
    this.latest = object;
    this.#informer.remember(object);
    return object;
  }
}
