import type { JsonObject } from '#controller/engine/json.ts';

/** What was seen of an object right after somebody wrote it. */
export interface Sighting {
  readonly uid: string;
  readonly kind: string;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  /** The Cluster it is declared for. */
  readonly cluster: string;
  /** metadata.resourceVersion: the order of writes. */
  readonly version: number;
  /** Epoch ms of the write. */
  readonly at: number;
  readonly actor: string;
  /** What the writer wrote with: `kubectl/v1.32.0`, or a field manager. */
  readonly through: string;
  /** Absent when the write was none of spec. */
  readonly declared?: { readonly revision: number; readonly spec: JsonObject };
  /** Set when the object was deleted, or its deletion asked for: the revision behind its last. */
  readonly deleted?: { readonly revision: number };
  /** What the spec was before this write; recorded as found when nobody had recorded it. */
  readonly before?: { readonly revision: number; readonly spec: JsonObject };
  /** The cloud resource that stands for it from now on; null is none, absent is as before. */
  readonly cloudId?: string | null;
  /** This write made the object: nothing of it can be recorded yet. */
  readonly isNew?: true;
}

/** Written where nobody can say who or what it was. */
export const unknown = 'unknown';

/** The part of an object that history is made of; the engine's objects and those of the built-in API both fit. */
export interface Seen {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** Who wrote, when and with what. */
export interface Writing {
  readonly at: number;
  readonly actor: string;
  readonly through: string;
}

/** What one write means for history; undefined when it changed neither spec nor cloud resource. `after` is absent when the object is gone. */
export function sightingOf(before: Seen | undefined, after: Seen | undefined, writing: Writing): Sighting | undefined {
  const object = after ?? before;
  if (!object) return undefined;
  const parts = { ...declarationOf(before, after), ...bindingOf(before, after) };
  return Object.keys(parts).length === 0 ? undefined : { ...placeOf(object), ...writing, ...parts };
}

/** An object found as it is, by whomever it was made. */
export function found(object: Seen, now: number): Sighting {
  const { metadata } = object;
  const revision = generationOf(object);
  const isFirst = revision === 1 && metadata.creationTimestamp !== undefined;
  const at = metadata.deletionTimestamp ?? (isFirst ? metadata.creationTimestamp : undefined);
  return {
    ...placeOf(object),
    at: at === undefined ? now : Date.parse(at),
    actor: unknown,
    through: unknown,
    ...(metadata.deletionTimestamp === undefined ? { declared: { revision, spec: specOf(object) } } : { deleted: { revision } }),
    cloudId: cloudIdOf(object),
  };
}

export function generationOf({ metadata }: Seen): number {
  return metadata.generation ?? 1;
}

export function cloudIdOf({ status }: Seen): string | null {
  const id = (status as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' && id !== '' ? id : null;
}

function declarationOf(before: Seen | undefined, after: Seen | undefined): Pick<Sighting, 'declared' | 'deleted' | 'before' | 'isNew'> {
  if (!before) return after ? { declared: { revision: generationOf(after), spec: specOf(after) }, isNew: true } : {};
  // From the moment its deletion is asked for an object is no longer declared, whatever is still written to it.
  if (before.metadata.deletionTimestamp !== undefined) return {};
  const earlier = { before: { revision: generationOf(before), spec: specOf(before) } };
  if (!after) return { deleted: { revision: generationOf(before) + 1 }, ...earlier };
  const revision = generationOf(after);
  if (after.metadata.deletionTimestamp !== undefined) return { deleted: { revision }, ...earlier };
  return revision === generationOf(before) ? {} : { declared: { revision, spec: specOf(after) }, ...earlier };
}

function bindingOf(before: Seen | undefined, after: Seen | undefined): Pick<Sighting, 'cloudId'> {
  const was = before ? cloudIdOf(before) : null;
  const is = after ? cloudIdOf(after) : was;
  return was === is ? {} : { cloudId: is };
}

function placeOf(object: Seen): Pick<Sighting, 'uid' | 'kind' | 'namespace' | 'name' | 'cluster' | 'version'> {
  const { uid = '', namespace = '', name, resourceVersion } = object.metadata;
  const cluster = object.kind === 'Cluster' ? name : (object.spec as { clusterRef?: { name?: string } } | undefined)?.clusterRef?.name;
  // Opaque by contract, a growing number in every server there is; where it is none, time alone orders.
  const version = Number(resourceVersion);
  return { uid, kind: object.kind, namespace, name, cluster: cluster ?? '', version: Number.isSafeInteger(version) ? version : 0 };
}

function specOf({ spec }: Seen): JsonObject {
  return (spec ?? {}) as JsonObject;
}
