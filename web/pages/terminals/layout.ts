import type { PaneState } from '../../elements/terminal-pane.ts';

export interface Pane extends PaneState {
  /** Of this workspace; panes that came later have higher ones. */
  readonly key: number;
}

/** Two parts beside or below each other; `at` is the share of the first. */
export interface Split {
  readonly key: number;
  readonly way: 'right' | 'down';
  readonly at: number;
  readonly parts: readonly [Part, Part];
}

/** A pane by its key, or a split of two parts. */
export type Part = number | Split;

export interface Tab {
  readonly key: number;
  readonly root: Part;
  /** Key of the pane that has the keyboard. */
  readonly active: number;
}

export interface Workspace {
  readonly next: number;
  readonly tabs: readonly Tab[];
  /** Key of the tab that is shown. */
  readonly current: number | undefined;
  readonly panes: readonly Pane[];
}

/** A place of the whole, in percent. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** More is not to be read on any screen. */
export const panesOfTab = 8;
/** Browsers draw so many by WebGL at once. */
export const panesInAll = 16;
const least = 0.1;

export const empty: Workspace = { next: 1, tabs: [], current: undefined, panes: [] };

export const tabOf = (workspace: Workspace): Tab | undefined => workspace.tabs.find(({ key }) => key === workspace.current);

/** Keys of the panes of a part, in reading order. */
export function panesIn(part: Part): readonly number[] {
  return typeof part === 'number' ? [part] : part.parts.flatMap(panesIn);
}

/** Why there may be no more panes in a tab, or in a new one. */
export function isFull({ panes }: Workspace, tab?: Tab): boolean {
  return panes.length >= panesInAll || (tab !== undefined && panesIn(tab.root).length >= panesOfTab);
}

/** A pane in a tab of its own, which is shown. Full: nothing changes. */
export function addTab(workspace: Workspace, content: PaneState): Workspace {
  if (isFull(workspace)) return workspace;
  const [key, tab] = [workspace.next, workspace.next + 1];
  return {
    next: tab + 1,
    tabs: [...workspace.tabs, { key: tab, root: key, active: key }],
    current: tab,
    panes: [...workspace.panes, { ...content, key }],
  };
}

/** A pane beside or below another one of the tab shown, of which it takes half the room. Full: nothing changes. */
export function split(workspace: Workspace, of: number, way: Split['way'], content: PaneState): Workspace {
  const tab = tabOf(workspace);
  if (!tab || isFull(workspace, tab)) return workspace;
  const [key, splitKey] = [workspace.next, workspace.next + 1];
  const root = replaced(tab.root, of, { key: splitKey, way, at: 0.5, parts: [of, key] });
  return {
    ...withTab(workspace, { ...tab, root, active: key }),
    next: splitKey + 1,
    panes: [...workspace.panes, { ...content, key }],
  };
}

/** Takes a pane away; what stood beside it takes its room, and a tab without panes goes. */
export function close(workspace: Workspace, pane: number): Workspace {
  const tab = workspace.tabs.find(({ root }) => panesIn(root).includes(pane));
  if (!tab) return workspace;
  const panes = workspace.panes.filter(({ key }) => key !== pane);
  const root = without(tab.root, pane);
  if (root === undefined) {
    const at = workspace.tabs.indexOf(tab);
    const tabs = workspace.tabs.filter((one) => one !== tab);
    const current = workspace.current === tab.key ? (tabs[at] ?? tabs[at - 1])?.key : workspace.current;
    return { ...workspace, panes, tabs, current };
  }
  const left = panesIn(root);
  const active = left.includes(tab.active) ? tab.active : (left[0] as number);
  return { ...withTab(workspace, { ...tab, root, active }), panes };
}

/** What stands in a pane. */
export function fill(workspace: Workspace, pane: number, content: PaneState): Workspace {
  return { ...workspace, panes: workspace.panes.map((one) => (one.key === pane ? { ...content, key: pane } : one)) };
}

/** Gives a pane the keyboard. */
export function activate(workspace: Workspace, pane: number): Workspace {
  const tab = workspace.tabs.find(({ root }) => panesIn(root).includes(pane));
  return tab ? { ...withTab(workspace, { ...tab, active: pane }), current: tab.key } : workspace;
}

export const show = (workspace: Workspace, tab: number): Workspace => ({ ...workspace, current: tab });

/** Moves the border inside a split, leaving some of both parts. */
export function moveBorder(workspace: Workspace, splitKey: number, at: number): Workspace {
  const bounded = Math.min(1 - least, Math.max(least, at));
  const moved = (part: Part): Part => {
    if (typeof part === 'number') return part;
    const parts = [moved(part.parts[0]), moved(part.parts[1])] as const;
    return { ...part, parts, at: part.key === splitKey ? bounded : part.at };
  };
  return { ...workspace, tabs: workspace.tabs.map((tab) => ({ ...tab, root: moved(tab.root) })) };
}

/** Where each pane of a part is, and each border with the box it moves in. */
export function placed(part: Part, box: Box = { left: 0, top: 0, width: 100, height: 100 }) {
  const panes = new Map<number, Box>();
  const borders: { readonly split: Split; readonly within: Box }[] = [];
  const place = (one: Part, { left, top, width, height }: Box): void => {
    if (typeof one === 'number') {
      panes.set(one, { left, top, width, height });
      return;
    }
    borders.push({ split: one, within: { left, top, width, height } });
    const isRight = one.way === 'right';
    const first = isRight ? { left, top, width: width * one.at, height } : { left, top, width, height: height * one.at };
    place(one.parts[0], first);
    place(
      one.parts[1],
      isRight
        ? { left: left + first.width, top, width: width - first.width, height }
        : { left, top: top + first.height, width, height: height - first.height },
    );
  };
  place(part, box);
  return { panes, borders };
}

/** The pane of the tab shown that comes after, or before, the active one. */
export function beside(tab: Tab, step: 1 | -1): number {
  const keys = panesIn(tab.root);
  return keys[(keys.indexOf(tab.active) + step + keys.length) % keys.length] as number;
}

function withTab(workspace: Workspace, changed: Tab): Workspace {
  return { ...workspace, tabs: workspace.tabs.map((tab) => (tab.key === changed.key ? changed : tab)) };
}

function replaced(part: Part, pane: number, by: Part): Part {
  if (typeof part === 'number') return part === pane ? by : part;
  return { ...part, parts: [replaced(part.parts[0], pane, by), replaced(part.parts[1], pane, by)] };
}

function without(part: Part, pane: number): Part | undefined {
  if (typeof part === 'number') return part === pane ? undefined : part;
  const [first, second] = [without(part.parts[0], pane), without(part.parts[1], pane)];
  if (first === undefined) return second;
  return second === undefined ? first : { ...part, parts: [first, second] };
}
