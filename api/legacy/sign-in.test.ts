import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, expect, it } from 'vitest';
import { startTown } from '../routes/people.fixture.ts';
import { importLegacy } from './import.ts';
import { legacyRows, legacySqlite, oldPassword } from './legacy.fixture.ts';

const room = mkdtempSync(join(tmpdir(), 'stackwarden-import-sign-in-'));
afterAll(() => rmSync(room, { recursive: true }));

it.each([
  ['pbkdf2', 'person1'],
  ['scrypt', 'person2'],
])('lets imported people sign in with the old password, hashed by %s, and hashes it anew', async (_method, username) => {
  const town = await startTown();
  const old = await legacySqlite(join(room, `${username}.db`), legacyRows(0, { clusters: 0 })).open();
  const kube = () => Promise.reject(new Error('there are no clouds to bring'));
  await importLegacy({ old, store: town.store, kube, authorization: '', source: 'old', isDryRun: false, now: Date.now });
  await old.close();
  expect((await town.send('POST', '/api/v1/session', { username, password: 'another password' })).status).toBe(401);
  expect((await town.send('POST', '/api/v1/session', { username, password: oldPassword })).status).toBe(200);
  const { users } = town.store.tables;
  const [person] = await town.store.db.select().from(users).where(eq(users.username, username));
  expect(person?.passwordHash).toMatch(/^\$argon2id\$/);
  await town.close();
});
