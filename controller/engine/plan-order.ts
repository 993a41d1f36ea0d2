import type { KubeObject } from './object.ts';
import type { ObjectStore } from './object-store.ts';
import { keyOf } from './object-store.ts';
import { type KindInGraph, ReferenceGraph } from './references.ts';
import type { PlanRequest } from './set-plan.ts';
import { indexedStore } from './wake-ups.ts';

/** The caches, with the objects of the request in the place of those they would become, and without those to be deleted. */
export function overlay(caches: ReadonlyMap<string, KindInGraph>, { objects, deleted = [] }: PlanRequest): ReferenceGraph {
  const layered = new Map<string, KindInGraph>();
  const graph = new ReferenceGraph(layered);
  const stores = new Map([...caches].map(([kind]) => [kind, indexedStore(() => graph)]));
  for (const [kind, cache] of caches) layered.set(kind, { ...cache, store: stores.get(kind) ?? cache.store });
  for (const [kind, { store }] of caches) fill(stores.get(kind) as ObjectStore, store, { kind, objects, deleted });
  return graph;
}

function fill(
  layer: ObjectStore,
  cache: ObjectStore,
  { kind, objects, deleted }: { kind: string; objects: readonly KubeObject[]; deleted: readonly KubeObject[] },
): void {
  const own = objects.filter((object) => object.kind === kind);
  const hidden = new Set([...own, ...deleted.filter((object) => object.kind === kind)].map(keyOf));
  for (const object of own) layer.apply(object);
  for (const object of cache.list()) if (!hidden.has(keyOf(object))) layer.apply(object);
}

/** What others refer to first; softly too, where that leads into no circle. */
export function neededFirst(objects: readonly KubeObject[], graph: ReferenceGraph): KubeObject[] {
  const left = new Map(objects.map((object) => [object.metadata.uid, object]));
  const ordered: KubeObject[] = [];
  const visit = (object: KubeObject, above: ReadonlySet<string>): void => {
    if (!left.delete(object.metadata.uid)) return;
    const open = new Set([...above, object.metadata.uid]);
    for (const needed of graph.referred(object, { hardOnly: true })) visit(needed, open);
    for (const wanted of graph.referred(object)) if (!needsOneOf(wanted, open, graph)) visit(wanted, open);
    ordered.push(object);
  };
  for (const object of objects) visit(object, new Set());
  return ordered;
}

function needsOneOf(object: KubeObject, uids: ReadonlySet<string>, graph: ReferenceGraph, seen = new Set<string>()): boolean {
  const { uid } = object.metadata;
  if (uids.has(uid)) return true;
  if (seen.has(uid)) return false;
  seen.add(uid);
  return graph.referred(object, { hardOnly: true }).some((needed) => needsOneOf(needed, uids, graph, seen));
}
