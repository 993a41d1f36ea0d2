import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqlite } from './sqlite.ts';
import { openStore } from './store.ts';
import { storeErrorOf } from './store-error.ts';
import { storeSuite } from './store-suite.ts';

const room = mkdtempSync(join(tmpdir(), 'stackwarden-store-'));
afterAll(() => rmSync(room, { recursive: true }));
let files = 0;
const newFile = () => join(room, `${++files}.db`);
const open = (file: string) => openStore(`sqlite:${file}`);
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it went well');
    },
    (error: unknown) => storeErrorOf(error) ?? error,
  );

storeSuite('a SQLite file', () => open(newFile()));
storeSuite('SQLite in memory', () => openStore('sqlite::memory:'));

// Processes of their own have to start for some of these; on a busy machine that takes seconds each.
describe('a SQLite file', { timeout: 60_000 }, () => {
  it('is locked for one Stackwarden, and says which process has it', async () => {
    const file = newFile();
    const child = startWriter(file);
    await firstLine(child);
    expect(await errorOf(open(file))).toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`${file} is in use by another Stackwarden, process ${child.pid}.`),
    });
    await kill(child);
    const store = await open(file);
    expect(await errorOf(open(file))).toMatchObject({ code: 'locked', message: expect.stringContaining('in this process') });
    // The refused second opening must not have let go of the first one's lock.
    const other = startWriter(file);
    expect(await stderrOf(other)).toContain(`in use by another Stackwarden, process ${process.pid}`);
    await store.close();
    await (await open(file)).close();
  });

  it('lets exactly one of two processes that start at once in', async () => {
    const file = newFile();
    const children = [startWriter(file), startWriter(file), startWriter(file)];
    const outcomes = await Promise.all(children.map((child) => Promise.race([firstLine(child).then(() => 'in'), stderrOf(child)])));
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.includes('is in use by another Stackwarden'))).toHaveLength(2);
    await Promise.all(children.map(kill));
  });

  it('has every transaction whole after SIGKILL, and all that were confirmed', async () => {
    const file = newFile();
    for (const killAfterMs of [10, 40, 90]) {
      const child = startWriter(file);
      let confirmed = 0;
      child.stdout?.on('data', (lines: Buffer) => {
        confirmed = Number(lines.toString().trim().split('\n').at(-1));
      });
      await firstLine(child);
      await new Promise((done) => setTimeout(done, killAfterMs));
      await kill(child);
      const store = await open(file);
      const rows = await store.db.select().from(store.tables.objects);
      const left = rows.filter(({ resource }) => resource === 'left').map(({ name }) => name);
      const right = rows.filter(({ resource }) => resource === 'right').map(({ name }) => name);
      expect(left).toEqual(right);
      expect(left.length).toBeGreaterThanOrEqual(confirmed);
      expect(await store.tx((tx) => tx.next('pairs'))).toBe(left.length + 1);
      await store.db.delete(store.tables.objects);
      await store.db.delete(store.tables.counters);
      await store.close();
    }
  });

  it('is left as it was when the disk is full, and goes on when there is room', async () => {
    const file = newFile();
    const small = openSqlite(file, { maxPages: 110 });
    await small.migrate();
    const { objects } = small.tables;
    const row = (name: string) => ({
      resource: 'r',
      namespace: '',
      name,
      uid: 'u',
      resourceVersion: 1,
      body: 'x'.repeat(10_000),
      createdAt: 1,
    });
    await small.db.insert(objects).values(row('before'));
    const swallowed = small.tx(async (tx) => {
      await tx.db.insert(objects).values(row('first'));
      for (let index = 0; index < 40; index++)
        await tx.db
          .insert(objects)
          .values(row(`more-${index}`))
          .then(undefined, () => undefined);
    });
    expect(await errorOf(swallowed)).toMatchObject({
      code: 'full',
      message: `The disk that holds ${file} is full. Free some space and try again; nothing is half written.`,
    });
    expect(await small.db.select({ name: objects.name }).from(objects)).toEqual([{ name: 'before' }]);
    await small.close();
    const roomy = await open(file);
    await roomy.db.insert(roomy.tables.objects).values(row('after'));
    expect(await roomy.db.select().from(roomy.tables.objects)).toHaveLength(2);
    await roomy.close();
  });

  it('is not made when the disk is full at the first start', async () => {
    const file = newFile();
    const tiny = openSqlite(file, { maxPages: 4 });
    expect(await errorOf(tiny.migrate())).toMatchObject({ code: 'full' });
    await tiny.close();
    const store = await open(file);
    expect(await store.db.select().from(store.tables.objects)).toEqual([]);
    await store.close();
  });

  it('that is something else, or damaged, is named and not touched', async () => {
    const text = newFile();
    writeFileSync(text, 'these are my notes, not a database\n'.repeat(50));
    expect(await errorOf(open(text))).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(`${text} is not a usable database`),
    });
    expect(readFileSync(text, 'utf8')).toMatch(/^these are my notes/);

    const damaged = newFile();
    const store = await open(damaged);
    await store.db.insert(store.tables.settings).values({ name: 'a', value: 'x'.repeat(50_000) });
    await store.close();
    const bytes = readFileSync(damaged);
    writeFileSync(damaged, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(40_960, 7), bytes.subarray(49_152)]));
    expect(await errorOf(open(damaged))).toMatchObject({ code: 'corrupt', message: expect.stringContaining(damaged) });

    const foreign = newFile();
    const other = new DatabaseSync(foreign);
    other.exec('create table invoices (id integer)');
    other.close();
    expect(await errorOf(open(foreign))).toMatchObject({
      code: 'foreign',
      message: expect.stringContaining('it holds the table invoices'),
    });
  });

  it('of a newer Stackwarden is refused', async () => {
    const file = newFile();
    await (await open(file)).close();
    const raw = new DatabaseSync(file);
    raw.exec("insert into schema_migrations (id, hash, done) values (9999999999999, 'x', 1)");
    raw.close();
    expect(await errorOf(open(file))).toMatchObject({
      code: 'newer',
      message: `${file} was written by a newer Stackwarden. Start that version again, or put back a backup from before the upgrade.`,
    });
  });

  it('held by another program for writing is waited for, then named', async () => {
    const file = newFile();
    const store = await open(file);
    const shell = new DatabaseSync(file);
    shell.exec('begin immediate');
    const write = async () => store.db.insert(store.tables.counters).values({ name: 'a', value: 1 });
    expect(await errorOf(write())).toMatchObject({ code: 'locked', message: expect.stringContaining('locked by another program') });
    shell.exec('rollback');
    shell.close();
    await write();
    await store.close();
  });

  it('in a directory that is missing, or is a file, gets an error that says so', async () => {
    expect(await errorOf(open(join(room, 'missing/a.db')))).toMatchObject({
      code: 'readonly',
      message: expect.stringContaining('there is no directory'),
    });
    appendFileSync(join(room, 'file'), '');
    expect(await errorOf(open(join(room, 'file/a.db')))).toMatchObject({
      code: 'readonly',
      message: expect.stringContaining(join(room, 'file/a.db')),
    });
    mkdirSync(join(room, 'directory.db'));
    expect(await errorOf(open(join(room, 'directory.db')))).toMatchObject({
      code: 'readonly',
      message: expect.stringContaining('directory.db cannot be opened'),
    });
  });
});

describe('a database address', () => {
  it('that is not one is refused without repeating it', async () => {
    for (const address of [
      'postgres://u:secret-word@h/d',
      'mysql://u:secret-word@h',
      'mysql://h/d',
      'mysql://u:secret-word@h/d?ssl=1',
      'sqlite:',
      '',
    ]) {
      const error = await errorOf(openStore(address));
      expect(error).toMatchObject({ code: 'address' });
      expect(String(error)).not.toContain('secret-word');
    }
  });
});

function startWriter(file: string): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.fixture.ts'), `sqlite:${file}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function firstLine(child: ChildProcess): Promise<void> {
  return new Promise((done) => child.stdout?.once('data', () => done()));
}

function stderrOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((done) => child.once('exit', () => done(text)));
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await ended;
}
