import { describe, expect, it } from 'vitest';
import { strokesOf } from './screen-keys.ts';

describe('a text that is typed', () => {
  it('holds Shift where the keyboard needs it, and ends lines with Enter', () => {
    expect(strokesOf('aB?\r\n')).toEqual([
      { keysym: 0x61, withShift: false },
      { keysym: 0x42, withShift: true },
      { keysym: 0x3f, withShift: true },
      { keysym: 0xff0d, withShift: false },
    ]);
  });

  it('sends what no key has by its code point', () => {
    expect(strokesOf('é你😀\t').map(({ keysym }) => keysym)).toEqual([0xe9, 0x0100_4f60, 0x0101_f600, 0xff09]);
  });
});
