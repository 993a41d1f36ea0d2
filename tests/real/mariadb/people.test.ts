import { afterAll, beforeAll } from 'vitest';
import { peopleSuite } from '#api/auth/people-suite.ts';
import { signInSuite } from '#api/auth/sign-in-suite.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

const open = async () => openStore(await mariadb.createDatabase());
peopleSuite('MariaDB', open);
signInSuite('MariaDB', open);
