import type { Schema } from './definition.ts';
import { mergePatch } from './patch.ts';
import { isRecord } from './schema.ts';
import { badRequest } from './status.ts';

/**
 * Strategic merge patch, as far as the built-in kinds here have use for it: maps merge, `null` removes, lists replace unless the schema
 * says `x-kubernetes-patch-strategy: merge` (lists of objects by their merge key, lists of values as sets), and the directives
 * `$patch: replace|delete|merge`, `$deleteFromPrimitiveList/<field>` and `$retainKeys`. `$setElementOrder/<field>` orders what is merged.
 * Returns a new value; throws a Status (400) on a directive it does not know.
 */
export function strategicMergePatch(target: unknown, patch: unknown, schema: Schema): unknown {
  if (!isRecord(patch)) throw badRequest('error decoding patch: expected an object');
  return mergeMap(isRecord(target) ? target : {}, patch, schema);
}

function mergeMap(target: Record<string, unknown>, patch: Record<string, unknown>, schema: Schema): Record<string, unknown> {
  const { $patch: directive, $retainKeys: retained, ...fields } = patch;
  if (directive === 'replace') return mergePatch({}, fields) as Record<string, unknown>;
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') throw badRequest(`Unknown patch type: ${JSON.stringify(directive)} in map`);
  const merged = { ...target };
  for (const [key, value] of Object.entries(fields)) {
    const [name, field] = key.split('/');
    if (name === '$setElementOrder') continue;
    if (name === '$deleteFromPrimitiveList' && field) {
      const gone = new Set(Array.isArray(value) ? value : []);
      merged[field] = listOf(merged[field]).filter((item) => !gone.has(item));
    } else if (key.startsWith('$')) {
      throw badRequest(`unknown directive ${key} in strategic merge patch`);
    } else {
      mergeField(merged, key, value, schema.properties?.[key] ?? schema.additionalProperties ?? {}, patch[`$setElementOrder/${key}`]);
    }
  }
  if (Array.isArray(retained)) for (const key of Object.keys(merged)) if (!retained.includes(key)) delete merged[key];
  return merged;
}

function mergeField(merged: Record<string, unknown>, key: string, value: unknown, schema: Schema, order: unknown): void {
  const before = merged[key];
  if (value === null) delete merged[key];
  else if (isRecord(value)) merged[key] = mergeMap(isRecord(before) ? before : {}, value, schema);
  else if (Array.isArray(value) && schema['x-kubernetes-patch-strategy'] === 'merge') {
    const mergeKey = schema['x-kubernetes-patch-merge-key'];
    const items = mergeKey
      ? mergeObjects(listOf(before), value, mergeKey, schema.items ?? {})
      : [...new Set([...listOf(before), ...value])];
    merged[key] = ordered(items, order, mergeKey);
  } else merged[key] = structuredClone(value);
}

function mergeObjects(before: readonly unknown[], patch: readonly unknown[], mergeKey: string, schema: Schema): unknown[] {
  if (patch.some((item) => isRecord(item) && item.$patch === 'replace')) {
    return patch.filter((item) => isRecord(item) && item.$patch === undefined);
  }
  const items = [...before];
  for (const item of patch) {
    if (!isRecord(item)) throw badRequest('expected an object in a merged list');
    if (item[mergeKey] === undefined) throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
    const at = items.findIndex((each) => isRecord(each) && each[mergeKey] === item[mergeKey]);
    if (item.$patch === 'delete') {
      if (at >= 0) items.splice(at, 1);
      continue;
    }
    const found = at < 0 ? {} : items[at];
    const merged = mergeMap(isRecord(found) ? found : {}, item, schema);
    if (at < 0) items.push(merged);
    else items[at] = merged;
  }
  return items;
}

/** Items named by `$setElementOrder` in that order, the others before them as they stood. */
function ordered(items: unknown[], order: unknown, mergeKey: string | undefined): unknown[] {
  if (!Array.isArray(order)) return items;
  const identity = (item: unknown): unknown => (mergeKey && isRecord(item) ? item[mergeKey] : item);
  const rank = new Map(order.map((item, index) => [identity(item), index]));
  return items.toSorted((a, b) => (rank.get(identity(a)) ?? -1) - (rank.get(identity(b)) ?? -1));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
