import { afterAll, beforeAll } from 'vitest';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';
import { shopSuite } from '#tests/scenarios/shop-suite.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

let mariadb: Mariadb;
let url: string;
beforeAll(async () => {
  mariadb = await startMariadb();
  url = await mariadb.createDatabase();
});
afterAll(() => mariadb?.stop());

shopSuite('the real OpenStack, kept in MariaDB', {
  makeWorld: openstackWorld,
  change: async (change, world, ids, contents) => void (await change.api(world.client, ids, contents)),
  env: () => ({ DATABASE_URL: url }),
});
