import type { TerminalSettings } from './settings.ts';

/** When a terminal was what; epoch ms. */
export interface Times {
  readonly createdAt: number;
  /** Undefined until the far side has taken us. */
  readonly openedAt: number | undefined;
  /** Somebody last typed, said they stay, or moved a file. */
  readonly activeAt: number;
  /** Since when nobody works in it; undefined while somebody does. */
  readonly leftAt: number | undefined;
  /** Whether somebody ever worked in it. */
  readonly wasAttached: boolean;
}

type Limits = Pick<TerminalSettings, 'idleMs' | 'maxMs' | 'detachMs'>;
export type TimeOver = 'left' | 'idle' | 'too-long' | 'unreachable';

export interface Due {
  /** Its time is over, and why. */
  readonly over?: TimeOver;
  /** It will be soon. */
  readonly warning?: { readonly reason: 'idle' | 'total'; readonly endsAt: number };
  /** Epoch ms at which to look again. */
  readonly next: number;
}

const warnMs = 60_000;
/** From the ticket to the first attach. */
export const FIRST_ATTACH_MS = 40_000;
/** Opening with all its questions. */
export const OPENING_MS = 10 * 60_000;

/** Which of a terminal's times is over, or about to be. */
export function due({ createdAt, openedAt, activeAt, leftAt, wasAttached }: Times, { idleMs, maxMs, detachMs }: Limits, now: number): Due {
  const ends: (readonly [TimeOver, number])[] = [];
  if (!wasAttached) ends.push(['left', createdAt + FIRST_ATTACH_MS]);
  else if (leftAt !== undefined) ends.push(['left', leftAt + detachMs]);
  if (openedAt === undefined) ends.push(['unreachable', createdAt + OPENING_MS]);
  else ends.push(['too-long', openedAt + maxMs], ['idle', activeAt + idleMs]);
  const [first] = ends.toSorted(([, a], [, b]) => a - b);
  if (first && first[1] <= now) return { over: first[0], next: now };
  const told = ends.flatMap(([reason, endsAt]) => (reason === 'idle' || reason === 'too-long' ? [{ reason, endsAt }] : []));
  const [warned] = told.filter(({ endsAt }) => endsAt - warnMs <= now).toSorted((a, b) => a.endsAt - b.endsAt);
  const moments = [...ends.map(([, at]) => at), ...told.map(({ endsAt }) => endsAt - warnMs)].filter((at) => at > now);
  return {
    ...(warned && { warning: { reason: warned.reason === 'idle' ? ('idle' as const) : ('total' as const), endsAt: warned.endsAt } }),
    next: Math.min(...moments),
  };
}
