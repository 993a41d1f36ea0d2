import type { JsonObject } from '#controller/engine/json.ts';
import type { Names, Owner } from '#controller/engine/kind.ts';
import type { CloudHandle } from '../kinds/handle.ts';
import { Undeclarable } from '../kinds/undeclarable.ts';
import type { ExportRequest } from './export-manifests.ts';
import { objectionTo } from './proof.ts';
import type { Resource } from './resources.ts';

/** A resource with the spec that stands for it. */
export interface Declared {
  readonly resource: Resource;
  /** Of its object. */
  readonly name: string;
  readonly spec: JsonObject;
  /** Place of its kind among the kinds. */
  readonly rank: number;
  /** `Kind/name` of the objects it refers to. */
  readonly refersTo: readonly string[];
  readonly notes: readonly string[];
}

export interface Failed {
  readonly resource: Resource;
  readonly reason: string;
}

type Request = ExportRequest & { readonly nameOf: ReadonlyMap<Resource, string> };

/**
 * Declares what can be declared. What cannot is taken out, and the rest is declared once more without it: nothing refers to an object
 * that will not be there.
 */
export function declareResources(
  resources: readonly Resource[],
  request: Request,
): { declared: readonly Declared[]; failed: readonly Failed[] } {
  const failed: Failed[] = [];
  let standing = resources;
  for (;;) {
    const directory = directoryOf(standing, request);
    const results = standing.map((resource) => declareOne(resource, request, directory));
    const fresh = results.filter((result) => 'reason' in result);
    failed.push(...fresh);
    if (fresh.length === 0) return { declared: results.filter((result) => 'spec' in result), failed };
    const gone = new Set(fresh.map(({ resource }) => resource));
    standing = standing.filter((resource) => !gone.has(resource));
  }
}

/** Which object stands for which id: those exported along, and those of the namespace. */
interface Directory {
  nameOf(kind: string, id: string): string | undefined;
  idOf(kind: string, name: string): string | undefined;
}

function directoryOf(standing: readonly Resource[], { nameOf, objects, namespace, cluster }: Request): Directory {
  const names = new Map<string, string>();
  const ids = new Map<string, string>();
  const enter = (kind: string, id: string, name: string) => {
    names.set(`${kind}/${id}`, name);
    ids.set(`${kind}/${name}`, id);
  };
  for (const { kind, metadata, spec, status } of objects) {
    const { clusterRef, import: wanted } = spec as { clusterRef?: { name?: string }; import?: { id?: string } };
    const id = status?.id ?? wanted?.id;
    if (metadata.namespace === namespace && clusterRef?.name === cluster && id) enter(kind, id, metadata.name);
  }
  for (const resource of standing) enter(resource.kind.kind, resource.id, nameOf.get(resource) ?? '');
  return { nameOf: (kind, id) => names.get(`${kind}/${id}`), idOf: (kind, name) => ids.get(`${kind}/${name}`) };
}

function declareOne(resource: Resource, request: Request, directory: Directory): Declared | Failed {
  const { cloud, cluster, kinds } = request;
  const { kind, id } = resource;
  const owner = ownerOf(resource, request);
  const seen = kind.observe(cloud, owner);
  if (seen.found === 'foreign') return { resource, reason: stamped(resource) };
  if (seen.found !== 'one') return { resource, reason: 'It is gone from the cloud.' };
  const asked = askingFor(directory);
  try {
    const own = kind.declare(cloud, seen.observed, asked.names);
    const spec = { clusterRef: { name: cluster }, managementPolicy: 'Observe', import: { id }, ...own };
    const objection = objectionTo({ kind, spec, observed: seen.observed, owner }, cloud, (of, name) => directory.idOf(of, name));
    if (objection !== undefined) return { resource, reason: objection };
    const self = `${kind.kind}/${owner.name}`;
    const refersTo = [...asked.found].filter((key) => key !== self);
    return { resource, name: owner.name, spec, rank: kinds.indexOf(kind), refersTo, notes: notesOn(self, asked.missing, cloud) };
  } catch (error) {
    if (error instanceof Undeclarable) return { resource, reason: error.message };
    throw error;
  }
}

/** The object there will be; its uid is not known yet, and no stamp equals this one. */
function ownerOf(resource: Resource, { namespace, nameOf }: Request): Owner {
  const name = nameOf.get(resource) ?? '';
  return { uid: '', key: `${namespace}/${name}`, namespace, name, id: resource.id };
}

function stamped({ kind, id }: Resource): string {
  return (
    `It carries the stamp of an object that is not here, so another Stackwarden may manage it. If none does, take the stamp off ${kind.kind} ${id} ` +
    `in the cloud (the end of its description, or the metadata key stackwarden.uid) and export it then.`
  );
}

interface Asked {
  readonly names: Names;
  /** `Kind/name`. */
  readonly found: Set<string>;
  /** `Kind/id`. */
  readonly missing: Set<string>;
}

function askingFor(directory: Directory): Asked {
  const found = new Set<string>();
  const missing = new Set<string>();
  const names: Names = {
    nameOf(kind, id) {
      const name = directory.nameOf(kind, id);
      if (name === undefined) missing.add(`${kind}/${id}`);
      else found.add(`${kind}/${name}`);
      return name;
    },
  };
  return { names, found, missing };
}

function notesOn(self: string, missing: ReadonlySet<string>, { inventory }: CloudHandle): string[] {
  // An instance asks for its ports, and those that Nova made have no objects.
  const told = [...missing].filter((key) => !key.startsWith('Port/') || inventory.get('port', key.slice(5))?.name !== '');
  return told.map(
    (key) =>
      `${self.replace('/', ' ')} has to do with ${key.replace('/', ' ')}, for which no object stands: that part is declared by name or id, or left as it is.`,
  );
}
