import { changeWithClient, secondOpinion } from '#tests/scenarios/openstack-client-changes.ts';
import { shopSuite } from '#tests/scenarios/shop-suite.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

shopSuite('the real OpenStack', { makeWorld: openstackWorld, change: changeWithClient, secondOpinion });
