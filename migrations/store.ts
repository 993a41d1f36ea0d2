import type { MySqlRemoteDatabase } from 'drizzle-orm/mysql-proxy';
import type { Tables } from './schema.ts';
import { openSqlite } from './sqlite.ts';
import { StoreError } from './store-error.ts';

/** The part of drizzle that means the same on both engines: no `returning`, no `for update`, no `onDuplicateKeyUpdate`, no joins of databases. */
export type Db = Pick<MySqlRemoteDatabase, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'>;

type Row<T extends Tables[keyof Tables]> = T['$inferInsert'];

/** What one can ask, inside a transaction and outside. Every error of the engine arrives as, or is caused by, a StoreError without values. */
export interface Queries {
  readonly engine: 'sqlite' | 'mysql';
  readonly db: Db;
  readonly tables: Tables;
  /** Runs an insert, update or delete, and says how many rows it touched; an update that changes nothing still counts its row. */
  changed(query: PromiseLike<unknown>): Promise<number>;
  /**
   * Inserts rows, or sets the columns `update` of the row that has the same `key` (its primary key; MUST be the table's only unique
   * one). No row MUST occur twice. An empty list does nothing.
   */
  upsert<T extends Tables[keyof Tables]>(table: T, rows: Row<T> | readonly Row<T>[], columns: UpsertColumns<T>): Promise<void>;
}

export interface UpsertColumns<T extends Tables[keyof Tables]> {
  readonly key: readonly (keyof Row<T>)[];
  readonly update: readonly (keyof Row<T>)[];
}

/** The store as a transaction sees it; unusable after its end. */
export interface Transaction extends Queries {
  /**
   * Takes `count` (1) numbers of a counter and returns the last of them; gapless, starting at 1. Until the transaction ends nobody else
   * gets numbers of this counter, so commit order is number order, also between processes.
   */
  next(counter: string, count?: number): Promise<number>;
}

/** A database, open and migrated. */
export interface Store extends Queries {
  /**
   * All of `run` or nothing. Inside it only its own argument may be used: `store.db` there is refused (it would wait for itself).
   * `run` MUST have no side effects elsewhere: on MySQL it is run again after a deadlock. Keep it short: on SQLite everybody waits.
   * On MySQL others commit meanwhile, so what was read may be old when it is written back: take `next` of a counter first, which lets
   * one in at a time, or name what was read in `where` and look at `changed`.
   */
  tx<T>(run: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Throws when called inside a transaction, for work that will open its own and be waited for. */
  assertOutside(): void;
  /** Brings the tables up to this program; `openStore` has done it already. */
  migrate(): Promise<void>;
  /** Waits for what is running, then closes. */
  close(): Promise<void>;
}

/**
 * Opens and migrates `sqlite:PATH`, `sqlite::memory:` or `mysql://USER:PASSWORD@HOST[:PORT]/DATABASE`. Throws StoreError, whose message
 * names the database (never the password) and the next thing to do.
 */
export async function openStore(url: string): Promise<Store> {
  const store = await open(url);
  try {
    await store.migrate();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

async function open(url: string): Promise<Store> {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length) return openSqlite(url.slice('sqlite:'.length));
  // Loaded when asked for: a start on SQLite does without it.
  if (url.startsWith('mysql://')) return (await import('./mysql.ts')).openMysql(url);
  const scheme = /^[a-z0-9+.-]*:/i.exec(url)?.[0] ?? 'none';
  throw new StoreError(
    'address',
    `The database address has to be sqlite:PATH, sqlite::memory: or mysql://USER:PASSWORD@HOST/DATABASE; its scheme is "${scheme}".`,
  );
}
