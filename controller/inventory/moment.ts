/** Time as the room needs it; the engine's clock fits. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
}

/**
 * Hands out moments (epoch ms with a fraction) that never repeat and never go back, so that "asked for before our write" has an
 * answer even when both happen in one millisecond or the machine's clock is set back.
 */
export interface Moments {
  next(): number;
  /** A moment somebody else took in whole ms: counts as late as that millisecond allows, and everything next() gives is later still. */
  at(epochMs: number): number;
}

/** Fits 1,000 moments into a millisecond; a double still tells them apart (epoch ms needs 41 of its 53 bits). */
const STEP = 1 / 1024;

export function createMoments(clock: Pick<Clock, 'now'>): Moments {
  let last = 0;
  return {
    next() {
      last = Math.max(clock.now(), last + STEP);
      return last;
    },
    at(epochMs) {
      const moment = Math.min(Math.floor(epochMs), Math.floor(clock.now())) + 1 - STEP;
      last = Math.max(last, moment);
      return moment;
    },
  };
}

/** Resolves after `ms` of the injected clock. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
