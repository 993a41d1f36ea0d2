import { fileSchema } from '../configuration/schema.ts';
import { effectiveRows } from '../configuration/text.ts';
import { checkSettings } from '../settings.ts';
import { columnsText } from './columns.ts';
import type { Command, CommandIo } from './command.ts';

const usageOf = (word: string, does: string) => `Usage: npx stackwarden ${word} [flags]

${does} Takes the flags of the server (npx stackwarden --help), --config FILE before all.
`;

/** `stackwarden check-config`: every problem of the settings, without a start. */
export const checkConfigCommand: Command = {
  word: 'check-config',
  summary: 'check the settings, without a start',
  usage: usageOf('check-config', 'Tells every problem of the settings and starts nothing. Ends with 0 when there is none, else with 1.'),
  async run(args, io) {
    const { configuration, problems } = checkSettings(args, io.env);
    for (const problem of problems) io.warn(problem);
    if (problems.length > 0) return 1;
    io.print(`The settings are in order (profile ${configuration.profile}${configuration.file ? `, ${configuration.file}` : ''}).\n`);
    return 0;
  },
};

/** `stackwarden config`: what holds, and who said so. */
export const configCommand: Command = {
  word: 'config',
  summary: 'the settings that hold, and where each comes from',
  usage: usageOf(
    'config',
    'Prints every setting with its value and where it comes from, secrets masked; with --schema, the JSON schema of the file.',
  ),
  async run(args, io: CommandIo) {
    if (args[0] === '--schema') {
      io.print(`${JSON.stringify(fileSchema(), undefined, 2)}\n`);
      return 0;
    }
    const { configuration, problems } = checkSettings(args, io.env);
    io.print(columnsText(['SETTING', 'VALUE', 'FROM'], effectiveRows(configuration)));
    for (const problem of problems) io.warn(problem);
    return problems.length === 0 ? 0 : 1;
  },
};
