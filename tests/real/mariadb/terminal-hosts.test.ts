import { afterAll, beforeAll } from 'vitest';
import { hostKeySuite } from '#api/terminal/hosts/host-key-suite.ts';
import { profileSuite } from '#api/terminal/hosts/profile-suite.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

const open = async () => openStore(await mariadb.createDatabase());
hostKeySuite('MariaDB', open);
profileSuite('MariaDB', open);
