import { policiesSuite } from '#tests/conformance/policies-suite.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';

policiesSuite('the sandbox', sandboxWorld);
