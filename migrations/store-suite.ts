import { and, asc, eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from './store.ts';
import { isDuplicate, StoreError } from './store-error.ts';

/** What every engine has to do alike; run on each of them. `open` gives a fresh, empty database. */
export function storeSuite(engine: string, open: () => Promise<Store>): void {
  describe(`the store on ${engine}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => store.close());

    const object = (name: string, body = '{}') => ({
      resource: 'widgets',
      namespace: 'ns',
      name,
      uid: 'u',
      resourceVersion: 1,
      body,
      createdAt: 1_795_474_198_176,
    });
    const names = async () =>
      (await store.db.select().from(store.tables.objects).orderBy(asc(store.tables.objects.name))).map(({ name }) => name);

    it('gives back what was stored: text, JSON, times, absent values, any letter', async () => {
      const body = { z: 1, a: [true, null, 'ü € 😀 "quoted" \\ \u0000 %_'], nested: { empty: {} } };
      const row = {
        cluster: 'c',
        type: 'server',
        id: 'Ä-😀',
        name: "o'hara; --",
        projectId: null,
        ownerUid: null,
        body,
        hash: 'h',
        firstSeen: 0,
        changedAt: 1_795_474_198_176,
        goneAt: null,
      };
      await store.db.insert(store.tables.inventory).values(row);
      const [found] = await store.db.select().from(store.tables.inventory);
      expect(found).toEqual(row);
      expect(JSON.stringify(found?.body)).toBe(JSON.stringify(body));
    });

    it('keeps a body of a megabyte', async () => {
      const body = JSON.stringify('x'.repeat(1_000_000));
      await store.db.insert(store.tables.objects).values(object('big', body));
      expect((await store.db.select().from(store.tables.objects))[0]?.body).toBe(body);
    });

    it('tells names apart by case and orders them by their bytes', async () => {
      await store.db.insert(store.tables.objects).values(['b', 'a', 'B', 'A', 'é', 'e'].map((name) => object(name)));
      expect(await names()).toEqual(['A', 'B', 'a', 'b', 'e', 'é']);
      expect(await store.db.select().from(store.tables.objects).where(eq(store.tables.objects.name, 'a'))).toHaveLength(1);
    });

    it('refuses a second row with the same key, without showing values', async () => {
      const { apiTokens } = store.tables;
      const token = { id: '1', name: 'n', user: 'admin', hash: 'very-secret-hash', createdAt: 1 };
      await store.db.insert(apiTokens).values(token);
      const error: unknown = await store.db
        .insert(apiTokens)
        .values(token)
        .then(undefined, (reason: unknown) => reason);
      expect(isDuplicate(error)).toBe(true);
      expect(`${String(error)} ${String((error as Error).cause)} ${JSON.stringify(error)}`).not.toContain('very-secret-hash');
    });

    it('counts the rows a write touched, also those it left as they were', async () => {
      const { objects } = store.tables;
      await store.db.insert(objects).values([object('a'), object('b')]);
      expect(await store.changed(store.db.update(objects).set({ body: '{}' }).where(eq(objects.namespace, 'ns')))).toBe(2);
      expect(
        await store.changed(
          store.db
            .update(objects)
            .set({ body: '1' })
            .where(and(eq(objects.name, 'a'), eq(objects.resourceVersion, 7))),
        ),
      ).toBe(0);
      expect(await store.changed(store.db.delete(objects))).toBe(2);
    });

    it('inserts or updates many rows in one statement', async () => {
      const { inventory } = store.tables;
      const row = (id: string, name: string) => ({
        cluster: 'c',
        type: 't',
        id,
        name,
        body: { name },
        hash: name,
        firstSeen: name.length,
        changedAt: name.length,
      });
      const columns = { key: ['cluster', 'type', 'id'], update: ['name', 'body', 'changedAt'] } as const;
      await store.upsert(inventory, [], columns);
      await store.upsert(inventory, [row('1', 'one'), row('2', 'two')], columns);
      await store.upsert(inventory, [row('2', 'second'), row('3', 'third')], columns);
      const found = await store.db.select().from(inventory).orderBy(asc(inventory.id));
      expect(found.map(({ name, body, firstSeen, changedAt }) => [name, body, firstSeen, changedAt])).toEqual([
        ['one', { name: 'one' }, 3, 3],
        ['second', { name: 'second' }, 3, 6],
        ['third', { name: 'third' }, 5, 5],
      ]);
    });

    it('undoes all of a transaction that throws, and passes its error on', async () => {
      const failed = store.tx(async (tx) => {
        await tx.db.insert(tx.tables.objects).values(object('a'));
        await tx.next('version');
        throw new Error('no');
      });
      await expect(failed).rejects.toThrow('no');
      expect(await names()).toEqual([]);
      expect(await store.tx((tx) => tx.next('version'))).toBe(1);
    });

    it('keeps a statement outside apart from a transaction that is rolled back meanwhile', async () => {
      const started = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      const failed = store.tx(async (tx) => {
        await tx.db.insert(tx.tables.objects).values(object('inside'));
        started.resolve();
        await goOn.promise;
        throw new Error('rolled back');
      });
      await started.promise;
      const outside = Promise.resolve(store.db.insert(store.tables.objects).values(object('outside')));
      setImmediate(goOn.resolve);
      await expect(failed).rejects.toThrow('rolled back');
      await outside;
      expect(await names()).toEqual(['outside']);
    });

    it('shows nothing of a transaction before its end', async () => {
      const started = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      const running = store.tx(async (tx) => {
        await tx.db.insert(tx.tables.objects).values(object('a'));
        started.resolve();
        await goOn.promise;
      });
      await started.promise;
      const seen = names();
      goOn.resolve();
      await running;
      expect([[], ['a']]).toContainEqual(await seen);
      expect(await names()).toEqual(['a']);
    });

    it('runs many transactions at once and loses no update', async () => {
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          store.tx(async (tx) => {
            const version = await tx.next('version');
            await tx.db.insert(tx.tables.objects).values({ ...object(`o-${index}`), resourceVersion: version });
          }),
        ),
      );
      const versions = (await store.db.select().from(store.tables.objects)).map(({ resourceVersion }) => resourceVersion);
      expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    });

    it('gives out numbers without gaps, several at a time', async () => {
      expect(await store.tx(async (tx) => [await tx.next('a'), await tx.next('a', 10), await tx.next('b'), await tx.next('a')])).toEqual([
        1, 11, 1, 12,
      ]);
    });

    it('refuses the outer store inside a transaction, at once and in words', async () => {
      const inside = (use: () => PromiseLike<unknown>) => store.tx(async () => use());
      const misuse = expect.objectContaining({ code: 'misuse' });
      await expect(inside(() => store.db.select().from(store.tables.objects))).rejects.toEqual(misuse);
      await expect(inside(() => store.tx(async () => undefined))).rejects.toEqual(misuse);
      await expect(inside(async () => store.assertOutside())).rejects.toEqual(misuse);
      expect(await names()).toEqual([]);
    });

    it('awaits a query that a transaction returns, and refuses one started after its end', async () => {
      const late = await store.tx(async (tx) => () => tx.db.insert(tx.tables.objects).values(object('late')));
      await store.tx(async (tx) => tx.db.insert(tx.tables.objects).values(object('returned')));
      await expect(Promise.resolve(late())).rejects.toMatchObject({ cause: { code: 'misuse' } });
      expect(await names()).toEqual(['returned']);
    });

    it('goes on after an error that a transaction caught', async () => {
      await store.db.insert(store.tables.objects).values(object('a'));
      await store.tx(async (tx) => {
        await tx.db
          .insert(tx.tables.objects)
          .values(object('a'))
          .then(undefined, (error: unknown) => expect(isDuplicate(error)).toBe(true));
        await tx.db.insert(tx.tables.objects).values(object('b'));
      });
      expect(await names()).toEqual(['a', 'b']);
    });

    it('compares and sets: of many writers one wins', async () => {
      const { objects } = store.tables;
      await store.db.insert(objects).values(object('a'));
      const write = (version: number) =>
        store.changed(
          store.db
            .update(objects)
            .set({ resourceVersion: version })
            .where(and(eq(objects.name, 'a'), eq(objects.resourceVersion, 1))),
        );
      const changed = await Promise.all(Array.from({ length: 20 }, (_, index) => write(index + 2)));
      expect(changed.filter((count) => count === 1)).toHaveLength(1);
    });

    it('can be migrated again without harm', async () => {
      await store.db.insert(store.tables.objects).values(object('a'));
      await Promise.all([store.migrate(), store.migrate()]);
      expect(await names()).toEqual(['a']);
    });

    it('finds text whatever its case', async () => {
      await store.db.insert(store.tables.objects).values([object('a', 'Grüße AUS Köln'), object('b')]);
      const { objects } = store.tables;
      expect(
        await store.db
          .select()
          .from(objects)
          .where(sql`instr(lower(${objects.body}), ${'ÜSSE aus KÖ'.replace('SS', 'ß').toLowerCase()}) > 0`),
      ).toHaveLength(1);
    });

    it('says that it is closed', async () => {
      await store.close();
      const error: unknown = await store.tx(async () => undefined).then(undefined, (reason: unknown) => reason);
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ code: 'misuse' });
    });
  });
}
