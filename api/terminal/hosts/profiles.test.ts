import { openStore } from '#migrations/store.ts';
import { profileSuite } from './profile-suite.ts';

profileSuite('SQLite', () => openStore('sqlite::memory:'));
