import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { importSuite } from './import-suite.ts';
import { legacySqlite } from './legacy.fixture.ts';

const room = mkdtempSync(join(tmpdir(), 'stackwarden-import-'));
afterAll(() => rmSync(room, { recursive: true }));
let files = 0;

importSuite('SQLite to SQLite', {
  ours: async () => `sqlite:${join(room, `ours-${++files}.db`)}`,
  old: async (rows) => legacySqlite(join(room, `old-${++files}.db`), rows),
});
