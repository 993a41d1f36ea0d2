import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { addGate } from '../auth/gate.ts';
import { everywhereAs } from '../auth/identity.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { auditRoutes } from '../routes/audit.ts';
import { ensureTls } from '../tls.ts';
import { auditCommand } from './audit.ts';
import { runCommand } from './command.ts';

describe('npx stackwarden audit', () => {
  let app: FastifyInstance;
  let store: Store;
  let audit: Audit;
  let dir: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'stackwarden-audit-command-'));
    store = await openStore('sqlite::memory:');
    audit = createAudit(store, { clock: { now: () => Date.parse('2026-11-29T10:00:00Z') } });
    const tls = await ensureTls(join(dir, 'tls'), '127.0.0.1');
    app = fastify({ https: { cert: tls.cert, key: tls.key } });
    addGate(app, {
      authenticate: async () => ({ user: 'admin', groups: [], grants: [everywhereAs('admin')], how: 'token' }),
      denied: async () => undefined,
    });
    await app.register(auditRoutes, { audit });
    const server = await app.listen({ host: '127.0.0.1', port: 0 });
    writeKubeconfig(join(dir, 'kubeconfig'), { server, ca: tls.ca, user: 'admin', token: 'sesame' });
    const base = { changes: [], result: 'ok' as const, requestIds: [] };
    await audit.record(
      Array.from({ length: 600 }, (_, index) => ({ ...base, type: 'Updated', actor: 'bob', message: `größer ${index + 1}` })),
    );
    await audit.record({ ...base, type: 'Created', actor: 'eve', message: 'evil \u001b[2J' });
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });

  async function call(...args: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      env: { STACKWARDEN_DATA: dir },
      print: (text: string) => void out.push(text),
      warn: (line: string) => void err.push(line),
    };
    return { status: await runCommand([auditCommand], ['audit', ...args], io), out: out.join(''), err: err.join('\n') };
  }

  it('lists the newest entries, filtered, over several pages', async () => {
    const { status, out } = await call('--limit', '2');
    expect(status).toBe(0);
    expect(out.split('\n')[0]).toMatch(/^SEQ +AT +TYPE +WHO +RESULT +MESSAGE$/);
    expect(out).toMatch(/^601 +2026-11-29T10:00:00.000Z +Created +eve +ok +evil /m);
    expect(out).not.toContain('\u001b');
    const json = await call('list', '--type', 'Updated', '--type', 'Never', '--oldest-first', '--limit', '550', '-o', 'json');
    expect((JSON.parse(json.out) as { seq: number }[]).map(({ seq }) => seq)).toEqual(Array.from({ length: 550 }, (_, index) => index + 1));
  });

  it('exports to standard output or a new file', async () => {
    const { out } = await call('export', '--format', 'jsonl', '--actor', 'bob');
    expect(out.trimEnd().split('\n')).toHaveLength(600);
    expect(out).toContain('größer 1');
    const file = join(dir, 'log.csv');
    expect(await call('export', '-o', file)).toMatchObject({ status: 0, err: `Written to ${file}.` });
    expect(readFileSync(file, 'utf8').startsWith('\ufeff"seq"')).toBe(true);
    expect(await call('export', '-o', file)).toMatchObject({ status: 1, err: expect.stringContaining('is there already') });
    const none = join(dir, 'none.csv');
    expect((await call('export', '-o', none, '--since', 'yesterday')).err).toContain('since: Allowed: a time such as');
    expect(existsSync(none)).toBe(false);
  });

  it('says whether the log was changed', async () => {
    expect(await call('verify')).toMatchObject({ status: 0, out: expect.stringContaining('601 entries are whole and in place.') });
    await store.db.update(store.tables.audit).set({ actor: 'nobody' });
    expect(await call('verify')).toMatchObject({ status: 3, err: expect.stringContaining('The log was changed: Entry 1 was altered') });
  });

  it.each([
    [['prune'], 'audit takes list, export or verify, not "prune".'],
    [['export', '--format', 'xls'], '--format takes csv or jsonl, not "xls".'],
    [['--limit', '0'], '--limit takes a number from 1, not "0".'],
    [['list', 'x'], '"x" is one word too many.'],
    [['--colour'], "Unknown option '--colour'"],
  ])('refuses %j', async (args, message) => {
    const { status, err } = await call(...args);
    expect([status, err.includes(message)]).toEqual([2, true]);
  });
});
