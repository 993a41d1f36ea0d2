import type { Verdict } from '#controller/engine/ports.ts';

/**
 * Thrown by `update` when none of the changes asked for can be made as things are. It is thrown there and not told by `diff`, because
 * a difference that is only reported needs nobody's help.
 */
export class Obstacle extends Error {
  override readonly name = 'Obstacle';
  readonly verdict: Verdict;

  /** `passes`: it goes away by itself, as far as can be known. */
  constructor(reason: string, message: string, { passes }: { passes: boolean }) {
    super(message);
    this.verdict = { kind: passes ? 'waiting' : 'stalled', reason, message };
  }
}

/** What an error of this room means for the next step; undefined for all others. */
export function verdictOfObstacle(error: unknown): Verdict | undefined {
  return error instanceof Obstacle ? error.verdict : undefined;
}
