import { afterAll, beforeAll } from 'vitest';
import { hostKeySuite } from '#api/terminal/hosts/host-key-suite.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

hostKeySuite('MariaDB', async () => openStore(await mariadb.createDatabase()));
