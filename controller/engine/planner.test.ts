import { describe, expect, it } from 'vitest';
import type { JsonObject } from './json.ts';
import type { KubeObject } from './object.ts';
import type { ObjectPlan, SetPlan } from './set-plan.ts';
import { Stage } from './testing/stage.ts';

async function started(): Promise<Stage> {
  const stage = new Stage();
  stage.start();
  await stage.clock.advance(1_000);
  return stage;
}

/** What a dry run of creating, or of changing what is there, would answer. */
function declared(stage: Stage, name: string, spec: JsonObject = {}): KubeObject {
  const full = { clusterRef: { name: 'lab' }, ...spec };
  const before = stage.thing(name);
  if (before) return { ...before, spec: full, metadata: { ...before.metadata, generation: (before.metadata.generation ?? 0) + 1 } };
  const metadata = { name, namespace: 'demo', uid: `planned-${name}`, resourceVersion: '', generation: 1 };
  return { apiVersion: 'test.io/v1', kind: 'Thing', metadata, spec: full };
}

async function plan(stage: Stage, objects: readonly KubeObject[], deleted: readonly KubeObject[] = []): Promise<SetPlan> {
  const planning = stage.run!.loop.planner.plan({ objects, deleted });
  await stage.clock.advance(2_000);
  return planning;
}

const actions = ({ objects }: SetPlan) => objects.map(({ name, action }) => `${name} ${action}`);
const only = ({ objects }: SetPlan): ObjectPlan => objects[0]!;

describe('a plan of a set', () => {
  it('creates what is new, what others need first, and writes nothing for it', async () => {
    const stage = await started();
    const before = stage.kube.writes.length;
    const set = [declared(stage, 'child', { parentRef: { name: 'parent' } }), declared(stage, 'parent')];
    expect(actions(await plan(stage, set))).toEqual(['parent create', 'child create']);
    expect([stage.world.writes, stage.kube.writes.length, stage.audit]).toEqual([[], before, []]);
  });

  it('puts what others want softly before them, but never what they need after', async () => {
    const stage = await started();
    const set = [
      declared(stage, 'visitor', { friendRef: { name: 'host' } }),
      declared(stage, 'parent', { friendRef: { name: 'child' } }),
      declared(stage, 'child', { parentRef: { name: 'parent' } }),
      declared(stage, 'host'),
    ];
    expect(actions(await plan(stage, set))).toEqual(['host create', 'visitor create', 'parent create', 'child create']);
    stage.apply('visitor');
    await stage.clock.advance(10_000);
    const [visitor, host] = [declared(stage, 'visitor', { friendRef: { name: 'host' } }), declared(stage, 'host')];
    expect(actions(await plan(stage, [visitor, host]))).toEqual(['host create', 'visitor update']);
  });

  it('is empty for what is there already, and names the fields of what differs', async () => {
    const stage = await started();
    stage.apply('a', { size: 3 });
    stage.apply('b', { size: 3 });
    await stage.clock.advance(10_000);
    const result = await plan(stage, [declared(stage, 'a', { size: 3 }), declared(stage, 'b', { size: 4 })]);
    expect(actions(result)).toEqual(['a none', 'b update']);
    expect(result.objects[1]).toMatchObject({ id: stage.made('b').id, changes: [{ path: 'spec.size', from: 3, to: 4 }] });
  });

  it('marks what is known only after something else is applied', async () => {
    const stage = await started();
    stage.apply('child');
    await stage.clock.advance(10_000);
    const result = await plan(stage, [declared(stage, 'parent'), declared(stage, 'child', { parentRef: { name: 'parent' } })]);
    expect(actions(result)).toEqual(['parent create', 'child update']);
    expect(result.objects[1]?.changes).toEqual([{ path: 'spec.parent', from: '', to: '(known after apply)', isUnknown: true }]);
  });

  it('tells what comes of waiting for something of the set', async () => {
    const stage = await started();
    stage.apply('visitor');
    await stage.clock.advance(10_000);
    stage.made('visitor').state = 'BUILD';
    await stage.clock.advance(31_000);
    const visitor = declared(stage, 'visitor', { friendRef: { name: 'host' } });
    expect(actions(await plan(stage, [visitor, declared(stage, 'host')]))).toEqual(['host create', 'visitor update']);
    expect(actions(await plan(stage, [declared(stage, 'visitor', { size: 5 })]))).toEqual(['visitor wait']);
  });

  it('tells replacement apart, names the field that forces it, and says where that is not allowed', async () => {
    const stage = await started();
    for (const name of ['a', 'b']) stage.apply(name, { shape: 'flat' });
    await stage.clock.advance(10_000);
    const round = { shape: 'round', size: 2 };
    const result = await plan(stage, [declared(stage, 'a', { ...round, replacePolicy: 'Allow' }), declared(stage, 'b', round)]);
    expect(actions(result)).toEqual(['a replace', 'b update']);
    expect(result.objects[0]?.changes.find((change) => change.by)).toMatchObject({ path: 'spec.shape', by: 'replace' });
    expect(result.objects[1]?.why?.reason).toBe('ReplacementRequired');
  });

  it('says that what others need is not replaced, and who needs it', async () => {
    const stage = await started();
    stage.apply('parent', { shape: 'flat' });
    stage.apply('child', { parentRef: { name: 'parent' } });
    await stage.clock.advance(10_000);
    const round = declared(stage, 'parent', { shape: 'round', replacePolicy: 'Allow' });
    expect(only(await plan(stage, [round]))).toMatchObject({
      action: 'blocked',
      why: { reason: 'ReplacementBlocked', message: expect.stringContaining('Thing demo/child') },
      losesData: false,
    });
    expect(actions(await plan(stage, [round], [stage.thing('child')!]))).toEqual(['parent replace', 'child delete']);
  });

  it('says what is missing instead of waiting for it', async () => {
    const stage = await started();
    expect(only(await plan(stage, [declared(stage, 'a', { parentRef: { name: 'nobody' } })]))).toMatchObject({
      action: 'wait',
      why: { message: expect.stringContaining('Thing demo/nobody (does not exist)') },
    });
    expect(only(await plan(stage, [declared(stage, 'a', { color: 'none' })]))).toMatchObject({
      action: 'blocked',
      why: { reason: 'UnknownColor' },
    });
  });

  it('refuses circles and two objects for one cloud resource', async () => {
    const stage = await started();
    const circle = [declared(stage, 'a', { parentRef: { name: 'b' } }), declared(stage, 'b', { parentRef: { name: 'a' } })];
    const result = await plan(stage, circle);
    expect(result.objects.map((one) => one.why?.reason)).toEqual(['CircularReference', 'CircularReference']);
    const { id } = stage.world.make({});
    await stage.clock.advance(31_000);
    const twins = await plan(stage, [declared(stage, 'one', { import: { id } }), declared(stage, 'two', { import: { id } })]);
    expect(twins.objects.map((one) => [one.action, one.why?.reason])).toEqual([
      ['adopt', undefined],
      ['blocked', 'AlreadyDeclared'],
    ]);
  });

  it('knows the id of what another object of the set imports', async () => {
    const stage = await started();
    const parent = stage.world.make({});
    const child = stage.world.make({ parent: parent.id });
    await stage.clock.advance(31_000);
    const result = await plan(stage, [
      declared(stage, 'child', { managementPolicy: 'Observe', import: { id: child.id }, parentRef: { name: 'parent' } }),
      declared(stage, 'parent', { managementPolicy: 'Observe', import: { id: parent.id } }),
    ]);
    expect(actions(result)).toEqual(['parent none', 'child none']);
  });

  it('plans the rest while a cloud is down, and names the gap', async () => {
    const stage = await started();
    const elsewhere = declared(stage, 'b', { clusterRef: { name: 'other' } });
    const result = await plan(stage, [declared(stage, 'a'), elsewhere]);
    expect(actions(result)).toEqual(['a create', 'b unknown']);
    expect(result.gaps).toEqual([{ cluster: 'other', reason: 'ClusterMissing', message: expect.stringContaining('does not exist') }]);
  });

  it('plans deletions by policy', async () => {
    const stage = await started();
    stage.apply('a');
    stage.apply('b', { deletionPolicy: 'Retain' });
    stage.apply('c', { deletionProtection: true });
    await stage.clock.advance(10_000);
    stage.apply('d', { color: 'none' });
    await stage.clock.advance(1_000);
    const gone = ['a', 'b', 'c', 'd'].map((name) => stage.thing(name)!);
    expect(actions(await plan(stage, [], gone))).toEqual(['a delete', 'b release', 'c blocked', 'd none']);
  });

  it('only reports drift where that is the policy, and what is only observed', async () => {
    const stage = await started();
    stage.apply('a', { size: 3, driftPolicy: 'Report' });
    await stage.clock.advance(10_000);
    stage.made('a').size = 9;
    await stage.clock.advance(31_000);
    const same = stage.thing('a')!;
    expect(only(await plan(stage, [same]))).toMatchObject({ action: 'report', changes: [{ path: 'spec.size', from: 9, to: 3 }] });
    const corrected = { ...same, spec: { ...same.spec, driftPolicy: 'Correct' } };
    expect(only(await plan(stage, [corrected]))).toMatchObject({ action: 'update', changes: [{ path: 'spec.size', from: 9, to: 3 }] });
  });
});
