import { isDeepStrictEqual } from 'node:util';
import { isRecord } from './sources.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The JSON merge patch that `kubectl apply` sends for a custom resource: what the manifest says and the server does not is set, what was
 * applied before and is in the manifest no more is taken away, and what others wrote beside it stays. As `CreateThreeWayJSONMergePatch`
 * of k8s.io/apimachinery does it.
 */
export function threeWayMerge({ original, modified, current }: { original: Fields; modified: Fields; current: Fields }): Fields {
  const set = withoutNulls(difference(current, modified));
  const taken = onlyNulls(difference(original, modified));
  return merge(taken, set);
}

/** The merge patch that makes `to` of `from`. */
function difference(from: Fields, to: Fields): Fields {
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(to)) {
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    if (isRecord(value) && isRecord(before)) {
      const inner = difference(before, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!isDeepStrictEqual(before, value)) patch[key] = value;
  }
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch[key] = null;
  return patch;
}

/** A map that is empty by itself is a value; one that only held nulls says nothing. */
function withoutNulls(patch: Fields): Fields {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) continue;
    const inner = isRecord(value) ? withoutNulls(value) : value;
    if (!isRecord(inner) || Object.keys(inner).length > 0 || Object.keys(value as Fields).length === 0) kept[key] = inner;
  }
  return kept;
}

function onlyNulls(patch: Fields): Fields {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) kept[key] = null;
    if (!isRecord(value)) continue;
    const inner = onlyNulls(value);
    if (Object.keys(inner).length > 0) kept[key] = inner;
  }
  return kept;
}

function merge(one: Fields, other: Fields): Fields {
  const merged: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = merged[key];
    merged[key] = isRecord(value) && isRecord(before) ? merge(before, value) : value;
  }
  return merged;
}
