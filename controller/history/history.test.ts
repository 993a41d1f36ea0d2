import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openStore } from '#migrations/store.ts';
import { historySuite } from './history-suite.ts';
import { replaySuite } from './replay-suite.ts';

const room = mkdtempSync(join(tmpdir(), 'stackwarden-history-'));
afterAll(() => rmSync(room, { recursive: true }));
let files = 0;
const openFile = () => openStore(`sqlite:${join(room, `${++files}.db`)}`);
const openMemory = () => openStore('sqlite::memory:');

historySuite('a SQLite file', openFile);
historySuite('SQLite in memory', openMemory);
replaySuite('a SQLite file', openFile);
replaySuite('SQLite in memory', openMemory);
