import { describe, expect, it } from 'vitest';
import { createBreaker } from './breaker.ts';
import { createTestClock } from './small-cloud.ts';

function opened() {
  const clock = createTestClock(1_000_000);
  const breaker = createBreaker({ clock, threshold: 3, openMs: 5_000, maxOpenMs: 12_000 });
  for (let call = 0; call < 3; call += 1) breaker.failed('it hangs', false);
  return { clock, breaker };
}

describe('a breaker', () => {
  it('opens after failures in a row only', () => {
    const breaker = createBreaker({ clock: createTestClock(), threshold: 3 });
    breaker.failed('x', false);
    breaker.failed('x', false);
    breaker.answered();
    breaker.failed('x', false);
    breaker.failed('x', false);
    expect(breaker.refusal()).toBeUndefined();
    breaker.failed('x', false);
    expect(breaker.refusal()).toBeDefined();
  });

  it('says since when, why, and when it tries again', () => {
    const { clock, breaker } = opened();
    clock.advance(2_000);
    expect(breaker.admit()).toEqual({ go: false, refusal: { since: 1_000_000, lastError: 'it hangs', retryAfterMs: 3_000 } });
  });

  it('lets one call try, and waits twice as long after each failure, up to a bound', () => {
    const { clock, breaker } = opened();
    for (const waitMs of [5_000, 10_000, 12_000, 12_000]) {
      clock.advance(waitMs - 1);
      expect(breaker.admit().go).toBe(false);
      clock.advance(1);
      expect(breaker.admit()).toEqual({ go: true, isProbe: true });
      expect(breaker.admit().go).toBe(false);
      breaker.failed('it hangs', true);
    }
  });

  it('is not kept open by calls that were under way, and lets another try when a try was cancelled', () => {
    const { clock, breaker } = opened();
    clock.advance(5_000);
    breaker.failed('late', false);
    expect(breaker.admit()).toEqual({ go: true, isProbe: true });
    breaker.released(true);
    expect(breaker.admit()).toEqual({ go: true, isProbe: true });
    breaker.answered();
    expect(breaker.admit()).toEqual({ go: true, isProbe: false });
  });
});
