import { hangSuite } from '#tests/scenarios/hang-suite.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';

hangSuite('the sandbox', sandboxWorld);
