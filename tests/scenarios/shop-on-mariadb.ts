import { afterAll, beforeAll } from 'vitest';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';
import { shopSuite } from './shop-suite.ts';
import type { World } from './world.ts';

/** The shop from apply to delete with everything kept in a private MariaDB instead of SQLite. */
export function shopOnMariadb(name: string, makeWorld: () => Promise<World>): void {
  let mariadb: Mariadb;
  let url: string;
  beforeAll(async () => {
    mariadb = await startMariadb();
    url = await mariadb.createDatabase();
  });
  afterAll(() => mariadb?.stop());

  shopSuite(`${name}, kept in MariaDB`, {
    makeWorld,
    change: async (change, world, ids, contents) => void (await change.api(world.client, ids, contents)),
    env: () => ({ DATABASE_URL: url }),
  });
}
