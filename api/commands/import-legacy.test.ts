import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '#migrations/store.ts';
import { legacyRows, writeLegacySqlite } from '../legacy/legacy.fixture.ts';
import { runCommand } from './command.ts';
import { importLegacyCommand } from './import-legacy.ts';

describe('npx stackwarden import-legacy', () => {
  let dir: string;
  let from: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'stackwarden-import-command-'));
    from = join(dir, 'old.sqlite');
    writeLegacySqlite(from, legacyRows(30));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  async function call(...args: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      env: { STACKWARDEN_DATA: join(dir, 'data') },
      print: (text: string) => void out.push(text),
      warn: (line: string) => void err.push(line),
    };
    return { status: await runCommand([importLegacyCommand], ['import-legacy', ...args], io), out: out.join(''), err: err.join('\n') };
  }

  it('says in a dry run what it would do, and then does that', async () => {
    const dry = await call('--from', from, '--dry-run');
    expect([dry.status, dry.err]).toEqual([0, '']);
    expect(dry.out).toContain('Dry run: of old.sqlite this would be imported; nothing was written.\n  people    10 found, 10 taken\n');
    expect(readdirSync(dir)).toEqual(['old.sqlite']);
    const real = await call('--from', from, '-o', 'json');
    expect(real.status).toBe(0);
    expect(JSON.parse(real.out)).toMatchObject({ source: 'old.sqlite', isDryRun: false, log: { found: 30, taken: 30 } });
    const again = await call('--from', from);
    expect(again.out).toContain('log       30 found, 0 taken, 30 taken before');
  });

  it('leaves a database alone that a server runs on, but tells in a dry run what it would do there', async () => {
    await call('--from', from);
    const server = await openStore(`sqlite:${join(dir, 'data', 'stackwarden.db')}`);
    try {
      // In one process the lock words it otherwise; it is the same lock.
      expect(await call('--from', from)).toMatchObject({ status: 1, err: expect.stringContaining('stackwarden.db is open already') });
      expect((await call('--from', from, '--dry-run')).out).toContain('people    10 found, 0 taken, 10 taken before');
    } finally {
      await server.close();
    }
  });

  it('ends with 3 and names what it could not take', async () => {
    const part = join(dir, 'part.sqlite');
    writeLegacySqlite(part, { ...legacyRows(1), user: [{ id: 1, username: null }] });
    const { status, out } = await call('--from', part);
    expect(status).toBe(3);
    expect(out).toContain('Not taken:\n  user: there is no username (id 1)\n');
  });

  it('makes no new key where Secrets of another are', async () => {
    await call('--from', from);
    rmSync(join(dir, 'data', 'encryption.key'));
    const { status, err } = await call('--from', from);
    expect([status, err]).toEqual([1, expect.stringContaining('the key that Secrets of this database are encrypted with')]);
    expect(existsSync(join(dir, 'data', 'encryption.key'))).toBe(false);
  });

  it.each([
    [[], 'Name the old database with --from FILE'],
    [['--from', 'x', '-o', 'xml'], '--output takes text or json, not "xml".'],
    [['--from', 'x', '--source', 'a b'], '--source takes a name'],
    [['--from', 'x', '--force'], "Unknown option '--force'"],
  ])('refuses %j', async (args, message) => {
    const { status, err } = await call(...args);
    expect([status, err.includes(message)]).toEqual([2, true]);
  });
});
