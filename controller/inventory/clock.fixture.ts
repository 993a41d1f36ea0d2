import type { Clock } from './moment.ts';

/** A clock that stands still until told; for tests. */
export interface TestClock extends Clock {
  /** Moves on, ringing what is due in order and letting everything it set off settle in between. */
  advance(ms: number): Promise<void>;
  /** Moves on as far as it takes for the promise to settle; throws when nothing is left that could. */
  until<T>(promise: Promise<T>): Promise<T>;
}

export function createTestClock(start = Date.parse('2026-01-01T00:00:00Z')): TestClock {
  let now = start;
  let order = 0;
  const alarms = new Map<number, { at: number; call: () => void }>();

  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const ringNext = (latest: number): boolean => {
    let due: [number, { at: number; call: () => void }] | undefined;
    for (const entry of alarms) if (entry[1].at <= latest && (due === undefined || entry[1].at < due[1].at)) due = entry;
    if (due === undefined) return false;
    alarms.delete(due[0]);
    now = Math.max(now, due[1].at);
    due[1].call();
    return true;
  };
  return {
    now: () => now,
    after(ms, call) {
      const id = order++;
      alarms.set(id, { at: now + Math.max(0, ms), call });
      return () => void alarms.delete(id);
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      while (ringNext(end)) await settle();
      now = end;
    },
    async until(promise) {
      let isSettled = false;
      const watched = promise.finally(() => {
        isSettled = true;
      });
      watched.catch(() => undefined);
      for (let idle = 0; idle < 5000; ) {
        await settle();
        if (isSettled) return watched;
        idle = ringNext(Infinity) ? 0 : idle + 1;
        // Nothing to ring: a database may still be at work.
        if (idle > 20) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      throw new Error('nothing is left that could settle this promise');
    },
  };
}
