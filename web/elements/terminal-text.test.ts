import { describe, expect, it } from 'vitest';
import { deedOf } from './terminal-keys.ts';
import { linesIn, pastable, titleOf, webAddress } from './terminal-text.ts';

const pressed = (key: string, more: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('what is pasted', () => {
  it('loses what would be a command, and keeps lines, tabs and all languages', () => {
    expect(pastable('a\u001b[201~b\u0003\u009bx\r\nc\td\r世界')).toBe('a[201~bx\nc\td\n世界');
  });
  it('is refused when it is as long as a file', () => {
    expect(pastable('x'.repeat(1024 * 1024 + 1))).toBeUndefined();
  });
  it('counts the lines that would be carried out', () => {
    expect(['ls', 'ls\n', 'a\nb', 'a\nb\n', ''].map(linesIn)).toEqual([0, 1, 2, 2, 0]);
  });
});

describe('what a terminal is called', () => {
  it('holds no control characters, nothing that turns text around, and is bounded', () => {
    expect(titleOf('root@web-1: \u001b]0;x\u0007~\u202egnp')).toBe('root@web-1: ]0;x~ gnp');
    expect(titleOf('x'.repeat(5000))).toHaveLength(120);
  });
});

describe('an address in a terminal', () => {
  it('is opened when it is of the web', () => {
    expect(webAddress('https://example.org/a b')).toBe('https://example.org/a%20b');
    expect(['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'x'].map(webAddress)).toEqual(Array(4).fill(undefined));
  });
});

describe('keys in a terminal', () => {
  it('go to the other side', () => {
    for (const key of ['c', 'k', 'f', 'v', 'l', 'Escape', '_']) expect(deedOf(pressed(key, { ctrlKey: true }), false)).toBeUndefined();
    expect(deedOf(pressed('f', { altKey: true, ctrlKey: true, shiftKey: true }), false)).toBeUndefined();
    expect(deedOf(pressed('c', { ctrlKey: true }), true)).toBeUndefined();
  });
  it('but a few that copy, paste, search, change the size and leave', () => {
    const both = { ctrlKey: true, shiftKey: true };
    expect(['C', 'V', 'F', 'L', 'Escape'].map((key) => deedOf(pressed(key, both), false))).toEqual([
      'copy',
      'paste',
      'search',
      'leave',
      'leave',
    ]);
    expect(['+', '=', '-', '0'].map((key) => deedOf(pressed(key, { ctrlKey: true }), false))).toEqual([
      'larger',
      'larger',
      'smaller',
      'usual',
    ]);
    expect(deedOf(pressed('c', { metaKey: true }), true)).toBe('copy');
  });
});
