import type { Command } from './command.ts';
import { exportCommand } from './export.ts';

/** The registry: one line a command. */
export const commands: readonly Command[] = [exportCommand];
