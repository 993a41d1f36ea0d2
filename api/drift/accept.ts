import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '#controller/engine/json.ts';
import type { DriftEntry } from '#controller/engine/object.ts';
import { mergePatch } from '#controller/engine/status.ts';

export interface Acceptance {
  /** Merge patch of the spec under which the cloud holds what is declared, as far as `paths` go. */
  readonly patch: JsonObject;
  /** Paths that cannot be accepted: neither do spec and drift speak of them in the same shape, nor could the kind declare them. */
  readonly refused: readonly string[];
}

type Draft = { [key: string]: Json | Draft };

/**
 * The change of a spec that declares what the cloud holds of these fields. `declared` is the spec the kind itself would declare for what is
 * there; it is taken for fields that the spec says otherwise than drift tells them (references, lists of objects), and then as a whole.
 */
export function acceptance(spec: JsonObject, entries: readonly DriftEntry[], declared: () => JsonObject | undefined): Acceptance {
  const next: Draft = structuredClone(spec);
  const refused: string[] = [];
  for (const entry of entries) {
    if (!isOfSpec(entry)) {
      refused.push(entry.path);
      continue;
    }
    const segments = segmentsOf(entry.path);
    if (!setDirectly(next, segments, entry) && !takeWhole(next, segments[0] ?? '', declared())) refused.push(entry.path);
  }
  return { patch: mergePatch(spec, next), refused };
}

/** A field that people declare: not the whole resource, nor the stamp it carries. */
export function isOfSpec({ path }: Pick<DriftEntry, 'path'>): boolean {
  return path.startsWith('spec.');
}

/** `spec.metadata[app.tier].x` as metadata, app.tier, x. */
export function segmentsOf(path: string): string[] {
  const found = path.replace(/^spec[.]?/, '').matchAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]|([^.[\]]+)/g);
  return [...found].map(([, label, name]) => label ?? name ?? '');
}

/** Whether the spec says it in the very shape in which drift tells it; then it is set. */
function setDirectly(next: Draft, segments: readonly string[], { declared, observed }: DriftEntry): boolean {
  const parent = parentOf(next, segments);
  const last = segments.at(-1);
  if (parent === undefined || last === undefined) return false;
  if (Array.isArray(parent)) return changeSet(parent as Json[], declared, observed);
  const holder = parent as Draft;
  const now = holder[last];
  const isSame = now === undefined ? isScalar(observed) && isScalar(declared) && !isDigest(observed) : isDeepStrictEqual(now, declared);
  if (!isSame) return false;
  if (observed === null || observed === undefined) delete holder[last];
  else holder[last] = observed;
  return true;
}

/** A set of texts, such as tags: the path names the element itself. */
function changeSet(set: Json[], declared: Json, observed: Json): boolean {
  if (!set.every((item) => typeof item === 'string')) return false;
  if ((observed ?? null) === null && typeof declared === 'string' && set.includes(declared)) {
    set.splice(set.indexOf(declared), 1);
    return true;
  }
  if ((declared ?? null) !== null || typeof observed !== 'string') return false;
  if (!set.includes(observed)) set.push(observed);
  return true;
}

function parentOf(next: Draft, segments: readonly string[]): Draft | Json | undefined {
  let parent: Draft | Json | undefined = next;
  for (const segment of segments.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null || Array.isArray(parent)) return undefined;
    parent = (parent as Draft)[segment];
  }
  return typeof parent === 'object' && parent !== null ? parent : undefined;
}

function isScalar(value: Json | undefined): boolean {
  return value === null || value === undefined || typeof value !== 'object';
}

/** Stands for something that is not shown. */
function isDigest(value: Json | undefined): boolean {
  return typeof value === 'string' && value.startsWith('sha256:');
}

/** What may stand for a field: itself, or the same by reference and by name. */
function takeWhole(next: Draft, top: string, declared: JsonObject | undefined): boolean {
  if (top === '' || !declared || top.startsWith('userData')) return false;
  const other = top.endsWith('Ref') ? top.slice(0, -3) : `${top}Ref`;
  for (const name of [top, other]) {
    if (declared[name] === undefined) continue;
    delete next[top];
    next[name] = structuredClone(declared[name]);
    return true;
  }
  // Left out, for it is as the cloud makes it: none of them.
  const now = next[top];
  if (typeof now !== 'object' || now === null) return false;
  next[top] = Array.isArray(now) ? [] : {};
  return true;
}
