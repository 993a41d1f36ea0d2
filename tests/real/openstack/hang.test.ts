import { hangSuite } from '#tests/scenarios/hang-suite.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

hangSuite('the real OpenStack', openstackWorld);
