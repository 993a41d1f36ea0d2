import type { TerminalSettings } from './settings.ts';
import type { TimeOver } from './times.ts';

/** Why a terminal ended by itself, for people. */
export function wordsOfTime(over: TimeOver, { idleMs, maxMs, detachMs }: TerminalSettings): string {
  if (over === 'idle') return `Nothing was typed for ${minutes(idleMs)}.`;
  if (over === 'too-long') return `It was open for ${minutes(maxMs)}, which is the longest a terminal lasts here.`;
  if (over === 'left') return `Nobody came back to it within ${minutes(detachMs)}.`;
  return 'It could not be opened in time.';
}

function minutes(ms: number): string {
  const count = Math.round(ms / 60_000);
  return count === 1 ? 'a minute' : `${count} minutes`;
}
