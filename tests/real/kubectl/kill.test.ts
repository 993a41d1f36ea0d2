import { killSuite } from '#tests/scenarios/kill-suite.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';

killSuite('the sandbox', { makeWorld: sandboxWorld, kills: 20, lifeMs: 1500 });
