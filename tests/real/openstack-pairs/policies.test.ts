import { policiesSuite } from '#tests/conformance/policies-suite.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

policiesSuite('the real OpenStack', openstackWorld);
