import type { KubeObject } from '#controller/engine/object.ts';
import { found, generationOf, type Sighting, unknown, type Writing } from './sighting.ts';

/** An entry of metadata.managedFields: which program wrote which fields when. */
interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly time?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

/** Whether its deletion was asked for. */
export function marked({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Who wrote what a watch showed: of a spec the manager whose fields are newest; of a deletion nobody can say. */
export function watchedWriting(object: KubeObject, before: KubeObject, now: number): Writing {
  if (marked(object) && !marked(before)) {
    return { at: Date.parse(object.metadata.deletionTimestamp ?? '') || now, actor: unknown, through: unknown };
  }
  return generationOf(object) === generationOf(before) ? { at: now, actor: unknown, through: unknown } : writingOf(object, now);
}

/** An object seen for the first time, with the writer it names. */
export function foundWith(object: KubeObject, now: number): Sighting {
  const sighting = found(object, now);
  return sighting.deleted ? sighting : { ...sighting, ...writingOf(object, sighting.at) };
}

/** Times in managedFields are whole seconds; without any, it is as late as it was seen. */
function writingOf({ metadata }: KubeObject, seenAt: number): Writing {
  const entries = (metadata as { managedFields?: readonly ManagedFields[] }).managedFields ?? [];
  const ofSpec = entries.filter(({ subresource, fieldsV1 }) => !subresource && fieldsV1 && 'f:spec' in fieldsV1);
  const newest = ofSpec.toSorted((a, b) => timeOf(a) - timeOf(b)).at(-1);
  if (!newest) return { at: seenAt, actor: unknown, through: unknown };
  return { at: timeOf(newest) || seenAt, actor: newest.manager ?? unknown, through: newest.operation ?? unknown };
}

function timeOf({ time = '' }: ManagedFields): number {
  return Date.parse(time) || 0;
}
