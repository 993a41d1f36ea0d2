import { afterAll, beforeAll } from 'vitest';
import { operationsSuite } from '#controller/operations/operations-suite.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

operationsSuite('MariaDB', async () => openStore(await mariadb.createDatabase()));
