import { conditionsAfter } from './conditions.ts';
import type { Json, JsonObject } from './json.ts';
import type { KubeObject } from './object.ts';
import type { Outcome } from './outcome.ts';
import { canonical } from './plan.ts';

/** What must be merged into an object's status after a pass; undefined when nothing changed, for then nothing may be written. */
export function statusPatch(object: KubeObject, outcome: Outcome, now: number): JsonObject | undefined {
  const generation = object.metadata.generation ?? 0;
  const before = (object.status ?? {}) as JsonObject;
  const after: Record<string, Json> = { ...before, ...outcome.status, observedGeneration: generation };
  if (outcome.drift) after['drift'] = outcome.drift.length > 0 ? outcome.drift.map((entry) => ({ ...entry })) : null;
  after['conditions'] = conditionsAfter(object.status, outcome, generation, now).map((one) => ({ ...one }));
  const patch = mergePatch(before, after);
  return Object.keys(patch).length > 0 ? patch : undefined;
}

/** The JSON merge patch (RFC 7386) that makes `to` of `from`; lists are replaced whole, null and absent are the same. */
export function mergePatch(from: JsonObject, to: JsonObject): JsonObject {
  const patch: Record<string, Json> = {};
  for (const field of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [old, wanted] = [from[field] ?? null, to[field] ?? null];
    if (canonical(old) === canonical(wanted)) continue;
    patch[field] = isObject(old) && isObject(wanted) ? mergePatch(old, wanted) : wanted;
  }
  return patch;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
