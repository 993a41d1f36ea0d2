import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openStore } from '#migrations/store.ts';
import { createFileKeyProvider } from './encryption.ts';
import { MemoryObjectStore } from './memory-object-store.ts';
import type { ObjectStore } from './object-store.ts';
import { change, create, objectStoreSuite, place } from './object-store-suite.ts';
import { SealedStore } from './sealed-store.ts';
import { createObjectStore } from './sql-object-store.ts';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function sqlite(): Promise<ObjectStore> {
  const store = await openStore('sqlite::memory:');
  ends.push(() => store.close());
  return createObjectStore(store);
}

async function sealed(): Promise<ObjectStore> {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  return new SealedStore(await sqlite(), createFileKeyProvider(join(folder, 'key')), ['things']);
}

objectStoreSuite('in memory', async () => new MemoryObjectStore());
objectStoreSuite('in SQLite', sqlite);
objectStoreSuite('sealed, in SQLite', sealed);

test('a sealed store leaves nothing readable in the rows, and notices rows that were swapped or changed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  const inner = new MemoryObjectStore();
  const store = new SealedStore(inner, createFileKeyProvider(join(folder, 'key')), ['things']);
  await store.write(create('a', 'hunter2'));
  await store.write(change('replace', 'a', 1, 'hunter3'));
  expect(JSON.stringify([await inner.page('things', {}), await inner.events(0, 10)])).not.toMatch(/hunter/);
  expect((await store.get(place('a')))?.body).toContain('hunter3');
  const moved = (await inner.get(place('a')))?.body ?? '';
  await inner.write({ op: 'create', key: place('b'), uid: 'uid-a', at: 0, body: () => moved });
  await expect(store.get(place('b'))).rejects.toThrow('things n/b cannot be decrypted');
  const other = new SealedStore(inner, createFileKeyProvider(join(folder, 'other')), ['things']);
  await expect(other.get(place('a'))).rejects.toThrow('restore the key file');
});
