import type { Audit } from '#controller/audit/audit.ts';
import type { JsonObject } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { Planner, SetPlan } from '#controller/engine/set-plan.ts';
import type { Place } from '#controller/history/place.ts';
import { diffJson } from '../kube-audit.ts';
import type { OwnKube, OwnKubeReply, OwnKubeRequest } from '../own-kube.ts';

/** How a kind is reached in the Kubernetes API. */
export interface KindPath {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface RollbackDeps {
  readonly kube: OwnKube;
  readonly audit: Audit;
  /** Says what going back would do in the cloud; without it a plan tells what changes in the declaration. */
  planner?(): Planner | undefined;
}

/** Who wants to go back to what. */
export interface RollbackRequest {
  readonly place: Place;
  readonly path: KindPath;
  readonly revision: number;
  readonly spec: JsonObject;
  readonly caller: OwnKubeRequest['caller'];
  readonly user: string;
}

export interface RollbackPlan {
  /** Absent when there is no object now: going back declares it anew. */
  readonly uid?: string;
  /** What an apply has to name; 0 when there is no object now. */
  readonly generation: number;
  /** What changes in the declaration. */
  readonly changes: readonly Change[];
  /** What that does in the cloud. */
  readonly plan?: SetPlan;
}

/** What the Kubernetes API said no to, or why we did not ask it. */
export class RollbackRefused extends Error {
  readonly status: number;
  readonly reason: string;
  /** The generation there is now, when that is the reason. */
  readonly generation: number | undefined;

  constructor(status: number, reason: string, message: string, generation?: number) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.generation = generation;
  }
}

const attempts = 5;

/** What going back would change; the Kubernetes API checks it as it would the write, and writes nothing. Throws RollbackRefused. */
export async function planRollback(deps: RollbackDeps, request: RollbackRequest): Promise<RollbackPlan> {
  const current = await read(deps.kube, request);
  const changed = await write(deps.kube, request, current, '?dryRun=All');
  const plan = await deps.planner?.()?.plan({ objects: [changed] });
  return {
    ...(current ? { uid: current.metadata.uid } : {}),
    generation: generationOf(current),
    changes: changesOf(current, changed),
    ...(plan ? { plan } : {}),
  };
}

/**
 * Goes back, if the object is still at the generation the plan was made at; that its status moved meanwhile does not matter. Throws
 * RollbackRefused.
 */
export async function applyRollback(
  deps: RollbackDeps,
  request: RollbackRequest,
  planned: { readonly generation: number; readonly uid?: string },
): Promise<RollbackPlan> {
  try {
    const { current, changed } = await writeLocked(deps.kube, request, planned);
    const changes = changesOf(current, changed);
    const words = changes.length === 0 ? 'which it already equals' : `as revision ${generationOf(changed)}`;
    await tell(deps.audit, request, changed, { changes, result: 'ok', outcome: `took ${wordsOf(request)}, ${words}.` });
    return { uid: changed.metadata.uid, generation: generationOf(changed), changes };
  } catch (error) {
    if (error instanceof RollbackRefused)
      await tell(deps.audit, request, undefined, {
        changes: [],
        result: error.status === 403 ? 'denied' : 'failed',
        outcome: `could not take ${wordsOf(request)}: ${error.message}`,
      });
    throw error;
  }
}

async function writeLocked(
  kube: OwnKube,
  request: RollbackRequest,
  planned: { readonly generation: number; readonly uid?: string },
): Promise<{ current: KubeObject | undefined; changed: KubeObject }> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await read(kube, request);
    checkPlanned(current, planned, request);
    try {
      return { current, changed: await write(kube, request, current, '') };
    } catch (error) {
      // Somebody wrote in between: a status perhaps, and then the generation is still the same.
      if (!(error instanceof RollbackRefused) || error.status !== 409 || attempt >= attempts) throw error;
    }
  }
}

function checkPlanned(
  current: KubeObject | undefined,
  planned: { readonly generation: number; readonly uid?: string },
  { place }: RollbackRequest,
): void {
  const now = generationOf(current);
  const isOther = planned.uid !== undefined && planned.uid !== current?.metadata.uid;
  if (planned.generation === now && !isOther) return;
  const what = `${place.kind} ${place.name}`;
  const why = isOther
    ? `${what} is not the object the plan was made for`
    : `${what} was changed since the plan was made: it was at generation ${planned.generation} and is at ${now}`;
  throw new RollbackRefused(409, 'Conflict', `${why}. Make the plan anew, look at it, and apply that.`, now);
}

async function read(kube: OwnKube, request: RollbackRequest): Promise<KubeObject | undefined> {
  const { caller } = request;
  const answer = await kube({ method: 'GET', path: objectPath(request), caller, userAgent: agentOf(request) });
  if (answer.status === 404) return undefined;
  const object = objectIn(answer);
  if (object.metadata.deletionTimestamp === undefined) return object;
  const message = `${object.kind} ${object.metadata.name} is being deleted. Wait until it is gone; going back declares it anew then.`;
  throw new RollbackRefused(409, 'Conflict', message, object.metadata.generation);
}

async function write(kube: OwnKube, request: RollbackRequest, current: KubeObject | undefined, query: string): Promise<KubeObject> {
  const { place, path, spec, caller } = request;
  // Planned by whoever asks for the dry run.
  const common = { caller, userAgent: agentOf(request), ...(query !== '' && { isPartOfPlan: true as const }) };
  if (current) {
    // With the resourceVersion that was read: the API refuses it when anything was written since.
    return objectIn(await kube({ method: 'PUT', path: objectPath(request) + query, body: { ...current, spec }, ...common }));
  }
  const metadata = { name: place.name, ...(place.namespace ? { namespace: place.namespace } : {}) };
  const body = { apiVersion: `${path.group}/${path.version}`, kind: path.kind, metadata, spec };
  return objectIn(await kube({ method: 'POST', path: collectionPath(request) + query, body, ...common }));
}

function objectIn({ status, body }: OwnKubeReply): KubeObject {
  if (status >= 200 && status < 300) return body as unknown as KubeObject;
  const { reason, message } = body as { reason?: string; message?: string };
  throw new RollbackRefused(status, reason ?? 'Refused', message ?? `The Kubernetes API answered ${status}.`);
}

function changesOf(current: KubeObject | undefined, changed: KubeObject): Change[] {
  return diffJson(current?.spec, changed.spec, 'spec');
}

function generationOf(object: KubeObject | undefined): number {
  return object?.metadata.generation ?? 0;
}

function collectionPath({ path, place }: RollbackRequest): string {
  const within = path.namespaced ? `/namespaces/${encodeURIComponent(place.namespace)}` : '';
  return `/apis/${path.group}/${path.version}${within}/${path.plural}`;
}

function objectPath(request: RollbackRequest): string {
  return `${collectionPath(request)}/${encodeURIComponent(request.place.name)}`;
}

/** Shows as `through` of the revision this makes. */
function agentOf({ revision }: RollbackRequest): string {
  return `stackwarden-rollback/${revision}`;
}

function wordsOf({ place, revision }: RollbackRequest): string {
  return `${place.kind} ${place.namespace ? `${place.namespace}/` : ''}${place.name} back to revision ${revision}`;
}

async function tell(
  audit: Audit,
  { place, spec, user }: RollbackRequest,
  object: KubeObject | undefined,
  { changes, result, outcome }: { changes: readonly Change[]; result: 'ok' | 'failed' | 'denied'; outcome: string },
): Promise<void> {
  const cluster = place.kind === 'Cluster' ? place.name : (spec as { clusterRef?: { name?: string } }).clusterRef?.name;
  await audit.record({
    type: 'RolledBack',
    actor: user,
    ...(cluster ? { cluster } : {}),
    object: { ...place, uid: object?.metadata.uid ?? '' },
    changes,
    result,
    message: `${user} ${outcome}`,
    requestIds: [],
  });
}
