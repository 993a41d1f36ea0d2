import { killSuite } from '#tests/scenarios/kill-suite.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

killSuite('the real OpenStack', { makeWorld: openstackWorld, kills: 20, lifeMs: 4000 });
