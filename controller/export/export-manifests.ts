import type { JsonObject } from '#controller/engine/json.ts';
import type { AnyKind } from '#controller/engine/kind.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { CloudHandle } from '../kinds/handle.ts';
import { apiGroup, apiVersion } from '../kinds/index.ts';
import { type Declared, declareResources } from './declare-resources.ts';
import { objectNames } from './object-names.ts';
import { type FindObject, objectsByResource, type Resource, resourcesOf } from './resources.ts';
import { isSelected, type Selection } from './selection.ts';

export interface ExportRequest {
  readonly cloud: CloudHandle;
  readonly kinds: readonly AnyKind<CloudHandle>[];
  readonly selection: Selection;
  /** Name of the Cluster object. */
  readonly cluster: string;
  /** Where the manifests' objects will be. */
  readonly namespace: string;
  /** All objects of these kinds there are, of every namespace. */
  readonly objects: readonly KubeObject[];
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: JsonObject;
}

/** A resource that was meant and is not among the manifests. */
export interface LeftOut {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly reason: string;
}

export interface Export {
  /** What others refer to comes first. */
  readonly manifests: readonly Manifest[];
  readonly leftOut: readonly LeftOut[];
  /** What a reader of the manifests should know, in sentences. */
  readonly notes: readonly string[];
}

/** Manifests for what nobody declared, each with its import, such that applying them changes nothing. Pure. */
export function exportManifests(request: ExportRequest): Export {
  const { cloud, selection } = request;
  const objectOf = objectsByResource(request.objects, request.cluster);
  const standsFor = ({ type, id }: Pick<Resource, 'type' | 'id'>) => findObject(cloud, objectOf, { type, id });
  const all = resourcesOf(cloud, request.kinds);
  const undeclared = all.filter((resource) => !standsFor(resource));
  const chosen = undeclared.filter((resource) => isSelected(selection, resource));
  const ofServers = chosen.filter((resource) => isMadeByNova(cloud, resource));
  const { declared, failed } = declareResources(
    chosen.filter((resource) => !ofServers.includes(resource)),
    { ...request, nameOf: namesOf(undeclared, request) },
  );
  const exported = new Set(declared.map(({ resource }) => resource.id));
  // The ports of a server that is there, or comes along, need no word: they are part of it.
  const orphans = ofServers.filter((port) => {
    const serverId = cloud.inventory.get('port', port.id)?.device_id ?? '';
    return !exported.has(serverId) && !standsFor({ type: 'server', id: serverId });
  });
  return {
    manifests: inOrder(declared).map((one) => manifestOf(one, request)),
    leftOut: [
      ...failed.map(({ resource, reason }) => leftOut(resource, reason)),
      ...orphans.map((port) => leftOut(port, 'Nova made it for a server that is not exported; it comes and goes with that.')),
    ],
    notes: [...unmatched(selection, all, standsFor), ...declared.flatMap(({ notes }) => notes)],
  };
}

function findObject(cloud: CloudHandle, objectOf: FindObject, { type, id }: Pick<Resource, 'type' | 'id'>): KubeObject | undefined {
  const row: object | undefined = cloud.inventory.get(type, id);
  return row === undefined ? undefined : objectOf({ type, id, row });
}

/** Names for all that is undeclared, whatever was selected: what is exported now and what later do not change each other's names. */
function namesOf(undeclared: readonly Resource[], { kinds, objects, namespace }: ExportRequest): ReadonlyMap<Resource, string> {
  const names = kinds.map(({ kind }) => {
    const taken = objects.filter((object) => object.kind === kind && object.metadata.namespace === namespace);
    const ofKind = undeclared.filter((resource) => resource.kind.kind === kind);
    return [kind, objectNames(kind, ofKind, new Set(taken.map((object) => object.metadata.name)))] as const;
  });
  const byKind = new Map(names);
  return new Map(undeclared.map((resource) => [resource, byKind.get(resource.kind.kind)?.get(resource.id) ?? '']));
}

/** A server's port that nobody gave a name, text or tag: one that Nova made with the server, and deletes with it. */
function isMadeByNova({ inventory }: CloudHandle, { type, id }: Resource): boolean {
  const port = type === 'port' ? inventory.get('port', id) : undefined;
  if (port === undefined || !port.device_owner.startsWith('compute:')) return false;
  return port.name === '' && port.description === '' && (port.tags ?? []).length === 0;
}

/** What others refer to first; otherwise in the order of the kinds, and by name. A circle is entered where that order meets it. */
function inOrder(declared: readonly Declared[]): Declared[] {
  const sorted = declared.toSorted((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  const byKey = new Map(sorted.map((one) => [`${one.resource.kind.kind}/${one.name}`, one]));
  const placed = new Set<Declared>();
  const visit = (one: Declared, order: Declared[]) => {
    if (placed.has(one)) return;
    placed.add(one);
    for (const key of one.refersTo) {
      const other = byKey.get(key);
      if (other) visit(other, order);
    }
    order.push(one);
  };
  const order: Declared[] = [];
  for (const one of sorted) visit(one, order);
  return order;
}

function manifestOf({ resource, name, spec }: Declared, { namespace }: ExportRequest): Manifest {
  return { apiVersion: `${apiGroup}/${apiVersion}`, kind: resource.kind.kind, metadata: { name, namespace }, spec };
}

function leftOut({ kind, id, name }: Resource, reason: string): LeftOut {
  return { kind: kind.kind, id, name, reason };
}

/** Selectors that nothing fits: a slip of the pen, or something that is declared already. */
function unmatched(
  selection: Selection,
  all: readonly Resource[],
  standsFor: (resource: Resource) => KubeObject | undefined,
): readonly string[] {
  return selection.flatMap((selector) => {
    const fitting = all.filter((resource) => selector.fits(resource));
    if (fitting.some((resource) => !standsFor(resource))) return [];
    const [first] = fitting;
    const object = first && standsFor(first);
    const why = object
      ? `what does is declared already, as ${object.kind} ${object.metadata.namespace}/${object.metadata.name}`
      : 'nothing does';
    return [`Nothing undeclared fits ${selector.key}=${selector.value}: ${why}.`];
  });
}
