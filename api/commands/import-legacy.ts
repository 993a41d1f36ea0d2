import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StoreError, storeErrorOf } from '#migrations/store-error.ts';
import type { ImportReport } from '../legacy/report.ts';
import { readSettings, UsageError } from '../settings.ts';
import { type Command, CommandError, type CommandIo } from './command.ts';

const usage = `Usage: npx stackwarden import-legacy --from old.sqlite|mysql://USER:PASSWORD@HOST/DB [flags]

Brings people, clouds and the operation log of a Flask-era database (tables user, openstack_cluster,
operation_log) into the database of this Stackwarden. People keep their passwords; clouds become Cluster
objects with encrypted credentials; the log joins the audit, marked as imported. Run again it adds what
is new there and nothing twice. Stop a server that runs on the same SQLite file first.

      --from DATABASE   a SQLite file, or mysql://USER:PASSWORD@HOST[:PORT]/DATABASE; only read
      --dry-run         write nothing, and say what would be written
      --source NAME     what the old database is called here    (default: name of file or database)
      --data DIR        data directory of this Stackwarden      (STACKWARDEN_DATA, default ./data)
  -o, --output FORMAT   text or json                            (default: text)
      --help            this text

DATABASE_URL=mysql://USER:PASSWORD@HOST/DB names our database when it is not in the data directory.

Exit status: 0 done, 1 an error, 2 wrong flags, 3 done, but something could not be taken.
`;

const incompleteStatus = 3;

/** `npx stackwarden import-legacy`: what an old platform knew, into our database. */
export const importLegacyCommand: Command = {
  word: 'import-legacy',
  summary: 'brings people, clouds and the log of an old database (no server needed)',
  usage,
  async run(args, io) {
    const flags = read(args, io.env);
    const report = await explained(() => carryOut(flags, io));
    // Loaded when asked for, as the import is: other commands do without.
    const { reportText } = await import('../legacy/report.ts');
    io.print(flags.output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    return report.leftOut.length > 0 ? incompleteStatus : 0;
  },
};

type Flags = ReturnType<typeof read>;

function read(args: readonly string[], env: CommandIo['env']) {
  const { from, source, output = 'text', data, 'dry-run': isDryRun = false } = parse(args);
  if (!from) throw new UsageError('Name the old database with --from FILE, or --from mysql://USER:PASSWORD@HOST/DATABASE.');
  if (output !== 'text' && output !== 'json') throw new UsageError(`--output takes text or json, not "${output}".`);
  if (source !== undefined && !/^[\w.@:-]{1,60}$/.test(source))
    throw new UsageError('--source takes a name of 1 to 60 letters, digits and . _ - @ :');
  const settings = readSettings(data === undefined ? [] : ['--data', data], env);
  if (settings === 'help') throw new UsageError('--data takes a directory.');
  const { dataDir, databaseUrl } = settings;
  return { from, source, output, isDryRun, env, dataDir, databaseUrl };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        from: { type: 'string' },
        'dry-run': { type: 'boolean' },
        source: { type: 'string' },
        data: { type: 'string' },
        output: { type: 'string', short: 'o' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function carryOut({ from, source, isDryRun, env, dataDir, databaseUrl }: Flags, io: CommandIo): Promise<ImportReport> {
  const { openLegacyDatabase } = await import('../legacy/open-database.ts');
  const { importLegacy } = await import('../legacy/import.ts');
  const { openScratchTarget, openTarget } = await import('../legacy/target.ts');
  const old = await openLegacyDatabase(from);
  try {
    const keys = { env, file: resolve(dataDir, 'encryption.key') };
    if (!isDryRun) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const target = await (isDryRun ? openScratchTarget : openTarget)(databaseUrl, keys);
    try {
      const name = source ?? old.name.replace(/[^\w.@:-]/g, '-').slice(0, 60);
      return await importLegacy({ ...target, old, source: name, isDryRun, now: Date.now, came: progressLines(io) });
    } finally {
      await target.close();
    }
  } finally {
    await old.close();
  }
}

const linesEvery = 20_000;

function progressLines(io: CommandIo): (table: string, rows: number) => void {
  const seen = new Map<string, number>();
  return (table, rows) => {
    const before = seen.get(table) ?? 0;
    seen.set(table, before + rows);
    if (Math.floor(before / linesEvery) < Math.floor((before + rows) / linesEvery)) io.warn(`${table}: ${before + rows} rows`);
  };
}

/** What a database says is worded for people already. */
async function explained<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const cause = error instanceof StoreError ? error : storeErrorOf(error);
    if (cause) throw new CommandError(cause.message);
    throw error;
  }
}
