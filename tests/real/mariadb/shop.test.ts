import { afterAll, beforeAll } from 'vitest';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { shopSuite } from '#tests/scenarios/shop-suite.ts';

let mariadb: Mariadb;
let url: string;
beforeAll(async () => {
  mariadb = await startMariadb();
  url = await mariadb.createDatabase();
});
afterAll(() => mariadb?.stop());

shopSuite('the sandbox, kept in MariaDB', {
  makeWorld: sandboxWorld,
  change: async (change, world, ids, contents) => void (await change.api(world.client, ids, contents)),
  env: () => ({ DATABASE_URL: url }),
});
