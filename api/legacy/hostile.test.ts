import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { importLegacy } from './import.ts';
import { type LegacyRows, legacyTables, type Row, writeLegacySqlite } from './legacy.fixture.ts';
import { openLegacyDatabase } from './open-database.ts';
import type { Finding, ImportReport } from './report.ts';
import { openTarget } from './target.ts';

const room = mkdtempSync(join(tmpdir(), 'stackwarden-hostile-'));
afterAll(() => rmSync(room, { recursive: true }));
let files = 0;

const time = '2021-01-01 00:00:00';
const good = { username: 'anna', role: 'viewer', is_active: 1, created_at: time };
const none: LegacyRows = { user: [], openstack_cluster: [], operation_log: [] };

async function bring(rows: Partial<LegacyRows>, tables?: readonly string[]) {
  const file = join(room, `old-${++files}.db`);
  writeLegacySqlite(file, { ...none, ...rows }, tables);
  const old = await openLegacyDatabase(file);
  const target = await openTarget('sqlite::memory:', { env: {}, file: join(room, 'encryption.key') });
  try {
    const report = await importLegacy({ ...target, old, source: 'old', isDryRun: false, now: () => 1_800_000_000_000 });
    const { users, roleBindings, audit } = target.store.tables;
    const people = await target.store.db.select().from(users);
    const bindings = await target.store.db.select().from(roleBindings);
    const entries = (await target.store.db.select().from(audit)).filter(({ origin }) => origin !== null);
    return { report, people, bindings, entries };
  } finally {
    await target.close();
    await old.close();
  }
}

const reasons = (findings: readonly Finding[]) => findings.map(({ reason }) => reason);
const numbered = (rows: readonly Row[]) => rows.map((row, index) => ({ id: index + 1, ...row }));

describe('people of doubtful content', () => {
  const bad = 'pbkdf2:sha256:999999999$s$00112233445566778899aabbccddeeff';
  it('are taken as far as they are understood, and what is not is named', async () => {
    const { report, people, bindings } = await bring({
      user: numbered([
        { ...good, role: 'Super-Admin', password_hash: 'scrypt:32768:8:1$salt$00112233445566778899aabbccddeeff', email: 'A@example.com' },
        { ...good, username: null },
        { ...good, username: 'ANNA ' },
        { ...good, username: '王伟', role: 'boss', password_hash: bad, email: 'a@example.com' },
        { ...good, username: 'system', is_active: 'perhaps', created_at: 'yesterday', password_hash: 'plain$$hunter2' },
        {
          ...good,
          username: new Uint8Array([0x42, 0xff, 0x00]),
          email: 'no address',
          role: null,
          password_hash: new Uint8Array(2_000_000),
        },
      ]),
    });
    expect(report.people).toEqual({ found: 6, taken: 4, before: 0, joined: 0, leftOut: 2 });
    expect(report.leftOut).toEqual([
      { table: 'user', reason: 'there is no username', count: 1, ids: [2] },
      { table: 'user', reason: 'its username is, written alike, that of another: anna', count: 1, ids: [3] },
    ]);
    expect(people.map(({ username, email, state }) => [username, email, state])).toEqual(
      expect.arrayContaining([
        ['anna', 'a@example.com', 'active'],
        ['user-4', null, 'active'],
        ['user-5', null, 'disabled'],
        ['by', null, 'active'],
      ]),
    );
    expect(people.map(({ passwordHash }) => passwordHash).filter(Boolean)).toEqual([
      'scrypt:32768:8:1$salt$00112233445566778899aabbccddeeff',
    ]);
    const roleOf = (username: string) =>
      bindings.find(({ userId }) => userId === people.find((one) => one.username === username)?.id)?.role;
    expect(['anna', 'user-4', 'user-5', 'by'].map(roleOf)).toEqual(['super_admin', 'viewer', 'viewer', 'viewer']);
    expect(new Set(reasons(report.differences))).toEqual(
      new Set([
        'username "王伟" is user-4 here: signs in by that',
        'role "boss" is not known: viewer',
        'the password hash asks for too much work: an admin has to set one',
        'somebody else has the same e-mail address: left out',
        'username "system" is user-5 here: signs in by that',
        'does not say whether the account is active: disabled',
        'does not say when the account was made: now',
        'the password hash has no form that is known: an admin has to set one',
        'username "Bÿ" is by here: signs in by that',
        'role "" is not known: viewer',
        'the e-mail address is none: left out',
        'there is no password: an admin has to set one',
      ]),
    );
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });
});

describe('clouds of doubtful content', () => {
  it('are left out with the reason, and never with what they hold', async () => {
    const url = 'https://keystone.example.com/v3';
    const auth = { username: 'u', password: 'hunter2', project_name: 'p' };
    const { report } = await bring({
      openstack_cluster: numbered([
        { name: 'a', auth_url: url, credentials: 'gAAAAABhunter2' },
        { name: 'b', auth_url: url, credentials: null },
        { name: 'c', auth_url: url, credentials: '[1, "hunter2"]' },
        { name: 'd', auth_url: 'ftp://hunter2', credentials: JSON.stringify(auth) },
        { name: 'e', auth_url: 'https://old.example.com/v2.0', credentials: JSON.stringify(auth) },
        { name: 'f', auth_url: url, credentials: JSON.stringify({ username: 'u', password: { a: 'hunter2' }, project_name: 'p' }) },
        { name: 'g', auth_url: url, credentials: JSON.stringify({ password: 'hunter2', project_name: 'p' }) },
        { name: 'h', auth_url: url, credentials: JSON.stringify({ ...auth, extra: 'x'.repeat(1_200_000) }) },
        { name: '../../etc', auth_url: url, credentials: JSON.stringify({ ...auth, __proto__: { admin: true }, constructor: 1 }) },
        { name: null, auth_url: url, credentials: JSON.stringify(JSON.stringify(auth)), is_active: 1 },
        { name: 'etc', auth_url: url, credentials: JSON.stringify({ ...auth, password: 12_345 }), is_active: 1 },
      ]),
    });
    expect(report.clusters).toMatchObject({ found: 11, taken: 3, leftOut: 8 });
    expect(report.leftOut.map(({ ids, reason }) => `${ids.join()}: ${reason}`)).toEqual([
      '1: the credentials are not JSON: encrypted, or cut off',
      '2: there are no credentials',
      '3: credentials are not a JSON object with fields; correct them',
      '4: auth.auth_url is not an http(s) address; correct it',
      '5: auth.auth_url is of Keystone v2.0, which is gone; end it in /v3',
      '6: password must be text; put it in quotes',
      expect.stringMatching(/^7: auth.username is missing/),
      '8: the credentials are too long or too deep to be any',
    ]);
    expect(reasons(report.differences)).toEqual([
      '"../../etc" is Cluster etc here',
      'was not active: its Cluster is disabled',
      '"" is Cluster cluster-10 here',
      '"etc" is Cluster etc-2 here',
    ]);
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });
});

describe('a log of doubtful content', () => {
  it('is taken as far as it is understood, and holds no secret', async () => {
    const row = { user_id: 1, operation_type: 'create', resource_type: 'vm', result: 'success', created_at: time };
    const { report, entries } = await bring({
      user: [{ id: 1, ...good }],
      operation_log: numbered([
        { ...row, details: JSON.stringify({ name: 'web', password: 'hunter2', nested: [{ api_key: 'hunter2' }] }) },
        { ...row, details: '{"password": "hunter2' },
        { ...row, details: 'set password hunter2' },
        { ...row, details: 'Started web-1\u0000', result: 'weird' },
        { ...row, details: 'x'.repeat(1_500_000) },
        { ...row, details: JSON.stringify({ old: { size: 1 }, new: { size: 2 } }), result: '0' },
        { ...row, created_at: null },
        { ...row, created_at: '2021-13-45 00:00:00' },
        { ...row, user_id: 77, cluster_id: 9, operation_type: null, resource_type: null, details: null, result: null },
        { ...row, user_id: 'anna', created_at: 1_609_459_200 },
      ]),
    });
    expect(report.log).toMatchObject({ found: 10, taken: 8, leftOut: 2 });
    expect(report.leftOut).toEqual([{ table: 'operation_log', reason: 'it does not say when it happened', count: 2, ids: [7, 8] }]);
    expect(report.differences.map(({ ids, reason }) => `${ids.join()}: ${reason}`)).toEqual([
      '1: there is no password: an admin has to set one',
      '2: its details are broken JSON: left out',
      '3: its details are text that may hold a secret: left out',
      '5: its details are too long or too deep: left out',
    ]);
    expect(JSON.stringify(entries)).not.toContain('hunter2');
    expect(entries.map(({ type, actor, kind, result }) => [type, actor, kind, result])).toEqual([
      ['Create', 'anna', 'Instance', 'ok'],
      ['Create', 'anna', 'Instance', 'ok'],
      ['Create', 'anna', 'Instance', 'ok'],
      ['Create', 'anna', 'Instance', 'observed'],
      ['Create', 'anna', 'Instance', 'ok'],
      ['Create', 'anna', 'Instance', 'failed'],
      ['Imported', 'unknown (user 77)', null, 'observed'],
      ['Create', 'unknown', 'Instance', 'ok'],
    ]);
    expect(entries[5]?.changes).toEqual([{ path: 'details', from: { size: 1 }, to: { size: 2 } }]);
    expect(entries[6]).toMatchObject({ cluster: 'cluster 9', message: 'unknown (user 77): an operation' });
    expect(entries[7]?.at).toBe(Date.parse('2021-01-01T00:00:00Z'));
  });

  it('names rows whose id says nothing', async () => {
    const tables = legacyTables.map((table) => table.replace('id integer primary key', 'id numeric'));
    const row = { operation_type: 'create', created_at: time };
    const ids = [1, 'x', null, 2, 2, 1.5, '9223372036854775807'];
    const { report, entries } = await bring({ operation_log: ids.map((id) => ({ id, ...row })) }, tables);
    expect(report.log).toMatchObject({ found: 7, taken: 2, leftOut: 5, before: 0 });
    expect(reasons(report.leftOut)).toContain('its id is no whole number, or another row has the same');
    expect(entries).toHaveLength(2);
  });
});

describe('a database that is not all there', () => {
  it('gives what it has, and the rest is named', async () => {
    const file = join(room, 'part.db');
    const tables = [
      'create table `user` (id integer primary key, username text)',
      'create table operation_log (id integer primary key, details text)',
    ];
    writeLegacySqlite(file, { ...none, user: [{ id: 1, username: 'anna' }], operation_log: [{ id: 1, details: '{}' }] }, tables);
    const old = await openLegacyDatabase(file);
    const target = await openTarget('sqlite::memory:', { env: {}, file: join(room, 'encryption.key') });
    const report: ImportReport = await importLegacy({ ...target, old, source: 'part', isDryRun: false, now: Date.now });
    await target.close();
    await old.close();
    expect(report.people.taken).toBe(1);
    expect(report.leftOut).toEqual([
      { table: 'openstack_cluster', reason: 'there is no such table', count: 1, ids: [] },
      { table: 'operation_log', reason: 'the table has no column operation_type and no created_at', count: 1, ids: [] },
    ]);
  });

  it.each([
    ['no file', async () => openLegacyDatabase(join(room, 'nowhere.db')), 'cannot be read: ENOENT'],
    ['a directory', async () => openLegacyDatabase(room), 'cannot be read: it is not a file.'],
    [
      'no database',
      async () => {
        writeFileSync(join(room, 'text.db'), 'not a database at all, '.repeat(500));
        return openLegacyDatabase(join(room, 'text.db'));
      },
      'cannot be read: file is not a database.',
    ],
    ['an empty one', async () => bring({}), 'holds nothing to import'],
    ['another engine', async () => openLegacyDatabase('postgres://u:hunter2@h/d'), '--from takes a SQLite file, or mysql://'],
    ['no server', async () => openLegacyDatabase('mysql://u:hunter2@127.0.0.1:1/d'), 'mysql://127.0.0.1:1/d cannot be read: ECONNREFUSED.'],
  ])('is refused in words when it is %s', async (_name, open, message) => {
    const error = await open().then(
      () => new Error('opened'),
      (refused: unknown) => refused as Error,
    );
    expect([error.name, error.message]).toEqual(['CommandError', expect.stringContaining(message)]);
    expect(error.message).not.toContain('hunter2');
  });
});
