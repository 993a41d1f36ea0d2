import type { Command } from './command.ts';

/** The registry: one line a command. */
export const commands: readonly Command[] = [];
