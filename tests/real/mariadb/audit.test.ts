import { afterAll, beforeAll } from 'vitest';
import { auditSuite } from '#controller/audit/audit-suite.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

auditSuite('MariaDB', async () => openStore(await mariadb.createDatabase()));
