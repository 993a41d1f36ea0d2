import { openStore } from '#migrations/store.ts';
import { hostKeySuite } from './host-key-suite.ts';

hostKeySuite('SQLite', () => openStore('sqlite::memory:'));
