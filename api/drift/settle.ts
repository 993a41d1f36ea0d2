import { stringify } from 'yaml';
import { type AskedCorrection, askedText, isAskedFor } from '#controller/engine/asked.ts';
import type { JsonObject } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { DriftEntry, KubeObject } from '#controller/engine/object.ts';
import { ownerOf } from '#controller/engine/pass.ts';
import type { ObjectPlan, Planner } from '#controller/engine/set-plan.ts';
import { apiGroup, apiVersion, kinds } from '#controller/kinds/index.ts';
import { clusterOfObject } from '#controller/lists/declared.ts';
import { typeOfKind } from '#controller/lists/noun.ts';
import { gitOpsOwner, ownedFields } from '../actions/git-ops.ts';
import type { World } from '../actions/world.ts';
import { diffJson } from '../kube-audit.ts';
import type { OwnKube, OwnKubeRequest } from '../own-kube.ts';
import { acceptance, isOfSpec } from './accept.ts';
import { obstaclesOf, type Way } from './answer.ts';
import { correctAnnotation, type Found } from './found.ts';

export interface SettleDeps {
  readonly kube: OwnKube;
  readonly world: World;
  /** Says what a change does in the cloud; undefined while the controller starts. */
  readonly planner: Planner | undefined;
  /** Epoch ms. */
  readonly now: number;
}

export interface Wish {
  readonly way: Way;
  /** All drift of the object when empty. */
  readonly paths: readonly string[];
  /** Of `ignore`. */
  readonly reason?: string;
  readonly until?: string;
  readonly isDryRun: boolean;
  readonly caller: OwnKubeRequest['caller'];
}

export interface Settlement {
  readonly entries: readonly DriftEntry[];
  /** What changes in the declaration. */
  readonly changes: readonly Change[];
  /** Merge patch of the object. */
  readonly patch: JsonObject;
  /** The manifest as it would stand in a repository, and the part of it that changes. */
  readonly manifest?: string;
  readonly before?: string;
  /** Fields that are settled along with those asked for. */
  readonly also: readonly string[];
  /** Who writes the declaration from a repository: the change is to be made there. */
  readonly owner?: string;
  readonly generation: number;
  /** What that does in the cloud. */
  readonly plan?: ObjectPlan;
}

/** Why it is not done. */
export class Unsettled extends Error {
  readonly status: number;
  readonly title: string;
  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

const manager = 'stackwarden-drift';
const mostIgnored = 50;

/** Thinks over what somebody wishes to be done about drift, and does it unless it is a dry run. Throws Unsettled. */
export async function settle(deps: SettleDeps, found: Found, wish: Wish): Promise<Settlement> {
  const object = found.object as KubeObject;
  const obstacle = obstaclesOf(object)[wish.way];
  if (obstacle) throw new Unsettled(409, 'Conflict', obstacle.message);
  const entries = chosen(found, wish);
  const patch = patchFor(deps, found, entries, wish);
  const spec = (patch['spec'] ?? {}) as JsonObject;
  const gitOps = gitOpsOwner(object);
  const isOwned = gitOps !== undefined && ownedFields(object.spec, spec).length > 0;
  if (isOwned && !wish.isDryRun) {
    const message = `${nameOf(object)} is written by ${gitOps}, which would undo it; make the change in the repository (a dry run shows it).`;
    throw new Unsettled(409, 'ManagedByGitOps', message);
  }
  const trial = await write(deps, object, patch, { ...wish, isDryRun: true });
  const plan = (await deps.planner?.plan({ objects: [trial] }))?.objects[0];
  if (wish.way === 'accept') refuseIfLeft(object, entries, plan);
  const changed = wish.isDryRun ? trial : await write(deps, object, patch, wish);
  return {
    entries,
    changes: diffJson(object.spec, changed.spec, 'spec'),
    patch,
    ...(wish.way !== 'revert' && { before: manifestOf(object), manifest: manifestOf(changed) }),
    also: wish.way === 'accept' ? settledAlong(found, entries, plan) : [],
    ...(isOwned && { owner: gitOps }),
    generation: changed.metadata.generation ?? 0,
    ...(plan && { plan }),
  };
}

function chosen({ drift, object }: Found, { paths, way }: Wish): readonly DriftEntry[] {
  const all = way === 'revert' ? drift : drift.filter(isOfSpec);
  const entries = paths.length === 0 ? all : drift.filter(({ path }) => paths.includes(path));
  const unknown = paths.filter((path) => !drift.some((one) => one.path === path));
  if (entries.length > 0 && unknown.length === 0) return entries;
  const what = unknown.length > 0 ? `in ${unknown.map((path) => path || 'the whole resource').join(', ')}` : 'at all';
  throw new Unsettled(409, 'NotDrifted', `${nameOf(object as KubeObject)} does not differ ${what} (any more); look at it anew.`);
}

function patchFor(deps: SettleDeps, found: Found, entries: readonly DriftEntry[], wish: Wish): JsonObject {
  const object = found.object as KubeObject;
  switch (wish.way) {
    case 'accept': {
      const { patch, refused } = acceptance(object.spec, entries, () => declaredNow(deps.world, object));
      if (refused.length > 0) throw cannotAccept(object, refused);
      return { spec: patch };
    }
    case 'revert':
      return { metadata: { annotations: { [correctAnnotation]: askedText(askFor(found, entries, deps.now)) } } };
    case 'ignore':
      return { spec: { ignore: ignoring(object, entries, wish) } };
  }
}

/** With what was asked before and is still under way. */
function askFor({ drift, policies }: Found, entries: readonly DriftEntry[], now: number): AskedCorrection {
  const pending = drift.filter((one) => isAskedFor(policies?.asked, one));
  return { at: now, paths: [...new Set([...entries, ...pending].map(({ path }) => path))] };
}

function ignoring(object: KubeObject, entries: readonly DriftEntry[], { reason = '', until }: Wish) {
  const odd = entries.find((entry) => !isOfSpec(entry));
  if (odd)
    throw new Unsettled(409, 'Conflict', `${odd.path} of ${nameOf(object)} is no field of its spec, and cannot be ignored; revert it.`);
  const before = (object.spec['ignore'] ?? []) as readonly JsonObject[];
  const paths = entries.map(({ path }) => path);
  const others = before.filter(({ path }) => !paths.some((one) => one === path));
  const after = [...others, ...paths.map((path) => ({ path, reason, ...(until !== undefined && { until }) }))];
  if (after.length <= mostIgnored) return after;
  throw new Unsettled(409, 'Conflict', `${nameOf(object)} ignores ${before.length} fields already; at most ${mostIgnored} can be.`);
}

/** The spec that the kind would declare for what the cloud holds now. */
function declaredNow({ clouds, objects }: World, object: KubeObject): JsonObject | undefined {
  const cluster = clusterOfObject(object);
  const cloud = clouds.look(cluster);
  const kind = kinds.find((one) => one.kind === object.kind);
  if ('reason' in cloud || !kind) return undefined;
  const seen = kind.observe(cloud, ownerOf(object));
  if (seen.found !== 'one') return undefined;
  const find = objects.inCluster(cluster);
  const names = {
    nameOf(of: string, id: string) {
      const type = typeOfKind.get(of);
      const other = type && find(type, id);
      return other?.metadata.namespace === object.metadata.namespace ? other?.metadata.name : undefined;
    },
  };
  try {
    return kind.declare(cloud, seen.observed, names);
  } catch {
    // It cannot be declared as it is: then it cannot be accepted either.
    return undefined;
  }
}

function cannotAccept(object: KubeObject, paths: readonly string[]): Unsettled {
  const message = `What the cloud holds of ${nameOf(object)} in ${paths.join(', ')} cannot be written into its declaration; revert it, ignore it, or edit the declaration.`;
  return new Unsettled(409, 'CannotAccept', message);
}

/** The proof: with the change, these fields differ no more. */
function refuseIfLeft(object: KubeObject, entries: readonly DriftEntry[], plan: ObjectPlan | undefined): void {
  const left = entries.filter(({ path }) => plan?.changes.some((change) => change.path === path));
  if (left.length > 0)
    throw cannotAccept(
      object,
      left.map(({ path }) => path),
    );
}

function settledAlong({ drift }: Found, entries: readonly DriftEntry[], plan: ObjectPlan | undefined): string[] {
  if (!plan) return [];
  const others = drift.filter((one) => !entries.includes(one));
  return others.filter(({ path }) => !plan.changes.some((change) => change.path === path)).map(({ path }) => path);
}

/** As the person: what they may not change, this may not either. */
async function write({ kube }: SettleDeps, object: KubeObject, patch: JsonObject, { caller, isDryRun }: Wish): Promise<KubeObject> {
  const plural = kinds.find((one) => one.kind === object.kind)?.plural ?? '';
  const { namespace, name } = object.metadata;
  const { status, body } = await kube({
    method: 'PATCH',
    path: `/apis/${apiGroup}/${apiVersion}/namespaces/${namespace}/${plural}/${name}`,
    query: { fieldManager: manager, ...(isDryRun && { dryRun: 'All' }) },
    body: patch,
    caller,
    userAgent: manager,
    ...(isDryRun && { isPartOfPlan: true as const }),
  });
  if (status < 300) return body as unknown as KubeObject;
  const { reason, message } = body as { reason?: string; message?: string };
  throw new Unsettled(status, reason ?? 'Refused', message ?? `The Kubernetes API answered ${status}.`);
}

/** What a repository would hold of an object. */
function manifestOf({ kind, metadata, spec }: KubeObject): string {
  const { name, namespace, labels } = metadata;
  const kept = { name, ...(namespace !== undefined && { namespace }), ...(labels && { labels }) };
  return stringify({ apiVersion: `${apiGroup}/${apiVersion}`, kind, metadata: kept, spec }, { lineWidth: 0 });
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}
