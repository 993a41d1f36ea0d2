import { expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import type { KubeObject } from './object.ts';
import { Stage } from './testing/stage.ts';

const spec = { shapeSecretRef: { name: 'shapes', key: 'mine' } };
const holding = (shape: string) => ({ mine: Buffer.from(shape), other: Buffer.from('unused') });

async function withThing(more: JsonObject = {}): Promise<Stage> {
  const stage = new Stage();
  stage.start();
  stage.kube.secrets.set('demo/shapes', holding('round'));
  stage.apply('a', { ...spec, ...more });
  await stage.clock.advance(10_000);
  return stage;
}

function planned(stage: Stage): KubeObject {
  const metadata = { name: 'b', namespace: 'demo', uid: 'planned', resourceVersion: '', generation: 1 };
  return { apiVersion: 'test.io/v1', kind: 'Thing', metadata, spec: { clusterRef: { name: 'lab' }, ...spec, ...stage.thing('b')?.spec } };
}

it('is read for who names it, and for nobody else', async () => {
  const stage = await withThing();
  expect(stage.made('a').shape).toBe('round');
  const { secretReads } = stage.kube;
  stage.apply('plain');
  await stage.clock.advance(5_000);
  expect(stage.made('plain').shape).toBe('');
  expect(stage.kube.secretReads).toBe(secretReads);
});

it.each([
  ['is not there', (stage: Stage) => stage.kube.secrets.delete('demo/shapes'), 'Waits for Secret demo/shapes (does not exist).'],
  [
    'lacks the key',
    (stage: Stage) => stage.kube.secrets.set('demo/shapes', { other: Buffer.from('x') }),
    'Waits for Secret demo/shapes (has no key "mine").',
  ],
  [
    'may not be read',
    (stage: Stage) => {
      stage.kube.hidesSecrets = true;
    },
    'Waits for Secret demo/shapes (may not be read by the controller).',
  ],
])('is waited for by name when it %s, and the wait ends soon after it is there', async (_name, spoil, message) => {
  const stage = new Stage();
  stage.start();
  stage.kube.secrets.set('demo/shapes', holding('round'));
  spoil(stage);
  stage.apply('a', spec);
  await stage.clock.advance(10_000);
  expect([stage.condition('a', 'Reconciling'), stage.message('a')]).toEqual(['True WaitingForReference', message]);
  expect(stage.world.writes).toEqual([]);
  stage.kube.hidesSecrets = false;
  stage.kube.secrets.set('demo/shapes', holding('round'));
  await stage.clock.advance(12_000);
  expect(stage.made('a').shape).toBe('round');
});

it('is work when it changes, not drift: a policy that only reports drift does not hold it back', async () => {
  const stage = await withThing({ driftPolicy: 'Report', replacePolicy: 'Allow' });
  const { id } = stage.made('a');
  stage.kube.secrets.set('demo/shapes', holding('flat'));
  await stage.clock.advance(60_000);
  expect(stage.made('a').shape).toBe('flat');
  expect(stage.made('a').id).not.toBe(id);
  expect(stage.condition('a', 'Ready')).toBe('True InSync');
});

it('stops for a person when it changes and a replacement is not allowed', async () => {
  const stage = await withThing();
  stage.kube.secrets.set('demo/shapes', holding('flat'));
  await stage.clock.advance(60_000);
  expect(stage.condition('a', 'Stalled')).toBe('True ReplacementRequired');
  expect(stage.made('a').shape).toBe('round');
});

it('makes no difference by what else is in it', async () => {
  const stage = await withThing();
  const writes = stage.kube.writes.length;
  stage.kube.secrets.set('demo/shapes', { ...holding('round'), other: Buffer.from('news') });
  await stage.clock.advance(60_000);
  expect(stage.kube.writes.length).toBe(writes);
});

it('is planned with as it is, or as the set would have it', async () => {
  const stage = new Stage();
  stage.start();
  await stage.clock.advance(1_000);
  const plan = async (secrets: { namespace: string; name: string; data: Record<string, Buffer> }[]) => {
    const planning = stage.run!.loop.planner.plan({ objects: [planned(stage)], secrets });
    await stage.clock.advance(1_000);
    return (await planning).objects[0];
  };
  expect(await plan([])).toMatchObject({
    action: 'wait',
    why: { message: expect.stringContaining('Secret demo/shapes (does not exist)') },
  });
  expect(await plan([{ namespace: 'demo', name: 'shapes', data: holding('flat') }])).toMatchObject({ action: 'create' });
  stage.kube.secrets.set('demo/shapes', holding('flat'));
  expect(await plan([])).toMatchObject({ action: 'create' });
});
