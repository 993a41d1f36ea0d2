import { openStore } from '#migrations/store.ts';
import { peopleSuite } from './people-suite.ts';

peopleSuite('SQLite', () => openStore('sqlite::memory:'));
