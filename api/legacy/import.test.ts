import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll } from 'vitest';
import { openLegacyDatabase } from './database.ts';
import { importSuite } from './import-suite.ts';
import { writeLegacySqlite } from './legacy.fixture.ts';

const room = mkdtempSync(join(tmpdir(), 'stackwarden-import-'));
afterAll(() => rmSync(room, { recursive: true }));
let files = 0;

importSuite('SQLite to SQLite', {
  ours: async () => `sqlite:${join(room, `ours-${++files}.db`)}`,
  async old(rows) {
    const file = join(room, `old-${++files}.db`);
    writeLegacySqlite(file, rows);
    return {
      open: () => openLegacyDatabase(file),
      async add(table, row) {
        const db = new DatabaseSync(file);
        const columns = Object.keys(row);
        db.prepare(`insert into "${table}" (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`).run(
          ...Object.values(row),
        );
        db.close();
      },
    };
  },
});
