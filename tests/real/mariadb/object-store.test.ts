import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ObjectStore } from '#api/kube/object-store.ts';
import { create, objectStoreSuite } from '#api/kube/object-store-suite.ts';
import { createObjectStore } from '#api/kube/sql-object-store.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  mariadb = await startMariadb();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(() => mariadb.stop());

async function open(url: string): Promise<ObjectStore> {
  const store = await openStore(url);
  ends.push(() => store.close());
  return createObjectStore(store);
}

objectStoreSuite('in MariaDB', async () => open(await mariadb.createDatabase()));

test('several processes on one database see one gapless log, and a reader that follows it misses nothing', async () => {
  const url = await mariadb.createDatabase();
  const stores = await Promise.all([1, 2, 3].map(() => open(url)));
  const reader = await open(url);
  const total = 150;
  const seen: string[] = [];
  const follow = async (): Promise<void> => {
    for (let cursor = 0; cursor < total; ) {
      for (const event of await reader.events(cursor, 7)) {
        cursor = event.resourceVersion;
        seen.push(event.name);
      }
    }
  };
  const writes = Array.from({ length: total }, (_, index) => stores[index % 3]?.write(create(`o${index}`)));
  await Promise.all([follow(), ...writes]);
  expect(new Set(seen).size).toBe(total);
  expect((await reader.events(0, 1000)).map((event) => event.name)).toEqual(seen);
});
