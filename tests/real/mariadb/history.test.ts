import { afterAll, beforeAll } from 'vitest';
import { historySuite } from '#controller/history/history-suite.ts';
import { replaySuite } from '#controller/history/replay-suite.ts';
import { openStore } from '#migrations/store.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

const open = async () => openStore(await mariadb.createDatabase());
historySuite('MariaDB', open);
replaySuite('MariaDB', open);
