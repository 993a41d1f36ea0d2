import { planSuite } from '#tests/scenarios/plan-suite.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

planSuite('a real OpenStack', { makeWorld: openstackWorld, sets: 3, patienceSeconds: 400, seed: 20_266_479 });
