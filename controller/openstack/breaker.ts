import type { Clock } from './clock.ts';

/** Stops calls to a host that does not answer, so that each of them does not wait for its own time-out. */
export interface Breaker {
  /** Why a call would not go now; takes no probe. */
  refusal(): Refusal | undefined;
  /** Lets a call go or says why not. While the host is given up, now and then one call may try. */
  admit(): { readonly go: true; readonly isProbe: boolean } | { readonly go: false; readonly refusal: Refusal };
  /** The host answered, be it with an error. */
  answered(): void;
  /** The host did not answer; `weight` is what this failure counts for. */
  failed(reason: string, isProbe: boolean, weight?: number): void;
  /** The probe ended without telling anything (it was cancelled). */
  released(isProbe: boolean): void;
}

export interface Refusal {
  /** Epoch ms. */
  readonly since: number;
  readonly lastError: string;
  /** Until the next call may try. */
  readonly retryAfterMs: number;
}

/** Opens when failures in a row weigh `threshold`; the wait until the next probe doubles from `openMs` up to `maxOpenMs`. */
export function createBreaker(options: { clock: Clock; threshold?: number; openMs?: number; maxOpenMs?: number }): Breaker {
  const { clock, threshold = 5, openMs = 5_000, maxOpenMs = 60_000 } = options;
  let failures = 0;
  let lastError = '';
  let open: { since: number; probeAt: number; waitMs: number; isProbing: boolean } | undefined;

  function refusal(): Refusal | undefined {
    if (!open) return undefined;
    const now = clock.now();
    if (!open.isProbing && now >= open.probeAt) return undefined;
    return { since: open.since, lastError, retryAfterMs: Math.max(1_000, open.probeAt - now) };
  }

  return {
    refusal,
    admit() {
      const refused = refusal();
      if (refused) return { go: false, refusal: refused };
      if (!open) return { go: true, isProbe: false };
      open.isProbing = true;
      return { go: true, isProbe: true };
    },
    answered() {
      failures = 0;
      open = undefined;
    },
    failed(reason, isProbe, weight = 1) {
      failures += weight;
      lastError = reason;
      const now = clock.now();
      if (open) {
        // Calls that were under way when it opened tell nothing new.
        if (!isProbe) return;
        open.waitMs = Math.min(maxOpenMs, open.waitMs * 2);
        open.probeAt = now + open.waitMs;
        open.isProbing = false;
        return;
      }
      if (failures >= threshold) open = { since: now, probeAt: now + openMs, waitMs: openMs, isProbing: false };
    },
    released(isProbe) {
      if (isProbe && open) open.isProbing = false;
    },
  };
}
