import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { CommandError } from '../commands/command.ts';
import { type LegacyDatabase, type LegacyRow, longestBytes, onePerId, TooLong } from './database.ts';

/** Opens the database in a session that can only read. Throws CommandError, never with the password. */
export async function openMysqlDatabase(from: string): Promise<LegacyDatabase> {
  const url = URL.canParse(from) ? new URL(from) : undefined;
  const database = decodeURIComponent(url?.pathname.slice(1) ?? '');
  if (!url?.hostname || !url.username || !database)
    throw new CommandError('--from takes mysql://USER:PASSWORD@HOST[:PORT]/DATABASE, with special characters percent-encoded.');
  const place = `mysql://${url.host}/${database}`;
  const ask = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      throw new CommandError(`The old database ${place} cannot be read: ${code ?? message}.`);
    }
  };
  const connection = await ask(async () => {
    const opened = await createConnection({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || 3306),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database,
      charset: 'utf8mb4',
      connectTimeout: 10_000,
      // Times and numbers as they are stored: a zone or a rounding of ours would be another value.
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: false,
      jsonStrings: true,
    });
    await opened.query('set session transaction read only');
    return opened;
  });
  const all = async (sql: string, values: unknown[]): Promise<RowDataPacket[]> =>
    ask(async () => (await connection.query<RowDataPacket[]>(sql, values))[0]);
  const numbered = new Map<string, boolean>();
  const hasNumbers = async (table: string): Promise<boolean> => {
    const sql =
      "select data_type as type from information_schema.columns where table_schema = database() and table_name = ? and column_name = 'id'";
    const known = numbered.get(table) ?? /int$/i.test(String((await all(sql, [table]))[0]?.['type']));
    numbered.set(table, known);
    return known;
  };
  return {
    name: database,
    async columns(table) {
      const sql = 'select column_name as name from information_schema.columns where table_schema = database() and table_name = ?';
      return (await all(sql, [table])).map(({ name }) => String(name));
    },
    async rows(table, columns, after, limit) {
      const wanted = columns.map((column, index) => `${sized(column)} as v${index}, length(${name(column)}) as n${index}`);
      // Text in the order of its numbers; numbers as they are, by their index.
      const order = (await hasNumbers(table)) ? 'id' : 'id + 0';
      const where = `where id > ? and ${wholeId} order by ${order} limit ${limit}`;
      const found = await all(`select ${['id', ...wanted].join(', ')} from ${name(table)} ${where}`, [after]);
      return onePerId(found.map((row) => rowOf(columns, row)));
    },
    async count(table) {
      const sql = `select count(*) as n, count(distinct case when ${wholeId} then id end) as ids from ${name(table)}`;
      const [row] = await all(sql, []);
      return { rows: Number(row?.['n']), unreadable: Number(row?.['n']) - Number(row?.['ids']) };
    },
    close: () => end(connection),
  };
}

const wholeId = `cast(id as char) regexp '^-?[0-9]{1,15}$'`;

async function end(connection: Connection): Promise<void> {
  try {
    await connection.end();
  } catch {
    connection.destroy();
  }
}

function rowOf(columns: readonly string[], row: RowDataPacket): LegacyRow {
  const entries = columns.map((column, index) => {
    const bytes = Number(row[`n${index}`] ?? 0);
    return [column, bytes > longestBytes ? new TooLong(bytes) : (row[`v${index}`] as unknown)] as const;
  });
  return { ...Object.fromEntries(entries), id: Number(row['id']) };
}

function sized(column: string): string {
  return `case when length(${name(column)}) > ${longestBytes} then null else ${name(column)} end`;
}

function name(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``;
}
