import { walkSuite } from './walk-suite.ts';

await walkSuite('en');
