import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { shopSuite } from '#tests/scenarios/shop-suite.ts';

shopSuite('the sandbox', {
  makeWorld: sandboxWorld,
  change: async (change, world, ids, contents) => void (await change.api(world.client, ids, contents)),
});
