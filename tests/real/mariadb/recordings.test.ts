import { afterAll, beforeAll } from 'vitest';
import { recordingSuite } from '#api/terminal/recording/recording-suite.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

recordingSuite('MariaDB', async () => openStore(await mariadb.createDatabase()));
