import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll } from 'vitest';
import { importSuite } from '#api/legacy/import-suite.ts';
import { type LegacyRows, legacySqlite, legacyTables, type Row } from '#api/legacy/legacy.fixture.ts';
import { openLegacyDatabase } from '#api/legacy/open-database.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';

let mariadb: Mariadb;
const room = mkdtempSync(join(tmpdir(), 'stackwarden-import-'));
let files = 0;
beforeAll(async () => {
  mariadb = await startMariadb();
});
afterAll(async () => {
  await mariadb.stop();
  rmSync(room, { recursive: true });
});

async function insert(url: string, tables: Partial<Record<string, readonly Row[]>>, first: readonly string[] = []): Promise<void> {
  const connection = await createConnection(url);
  try {
    for (const statement of first) await connection.query(statement);
    for (const [table, rows] of Object.entries(tables))
      for (const row of rows ?? []) await connection.query('insert into ?? set ?', [table, row]);
  } finally {
    await connection.end();
  }
}

/** As Flask's SQLAlchemy makes them there: JSON and times with microseconds. */
const mysqlTables = legacyTables.map((table) =>
  table.replaceAll('datetime', 'datetime(6)').replace('credentials text', 'credentials json').replace('details text', 'details json'),
);

importSuite('MariaDB to MariaDB', {
  ours: () => mariadb.createDatabase(),
  async old(rows: LegacyRows) {
    const url = await mariadb.createDatabase();
    await insert(url, { ...rows }, mysqlTables);
    return { open: () => openLegacyDatabase(url), add: (table, row) => insert(url, { [table]: [row] }) };
  },
});

importSuite('SQLite to MariaDB', {
  ours: () => mariadb.createDatabase(),
  old: async (rows) => legacySqlite(join(room, `old-${++files}.db`), rows),
});
