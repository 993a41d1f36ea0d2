import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { makeSet } from '#tests/parts/manifest-sets.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { condition, eventually, type Session, startSession } from '#tests/scenarios/session.ts';

const examples = resolve(import.meta.dirname, '../../../examples');
const sweeps = 100;
const sets = 50;

describe('a cloud that nobody else touches', () => {
  const random = seededRandom('no false drift');
  let sandbox: Sandbox;
  let session: Session;

  beforeAll(async () => {
    sandbox = await startSandbox();
    session = await startSession({ cloudsYaml: sandbox.cloudsYaml('sandbox'), cloud: 'sandbox', sweepSeconds: 1 });
    for (const stack of ['quickstart', 'shop']) await session.must('apply', '-f', resolve(examples, stack));
    const input = Array.from({ length: sets }, (_, index) =>
      makeSet(`s${index}`, random)
        .objects.map((one) => stringify(one))
        .join('---\n'),
    );
    const { code, stderr } = await session.kubectlWith({ input: input.join('---\n'), timeoutMs: 300_000 }, 'apply', '-f', '-');
    expect(code === 0 ? '' : stderr).toBe('');
    const waiting = async () => (await session.objects()).filter((one) => condition(one, 'Ready')?.status !== 'True');
    await eventually(
      240,
      async () => ((await waiting()).length === 0 ? true : undefined),
      async () => JSON.stringify((await waiting()).slice(0, 10).map((one) => [one.kind, one.metadata.name, one.status?.conditions])),
    );
  });
  afterAll(async () => {
    await session?.process.stop();
    await sandbox?.close();
  });

  it(`shows no drift and takes no write in ${sweeps} sweeps over ${sets} generated sets and the stacks of examples`, async () => {
    const done = () => session.process.metric('stackwarden_sweeps_total', {});
    const [writes, start] = [await session.writes(), await done()];
    await eventually(
      500,
      async () => ((await done()) >= start + sweeps ? true : undefined),
      async () => `${(await done()) - start} sweeps`,
    );
    expect(await session.writes()).toBe(writes);
    expect(await session.audit('type=DriftDetected')).toEqual([]);
    const objects = (await session.objects()).filter(({ kind }) => kind !== 'Cluster');
    expect(objects.length).toBeGreaterThan(sets * 4);
    expect(objects.filter((one) => condition(one, 'Drifted')?.status !== 'False').map((one) => one.metadata.name)).toEqual([]);
  });
});
