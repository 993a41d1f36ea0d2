import { openStore } from '#migrations/store.ts';
import { recordingSuite } from './recording-suite.ts';

recordingSuite('SQLite', () => openStore('sqlite::memory:'));
