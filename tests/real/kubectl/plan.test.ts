import { planSuite } from '#tests/scenarios/plan-suite.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';

planSuite('the sandbox', {
  makeWorld: sandboxWorld,
  sets: Number(process.env.STACKWARDEN_PLAN_SETS ?? 50),
  patienceSeconds: 120,
  examples: {
    quickstart: ['quickstart'],
    shop: ['shop'],
    'one of each kind': ['network.yaml', 'subnet.yaml', 'security-group.yaml', 'key-pair.yaml', 'volume.yaml', 'instance.yaml'],
  },
});
