import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/**
 * `node migrations/generate.ts [NAME]` writes the SQL that leads from the newest committed schema to schema.ts, for both engines; with
 * `--check` it writes nothing and fails when that SQL is missing, or when the newest committed step is not what is generated for it.
 * A step that was released MUST NOT be changed: databases out there have carried it out.
 */
const room = import.meta.dirname;
const engines = ['sqlite', 'mysql'] as const;
type Engine = (typeof engines)[number];

interface Journal {
  entries: { readonly idx: number; readonly tag: string; readonly when: number }[];
}

if (process.argv.includes('--check')) {
  const problems = engines.flatMap(check);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  const name = process.argv[2] ?? 'step';
  for (const engine of engines) if (generate(engine, join(room, engine), name)) console.log(`migrations/${engine}: new SQL written`);
}

function check(engine: Engine): string[] {
  const copy = mkdtempSync(join(tmpdir(), 'stackwarden-migrations-'));
  try {
    const out = join(copy, engine);
    cpSync(join(room, engine), out, { recursive: true });
    if (generate(engine, out, 'check'))
      return [`migrations/${engine}: schema.ts has changes without SQL. Run "npm run generate" and commit what it writes.`];
    return recheckNewest(engine, out);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Takes the newest step away and generates it again: found out when its SQL was edited by hand. */
function recheckNewest(engine: Engine, out: string): string[] {
  const journalFile = join(out, 'meta/_journal.json');
  const journal = readJournal(out);
  const newest = journal.entries.pop();
  if (!newest) return [`migrations/${engine}: there is no SQL. Run "npm run generate" and commit what it writes.`];
  const committed = readFileSync(join(out, `${newest.tag}.sql`), 'utf8');
  unlinkSync(join(out, `${newest.tag}.sql`));
  unlinkSync(join(out, `meta/${newest.tag.slice(0, 4)}_snapshot.json`));
  writeFileSync(journalFile, JSON.stringify(journal));
  generate(engine, out, newest.tag.slice(5));
  const again = join(out, `${newest.tag}.sql`);
  if (existsSync(again) && readFileSync(again, 'utf8') === committed) return [];
  return [
    `migrations/${engine}/${newest.tag}.sql is not what schema.ts gives. Undo the edit, or delete this step if it was never released, and run "npm run generate".`,
  ];
}

/** Says whether there was anything to write. */
function generate(engine: Engine, out: string, name: string): boolean {
  const before = existsSync(out) ? readdirSync(out).length : 0;
  const kit = join(dirname(createRequire(import.meta.url).resolve('drizzle-kit')), 'bin.cjs');
  // Relative, because drizzle-kit puts "./" in front of whatever it is given.
  const target = relative(dirname(room), out);
  const args = [
    'generate',
    '--dialect',
    engine,
    '--schema',
    `migrations/schema.${engine}.ts`,
    '--out',
    target,
    '--name',
    name,
    '--casing',
    'snake_case',
  ];
  const ran = spawnSync(process.execPath, [kit, ...args], { cwd: dirname(room), encoding: 'utf8' });
  // It ends with status 0 even when it could not read the schema; only its last words tell.
  const isDone = ran.status === 0 && /No schema changes|Your SQL migration file/.test(ran.stdout);
  if (!isDone) throw new Error(`drizzle-kit failed for ${engine}:\n${ran.stdout}${ran.stderr}`);
  return readdirSync(out).length > before;
}

function readJournal(out: string): Journal {
  return JSON.parse(readFileSync(join(out, 'meta/_journal.json'), 'utf8')) as Journal;
}
