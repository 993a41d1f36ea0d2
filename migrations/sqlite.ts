import { existsSync, statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Begun, Engine, Execute, Result } from './engine.ts';
import { createStore } from './engine-store.ts';
import { type Applied, createMigrationsTable, pending, readMigrations } from './migration-files.ts';
import { lockSqliteFile } from './sqlite-lock.ts';
import type { Store } from './store.ts';
import { fromSqlite, StoreError } from './store-error.ts';
import { Turns } from './turns.ts';

const statementsKept = 200;
/** Beyond this the check of every page would be felt at start. */
const checkedBytes = 64 * 1024 * 1024;

/** `file` or `:memory:`. `maxPages` makes the file full at that size (4 KiB each); for tests of a full disk. */
export function openSqlite(file: string, options: { maxPages?: number } = {}): Store {
  const unlock = file === ':memory:' ? undefined : lockSqliteFile(file);
  try {
    return createStore(new SqliteEngine(file, unlock, options.maxPages));
  } catch (error) {
    unlock?.();
    throw fromSqlite(error, file);
  }
}

/**
 * One connection. A statement outside waits for the transaction that runs: on one connection it would otherwise become part of it, and go
 * with its rollback.
 */
class SqliteEngine implements Engine {
  readonly name = 'sqlite';
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #unlock: (() => void) | undefined;
  readonly #statements = new Map<string, StatementSync>();
  readonly #turns = new Turns();

  constructor(file: string, unlock: (() => void) | undefined, maxPages: number | undefined) {
    this.#file = file;
    this.#unlock = unlock;
    this.#database = new DatabaseSync(file, { timeout: 2000 });
    try {
      this.#prepareFile(maxPages);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  #prepareFile(maxPages: number | undefined): void {
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on');
    if (maxPages) this.#database.exec(`pragma max_page_count = ${maxPages}`);
    // SQLite's own knows ASCII only; MySQL's does not.
    this.#database.function('lower', { deterministic: true }, (text) => (typeof text === 'string' ? text.toLowerCase() : text));
    if (!existsSync(this.#file) || statSync(this.#file).size > checkedBytes) return;
    const found = this.#database.prepare('pragma quick_check(1)').get() as { quick_check: string };
    if (found.quick_check !== 'ok') {
      throw new StoreError(
        'corrupt',
        `${this.#file} is damaged (${found.quick_check}). Put a backup in its place, or move it away to start empty; Stackwarden changes nothing in it.`,
      );
    }
  }

  readonly execute: Execute = async (...statement) => {
    if (!this.#turns.takeNow()) await this.#turns.take();
    try {
      return this.#run(...statement);
    } finally {
      this.#turns.give();
    }
  };

  async begin(): Promise<Begun> {
    await this.#turns.take();
    try {
      this.#exec('begin immediate');
    } catch (error) {
      this.#turns.give();
      throw error;
    }
    let isOver = false;
    const end = () => {
      isOver = true;
      this.#turns.give();
    };
    return {
      execute: async (...statement) => {
        this.#assertInTransaction();
        return this.#run(...statement);
      },
      commit: async () => {
        this.#assertInTransaction();
        this.#exec('commit');
        end();
      },
      rollback: async () => {
        if (isOver) return;
        try {
          if (this.#database.isOpen && this.#database.isTransaction) this.#exec('rollback');
        } finally {
          end();
        }
      },
    };
  }

  /** SQLite may have rolled back by itself (a full disk, an I/O error): then nothing may follow, and to commit nothing would be a lie. */
  #assertInTransaction(): void {
    if (!this.#database.isOpen) throw new StoreError('misuse', `${this.#file} was closed during a transaction.`);
    if (!this.#database.isTransaction)
      throw new StoreError('failed', `${this.#file}: SQLite rolled the transaction back after an error. Try again.`);
  }

  /** All steps in one transaction: none or all of them are in the file. */
  async migrate(): Promise<void> {
    const migrations = readMigrations('sqlite');
    const begun = await this.begin();
    try {
      const tables = this.#all<{ name: string }>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'");
      if (tables.length > 0 && !tables.some((table) => table.name === 'schema_migrations')) {
        throw new StoreError(
          'foreign',
          `${this.#file} is a database of another program (it holds the table ${tables[0]?.name}). Choose another file.`,
        );
      }
      this.#exec(createMigrationsTable);
      const steps = pending(migrations, this.#all<Applied>('select id, hash, done from schema_migrations'), this.#file);
      for (const { migration } of steps) {
        for (const statement of migration.statements) this.#exec(statement);
        this.#run(
          'insert into schema_migrations (id, hash, done) values (?, ?, ?)',
          [migration.id, migration.hash, migration.statements.length],
          'run',
        );
      }
      await begun.commit();
    } catch (error) {
      await begun.rollback();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#turns.take();
    try {
      if (!this.#database.isOpen) return;
      this.#database.close();
      this.#unlock?.();
    } finally {
      this.#turns.give();
    }
  }

  #run(sql: string, params: unknown[], method: Parameters<Execute>[2]): Result {
    try {
      const statement = this.#prepare(sql);
      const values = params as (string | number | null)[];
      if (method === 'run' || method === 'execute') return { rows: [], changes: Number(statement.run(...values).changes) };
      if (method === 'get') return { rows: statement.get(...values) as unknown as unknown[], changes: 0 };
      return { rows: statement.all(...values), changes: 0 };
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #prepare(sql: string): StatementSync {
    const kept = this.#statements.get(sql);
    if (kept) return kept;
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    const oldest = this.#statements.size >= statementsKept ? this.#statements.keys().next().value : undefined;
    if (oldest !== undefined) this.#statements.delete(oldest);
    this.#statements.set(sql, statement);
    return statement;
  }

  #all<T>(sql: string): T[] {
    try {
      return this.#database.prepare(sql).all() as T[];
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #exec(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    if (!this.#database.isOpen) return new StoreError('misuse', `${this.#file} is closed.`);
    return fromSqlite(error, this.#file);
  }
}
