import { describe, expect, it } from 'vitest';
import { placeAfter } from './table-keys.ts';

const shape = { rows: 50, columns: 4, inView: 20 };
const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('a key in a table', () => {
  it.each([
    ['ArrowDown', { row: 3, column: 1 }, { row: 4, column: 1 }],
    ['ArrowDown', { row: 49, column: 1 }, { row: 49, column: 1 }],
    ['ArrowUp', { row: 0, column: 1 }, { row: -1, column: 1 }],
    ['ArrowRight', { row: 0, column: 3 }, { row: 0, column: 3 }],
    ['ArrowLeft', { row: 0, column: 3 }, { row: 0, column: 2 }],
    ['j', { row: 0, column: 0 }, { row: 1, column: 0 }],
    ['k', { row: 0, column: 0 }, { row: 0, column: 0 }],
    ['PageDown', { row: 40, column: 0 }, { row: 49, column: 0 }],
    ['PageUp', { row: 10, column: 0 }, { row: 0, column: 0 }],
    ['Home', { row: 10, column: 2 }, { row: 0, column: 2 }],
    ['End', { row: 10, column: 2 }, { row: 49, column: 2 }],
  ])('%s leads from %j to %j', (key, from, to) => {
    expect(placeAfter(press(key), from, shape)).toEqual(to);
  });

  it('that means something else leads nowhere', () => {
    for (const pressed of [press('a'), press('j', { ctrlKey: true }), press('ArrowLeft', { altKey: true }), press('Tab')])
      expect(placeAfter(pressed, { row: 1, column: 1 }, shape)).toBeUndefined();
  });
});
