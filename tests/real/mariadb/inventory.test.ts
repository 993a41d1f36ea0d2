import { afterAll, beforeAll } from 'vitest';
import { storingSuite } from '#controller/inventory/storing-suite.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

storingSuite('MariaDB', async () => openStore(await mariadb.createDatabase()));
