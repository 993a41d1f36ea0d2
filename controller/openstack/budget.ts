import type { Clock } from './clock.ts';

/** An upload lasts as long as its data: it has places of its own, so that calls never wait for one to end. */
export type Lane = 'call' | 'upload';

/** Uploads to one cloud at a time. */
export const UPLOADS_AT_ONCE = 2;

/** How many calls to one cloud may run at a time, and how many may start in a second. */
export interface Budget {
  /**
   * Waits for its turn (first come, first served within a lane); the returned function gives the place back and may be called twice. What
   * may start in a second is one number for both lanes.
   */
  enter(signal?: AbortSignal, lane?: Lane): Promise<() => void>;
  /** Calls that wait now. */
  waiting(): number;
}

interface Turn {
  readonly lane: Lane;
  readonly go: () => void;
}

/** A token bucket that holds one second's worth, and `concurrency` places. */
export function createBudget(options: { concurrency: number; requestsPerSecond: number; clock: Clock }): Budget {
  const { concurrency, requestsPerSecond, clock } = options;
  if (!(concurrency >= 1)) throw new RangeError(`concurrency must be at least 1, not ${concurrency}`);
  if (!(requestsPerSecond > 0)) throw new RangeError(`requestsPerSecond must be above 0, not ${requestsPerSecond}`);
  const burst = Math.max(1, requestsPerSecond);
  const queue = new Set<Turn>();
  const places: Readonly<Record<Lane, number>> = { call: concurrency, upload: UPLOADS_AT_ONCE };
  const running: Record<Lane, number> = { call: 0, upload: 0 };
  let tokens = burst;
  let filledAt = clock.now();
  let isTimerSet = false;

  function refill(): void {
    const now = clock.now();
    // A clock set back gives nothing, and takes nothing away.
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) * requestsPerSecond) / 1000);
    filledAt = now;
  }

  function advance(): void {
    refill();
    for (const turn of queue) {
      if (running[turn.lane] >= places[turn.lane]) continue;
      // Fractions add up inexactly: a millionth short of a token is a token.
      if (tokens < 1 - 1e-6) return setTimer();
      queue.delete(turn);
      tokens -= 1;
      running[turn.lane] += 1;
      turn.go();
    }
  }

  function setTimer(): void {
    if (isTimerSet) return;
    isTimerSet = true;
    clock.after(Math.max(1, Math.ceil(((1 - tokens) * 1000) / requestsPerSecond)), () => {
      isTimerSet = false;
      advance();
    });
  }

  function release(lane: Lane): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      running[lane] -= 1;
      advance();
    };
  }

  return {
    waiting: () => queue.size,
    enter(signal, lane = 'call') {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const onAbort = () => {
          queue.delete(turn);
          reject(signal?.reason as Error);
        };
        const turn: Turn = {
          lane,
          go: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve(release(lane));
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        queue.add(turn);
        advance();
      });
    },
  };
}
