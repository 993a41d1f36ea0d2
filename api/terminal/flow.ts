/** Above so much that somebody has not taken yet the far side waits; below so much it goes on. */
export const HIGH_BYTES = 512 * 1024;
export const LOW_BYTES = 128 * 1024;
/** Of what is stored or drawn, which nobody sees waiting. */
export const BACKLOG = 1024 * 1024;

export type Hold = 'page' | 'recorder' | 'screen' | 'snapshot';

/** Makes the far side wait for as long as anybody has a reason to. */
export interface Flow {
  hold(why: Hold): void;
  release(why: Hold): void;
}

export function createFlow(remote: { pause(): void; resume(): void }): Flow {
  const holds = new Set<Hold>();
  return {
    hold(why) {
      if (holds.size === 0) remote.pause();
      holds.add(why);
    },
    release(why) {
      if (holds.delete(why) && holds.size === 0) remote.resume();
    },
  };
}
