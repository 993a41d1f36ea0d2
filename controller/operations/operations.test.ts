import { openStore } from '#migrations/store.ts';
import { operationsSuite } from './operations-suite.ts';

operationsSuite('SQLite', () => openStore('sqlite::memory:'));
