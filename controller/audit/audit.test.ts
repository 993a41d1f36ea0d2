import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openStore } from '#migrations/store.ts';
import { auditSuite } from './audit-suite.ts';
import { retentionSuite } from './retention-suite.ts';

const room = mkdtempSync(join(tmpdir(), 'stackwarden-audit-'));
afterAll(() => rmSync(room, { recursive: true }));
let files = 0;

auditSuite('a SQLite file', () => openStore(`sqlite:${join(room, `${++files}.db`)}`));
auditSuite('SQLite in memory', () => openStore('sqlite::memory:'));
retentionSuite('a SQLite file', () => openStore(`sqlite:${join(room, `${++files}.db`)}`));
