import { describe, expect, it } from 'vitest';
import { flawOf, type MaintenanceWindow, shutUntil } from './maintenance.ts';

const hour = 3_600_000;
const night: MaintenanceWindow = { start: '02:00', durationMs: 2 * hour };
const until = (windows: readonly MaintenanceWindow[], now: string) => {
  const at = shutUntil(windows, Date.parse(now));
  return at === undefined ? 'open' : new Date(at).toISOString();
};

describe('a maintenance window', () => {
  it('is no window at all when none is declared', () => {
    expect(until([], '2026-11-25T12:00:00Z')).toBe('open');
  });

  it('is open from its start for its duration, and says when it opens next', () => {
    expect(until([night], '2026-11-25T01:59:59Z')).toBe('2026-11-25T02:00:00.000Z');
    expect(until([night], '2026-11-25T02:00:00Z')).toBe('open');
    expect(until([night], '2026-11-25T03:59:59Z')).toBe('open');
    expect(until([night], '2026-11-25T04:00:00Z')).toBe('2026-11-26T02:00:00.000Z');
  });

  it('opens on its days only; 25 November 2026 is a Wednesday', () => {
    const weekend: MaintenanceWindow = { ...night, days: ['Saturday', 'Sunday'] };
    expect(until([weekend], '2026-11-25T03:00:00Z')).toBe('2026-11-28T02:00:00.000Z');
    expect(until([weekend], '2026-11-28T03:00:00Z')).toBe('open');
    expect(until([{ ...night, days: ['Wednesday'] }], '2026-11-25T05:00:00Z')).toBe('2026-12-02T02:00:00.000Z');
  });

  it('may go past midnight', () => {
    const late: MaintenanceWindow = { start: '23:00', durationMs: 4 * hour, days: ['Friday'] };
    expect(until([late], '2026-11-28T02:00:00Z')).toBe('open');
    expect(until([late], '2026-11-27T02:00:00Z')).toBe('2026-11-27T23:00:00.000Z');
  });

  it('is at the hour of its own time zone, summer and winter', () => {
    const berlin: MaintenanceWindow = { ...night, timeZone: 'Europe/Berlin' };
    expect(until([berlin], '2026-11-25T12:00:00Z')).toBe('2026-11-26T01:00:00.000Z');
    expect(until([berlin], '2026-07-01T12:00:00Z')).toBe('2026-07-02T00:00:00.000Z');
    // Clocks go from 03:00 back to 02:00 that night, and from 02:00 on to 03:00 in March.
    expect(until([berlin], '2026-10-24T20:00:00Z')).toMatch(/^2026-10-25T0[01]:00:00.000Z$/);
    expect(until([berlin], '2026-03-28T20:00:00Z')).toMatch(/^2026-03-29T0[01]:00:00.000Z$/);
    const shanghai: MaintenanceWindow = { ...night, timeZone: 'Asia/Shanghai', days: ['Thursday'] };
    expect(until([shanghai], '2026-11-25T12:00:00Z')).toBe('2026-11-25T18:00:00.000Z');
  });

  it('is open while any of several is', () => {
    const noon: MaintenanceWindow = { start: '12:00', durationMs: hour };
    expect(until([night, noon], '2026-11-25T12:30:00Z')).toBe('open');
    expect(until([night, noon], '2026-11-25T05:00:00Z')).toBe('2026-11-25T12:00:00.000Z');
  });

  it('that can never open says why', () => {
    expect(flawOf(night)).toBeUndefined();
    expect(flawOf({ ...night, timeZone: 'Mars/Olympus' })).toContain('Mars/Olympus');
    expect(flawOf({ ...night, days: [] })).toContain('no day');
    expect(flawOf({ ...night, durationMs: 0 })).toContain('less than a minute');
    expect(flawOf({ ...night, durationMs: 8 * 24 * hour })).toContain('more than a week');
    expect(flawOf({ ...night, start: '25:00' })).toContain('25:00');
  });
});
