import { AsyncLocalStorage } from 'node:async_hooks';
import { type Column, eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import { drizzle as mysqlProxy } from 'drizzle-orm/mysql-proxy';
import { drizzle as sqliteProxy } from 'drizzle-orm/sqlite-proxy';
import { columnKits } from './columns.ts';
import type { Engine, Execute } from './engine.ts';
import { defineTables, type Tables } from './schema.ts';
import type { Db, Queries, Store, Transaction } from './store.ts';
import { StoreError, storeErrorOf } from './store-error.ts';

const casing = 'snake_case';
const attempts = 6;

/** The Store over an engine: one drizzle for statements outside, one for each transaction, and the guard between them. */
export function createStore(engine: Engine): Store {
  const tables = defineTables(columnKits[engine.name]);
  const inside = new AsyncLocalStorage<{ isOpen: boolean }>();
  const refuseInside = () => {
    if (inside.getStore()?.isOpen)
      throw new StoreError('misuse', 'Inside a transaction only its own queries may be used: the outer store would wait for itself.');
  };
  const queries = createQueries(engine, tables, (...statement) => {
    refuseInside();
    return engine.execute(...statement);
  });

  async function attempt<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    const begun = await engine.begin();
    const scope: { isOpen: boolean; lost?: unknown } = { isOpen: true };
    const own = createQueries(engine, tables, async (...statement) => {
      if (!scope.isOpen) throw new StoreError('misuse', 'The transaction has ended: a query was started in it and not awaited.');
      if (scope.lost) throw scope.lost;
      try {
        return await begun.execute(...statement);
      } catch (error) {
        // The engine rolled back by itself; were the error swallowed, the next statement would stand alone and stay.
        if (storeErrorOf(error)?.endsTransaction) scope.lost = error;
        throw error;
      }
    });
    try {
      // Awaited within: a query returned unstarted would else start outside, and wait for this transaction for ever.
      const result = await inside.run(scope, async () => await run({ ...own, next: (counter, count) => next(own, counter, count ?? 1) }));
      scope.isOpen = false;
      if (scope.lost) throw scope.lost;
      await begun.commit();
      return result;
    } catch (error) {
      scope.isOpen = false;
      await begun.rollback();
      throw error;
    }
  }

  return {
    ...queries,
    migrate: () => engine.migrate(),
    close: () => engine.close(),
    assertOutside: refuseInside,
    async tx(run) {
      refuseInside();
      for (let left = attempts - 1; ; left--) {
        try {
          return await attempt(run);
        } catch (error) {
          const cause = storeErrorOf(error);
          if (!cause?.retry || left === 0) throw isWrapped(error) ? cause : error;
          await new Promise((done) => setTimeout(done, Math.random() * 20 * (attempts - left)));
        }
      }
    },
  };
}

/** drizzle's "Failed query" says less than its cause, and at length. */
function isWrapped(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof StoreError && error.message.startsWith('Failed query');
}

function createQueries(engine: Engine, tables: Tables, execute: Execute): Queries {
  const guarded = async (...[statement, params, method]: Parameters<Execute>) => {
    try {
      return await execute(statement, params, method);
    } catch (error) {
      // drizzle prints these into the message of the error it throws; they may be secrets.
      params.length = 0;
      throw error;
    }
  };
  // The MySQL builder gives the types for both; one suite run on both engines keeps that honest.
  const db = engine.name === 'mysql' ? mysqlProxy(guarded, { casing }) : (sqliteProxy(guarded, undefined, { casing }) as unknown as Db);
  return {
    engine: engine.name,
    db,
    tables,
    changed: async (query) => touched(await query),
    async upsert(table, rows, { key, update }) {
      const list = Array.isArray(rows) ? rows : [rows];
      if (list.length === 0) return;
      const columns = getTableColumns(table) as Record<string, Column>;
      const set: Record<string, SQL> = {};
      for (const name of update as readonly string[]) set[name] = incoming(engine, columns[name]);
      const insert = db.insert(table).values(list) as unknown as AnyInsert;
      if (engine.name === 'mysql') await insert.onDuplicateKeyUpdate({ set });
      if (engine.name === 'sqlite')
        await insert.onConflictDoUpdate({ target: (key as readonly string[]).map((name) => columns[name]), set });
    },
  };
}

interface AnyInsert {
  onDuplicateKeyUpdate(options: { set: Record<string, SQL> }): PromiseLike<unknown>;
  onConflictDoUpdate(options: { target: unknown[]; set: Record<string, SQL> }): PromiseLike<unknown>;
}

/** The value the insert would have written; MariaDB knows only VALUES(), MySQL still does. */
function incoming(engine: Engine, column: Column | undefined): SQL {
  const name = sql.identifier(snakeCase(column?.name ?? ''));
  return engine.name === 'mysql' ? sql`values(${name})` : sql`excluded.${name}`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function touched(result: unknown): number {
  if (Array.isArray(result)) return (result[0] as { affectedRows: number }).affectedRows;
  return (result as { changes: number }).changes;
}

async function next(tx: Queries, counter: string, count: number): Promise<number> {
  const { counters } = tx.tables;
  // The write comes first: it waits for whoever holds the row, so that what is read afterwards is what they committed.
  const raised = await tx.changed(
    tx.db
      .update(counters)
      .set({ value: sql`${counters.value} + ${count}` })
      .where(eq(counters.name, counter)),
  );
  if (raised === 0) {
    const insert = tx.db.insert(counters).values({ name: counter, value: count }) as unknown as AnyInsert;
    const set = { value: sql`${counters.value} + ${count}` };
    if (tx.engine === 'mysql') await insert.onDuplicateKeyUpdate({ set });
    if (tx.engine === 'sqlite') await insert.onConflictDoUpdate({ target: [counters.name], set });
  }
  const [row] = await tx.db.select({ value: counters.value }).from(counters).where(eq(counters.name, counter));
  if (!row) throw new StoreError('failed', `The counter ${counter} is gone while it was locked.`);
  return row.value;
}
