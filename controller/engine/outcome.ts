import type { JsonObject } from './json.ts';
import type { Reason } from './kind.ts';
import type { Condition, DriftEntry } from './object.ts';

/** What a pass ended in: what to tell people, what to remember in status, and when to look again. */
export interface Outcome extends Reason {
  readonly ready: Condition['status'];
  /** The abnormal condition that goes with it: still on our way, or a person is needed. */
  readonly phase?: 'Reconciling' | 'Stalled';
  /** Reason of the abnormal condition where it is another than Ready's. */
  readonly phaseReason?: string;
  readonly next: Next;
  /** Fields to merge into status; null removes one. */
  readonly status?: JsonObject;
  /** All drift there is now; absent when this pass did not look. */
  readonly drift?: readonly DriftEntry[];
  /** Conditions of the kind's own beside the common four; those of earlier passes that are not named here are removed. */
  readonly conditions?: readonly OwnCondition[];
}

export type OwnCondition = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

export type Next =
  /** When something it depends on changes, or at the next sweep. */
  | { readonly look: 'whenWoken' }
  | { readonly look: 'now' }
  | { readonly look: 'after'; readonly ms: number }
  /** The cloud is moving: 0.5 s, 1 s, 2 s ... 15 s, reading the resource anew each time. */
  | { readonly look: 'poll' }
  /** Something failed: growing delay with jitter, never sooner than `atLeastMs`. */
  | { readonly look: 'backoff'; readonly atLeastMs?: number }
  /** A person is needed: every few minutes, and when woken. */
  | { readonly look: 'slowly' }
  /** The finalizer is gone, and the object with it. */
  | { readonly look: 'never' };

type Extra = Pick<Outcome, 'status' | 'drift' | 'conditions'>;

/** Everything is as declared. */
export function inSync(message: string, extra: Extra & { reason?: string; next?: Next } = {}): Outcome {
  return { ready: 'True', reason: 'InSync', message, next: { look: 'whenWoken' }, ...extra };
}

/** A write was sent; only looking again tells what came of it. */
export function applied(why: Reason, extra: Extra = {}): Outcome {
  return { ...why, ready: 'False', phase: 'Reconciling', next: { look: 'now' }, ...extra };
}

/** Waits for another object or a fresh list; whoever brings it wakes us. */
export function waiting(why: Reason, extra: Extra & { ready?: Condition['status']; next?: Next } = {}): Outcome {
  return { ...why, ready: 'False', phase: 'Reconciling', next: { look: 'whenWoken' }, ...extra };
}

/** The cloud is on its way. */
export function polling(why: Reason, extra: Extra = {}): Outcome {
  return { ...why, ready: 'False', phase: 'Reconciling', next: { look: 'poll' }, ...extra };
}

/** Something failed that may pass by itself. */
export function retrying(why: Reason, extra: Extra & { atLeastMs?: number } = {}): Outcome {
  const { atLeastMs, ...rest } = extra;
  const next: Next = atLeastMs === undefined ? { look: 'backoff' } : { look: 'backoff', atLeastMs };
  return { ...why, ready: 'False', phase: 'Reconciling', phaseReason: 'ProgressingWithRetry', next, ...rest };
}

/** A person is needed. */
export function stalled(why: Reason, extra: Extra = {}): Outcome {
  return { ...why, ready: 'False', phase: 'Stalled', next: { look: 'slowly' }, ...extra };
}

/** The clean-up is done and the finalizer removed. */
export function finished(message: string): Outcome {
  return { ready: 'False', reason: 'Deleted', message, next: { look: 'never' } };
}
