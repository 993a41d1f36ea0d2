import { createPool, type Pool, type PoolConnection, type PoolOptions, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { Begun, Engine, Execute, Result } from './engine.ts';
import { createStore } from './engine-store.ts';
import { type Applied, createMigrationsTable, type Migration, pending, readMigrations } from './migration-files.ts';
import type { Store } from './store.ts';
import { fromMysql, StoreError } from './store-error.ts';

const connections = 10;
const migrateWaitSeconds = 60;

/** `mysql://USER:PASSWORD@HOST[:PORT]/DATABASE`, parts percent-encoded. Connects with the first statement. */
export function openMysql(url: string): Store {
  const { options, place } = parse(url);
  return createStore(new MysqlEngine(options, place));
}

function parse(address: string): { options: PoolOptions; place: string } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const database = decodeURIComponent(url?.pathname.slice(1) ?? '');
  if (!url?.hostname || !url.username || !database || database.includes('/') || url.search) {
    throw new StoreError(
      'address',
      'A MySQL address has to be mysql://USER:PASSWORD@HOST[:PORT]/DATABASE, with special characters percent-encoded and nothing behind it.',
    );
  }
  const port = Number(url.port || 3306);
  const user = decodeURIComponent(url.username);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    options: { host, port, user, password: decodeURIComponent(url.password), database },
    place: `mysql://${url.username}@${url.host}/${database}`,
  };
}

/** Every session alike, whatever the server's defaults: strict; committed reads (no gap locks, so few deadlocks); bounded waits for locks. */
const session = [
  "set session sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', session innodb_lock_wait_timeout = 15",
  'set session transaction isolation level read committed',
];

class MysqlEngine implements Engine {
  readonly name = 'mysql';
  readonly #place: string;
  readonly #pool: Pool;
  #isClosed = false;

  constructor(options: PoolOptions, place: string) {
    this.#place = place;
    this.#pool = createPool({
      ...options,
      charset: 'utf8mb4_bin',
      connectionLimit: connections,
      connectTimeout: 10_000,
      supportBigNumbers: true,
    });
    this.#pool.pool.on('connection', (connection) => {
      // Queued before whatever the connection was opened for; one that could not be set up is not used.
      for (const statement of session) connection.query(statement, (error) => error && connection.destroy());
    });
  }

  readonly execute: Execute = async (...statement) => {
    const connection = await this.#connect();
    try {
      return await this.#run(connection, ...statement);
    } finally {
      connection.release();
    }
  };

  async begin(): Promise<Begun> {
    const connection = await this.#connect();
    const settle = async (statement: 'start transaction' | 'commit' | 'rollback') => {
      try {
        await connection.query(statement);
      } catch (error) {
        // Its transaction may still be open: a connection that is gone is rolled back by the server.
        connection.destroy();
        throw fromMysql(error, this.#place);
      }
    };
    await settle('start transaction');
    let isOver = false;
    return {
      execute: (...statement) => this.#run(connection, ...statement),
      commit: async () => {
        isOver = true;
        await settle('commit');
        connection.release();
      },
      rollback: async () => {
        if (isOver) return;
        // The error that led here is the one to tell; without a connection the server rolls back.
        await settle('rollback').then(
          () => connection.release(),
          () => undefined,
        );
      },
    };
  }

  /** One process migrates, others wait. DDL cannot be rolled back here, so progress is kept statement by statement. */
  async migrate(): Promise<void> {
    const connection = await this.#connect();
    try {
      const name = 'concat("stackwarden ", left(sha1(database()), 40))';
      const [lock] = await this.#run(connection, `select get_lock(${name}, ${migrateWaitSeconds})`, [], 'all').then(
        ({ rows }) => rows as [number][],
      );
      if (lock?.[0] !== 1)
        throw new StoreError(
          'locked',
          `${this.#place} is being set up by another Stackwarden for more than ${migrateWaitSeconds} s. See what that one says, then start again.`,
        );
      await this.#run(connection, createMigrationsTable, [], 'run');
      const { rows } = await this.#run(connection, 'select id, hash, done from schema_migrations', [], 'all');
      const applied = (rows as [number, string, number][]).map(([id, hash, done]): Applied => ({ id, hash, done }));
      for (const step of pending(readMigrations('mysql'), applied, this.#place)) await this.#apply(connection, step);
      await this.#run(connection, `select release_lock(${name})`, [], 'all');
      connection.release();
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  async #apply(connection: PoolConnection, { migration, done, isResumed }: ReturnType<typeof pending>[number]): Promise<void> {
    const { id, hash, statements } = migration;
    if (!isResumed) await this.#refuseForeign(connection, migration);
    if (!isResumed) await this.#run(connection, 'insert into schema_migrations (id, hash, done) values (?, ?, 0)', [id, hash], 'run');
    for (const [index, statement] of statements.entries()) {
      if (index < done) continue;
      try {
        await connection.query(statement);
      } catch (error) {
        // Only the first one after a crash may have been carried out without being counted.
        if (!(isResumed && index === done && isDoneAlready(error))) throw fromMysql(error, this.#place);
      }
      await this.#run(connection, 'update schema_migrations set done = ? where id = ?', [index + 1, id], 'run');
    }
  }

  /** A table that this step is to create exists before its first statement ran: it is somebody else's. */
  async #refuseForeign(connection: PoolConnection, { statements }: Migration): Promise<void> {
    const created = statements.flatMap((statement) => /^\s*create table `(\w+)`/i.exec(statement)?.[1] ?? []);
    if (created.length === 0) return;
    const sql = 'select table_name from information_schema.tables where table_schema = database() and table_name in (?)';
    const { rows } = await this.#run(connection, sql, [created], 'all');
    const [taken] = rows as [string][];
    if (taken)
      throw new StoreError(
        'foreign',
        `${this.#place} holds a table ${taken[0]} of another program. Give Stackwarden a database of its own.`,
      );
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#pool.end();
  }

  async #connect(): Promise<PoolConnection> {
    if (this.#isClosed) throw new StoreError('misuse', `${this.#place} is closed.`);
    try {
      return await this.#pool.getConnection();
    } catch (error) {
      throw fromMysql(error, this.#place);
    }
  }

  async #run(connection: PoolConnection, sql: string, params: unknown[], method: Parameters<Execute>[2]): Promise<Result> {
    try {
      if (method === 'all') {
        const [rows] = await connection.query<RowDataPacket[][]>({ sql, values: params, rowsAsArray: true });
        return { rows, changes: 0 };
      }
      const [header] = await connection.query<ResultSetHeader>(sql, params);
      return { rows: [header], changes: header.affectedRows };
    } catch (error) {
      throw fromMysql(error, this.#place);
    }
  }
}

function isDoneAlready(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return ['ER_TABLE_EXISTS_ERROR', 'ER_DUP_KEYNAME', 'ER_DUP_FIELDNAME', 'ER_CANT_DROP_FIELD_OR_KEY', 'ER_BAD_TABLE_ERROR'].includes(code);
}
