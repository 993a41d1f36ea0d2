import type { Command } from './command.ts';
import { exportCommand } from './export.ts';
import { planCommand } from './plan.ts';

/** The registry: one line a command. */
export const commands: readonly Command[] = [
  planCommand({ stdin: process.stdin, isTerminal: process.stdout.isTTY ?? false }),
  exportCommand,
];
