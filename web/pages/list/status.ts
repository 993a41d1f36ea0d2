import type { IconName } from '../../elements/icons.ts';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'off';

/** How it looks, told by form as well as by colour. */
export const toneIcons: Readonly<Record<Tone, IconName>> = {
  good: 'circle-check',
  busy: 'circle-dot',
  warn: 'triangle-alert',
  bad: 'circle-x',
  off: 'power',
};

const words: readonly (readonly [RegExp, Tone])[] = [
  [/^(?:active|available|in-use|up|enabled)$/i, 'good'],
  [/error|^killed$|^missing$/i, 'bad'],
  [/^(?:unknown|declared|verify_resize|maintenance|queued_for_delete|soft_deleted|deactivated)$/i, 'warn'],
  [/^(?:shutoff|stopped|down|paused|suspended|shelved|shelved_offloaded|disabled|deleted)$/i, 'off'],
];

/** What a status of any service means to who looks down a column; what none of them calls an end is under way. */
export function toneOf(status: string): Tone {
  return words.find(([pattern]) => pattern.test(status))?.[1] ?? 'busy';
}
