import { adoptSuite } from '#tests/scenarios/adopt-suite.ts';
import { makeWithClient } from '#tests/scenarios/openstack-client-changes.ts';
import { openstackWorld } from '#tests/scenarios/world.ts';

adoptSuite('the real OpenStack', { makeWorld: openstackWorld, make: makeWithClient });
