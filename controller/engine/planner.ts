import { isAskedFor } from './asked.ts';
import { heldBy } from './finalize.ts';
import type { AnyKind, Change, Difference, Reason } from './kind.ts';
import type { LossGuard } from './loss-guard.ts';
import { massLossMessage } from './loss-guard.ts';
import type { KubeObject, PlanEntry } from './object.ts';
import { observe } from './observe.ts';
import { isConnected, ownerOf } from './pass.ts';
import { type Plan, planFor, WHOLE } from './plan.ts';
import { neededFirst, overlay } from './plan-order.ts';
import { type Policies, policiesOf } from './policies.ts';
import type { Connection, LoopDeps } from './ports.ts';
import { clusterOf, type KindInGraph, nameOf, type ReferenceGraph } from './references.ts';
import { replacementBlocked } from './replace.ts';
import { resolveDesired, type Wished } from './resolve.ts';
import { type ReadSecret, readSecrets, settledGenerationOf } from './secrets.ts';
import type { ObjectPlan, PlanGap, PlannedAction, PlannedChange, Planner, PlanRequest, SetPlan } from './set-plan.ts';
import { importOf, mayTakeOver, pickImport } from './take-over.ts';

export interface PlannerDeps<Cloud> {
  readonly kinds: readonly AnyKind<Cloud>[];
  /** Every kind the loop knows, with its cache. */
  readonly caches: ReadonlyMap<string, KindInGraph>;
  readonly guard: LossGuard<Cloud>;
  readonly deps: Pick<LoopDeps<Cloud>, 'connect' | 'clock' | 'newId'>;
  readonly readSecret: ReadSecret;
  readonly pausedAnnotation: string;
  readonly correctAnnotation: string;
}

/** Stands for the id of something that does not exist yet. */
const UNKNOWN = 'known after apply: ';

/**
 * Plans with the very functions a pass decides with: the same desire, observe, diff and policies, over the caches with the asked-for
 * objects laid on top. Reads what a pass would read, and writes nothing.
 */
export function createPlanner<Cloud>(deps: PlannerDeps<Cloud>): Planner {
  return {
    async plan(request) {
      const set = new PlannedSet(deps, request);
      for (const object of set.inOrder()) await set.planOne(object);
      for (const object of request.deleted ?? []) set.planDeletion(object);
      return set.result();
    },
  };
}

class PlannedSet<Cloud> {
  readonly #deps: PlannerDeps<Cloud>;
  readonly #request: PlanRequest;
  readonly #graph: ReferenceGraph;
  readonly #plans: ObjectPlan[] = [];
  readonly #gaps = new Map<string, PlanGap>();
  /** uids of objects whose cloud id will be another one, or is not known yet. */
  readonly #coming = new Set<string>();
  /** Cloud ids of what is imported, by the uid of the object. */
  readonly #found = new Map<string, string>();
  readonly #imported = new Map<string, KubeObject>();

  constructor(deps: PlannerDeps<Cloud>, request: PlanRequest) {
    this.#deps = deps;
    this.#request = request;
    this.#graph = overlay(deps.caches, request);
  }

  inOrder(): KubeObject[] {
    return neededFirst(this.#request.objects, this.#graph);
  }

  async planOne(object: KubeObject): Promise<void> {
    const kind = this.#deps.kinds.find((one) => one.kind === object.kind);
    if (!kind) return;
    const decided = await this.#decide(kind, object);
    if (decided.id !== undefined && object.status?.id === undefined) this.#found.set(object.metadata.uid, decided.id);
    const isNew = decided.id === undefined && ['create', 'adopt', 'unknown', 'wait', 'blocked'].includes(decided.action);
    if (isNew || decided.action === 'replace') this.#coming.add(object.metadata.uid);
    const losesData = kind.holdsData === true && (decided.action === 'rebuild' || decided.action === 'replace');
    this.#plans.push({ ...namesOf(object), ...decided, changes: (decided.changes ?? []).map(known), losesData });
  }

  planDeletion(object: KubeObject): void {
    const kind = this.#deps.kinds.find((one) => one.kind === object.kind);
    if (!kind) return;
    const policies = policiesOf(object, undefined, this.#deps.deps.clock.now());
    const { id } = object.status ?? {};
    const decided = deletionOf(object, policies);
    this.#plans.push({
      ...namesOf(object),
      ...(id !== undefined && { id }),
      changes: [],
      ...decided,
      losesData: decided.action === 'delete' && kind.holdsData === true,
    });
  }

  result(): SetPlan {
    return { objects: this.#plans, gaps: [...this.#gaps.values()] };
  }

  async #decide(kind: AnyKind<Cloud>, object: KubeObject): Promise<Decided> {
    const { deps, pausedAnnotation } = this.#deps;
    if (object.metadata.annotations?.[pausedAnnotation] === 'true')
      return { action: 'none', why: { reason: 'Paused', message: `${nameOf(object)} is paused by the annotation ${pausedAnnotation}.` } };
    const circle = this.#graph.circle(object);
    if (circle && object.status?.id === undefined) return inACircle(circle);
    const connection = deps.connect(object, deps.newId());
    if (!isConnected(connection)) {
      const cluster = clusterOf(object) ?? '';
      this.#gaps.set(cluster, { cluster, ...connection });
      return { action: 'unknown', why: connection };
    }
    const wanted = importOf(object);
    if (wanted && object.status?.id === undefined && object.status?.isOnlyObserved === undefined)
      return this.#imports(kind, object, connection);
    const wish = await this.#wish(kind, object, connection);
    if ('why' in wish) return wish;
    const seen = await observe({ kind, object, isPoll: false }, connection.cloud);
    switch (seen.found) {
      case 'ambiguous':
        return {
          action: 'blocked',
          why: { reason: 'Ambiguous', message: `Several carry the stamp of ${nameOf(object)}: ${seen.ids.join(', ')}.` },
        };
      case 'foreign':
        return { action: 'blocked', id: seen.id, why: { reason: 'NotOurs', message: seen.message } };
      case 'none':
        return this.#absent(kind, object, connection);
      case 'one':
        return {
          id: seen.id,
          ...this.#unlessHeld(object, this.#compared(kind, object, connection, { wish, observed: seen.observed })),
        };
    }
  }

  /** As the set would have it, else as it is. */
  async #readSecret(name: Parameters<ReadSecret>[0]): ReturnType<ReadSecret> {
    const given = this.#request.secrets?.find((one) => one.namespace === name.namespace && one.name === name.name);
    return given?.data ?? this.#deps.readSecret(name);
  }

  /** What others need is not deleted to be made anew. */
  #unlessHeld(object: KubeObject, decided: Decided): Decided {
    const held = decided.action === 'replace' ? heldBy({ graph: this.#graph, object }) : undefined;
    return held ? { ...decided, action: 'blocked', why: replacementBlocked(held) } : decided;
  }

  #assumed(found: KubeObject): string | undefined {
    const { uid } = found.metadata;
    return this.#coming.has(uid) ? `${UNKNOWN}${nameOf(found)}` : this.#found.get(uid);
  }

  async #imports(kind: AnyKind<Cloud>, object: KubeObject, connection: Connection<Cloud>): Promise<Decided> {
    const picked = await pickImport({ kind, object, graph: this.#graph }, connection, importOf(object) ?? {});
    if ('reason' in picked) return { action: picked.phase === 'Stalled' ? 'blocked' : 'wait', why: reasonOf(picked) };
    const key = `${connection.cluster}/${kind.kind}/${picked.id}`;
    const other = this.#imported.get(key);
    if (other) {
      const message = `${nameOf(other)} imports ${picked.id} too, and one cloud resource belongs to one object. Take one of the two out.`;
      return { action: 'blocked', id: picked.id, why: { reason: 'AlreadyDeclared', message } };
    }
    this.#imported.set(key, object);
    const found = { ...object, status: { ...object.status, id: picked.id, isOnlyObserved: true } };
    const wish = await this.#wish(kind, found, connection);
    if ('why' in wish) return { ...wish, id: picked.id };
    return { id: picked.id, ...this.#compared(kind, found, connection, { wish, observed: picked.observed }) };
  }

  /** What the cloud should hold, or why that cannot be said. */
  async #wish(kind: AnyKind<Cloud>, object: KubeObject, { cloud }: Connection<Cloud>): Promise<Wished | (Decided & { why: Reason })> {
    const secrets = await readSecrets(kind, object, (name) => this.#readSecret(name));
    const knowledge = { graph: this.#graph, secrets, assume: (found: KubeObject) => this.#assumed(found) };
    const wish = resolveDesired(kind, object, cloud, ownerOf(object), knowledge);
    if (!('outcome' in wish)) return wish;
    return { action: wish.outcome.phase === 'Stalled' ? 'blocked' : 'wait', why: reasonOf(wish.outcome) };
  }

  #absent(kind: AnyKind<Cloud>, object: KubeObject, connection: Connection<Cloud>): Decided {
    const { cluster, cloud } = connection;
    const policies = this.#policies(object, connection);
    if (kind.listedAt(cloud) === 0)
      return { action: 'wait', why: { reason: 'Listing', message: `Cluster ${cluster} has not been listed yet; plan again in a moment.` } };
    if (!policies.manages)
      return {
        action: 'blocked',
        why: { reason: 'NothingToObserve', message: `${nameOf(object)} only observes, and there is nothing to observe.` },
      };
    const { id, drift = [] } = object.status ?? {};
    const isLost = (id !== undefined && object.status?.replacing === undefined) || drift.some((one) => one.path === WHOLE);
    if (!isLost) return { action: 'create' };
    const lost = { reason: 'Missing', message: `${id ?? nameOf(object)} is gone from the cloud.` };
    const isAsked = drift.some((one) => isAskedFor(policies.asked, one));
    if (policies.drift === 'Report' && !isAsked)
      return { action: 'report', changes: [{ path: WHOLE, from: 'missing', to: 'present' }], why: lost };
    const loss = this.#deps.guard.lossOf(connection);
    return loss
      ? { action: 'blocked', why: { reason: 'MassLoss', message: massLossMessage(cluster, loss) } }
      : { action: 'create', why: lost };
  }

  #compared(kind: AnyKind<Cloud>, object: KubeObject, connection: Connection<Cloud>, of: { wish: Wished; observed: unknown }): Decided {
    const now = this.#deps.deps.clock.now();
    const difference = this.#inTheEnd(object, kind.diff(of.wish.desired, of.observed));
    const policies = this.#policies(object, connection);
    if (object.status?.isOnlyObserved && policies.manages) {
      const { may, plan } = mayTakeOver(object, difference, now);
      const changes = plan.map(changeOf);
      if (may) return { action: 'adopt', changes };
      if (difference.waiting) return { action: 'wait', why: difference.waiting };
      const message = `It differs, and spec.import.acceptChanges is not set: declare what the cloud holds, or set it.`;
      return { action: 'blocked', changes, why: { reason: 'ImportDiffers', message } };
    }
    const { drift = [], corrections = [], recovery } = object.status ?? {};
    const plan = planFor({
      difference,
      generation: object.metadata.generation ?? 0,
      settledGeneration: settledGenerationOf(object, of.wish.secretsDigest),
      shown: drift,
      policies,
      corrections,
      now,
    });
    const by = difference.failed?.recovery;
    const mayRecover = by && policies.manages && !policies.isProtected && (recovery?.attempts ?? 0) < by.attempts;
    if (plan.action === 'blocked' && mayRecover)
      return { action: by.by, changes: [{ path: 'status.state', from: 'ERROR', to: 'ACTIVE', by: by.by }], ...why(plan.why) };
    return decidedBy(plan, policies);
  }

  /** What waits for something of the set is told as what it will be once that is there. */
  #inTheEnd(object: KubeObject, difference: Difference): Difference {
    const { waiting, ...rest } = difference;
    const isForTheSet = this.#graph.referred(object).some((one) => this.#coming.has(one.metadata.uid));
    return waiting && rest.changes.length > 0 && isForTheSet ? rest : difference;
  }

  #policies(object: KubeObject, connection: Connection<Cloud>): Policies {
    return policiesOf(object, connection, this.#deps.deps.clock.now(), this.#deps.correctAnnotation);
  }
}

interface Decided {
  readonly action: PlannedAction;
  readonly id?: string;
  readonly changes?: readonly Change[];
  readonly why?: Reason;
}

/** The plan of a pass as what all passes together will do. */
function decidedBy(plan: Plan, policies: Policies): Decided {
  switch (plan.action) {
    case 'wait':
    case 'blocked':
      return { action: plan.action, ...why(plan.why) };
    case 'refuse':
      return { action: 'blocked', changes: plan.allowed, ...why(plan.why) };
    case 'replace':
    case 'rebuild':
      return { action: plan.action, changes: plan.allowed };
    case 'update': {
      const isRebuilt = plan.allowed.some((change) => change.by === 'rebuild') && !plan.refusal;
      return { action: isRebuilt ? 'rebuild' : 'update', changes: plan.allowed, ...why(plan.refusal) };
    }
    case 'none': {
      if (plan.differing.length === 0) return { action: 'none' };
      const reason = policies.manages
        ? { reason: 'Reported', message: 'Drift that is only reported.' }
        : { reason: 'Observed', message: 'Only observed.' };
      return { action: 'report', changes: plan.differing, why: reason };
    }
  }
}

function inACircle(circle: readonly KubeObject[]): Decided {
  const way = circle.map(nameOf).join(' -> ');
  const message = `These refer to each other in a circle, so none can be created first: ${way}. Remove one of the references.`;
  return { action: 'blocked', why: { reason: 'CircularReference', message } };
}

function deletionOf(object: KubeObject, policies: Policies): Pick<Decided, 'why'> & { action: PlannedAction } {
  const { id, intent, isOnlyObserved } = object.status ?? {};
  if (id === undefined && intent === undefined)
    return { action: 'none', why: { reason: 'NothingMade', message: `Nothing was ever made for ${nameOf(object)}.` } };
  if (policies.retains || !policies.manages || isOnlyObserved) return { action: 'release' };
  if (!policies.isProtected) return { action: 'delete' };
  return {
    action: 'blocked',
    why: { reason: 'DeletionProtected', message: `spec.deletionProtection of ${nameOf(object)} keeps what it made.` },
  };
}

function namesOf(object: KubeObject): Pick<ObjectPlan, 'kind' | 'namespace' | 'name' | 'cluster'> {
  const { namespace = '', name } = object.metadata;
  return { kind: object.kind, namespace, name, cluster: clusterOf(object) ?? '' };
}

function known(change: Change): PlannedChange {
  return JSON.stringify(change.to ?? null).includes(UNKNOWN) ? { ...change, to: '(known after apply)', isUnknown: true } : change;
}

function changeOf({ path, declared, observed, by }: PlanEntry): Change {
  return { path, from: observed, to: declared, ...(by && { by }) };
}

function reasonOf({ reason, message }: Reason): Reason {
  return { reason, message };
}

function why(reason: Reason | undefined): Pick<Decided, 'why'> {
  return reason ? { why: reasonOf(reason) } : {};
}
