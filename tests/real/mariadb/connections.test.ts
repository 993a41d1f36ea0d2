import { afterAll, beforeAll } from 'vitest';
import { rotationSuite } from '#api/keys/rotation-suite.ts';
import { recordsSuite } from '#controller/health/records-suite.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

const open = async () => openStore(await mariadb.createDatabase());
recordsSuite('MariaDB', open);
rotationSuite('MariaDB', open, [4]);
