import { conformanceSuite } from '#tests/conformance/suite.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

conformanceSuite('the real OpenStack', openstackWorld);
