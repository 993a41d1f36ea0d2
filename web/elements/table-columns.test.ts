import { describe, expect, it } from 'vitest';
import { indexesOf, tracksOf, windowOf } from './table-columns.ts';

describe('the rows that are drawn', () => {
  it.each([
    [{ top: 0, height: 800, total: 50_000 }, 0],
    [{ top: 800_000, height: 800, total: 50_000 }, 24_990],
    [{ top: 1_599_200, height: 800, total: 50_000 }, 49_954],
    [{ top: 0, height: 800, total: 3 }, 0],
  ])('cover what is in view of %j and are few', (view, first) => {
    const { first: from, end } = windowOf({ ...view, rowHeight: 32 });
    expect(from).toBe(first);
    expect(end - from).toBeLessThanOrEqual(58);
    expect(from).toBeLessThanOrEqual(view.top / 32);
    expect(end).toBeGreaterThanOrEqual(Math.min(view.total, (view.top + view.height) / 32));
  });

  it('are as many wherever one is, so that they can be used again', () => {
    const counts = [0, 90, 5000, 90_000].map((top) => windowOf({ top, height: 700, rowHeight: 32, total: 10_000 }));
    expect(new Set(counts.map(({ first, end }) => end - first)).size).toBe(1);
  });
});

describe('the elements of rows', () => {
  it('are used again for rows that come, and moved for none that stays', () => {
    expect(indexesOf({ first: 0, end: 4 }, 0)).toEqual([0, 1, 2, 3]);
    expect(indexesOf({ first: 1, end: 5 }, 0)).toEqual([4, 1, 2, 3]);
    expect(indexesOf({ first: 6, end: 10 }, 0)).toEqual([8, 9, 6, 7]);
    expect(indexesOf({ first: 6, end: 10 }, 6)).toEqual([6, 7, 8, 9]);
    expect(indexesOf({ first: 0, end: 0 }, 6)).toEqual([]);
  });
});

describe('the tracks of a row', () => {
  it('have the widths that were chosen, and let the last column fill', () => {
    const columns = [{ name: 'name', width: 200 }, { name: 'status' }];
    expect(tracksOf(columns, { widths: { name: 300 }, isSelectable: true, hasMenu: true })).toEqual({
      tracks: '36px 300px minmax(140px, 1fr) 40px',
      width: 516,
    });
    expect(tracksOf(columns, { widths: { status: 1 }, isSelectable: false, hasMenu: false }).tracks).toBe('200px minmax(48px, 1fr)');
  });
});
