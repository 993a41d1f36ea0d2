import { setTimeout as after } from 'node:timers/promises';
import type { Shell } from './shell.ts';

export interface Typing {
  readonly keys: number;
  readonly everyMs: number;
}

/** From now on the shell gives back each byte as it comes. */
export async function echoKeys(shell: Shell): Promise<void> {
  const ready = shell.shown.endsIn('ready\n');
  shell.type('stty raw; echo ready; exec cat\r');
  await ready;
}

/** Types single keys at fixed times, however long the echoes take; how long each took, in ms. */
export async function typeKeys({ shown, type }: Shell, { keys, everyMs }: Typing): Promise<number[]> {
  const typedAt: number[] = [];
  const took: number[] = [];
  shown.onBytes = (bytes) => {
    const now = performance.now();
    for (let n = 0; n < bytes.length; n += 1) took.push(now - (typedAt[took.length] ?? NaN));
  };
  const startedAt = performance.now();
  for (let key = 0; key < keys; key += 1) {
    await after(Math.max(0, startedAt + key * everyMs - performance.now()));
    typedAt.push(performance.now());
    type('abcdefghijklmnopqrstuvwxyz'.charAt(key % 26));
  }
  await shown.until(() => took.length >= keys, { what: 'the echo of the last key' });
  shown.onBytes = () => undefined;
  return took;
}
