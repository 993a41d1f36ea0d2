import type { KubeObject } from '#controller/engine/object.ts';
import { noteOf } from './dry-run.ts';
import { causesOf, collectionPath, type KindPath, messageOf, type PlanKube, unavailable } from './kube.ts';
import { BadManifests } from './problem.ts';

/** Which declared objects that are not in the set would be deleted along with it; never implied. */
export interface Prune {
  /** A label selector, as `kubectl apply --prune -l` takes it. */
  readonly selector?: string;
  /** Only in this one; else in the namespaces the set is in. */
  readonly namespace?: string;
  /** Without it a set without objects is refused: an empty folder must not delete everything. */
  readonly allowEmpty?: boolean;
}

export interface PruneScope {
  readonly kube: PlanKube;
  readonly apiVersion: string;
  readonly kinds: ReadonlyMap<string, KindPath>;
  readonly namespaces: readonly string[];
  readonly selector: string;
  isInSet(kind: string, namespace: string, name: string): boolean;
}

/** What `kubectl apply --prune` would delete: what was made by an apply, fits the selector, and is not in the set. */
export async function findPruned(scope: PruneScope): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  for (const namespace of scope.namespaces)
    for (const [kind, path] of scope.kinds) for await (const object of listAll(scope, kind, path, namespace)) found.push(object);
  return found.filter((object) => {
    const { name, namespace = '' } = object.metadata;
    return noteOf({ ...object }) !== undefined && !scope.isInSet(object.kind, namespace, name);
  });
}

async function* listAll(scope: PruneScope, kind: string, path: KindPath, namespace: string): AsyncGenerator<KubeObject> {
  let token = '';
  do {
    const query = { limit: '500', ...(scope.selector && { labelSelector: scope.selector }), ...(token && { continue: token }) };
    const reply = await scope.kube.send({ method: 'GET', path: collectionPath(scope.apiVersion, path, namespace), query });
    if (reply.status === 400) {
      const [cause] = causesOf(reply.body);
      throw new BadManifests([{ path: 'prune.selector', message: cause?.message ?? messageOf(reply.body) }]);
    }
    if (reply.status === 403) throw new BadManifests([{ path: 'prune', message: messageOf(reply.body) }]);
    if (reply.status !== 200) throw unavailable(`listing every ${kind} of namespace ${namespace}`, reply);
    // Items of a list do not say what they are.
    for (const item of (reply.body['items'] ?? []) as KubeObject[])
      yield { ...item, apiVersion: scope.apiVersion, kind, spec: item.spec ?? {} };
    token = ((reply.body['metadata'] ?? {}) as { continue?: string }).continue ?? '';
  } while (token);
}
