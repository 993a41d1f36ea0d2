import { auditCommand } from './audit.ts';
import type { Command } from './command.ts';
import { checkConfigCommand, configCommand } from './config.ts';
import { exportCommand } from './export.ts';
import { historyCommand } from './history.ts';
import { importLegacyCommand } from './import-legacy.ts';
import { listCommand } from './list.ts';
import { planCommand } from './plan.ts';
import { rollbackCommand } from './rollback.ts';
import { rotateKeyCommand } from './rotate-key.ts';

/** The registry: one line a command. */
export const commands: readonly Command[] = [
  planCommand({ stdin: process.stdin, isTerminal: process.stdout.isTTY ?? false }),
  exportCommand,
  auditCommand,
  importLegacyCommand,
  historyCommand,
  listCommand,
  rollbackCommand,
  checkConfigCommand,
  configCommand,
  rotateKeyCommand(),
];
