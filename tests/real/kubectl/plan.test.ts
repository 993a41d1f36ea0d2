import { planSuite } from '#tests/scenarios/plan-suite.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';

planSuite('the sandbox', {
  makeWorld: sandboxWorld,
  sets: Number(process.env.STACKWARDEN_PLAN_SETS ?? 50),
  patienceSeconds: 240,
  seed: 598_264_737,
});
