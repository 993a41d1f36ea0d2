import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { kinds } from '#controller/kinds/index.ts';
import { makeSets } from '#tests/parts/manifest-sets.ts';
import { makeImported } from '#tests/parts/manifest-sets-outside.ts';
import { firstAction } from '#tests/parts/manifest-sets-parts.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { examples, withExampleImages } from '#tests/scenarios/plan-examples.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { condition, eventually, type Session, startSession } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';

const sweeps = 100;
const sets = 50;
const kindNames = kinds.map(({ kind }) => kind);

describe('a cloud that nobody else touches', () => {
  const random = seededRandom('no false drift');
  let world: World;
  let session: Session;

  beforeAll(async () => {
    world = await sandboxWorld();
    const stacks = examples();
    // What is imported with a difference nobody may change is never Ready.
    const generated = makeSets(sets, random, kindNames).flatMap(({ objects }) => objects.filter((one) => firstAction(one) !== 'blocked'));
    await makeImported(world.client, [...stacks.flatMap(({ objects }) => objects), ...generated]);
    // Seldom while all is being made, or sweeps are what a busy machine does most.
    session = await startSession({ ...world, sweepSeconds: 10 }, { args: withExampleImages() });
    for (const { files } of stacks) await session.must('apply', ...files.flatMap((file) => ['-f', file]));
    const input = generated.map((one) => stringify(one, { version: '1.1' }));
    const { code, stderr } = await session.kubectlWith({ input: input.join('---\n'), timeoutMs: 600_000 }, 'apply', '-f', '-');
    expect(code === 0 ? '' : stderr).toBe('');
    const waiting = async () => (await session.objects()).filter((one) => condition(one, 'Ready')?.status !== 'True');
    await eventually(
      600,
      async () => ((await waiting()).length === 0 ? true : undefined),
      async () => JSON.stringify((await waiting()).slice(0, 10).map((one) => [one.kind, one.metadata.name, one.status?.conditions])),
    );
    await session.must('patch', 'cluster', 'main', '--type=merge', '-p', JSON.stringify({ spec: { sweepInterval: '500ms' } }));
  }, 1_500_000);
  afterAll(async () => {
    await session?.process.stop();
    await world?.close();
  });

  it(`shows no drift and takes no write in ${sweeps} sweeps over ${sets} generated sets and everything in examples`, async () => {
    const done = () => session.process.metric('stackwarden_sweeps_total', {});
    const [writes, start] = [await session.writes(), await done()];
    await eventually(
      570,
      async () => ((await done()) >= start + sweeps ? true : undefined),
      async () => `${(await done()) - start} sweeps`,
    );
    expect(await session.writes()).toBe(writes);
    expect(await session.audit('type=DriftDetected')).toEqual([]);
    const objects = (await session.objects()).filter(({ kind }) => kind !== 'Cluster');
    expect(objects.length).toBeGreaterThan(sets * 4);
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(new Set(kindNames));
    expect(objects.filter((one) => condition(one, 'Drifted')?.status !== 'False').map((one) => one.metadata.name)).toEqual([]);
  });
});
