import { array, assert, jsonValue, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWorkspace } from './kept-layout.ts';
import {
  activate,
  addTab,
  beside,
  close,
  empty,
  moveBorder,
  panesIn,
  panesInAll,
  panesOfTab,
  placed,
  split,
  tabOf,
  type Workspace,
} from './layout.ts';

const terminal = (id: string) => ({ kind: 'terminal', terminal: id }) as const;

/** What can be done to a workspace, as a number says. */
function step(workspace: Workspace, die: number): Workspace {
  const tab = tabOf(workspace);
  const pane = workspace.panes[die % Math.max(1, workspace.panes.length)]?.key ?? 0;
  const deeds = [
    () => addTab(workspace, terminal(`t${die}`)),
    () => split(workspace, tab?.active ?? 0, die % 2 ? 'right' : 'down', terminal(`s${die}`)),
    () => split(workspace, tab?.active ?? 0, die % 2 ? 'down' : 'right', terminal(`s${die}`)),
    () => close(workspace, pane),
    () => activate(workspace, pane),
    () => moveBorder(workspace, die % 40, (die % 100) / 100),
  ];
  return (deeds[die % deeds.length] as () => Workspace)();
}

const anyWorkspace = array(nat(10_000), { maxLength: 60 }).map((dice) => dice.reduce(step, empty));

describe('the workspace of terminals', () => {
  it('splits a pane to the right and down, and gives the room back', () => {
    const one = addTab(empty, terminal('a'));
    const two = split(one, 1, 'right', terminal('b'));
    const three = split(two, 3, 'down', terminal('c'));
    expect([...placed(tabOf(three)?.root ?? 0).panes]).toEqual([
      [1, { left: 0, top: 0, width: 50, height: 100 }],
      [3, { left: 50, top: 0, width: 50, height: 50 }],
      [5, { left: 50, top: 50, width: 50, height: 50 }],
    ]);
    expect([...placed(tabOf(close(three, 1))?.root ?? 0).panes].map(([key, { width, height }]) => [key, width, height])).toEqual([
      [3, 100, 50],
      [5, 100, 50],
    ]);
  });

  it('goes from pane to pane in reading order', () => {
    const three = split(split(addTab(empty, terminal('a')), 1, 'right', terminal('b')), 1, 'down', terminal('c'));
    const tab = tabOf(three);
    if (!tab) throw new Error('there is no tab');
    expect(panesIn(tab.root)).toEqual([1, 5, 3]);
    expect([beside(tab, 1), beside(tab, -1)]).toEqual([3, 1]);
  });

  it('holds every pane once, in bounds, whatever is done; all room is given out, and a reload changes nothing', () => {
    assert(
      property(anyWorkspace, (workspace) => {
        const keys = workspace.tabs.flatMap(({ root }) => panesIn(root));
        expect(keys.toSorted((a, b) => a - b)).toEqual(workspace.panes.map(({ key }) => key).toSorted((a, b) => a - b));
        expect(keys.length).toBeLessThanOrEqual(panesInAll);
        expect(workspace.tabs.every(({ root, active }) => panesIn(root).includes(active) && panesIn(root).length <= panesOfTab)).toBe(true);
        expect(workspace.tabs.length === 0 || tabOf(workspace) !== undefined).toBe(true);
        for (const { root } of workspace.tabs) {
          const room = [...placed(root).panes.values()].reduce((sum, { width, height }) => sum + width * height, 0);
          expect(room).toBeCloseTo(10_000, 3);
        }
        const again = readWorkspace(JSON.parse(JSON.stringify(workspace)));
        expect({ ...again, next: 0 }).toEqual({ ...workspace, next: 0 });
        expect(again.next).toBeGreaterThan(Math.max(0, ...keys));
      }),
    );
  });

  it('takes whatever was kept, and never fails', () => {
    assert(property(jsonValue(), (kept) => void readWorkspace(kept)));
    const odd = {
      tabs: [{ key: 1, root: { key: 2, parts: [1, 1] }, active: 9 }],
      panes: [{ key: 1, kind: 'terminal', terminal: 7 }],
      current: 4,
    };
    expect(readWorkspace(odd)).toEqual({
      next: 2,
      tabs: [{ key: 1, root: 1, active: 1 }],
      current: 1,
      panes: [{ key: 1, kind: 'terminal' }],
    });
  });
});
