import { openStore } from '#migrations/store.ts';
import { signInSuite } from './sign-in-suite.ts';

signInSuite('SQLite', () => openStore('sqlite::memory:'));
