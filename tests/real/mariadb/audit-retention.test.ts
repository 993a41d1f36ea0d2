import { afterAll, beforeAll } from 'vitest';
import { retentionSuite } from '#controller/audit/retention-suite.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

retentionSuite('MariaDB', async () => openStore(await mariadb.createDatabase()));
