import { describe, expect, it } from 'vitest';
import { fromFields, nextMark, toFields } from './time-slider-time.ts';

describe('times of the slider', () => {
  const noon = Date.parse('2026-07-01T12:00:00Z');

  it('are shown and read in the time zone of the person', () => {
    expect(toFields(noon, 'Asia/Shanghai')).toBe('2026-07-01T20:00:00');
    expect(fromFields('2026-07-01T20:00:00', 'Asia/Shanghai')).toBe(noon);
    expect(fromFields('2026-07-01T14:00', 'Europe/Berlin')).toBe(noon);
    expect(fromFields('', 'UTC')).toBeUndefined();
  });

  it('go from one change to the next', () => {
    const marks = [30, 10, 20];
    expect([nextMark(marks, 20, 'earlier'), nextMark(marks, 20, 'later')]).toEqual([10, 30]);
    expect([nextMark(marks, 10, 'earlier'), nextMark(marks, 30, 'later')]).toEqual([undefined, undefined]);
  });
});
