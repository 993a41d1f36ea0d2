import type { Json } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';

/** Moves by itself, or is another way to say something else. */
const left: ReadonlySet<string> = new Set([
  'updated',
  'updated_at',
  'links',
  'progress',
  'revision_number',
  'hostId',
  'OS-EXT-STS:task_state',
  'OS-SRV-USG:launched_at',
]);

const most = 50;

/** What became of a cloud resource: every value that differs, by path, at most 50. A list counts as one value. */
export function differencesOf(before: Json, after: Json): readonly Change[] {
  return walk('', before, after).slice(0, most);
}

function walk(path: string, before: Json, after: Json): Change[] {
  if (!isRecord(before) || !isRecord(after)) {
    return canonical(before) === canonical(after) ? [] : [{ path, from: before, to: after }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => path !== '' || !left.has(key));
  return keys.flatMap((key) => walk(path === '' ? key : `${path}.${key}`, before[key] ?? null, after[key] ?? null));
}

function isRecord(value: Json): value is Readonly<Record<string, Json>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The same for objects whose keys only differ in order. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
