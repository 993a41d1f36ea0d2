import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAudit } from '#controller/audit/audit.ts';
import { openStore } from '#migrations/store.ts';
import { openKeyFile } from '../kube/key-file.ts';
import { SealedStore } from '../kube/sealed-store.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { createKeyRotation } from './rotation.ts';
import { formsOf, rotationSuite } from './rotation-suite.ts';

rotationSuite('SQLite', () => openStore('sqlite::memory:'), [1, 2, 3]);

it('leaves no byte of a secret or a key in the file of the database', async () => {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-dump-'));
  const keys = openKeyFile(join(room, 'encryption.key'), { create: true });
  const store = await openStore(`sqlite:${join(room, 'test.db')}`);
  const secrets = new SealedStore(createObjectStore(store), keys);
  await secrets.write({
    op: 'create',
    key: { resource: 'secrets', namespace: 'default', name: 'a' },
    uid: 'uid-a',
    at: Date.now(),
    body: () => '{"data":"planted-horse"}',
  });
  const audit = createAudit(store, { clock: { now: Date.now } });
  const rotation = createKeyRotation({ store, keys, audit, log: () => undefined, settleMs: 0 });
  await rotation.start({ user: 'anna' });
  await rotation.idle();
  const files = ['test.db', 'test.db-wal'].map((name) => readFileSync(join(room, name)));
  await store.close();
  const dump = Buffer.concat([...files, readFileSync(join(room, 'test.db'))]).toString('latin1');
  expect(dump).toContain('uid-a');
  const hex = ['encryption.key', 'encryption.key.retired'].map((name) => readFileSync(join(room, name), 'utf8').trim());
  const raw = hex.map((key) => Buffer.from(key, 'hex').toString('latin1'));
  expect([...['planted-horse', ...hex].flatMap(formsOf), ...raw].filter((form) => dump.includes(form))).toEqual([]);
  rmSync(room, { recursive: true });
});
