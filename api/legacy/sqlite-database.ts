import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CommandError } from '../commands/command.ts';
import { type LegacyDatabase, type LegacyRow, longestBytes, onePerId, TooLong } from './database.ts';

/** Opens the file for reading only. Throws CommandError. */
export function openSqliteDatabase(from: string): LegacyDatabase {
  const file = resolve(from.replace(/^sqlite:/, ''));
  const failed = (error: unknown) => new CommandError(`The old database ${file} cannot be read: ${(error as Error).message}.`);
  const attempt = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw failed(error);
    }
  };
  const db = attempt(() => {
    if (!statSync(file).isFile()) throw new Error('it is not a file');
    const opened = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    opened.prepare('select name from sqlite_master limit 1').get();
    return opened;
  });
  return {
    name: basename(file),
    async columns(table) {
      return attempt(() => db.prepare(`select name from pragma_table_info(${text(table)})`).all()).map(({ name }) => String(name));
    },
    async rows(table, columns, after, limit) {
      const wanted = columns.map((column) => `${sized(column)}, length(cast(${name(column)} as blob))`);
      const sql = `select ${['id', ...wanted].join(', ')} from ${name(table)} where ${wholeId} and id > ? order by id limit ${limit}`;
      return attempt(() => {
        const statement = db.prepare(sql);
        // A number that JavaScript cannot hold would else be an error.
        statement.setReadBigInts(true);
        statement.setReturnArrays(true);
        return onePerId((statement.all(after) as unknown as unknown[][]).map((values) => rowOf(columns, values)));
      });
    },
    async count(table) {
      const sql = `select count(*) as n, count(distinct case when ${wholeId} then id end) as ids from ${name(table)}`;
      const { n, ids } = attempt(() => db.prepare(sql).get()) as { n: number; ids: number };
      return { rows: n, unreadable: n - ids };
    },
    async close() {
      db.close();
    },
  };
}

const wholeId = `typeof(id) = 'integer' and id between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`;

function rowOf(columns: readonly string[], [id, ...values]: unknown[]): LegacyRow {
  const entries = columns.map((column, index) => {
    const bytes = Number(values[2 * index + 1] ?? 0);
    return [column, bytes > longestBytes ? new TooLong(bytes) : plain(values[2 * index])] as const;
  });
  return { ...Object.fromEntries(entries), id: Number(id) };
}

function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
}

function sized(column: string): string {
  return `case when length(cast(${name(column)} as blob)) > ${longestBytes} then null else ${name(column)} end`;
}

function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
