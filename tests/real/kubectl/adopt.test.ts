import { adoptSuite } from '#tests/scenarios/adopt-suite.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';

adoptSuite('the sandbox', { makeWorld: sandboxWorld, make: async (step, world, id) => (await step.api(world.client, id)) ?? '' });
