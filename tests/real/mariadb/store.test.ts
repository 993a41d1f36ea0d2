import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAudit } from '#controller/audit/audit.ts';
import { readMigrations } from '#migrations/migration-files.ts';
import { openStore } from '#migrations/store.ts';
import { storeErrorOf } from '#migrations/store-error.ts';
import { storeSuite } from '#migrations/store-suite.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(() => mariadb.stop());

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it went well');
    },
    (error: unknown) => storeErrorOf(error) ?? error,
  );
const nameOf = (url: string) => new URL(url).pathname.slice(1);
const row = (name: string) => ({ resource: 'r', namespace: '', name, uid: 'u', resourceVersion: 1, body: '{}', createdAt: 1 });

storeSuite('MariaDB', async () => openStore(await mariadb.createDatabase()));

describe('a MariaDB database', () => {
  it('is set up once when several open it at the same time, and shared by them', async () => {
    const url = await mariadb.createDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(url)));
    await Promise.all(stores.map((store) => Promise.all(Array.from({ length: 10 }, () => store.tx((tx) => tx.next('shared'))))));
    expect(await stores[0]?.tx((tx) => tx.next('shared'))).toBe(41);
    const logs = stores.map((store) => createAudit(store, { clock: Date }));
    await Promise.all(
      Array.from({ length: 80 }, (_, index) =>
        (logs[index % 4] as (typeof logs)[0]).record({ type: 'T', actor: 'a', changes: [], result: 'ok', message: '', requestIds: [] }),
      ),
    );
    expect(await logs[1]?.verify()).toMatchObject({ ok: true, checked: 80 });
    for (const store of stores) await store.close();
  });

  it('that was killed while it was set up is finished at the next start', async () => {
    const url = await mariadb.createDatabase();
    await (await openStore(url)).close();
    const name = nameOf(url);
    // As a crash in the first step leaves it: `settings` and the indexes not yet there, `objects` made but not counted, no later step begun.
    const [first, ...later] = readMigrations('mysql');
    const laterStatements = later.flatMap(({ statements }) => statements);
    const laterTables = laterStatements.flatMap((text) => /create table `(\w+)`/i.exec(text)?.[1] ?? []);
    const laterColumns = laterStatements.flatMap(
      (text) => /alter table (`\w+`) add (`\w+`)/i.exec(text)?.slice(1, 3).join(' drop column ') ?? [],
    );
    const created = (await mariadb.query(
      `select index_name name, table_name owner from information_schema.statistics where table_schema = '${name}' and index_name like '%\\_%' and index_name not like '%hash' group by 1, 2`,
    )) as { name: string; owner: string }[];
    for (const { name: index, owner } of created) await mariadb.query(`drop index ${index} on ${name}.${owner}`);
    for (const table of laterTables) await mariadb.query(`drop table ${name}.${table}`);
    for (const column of laterColumns) await mariadb.query(`alter table ${name}.${column}`);
    await mariadb.query(`delete from ${name}.schema_migrations where id <> ${first?.id}`);
    await mariadb.query(`drop table ${name}.settings`);
    await mariadb.query(`update ${name}.schema_migrations set done = 7`);
    const store = await openStore(url);
    await store.upsert(store.tables.settings, { name: 'a', value: 1 }, { key: ['name'], update: ['value'] });
    await store.close();
    expect(
      await mariadb.query(
        `select index_name name, table_name owner from information_schema.statistics where table_schema = '${name}' and index_name like '%\\_%' and index_name not like '%hash' group by 1, 2`,
      ),
    ).toEqual(created);
    expect(created.length).toBeGreaterThan(10);
  });

  it('retries a transaction that lost a deadlock, and loses nothing', async () => {
    const store = await openStore(await mariadb.createDatabase());
    const { objects } = store.tables;
    await store.db.insert(objects).values([row('a'), row('b')]);
    let runs = 0;
    const raise = (first: string, second: string) =>
      store.tx(async (tx) => {
        runs++;
        for (const name of [first, second]) {
          await tx.db
            .update(objects)
            .set({ resourceVersion: sql`${objects.resourceVersion} + 1` })
            .where(eq(objects.name, name));
          await new Promise((done) => setTimeout(done, 50));
        }
      });
    await Promise.all([raise('a', 'b'), raise('b', 'a')]);
    expect(runs).toBeGreaterThan(2);
    expect((await store.db.select().from(objects)).map(({ resourceVersion }) => resourceVersion)).toEqual([3, 3]);
    await store.close();
  });

  it('keeps nothing of a transaction that swallowed its deadlock', async () => {
    const store = await openStore(await mariadb.createDatabase());
    const { objects } = store.tables;
    await store.db.insert(objects).values([row('a'), row('b')]);
    let attempts = 0;
    const swallow = (first: string, second: string, own: string) =>
      store.tx(async (tx) => {
        const isFirst = ++attempts <= 2;
        await tx.db.update(objects).set({ body: own }).where(eq(objects.name, first));
        if (isFirst) await new Promise((done) => setTimeout(done, 100));
        await Promise.resolve(tx.db.update(objects).set({ body: own }).where(eq(objects.name, second))).catch(() => undefined);
        await Promise.resolve(tx.db.insert(objects).values(row(`${own}-${attempts}`))).catch(() => undefined);
      });
    await Promise.all([swallow('a', 'b', 'x'), swallow('b', 'a', 'y')]);
    expect(attempts).toBe(3);
    expect(await store.db.select().from(objects)).toHaveLength(4);
    await store.close();
  });

  it('says what to do when it cannot be used, and never shows the password', async () => {
    const url = await mariadb.createDatabase();
    const wrong = url.replace('p%40ss', 'sesame');
    const cases: [string, string, RegExp][] = [
      [wrong, 'denied', /refused access \(ER_ACCESS_DENIED_ERROR\)\. Check user and password/],
      [url.replace(/[^/]+$/, 'mysql'), 'denied', /refused access .*GRANT ALL/],
      [`mysql://root@127.0.0.1:${mariadb.port}/nowhere`, 'denied', /there is no such database\. Create it/],
      ['mysql://u:sesame@127.0.0.1:1/d', 'unreachable', /^mysql:\/\/u@127\.0\.0\.1:1\/d cannot be reached \(ECONNREFUSED\)/],
    ];
    for (const [address, code, message] of cases) {
      const error = await errorOf(openStore(address));
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/sesame|p@ss/);
    }
  });

  it('of another program, or of a newer Stackwarden, is left alone', async () => {
    const foreign = await mariadb.createDatabase();
    await mariadb.query(`create table ${nameOf(foreign)}.audit (id int)`);
    expect(await errorOf(openStore(foreign))).toMatchObject({
      code: 'foreign',
      message: expect.stringContaining('holds a table audit of another program'),
    });

    const newer = await mariadb.createDatabase();
    await (await openStore(newer)).close();
    await mariadb.query(`insert into ${nameOf(newer)}.schema_migrations values (9999999999999, 'x', 1)`);
    expect(await errorOf(openStore(newer))).toMatchObject({ code: 'newer' });
  });

  it('refuses what does not fit a column, naming the column and not the value', async () => {
    const store = await openStore(await mariadb.createDatabase());
    const error = await errorOf(
      Promise.resolve(store.db.insert(store.tables.objects).values({ ...row('a'), namespace: 'secret'.repeat(20) })),
    );
    expect(error).toMatchObject({ code: 'failed', message: expect.stringContaining("Data too long for column 'namespace'") });
    expect(String(error)).not.toContain('secretsecret');
    await store.close();
  });

  it('comes back after the server was killed, with every confirmed transaction', async () => {
    const url = await mariadb.createDatabase();
    const store = await openStore(url);
    const confirmed: number[] = [];
    const lost = errorOf(
      (async () => {
        for (;;) confirmed.push(await store.tx((tx) => tx.next('n')));
      })(),
    );
    await vi.waitUntil(() => confirmed.length >= 20, { timeout: 10_000 });
    await mariadb.kill();
    expect(await lost).toMatchObject({ code: 'unreachable' });
    expect(await errorOf(store.tx((tx) => tx.next('n')))).toMatchObject({ code: 'unreachable' });
    await mariadb.restart();
    const next = await store.tx((tx) => tx.next('n'));
    // One more may have been committed whose confirmation was lost.
    expect([confirmed.length + 1, confirmed.length + 2]).toContain(next);
    await store.close();
  });

  it('is not bothered when the server closes idle connections', async () => {
    const url = await mariadb.createDatabase();
    const store = await openStore(url);
    const user = nameOf(url);
    await Promise.all(Array.from({ length: 5 }, () => store.tx((tx) => tx.next('n'))));
    const open = (await mariadb.query(`select id from information_schema.processlist where user = '${user}'`)) as { id: number }[];
    for (const { id } of open) await mariadb.query(`kill ${id}`);
    expect(open.length).toBeGreaterThan(0);
    await new Promise((done) => setTimeout(done, 200));
    expect(await store.tx((tx) => tx.next('n'))).toBe(6);
    await store.close();
  });
});
