import { UsageError } from '../settings.ts';

/** Something the program does instead of starting the server: `npx stackwarden WORD [flags]`. */
export interface Command {
  /** The first argument that asks for it. */
  readonly word: string;
  /** One line of the general help. */
  readonly summary: string;
  /** What `WORD --help` prints. */
  readonly usage: string;
  /** Exit status of a mistake in the flags, where the usual 2 means something else; default 2. */
  readonly usageStatus?: number;
  /**
   * Resolves to the exit status. `args` are those behind the word, never with `--help`. MUST throw UsageError for flags it does not
   * take, and CommandError for what a person has to put right.
   */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** What a command reads and writes beside its flags. */
export interface CommandIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output, as it is. */
  print(text: string): void;
  /** Writes a line to standard error. */
  warn(line: string): void;
}

/** What kept a command from its work, worded for whoever typed it; printed without a stack, exit status 1. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** Runs the command that `args` begin with; undefined when they begin with a flag or nothing, which asks for the server. */
export async function runCommand(commands: readonly Command[], args: readonly string[], io: CommandIo): Promise<number | undefined> {
  const [word, ...rest] = args;
  if (word === undefined || word.startsWith('-')) return undefined;
  const command = commands.find((candidate) => candidate.word === word);
  if (!command) {
    const known = commands.map((candidate) => candidate.word).join(', ');
    io.warn(`There is no command "${word}"; known are ${known}. Without a command the server starts; --help lists its flags.`);
    return 2;
  }
  if (asksForHelp(rest)) {
    io.print(command.usage);
    return 0;
  }
  return attempt(command, rest, io);
}

/** The commands as the general help lists them. */
export function listCommands(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ word }) => word.length));
  const lines = commands.map(({ word, summary }) => `  ${word.padEnd(width)}  ${summary}`);
  return `Commands, most of which talk to a running Stackwarden (npx stackwarden COMMAND --help):\n\n${lines.join('\n')}\n`;
}

/** Behind `--` stand names, not flags. */
function asksForHelp(args: readonly string[]): boolean {
  const flags = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  return flags.includes('--help') || flags.includes('-h');
}

async function attempt(command: Command, args: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await command.run(args, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.warn(`${error.message}\n\n${command.usage.trimEnd()}`);
      return command.usageStatus ?? 2;
    }
    if (!(error instanceof CommandError)) throw error;
    io.warn(error.message);
    return 1;
  }
}
