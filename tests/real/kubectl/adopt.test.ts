import { adoptSuite } from '#tests/scenarios/adopt-suite.ts';
import type { IdOf, Step } from '#tests/scenarios/behind-our-back/step.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import type { World } from '#tests/scenarios/world.ts';

async function makeByCalls(steps: readonly Step[], { client }: World, id: IdOf): Promise<string[]> {
  const ids: string[] = [];
  for (const step of steps) ids.push((await step.api(client, id)) ?? '');
  return ids;
}

adoptSuite('the sandbox', { makeWorld: sandboxWorld, make: makeByCalls });
