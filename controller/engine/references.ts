import type { Json, JsonObject, JsonSchema, ReferenceMark } from './json.ts';
import type { KubeObject } from './object.ts';
import type { ObjectStore } from './object-store.ts';

/** One reference a spec makes: `networkRef: {name: front}` of kind Network. */
export interface Reference {
  readonly kind: string;
  readonly name: string;
  readonly soft: boolean;
}

/** The kind every object names by `spec.clusterRef`, whether or not its schema says so. */
export const CLUSTER = 'Cluster';

/** Names of the indexes stores must have for the graph: every object under what it refers to, and under what a cloud may call it. */
export const TARGETS = 'targets';
export const CLOUD_IDS = 'cloudIds';

/** All references a spec makes, found by the schema's `x-ref` marks; each once, hard before soft. */
export function referencesOf(schema: JsonSchema, spec: Json | undefined): Reference[] {
  const found = new Map<string, Reference>();
  walk(schema, spec ?? null, (mark, name) => {
    const key = `${mark.kind}/${name}`;
    const soft = (mark.soft ?? false) && (found.get(key)?.soft ?? true);
    found.set(key, { kind: mark.kind, name, soft });
  });
  return [...found.values()].toSorted((one, other) => Number(one.soft) - Number(other.soft));
}

function walk(schema: JsonSchema, value: Json, found: (mark: ReferenceMark, name: string) => void): void {
  const mark = schema['x-ref'];
  if (mark) {
    for (const name of namesIn(value)) found(mark, name);
    return;
  }
  for (const part of [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) walk(part, value, found);
  if (isList(value)) {
    if (schema.items) for (const item of value) walk(schema.items, item, found);
    return;
  }
  if (!isObject(value)) return;
  for (const [field, part] of Object.entries(value)) {
    const below = schema.properties?.[field] ?? schema.additionalProperties;
    if (below) walk(below, part, found);
  }
}

/** A reference is written `{name: front}`; `front` alone and lists of either are understood too. */
function namesIn(value: Json): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (isList(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  return typeof value['name'] === 'string' && value['name'] !== '' ? [value['name']] : [];
}

/** What the graph knows of a kind. */
export interface KindInGraph {
  readonly namespaced: boolean;
  readonly spec: JsonSchema;
  readonly store: ObjectStore;
}

/** Who refers to whom, read from the caches: there is no second book that could disagree with them. */
export class ReferenceGraph {
  readonly #kinds: ReadonlyMap<string, KindInGraph>;

  constructor(kinds: ReadonlyMap<string, KindInGraph>) {
    this.#kinds = kinds;
  }

  /** The object of this kind and name as seen from `namespace`. */
  find(kind: string, namespace: string, name: string): KubeObject | undefined {
    const known = this.#kinds.get(kind);
    return known?.store.get(`${known.namespaced ? namespace : ''}/${name}`);
  }

  /** Everything this object refers to, its cluster included. */
  referencesOf(object: KubeObject): Reference[] {
    const known = this.#kinds.get(object.kind);
    const cluster = clusterOf(object);
    const own = known ? referencesOf(known.spec, object.spec) : [];
    return cluster === undefined ? own : [{ kind: CLUSTER, name: cluster, soft: false }, ...own.filter((one) => one.kind !== CLUSTER)];
  }

  /** Keys for the TARGETS index. */
  targetsOf(object: KubeObject): string[] {
    return this.referencesOf(object).map((one) => this.#target(one.kind, object.metadata.namespace ?? '', one.name));
  }

  /** The objects this one refers to, as far as they exist. */
  referred(object: KubeObject, options: { hardOnly?: boolean } = {}): KubeObject[] {
    return this.referencesOf(object)
      .filter((one) => !(options.hardOnly && one.soft))
      .map((one) => this.find(one.kind, object.metadata.namespace ?? '', one.name))
      .filter((found) => found !== undefined);
  }

  /** Other objects of this kind and cluster whose status says that this cloud resource is theirs. */
  claimants(kind: string, id: string, object: KubeObject): KubeObject[] {
    const found = this.#kinds.get(kind)?.store.by(CLOUD_IDS, id) ?? [];
    return found.filter((one) => !isSame(one, object) && one.status?.id === id && clusterOf(one) === clusterOf(object));
  }

  /** The objects that refer to this one. */
  referrers(object: KubeObject, options: { hardOnly?: boolean } = {}): KubeObject[] {
    const target = this.#target(object.kind, object.metadata.namespace ?? '', object.metadata.name);
    const all = [...this.#kinds.values()].flatMap((known) => known.store.by(TARGETS, target));
    if (!options.hardOnly) return all;
    return all.filter((one) => this.referred(one, { hardOnly: true }).some((found) => isSame(found, object)));
  }

  /**
   * The objects whose hard references hold the deletion of this one. A circle would hold itself for ever, so members of one do not
   * hold each other.
   */
  holders(object: KubeObject): KubeObject[] {
    return this.referrers(object, { hardOnly: true })
      .filter((one) => !isSame(one, object) && this.#path(object, one) === undefined)
      .toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)));
  }

  /** The circle of hard references this object is part of: from itself to itself. */
  circle(object: KubeObject): KubeObject[] | undefined {
    for (const next of this.referred(object, { hardOnly: true })) {
      const back = this.#path(next, object);
      if (back) return [object, ...back];
    }
    return undefined;
  }

  /** The way from one object to another along hard references, both included. */
  #path(from: KubeObject, to: KubeObject): KubeObject[] | undefined {
    const seen = new Set<string>();
    const ways: KubeObject[][] = [[from]];
    for (let way = ways.pop(); way; way = ways.pop()) {
      const last = way.at(-1);
      if (!last || seen.has(last.metadata.uid)) continue;
      if (isSame(last, to)) return way;
      seen.add(last.metadata.uid);
      for (const next of this.referred(last, { hardOnly: true })) ways.push([...way, next]);
    }
    return undefined;
  }

  #target(kind: string, namespace: string, name: string): string {
    return `${kind}/${this.#kinds.get(kind)?.namespaced === false ? '' : namespace}/${name}`;
  }
}

/** Name of the Cluster an object names; undefined when it names none. */
export function clusterOf(object: KubeObject): string | undefined {
  const ref = object.spec['clusterRef'];
  const name = isObject(ref ?? null) ? (ref as JsonObject)['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** `Network demo/front`: how messages name an object. */
export function nameOf(object: KubeObject): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${object.kind} ${namespace}/${name}` : `${object.kind} ${name}`;
}

function isSame(one: KubeObject, other: KubeObject): boolean {
  return one.metadata.uid === other.metadata.uid;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
