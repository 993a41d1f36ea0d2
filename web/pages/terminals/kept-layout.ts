import { empty, type Pane, type Part, panesIn, panesInAll, type Split, type Tab, type Workspace } from './layout.ts';

type Unknown = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Unknown => typeof value === 'object' && value !== null;

/** Pure: a workspace as it was kept; what does not hang together, such as one of another version, is left out. */
export function readWorkspace(kept: unknown): Workspace {
  if (!isRecord(kept) || !Array.isArray(kept['tabs']) || !Array.isArray(kept['panes'])) return empty;
  const known = new Map(
    kept['panes']
      .map(readPane)
      .filter((pane) => pane !== undefined)
      .slice(0, panesInAll)
      .map((pane) => [pane.key, pane]),
  );
  const seen = new Set<number>();
  const tabs = kept['tabs'].map((tab) => readTab(tab, known, seen)).filter((tab) => tab !== undefined);
  const panes = [...known.values()].filter(({ key }) => seen.has(key));
  const highest = Math.max(0, ...seen, ...tabs.map(({ key }) => key), ...tabs.flatMap(({ root }) => splitsIn(root)));
  const current = tabs.find(({ key }) => key === kept['current']) ?? tabs[0];
  return { next: highest + 1, tabs, current: current?.key, panes };
}

function readPane(value: unknown): Pane | undefined {
  if (!isRecord(value) || !Number.isSafeInteger(value['key'])) return undefined;
  const { key, kind, target, purpose, terminal, name, isWatched } = value;
  if (kind !== 'terminal' && kind !== 'files') return undefined;
  const isPurpose = purpose === 'ssh' || purpose === 'serial' || purpose === 'vnc';
  return {
    key: key as number,
    kind,
    ...(isRecord(target) &&
      typeof target['cluster'] === 'string' &&
      typeof target['server'] === 'string' && { target: { cluster: target['cluster'], server: target['server'] } }),
    ...(isPurpose && { purpose }),
    ...(typeof terminal === 'string' && { terminal }),
    ...(typeof name === 'string' && { name }),
    ...(isWatched === true && { isWatched }),
  };
}

function readTab(value: unknown, known: ReadonlyMap<number, Pane>, seen: Set<number>): Tab | undefined {
  if (!isRecord(value) || !Number.isSafeInteger(value['key'])) return undefined;
  const root = readPart(value['root'], known, seen);
  if (root === undefined) return undefined;
  const keys = panesIn(root);
  return { key: value['key'] as number, root, active: keys.find((key) => key === value['active']) ?? (keys[0] as number) };
}

/** No pane stands twice. */
function readPart(value: unknown, known: ReadonlyMap<number, Pane>, seen: Set<number>, depth = 0): Part | undefined {
  if (typeof value === 'number') {
    if (!known.has(value) || seen.has(value)) return undefined;
    seen.add(value);
    return value;
  }
  if (!isRecord(value) || !Array.isArray(value['parts']) || depth > panesInAll) return undefined;
  const [first, second] = value['parts'].slice(0, 2).map((part) => readPart(part, known, seen, depth + 1));
  if (first === undefined || second === undefined) return first ?? second;
  const { key, way, at } = value;
  const share = typeof at === 'number' && at > 0.05 && at < 0.95 ? at : 0.5;
  return Number.isSafeInteger(key)
    ? { key: key as number, way: way === 'down' ? 'down' : 'right', at: share, parts: [first, second] }
    : first;
}

function splitsIn(part: Part): readonly Split['key'][] {
  return typeof part === 'number' ? [] : [part.key, ...part.parts.flatMap(splitsIn)];
}
