#!/usr/bin/env node
import { listCommands, runCommand } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { readSettings, UsageError, usage } from './settings.ts';
import type { Running } from './start.ts';
import { explainStartError } from './start-errors.ts';

const status = await runCommand(commands, process.argv.slice(2), {
  env: process.env,
  print: (text) => void process.stdout.write(text),
  warn: (line) => void process.stderr.write(`${line}\n`),
});
if (status === undefined) await serve();
else process.exitCode = status;

async function serve(): Promise<void> {
  const settings = settingsOrExit();
  if (settings === 'help') return void process.stdout.write(`${usage}\n${listCommands(commands)}`);
  // A second signal ends at once: whoever presses Ctrl-C twice means it.
  let running: Running | undefined;
  let isStopping = false;
  const onSignal = () => {
    if (isStopping) process.exit(130);
    isStopping = true;
    void (running?.stop() ?? Promise.resolve()).then(() => process.exit(0));
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  try {
    // Not above: commands would load the whole server and use none of it.
    const { start } = await import('./start.ts');
    running = await start(settings, (line) => process.stdout.write(`${line}\n`));
    if (isStopping) await running.stop().then(() => process.exit(0));
  } catch (error) {
    process.stderr.write(`${explainStartError(error, settings)}\n`);
    process.exit(1);
  }
}

function settingsOrExit() {
  try {
    return readSettings(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}
