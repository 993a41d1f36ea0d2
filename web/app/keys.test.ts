import { describe, expect, it } from 'vitest';
import { clashing, KeyReader, sequenceMs, written } from './keys.ts';

const press = (key: string, more: object = {}) => written({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
const bindings = { palette: 'mod+k', instances: 'g i', volumes: 'g v', help: '?' };

describe('shortcuts', () => {
  it('are written alike on all machines', () => {
    expect([press('k', { ctrlKey: true }), press('K', { metaKey: true }), press('?'), press('Escape'), press('Shift')]).toEqual([
      'mod+k',
      'mod+k',
      '?',
      'Escape',
      undefined,
    ]);
  });

  it('are one key, or two that follow each other', () => {
    const reader = new KeyReader();
    expect(reader.read('?', 0, bindings)).toEqual({ command: 'help' });
    expect(reader.read('g', 0, bindings)).toBe('begun');
    expect(reader.read('v', 100, bindings)).toEqual({ command: 'volumes' });
    expect(reader.read('v', 200, bindings)).toBeUndefined();
  });

  it('forget a first key that nothing followed in time, or that led nowhere', () => {
    const reader = new KeyReader();
    reader.read('g', 0, bindings);
    expect(reader.read('i', sequenceMs + 1, bindings)).toBeUndefined();
    reader.read('g', 5000, bindings);
    expect(reader.read('x', 5100, bindings)).toBeUndefined();
    expect(reader.read('i', 5200, bindings)).toBeUndefined();
  });

  it('are not given twice, nor so that one hides the other', () => {
    expect(clashing('g i', bindings, 'volumes')).toBe('instances');
    expect(clashing('g', bindings, 'help')).toBe('instances');
    expect(clashing('? x', bindings, 'volumes')).toBe('help');
    expect(clashing('g i', bindings, 'instances')).toBeUndefined();
    expect(clashing('g x', bindings, 'volumes')).toBeUndefined();
  });
});
