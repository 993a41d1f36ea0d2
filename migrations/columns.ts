import * as mysql from 'drizzle-orm/mysql-core';
import * as sqlite from 'drizzle-orm/sqlite-core';

/** Binary on purpose: `a` and `A` are two names, and the order is that of the bytes, as in SQLite. Set per column, so it does not depend on how the database was made. */
const caseSensitive = 'character set utf8mb4 collate utf8mb4_bin';

const mysqlText = mysql.customType<{ data: string; driverData: string }>({ dataType: () => `longtext ${caseSensitive}` });
const mysqlStr = mysql.customType<{ data: string; driverData: string; config: { length: number } }>({
  dataType: (config) => `varchar(${config?.length}) ${caseSensitive}`,
});
// Not the engines' own JSON types: MySQL's reorders keys and MariaDB has none, but what was hashed must come back byte for byte.
const mysqlJson = mysql.customType<{ data: unknown; driverData: string }>({
  dataType: () => `longtext ${caseSensitive}`,
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (text) => JSON.parse(text),
});
const sqliteJson = sqlite.customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (text) => JSON.parse(text),
});

/** What a table is made of on MySQL; its types stand for both engines. */
const mysqlKit = {
  table: mysql.mysqlTable,
  primaryKey: mysql.primaryKey,
  index: mysql.index,
  uniqueIndex: mysql.uniqueIndex,
  /** Text that can be a key: at most `length` characters. SQLite does not check the length. */
  str: (length: number) => mysqlStr({ length }),
  /** Text of any length. */
  text: () => mysqlText(),
  /** A JSON value, parsed; SQL NULL reads as null. */
  json: () => mysqlJson(),
  /** An integer up to 2^53. */
  int: () => mysql.bigint({ mode: 'number' }),
  /** A moment, epoch ms. */
  when: () => mysql.bigint({ mode: 'number' }),
  /** A primary key the engine counts up; gaps are possible. */
  seq: () => mysql.bigint({ mode: 'number' }).autoincrement().primaryKey(),
};

export type ColumnKit = typeof mysqlKit;

const sqliteKit = {
  table: sqlite.sqliteTable,
  primaryKey: sqlite.primaryKey,
  index: sqlite.index,
  uniqueIndex: sqlite.uniqueIndex,
  str: () => sqlite.text(),
  text: () => sqlite.text(),
  json: () => sqliteJson(),
  int: () => sqlite.integer(),
  when: () => sqlite.integer(),
  seq: () => sqlite.integer().primaryKey({ autoIncrement: true }),
};

/** The same makers for each engine. The SQLite one is the run-time twin of the MySQL one, whose types it borrows. */
export const columnKits: { readonly mysql: ColumnKit; readonly sqlite: ColumnKit } = {
  mysql: mysqlKit,
  sqlite: sqliteKit as unknown as ColumnKit,
};
