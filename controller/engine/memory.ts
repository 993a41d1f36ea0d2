import type { DriftEntry } from './object.ts';
import type { OwnCondition } from './outcome.ts';

/**
 * What the loop remembers of one object between passes, in memory only: losing it at a restart costs a repeated look or a second
 * audit line, never a second write.
 */
export interface Memory {
  /** The answer to a write to Kubernetes was lost: what the cache holds may be older than what is stored. */
  isDoubtful: boolean;
  /** Looks in a row at a cloud that is on its way; and when the next was due (epoch ms). */
  polls: number;
  pollAt: number | undefined;
  /** The last changes applied, and how often running. */
  applied: { readonly fingerprint: string; readonly times: number } | undefined;
  /** Drift as the last pass saw it; what the status write may have failed to store. */
  drift: readonly DriftEntry[] | undefined;
  /** What is known to be contested, and what was said about it. */
  contested: { readonly paths: string; readonly condition: OwnCondition } | undefined;
  /** When the resource was first missed (epoch ms). */
  lostAt: number | undefined;
  /** Paths of drift we sent a correction for, until they are seen to be right. */
  readonly corrected: Set<string>;
  /** The last failure audited. */
  failure: string | undefined;
  /** The last request to delete, by what was observed then. */
  deletion: { readonly fingerprint: string; readonly at: number; readonly requestIds: readonly string[] } | undefined;
}

export function newMemory(): Memory {
  return {
    isDoubtful: false,
    polls: 0,
    pollAt: undefined,
    applied: undefined,
    drift: undefined,
    contested: undefined,
    lostAt: undefined,
    corrected: new Set(),
    failure: undefined,
    deletion: undefined,
  };
}

/** Delay before the next look at a cloud that is on its way: 0.5 s, 1 s, 2 s, 4 s, 8 s, then 15 s. */
export function pollDelayMs(polls: number): number {
  return Math.min(15_000, 500 * 2 ** Math.min(polls, 10));
}
