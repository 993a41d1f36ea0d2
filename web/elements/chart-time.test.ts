import { describe, expect, it } from 'vitest';
import { tickText, timeTicks } from './chart-time.ts';

const at = (text: string) => Date.parse(text);
const shown = (ticks: readonly number[]) => ticks.map((tick) => new Date(tick).toISOString().slice(0, 16));

describe('an axis of time', () => {
  it('is labelled at full hours for a day, and at full minutes for an hour', () => {
    expect(shown(timeTicks(at('2026-11-29T09:12:00Z'), at('2026-11-29T10:12:00Z'), 6, 'UTC'))).toEqual([
      '2026-11-29T09:20',
      '2026-11-29T09:30',
      '2026-11-29T09:40',
      '2026-11-29T09:50',
      '2026-11-29T10:00',
      '2026-11-29T10:10',
    ]);
    expect(shown(timeTicks(at('2026-11-28T09:12:00Z'), at('2026-11-29T09:12:00Z'), 8, 'UTC'))).toEqual([
      '2026-11-28T12:00',
      '2026-11-28T15:00',
      '2026-11-28T18:00',
      '2026-11-28T21:00',
      '2026-11-29T00:00',
      '2026-11-29T03:00',
      '2026-11-29T06:00',
      '2026-11-29T09:00',
    ]);
  });

  it('begins days where the zone does, before and after a change of the clock', () => {
    expect(shown(timeTicks(at('2026-11-27T00:00:00Z'), at('2026-11-29T00:00:00Z'), 3, 'Asia/Shanghai'))).toEqual([
      '2026-11-27T16:00',
      '2026-11-28T16:00',
    ]);
    expect(shown(timeTicks(at('2026-10-23T20:00:00Z'), at('2026-10-27T00:00:00Z'), 5, 'Europe/Berlin'))).toEqual([
      '2026-10-23T22:00',
      '2026-10-24T22:00',
      '2026-10-25T23:00',
      '2026-10-26T23:00',
    ]);
  });

  it('never has more labels than there is room for', () => {
    for (const hours of [0.5, 1, 5, 24, 24 * 7, 24 * 30, 24 * 365])
      expect(timeTicks(at('2026-03-01T00:07:00Z'), at('2026-03-01T00:07:00Z') + hours * 3_600_000, 7, 'UTC').length).toBeLessThan(
        hours > 24 * 200 ? 14 : 9,
      );
  });

  it('names the day where one begins', () => {
    expect(tickText(at('2026-11-29T09:20:00Z'), 600_000, 'en', 'UTC')).toBe('09:20');
    expect(tickText(at('2026-11-29T00:00:00Z'), 3_600_000, 'en', 'UTC')).toBe('Nov 29');
    expect(tickText(at('2026-11-28T16:00:00Z'), 3_600_000, 'zh-CN', 'Asia/Shanghai')).toBe('11月29日');
  });
});
