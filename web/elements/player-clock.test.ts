import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockText, countUpTo, type Moment, momentAfter, type Pace, placesOf } from './player-clock.ts';

const start: Moment = { atMs: 0, sinceMs: 0 };
const speeds = [0.5, 1, 2, 4, 8] as const;
const times = fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 40 }).map((some) => some.toSorted((a, b) => a - b));
const pace: fc.Arbitrary<Pace> = fc.record({ speed: fc.constantFrom(...speeds), idleMs: fc.constantFrom(undefined, 2000) });
const elapsed = fc.integer({ min: 0, max: 20_000 });

/** Plays in steps of a viewer's time, showing what comes due, as a page does. */
function play(moment: Moment, steps: readonly number[], ahead: { times: readonly number[]; knownMs: number }, by: Pace): Moment {
  let left = ahead.times.slice(countUpTo(ahead.times, moment.atMs));
  return steps.reduce((at, step) => {
    const next = momentAfter(at, step, { ...ahead, times: left }, by);
    left = left.slice(countUpTo(left, next.atMs));
    return next;
  }, moment);
}

describe('the clock of the player', () => {
  it('runs as fast as it is told while nothing is skipped', () => {
    fc.assert(
      fc.property(times, elapsed, fc.constantFrom(...speeds), (some, ms, speed) => {
        const { atMs } = momentAfter(start, ms, { times: some, knownMs: 60_000 }, { speed, idleMs: undefined });
        expect(atMs).toBe(Math.min(60_000, ms * speed));
      }),
    );
  });

  it('comes to the same moment however often one looks', () => {
    fc.assert(
      fc.property(times, fc.array(elapsed, { minLength: 1, maxLength: 8 }), pace, (some, steps, by) => {
        const ahead = { times: some, knownMs: 60_000 };
        const whole = steps.reduce((sum, step) => sum + step, 0);
        expect(play(start, steps, ahead, by).atMs).toBeCloseTo(play(start, [whole], ahead, by).atMs, 6);
      }),
    );
  });

  it('never goes back, nor beyond what is known', () => {
    fc.assert(
      fc.property(times, fc.array(elapsed, { maxLength: 8 }), pace, fc.integer({ min: 0, max: 60_000 }), (some, steps, by, knownMs) => {
        const known = some.filter((time) => time < knownMs);
        let at = start;
        for (const step of steps) {
          const next = play(at, [step], { times: known, knownMs }, by);
          expect(next.atMs).toBeGreaterThanOrEqual(at.atMs);
          expect(next.atMs).toBeLessThanOrEqual(knownMs);
          at = next;
        }
      }),
    );
  });

  it('takes as long as the recording does when no pause counts for more than two seconds', () => {
    fc.assert(
      fc.property(times, fc.constantFrom(...speeds), (some, speed) => {
        const ends = [...some, 60_000];
        const takes = ends.reduce((sum, time, index) => sum + Math.min(2000, time - (ends[index - 1] ?? 0)), 0) / speed;
        const ahead = { times: some, knownMs: 60_000 };
        const by = { speed, idleMs: 2000 };
        expect(play(start, [takes + 0.01], ahead, by).atMs).toBe(60_000);
        // The last pause ends in a jump: a moment sooner it is not over.
        if (takes > 1) expect(play(start, [takes - 1], ahead, by).atMs).toBeLessThan(60_000);
      }),
    );
  });

  it('waits two seconds from where one jumped to, not from what happened before', () => {
    const from = { atMs: 30_000, sinceMs: 30_000 };
    const ahead = { times: [50_000], knownMs: 60_000 };
    expect(momentAfter(from, 1500, ahead, { speed: 1, idleMs: 2000 }).atMs).toBe(31_500);
    expect(momentAfter(from, 2000, ahead, { speed: 1, idleMs: 2000 }).atMs).toBe(50_000);
  });

  it('counts what is not behind a moment', () => {
    fc.assert(
      fc.property(times, elapsed, (some, at) => {
        expect(countUpTo(some, at)).toBe(some.filter((time) => time <= at).length);
      }),
    );
  });

  it('says times as players do', () => {
    expect([0, 61_999, 3_723_400].map((ms) => clockText(ms))).toEqual(['0:00', '1:01', '1:02:03']);
    expect(clockText(61_999, { withTenths: true })).toBe('1:01.9');
  });

  it('draws marks that lie on each other once', () => {
    expect(placesOf([0, 10, 20, 50_000, 100_000, 100_001], 100_000)).toEqual([0, 0.5, 1]);
    expect(placesOf([5], 0)).toEqual([]);
  });
});
