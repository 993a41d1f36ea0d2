import { conformanceSuite } from '#tests/conformance/suite.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';

conformanceSuite('the sandbox', sandboxWorld);
