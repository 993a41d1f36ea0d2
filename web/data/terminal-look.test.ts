import { describe, expect, it } from 'vitest';
import { terminalLook } from './terminal-look.ts';

describe('the look of terminals', () => {
  it('is as it was kept', () => {
    const kept = { fontSize: 18, theme: 'contrast', cursor: 'bar', scrollback: 50_000, asksBeforePaste: false, forScreenReader: true };
    expect(terminalLook(kept)).toMatchObject(kept);
  });

  it('is the usual one where what was kept makes no sense', () => {
    const usual = terminalLook({});
    expect(terminalLook({ fontSize: 900, theme: 'pink', cursor: 3, scrollback: 1e9, blinks: 'yes', fontFamily: '"; x' })).toEqual(usual);
  });
});
