import { describe, expect, it } from 'vitest';
import { lintStatus } from './conditions.ts';
import { Stage } from './testing/stage.ts';

async function started(seed = 1): Promise<Stage> {
  const stage = new Stage(seed);
  stage.start();
  await stage.clock.advance(1_000);
  return stage;
}

describe('the control loop', () => {
  it('creates what is declared, once, and says Ready', async () => {
    const stage = await started();
    stage.apply('a', { size: 3 });
    await stage.clock.advance(10_000);
    expect(stage.made('a')).toMatchObject({ size: 3, state: 'ACTIVE' });
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
    expect(stage.condition('a', 'Reconciling')).toBe('absent');
    expect(stage.thing('a')?.status).toMatchObject({ id: stage.made('a').id, settledGeneration: 1, state: 'ACTIVE' });
    expect(stage.thing('a')?.status?.intent).toBeUndefined();
    expect(lintStatus(stage.thing('a')!)).toEqual([]);
    expect(stage.audited()).toEqual(['Created a']);
  });

  it('tells of each change of an object, once the cache shows it', async () => {
    const stage = new Stage(1);
    const told: string[] = [];
    stage.start({ onObject: ({ type, object }) => told.push(`${type} ${object.kind} ${object.metadata.name}`) });
    await stage.clock.advance(1_000);
    stage.apply('a');
    await stage.clock.advance(10_000);
    expect(told).toContain('added Thing a');
    expect(told).toContain('changed Thing a');
  });

  it('writes neither to the cloud nor to Kubernetes once all is done, however often it looks', async () => {
    const stage = await started();
    for (const name of ['a', 'b', 'c']) stage.apply(name);
    await stage.clock.advance(20_000);
    const before = [stage.kube.writes.length, stage.world.writes.length, stage.kube.events.length];
    await stage.clock.advance(600_000);
    expect([stage.kube.writes.length, stage.world.writes.length, stage.kube.events.length]).toEqual(before);
    expect(stage.run?.passes.length).toBeGreaterThan(60);
  });

  it('carries out a change of the spec in place', async () => {
    const stage = await started();
    stage.apply('a', { size: 1 });
    await stage.clock.advance(10_000);
    const { id } = stage.made('a');
    stage.apply('a', { size: 2 });
    await stage.clock.advance(1_000);
    expect(stage.made('a')).toMatchObject({ id, size: 2 });
    expect(stage.thing('a')?.status?.settledGeneration).toBe(2);
    expect(stage.audited()).toEqual(['Created a', 'Updated a']);
  });

  it('stalls on a change that cannot be made in place, and takes heart when it is taken back', async () => {
    const stage = await started();
    stage.apply('a');
    await stage.clock.advance(10_000);
    stage.apply('a', { shape: 'round' });
    await stage.clock.advance(1_000);
    expect(stage.condition('a', 'Stalled')).toBe('True ReplacementRequired');
    expect(stage.message('a')).toContain('spec.shape');
    stage.apply('a', {});
    await stage.clock.advance(1_000);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
  });

  it('waits for a missing reference, names it, and goes on the moment it has an id', async () => {
    const stage = await started();
    stage.apply('child', { parentRef: { name: 'parent' } });
    await stage.clock.advance(1_000);
    expect(stage.condition('child', 'Reconciling')).toBe('True WaitingForReference');
    expect(stage.message('child')).toContain('Thing demo/parent (does not exist)');
    stage.apply('parent');
    await stage.clock.advance(5_000);
    expect(stage.made('child').parent).toBe(stage.made('parent').id);
  });

  it('creates with a soft reference left out, stays Reconciling, and fills it in later', async () => {
    const stage = await started();
    stage.apply('a', { friendRef: { name: 'b' } });
    await stage.clock.advance(5_000);
    expect(stage.condition('a', 'Reconciling')).toBe('True WaitingForReference');
    expect(stage.made('a').friend).toBe('');
    stage.apply('b', { friendRef: { name: 'a' } });
    await stage.clock.advance(10_000);
    expect([stage.made('a').friend, stage.made('b').friend]).toEqual([stage.made('b').id, stage.made('a').id]);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
    expect(stage.audited('DriftDetected')).toEqual([]);
  });

  it('names the circle when hard references form one', async () => {
    const stage = await started();
    stage.apply('a', { parentRef: { name: 'b' } });
    stage.apply('b', { parentRef: { name: 'a' } });
    await stage.clock.advance(2_000);
    expect(stage.condition('a', 'Stalled')).toBe('True CircularReference');
    expect(stage.message('a')).toContain('Thing demo/a -> Thing demo/b -> Thing demo/a');
    stage.apply('b', {});
    await stage.clock.advance(10_000);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
  });

  it('stalls on an unknown name in the cloud and says it in the condition', async () => {
    const stage = await started();
    stage.apply('a', { color: 'none', parentRef: { name: 'ghost' } });
    await stage.clock.advance(1_000);
    expect(stage.condition('a', 'Stalled')).toBe('True UnknownColor');
    expect(stage.message('a')).toContain('ghost');
  });

  it('touches nothing while paused, and goes on when the annotation goes', async () => {
    const stage = await started();
    stage.apply('a', {}, { 'test.io/paused': 'true' });
    await stage.clock.advance(60_000);
    expect(stage.world.writes).toEqual([]);
    expect(stage.condition('a', 'Ready')).toBe('False Paused');
    stage.apply('a', {}, {});
    await stage.clock.advance(10_000);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
  });

  it('does not create while the audit log would not take what was seen, nor lose what was done', async () => {
    const stage = await started();
    stage.apply('a');
    await stage.clock.advance(10_000);
    stage.isAuditDown = true;
    stage.made('a').size = 9;
    await stage.clock.advance(60_000);
    expect(stage.made('a').size).toBe(9);
    expect(stage.condition('a', 'Ready')).toBe('False AuditUnavailable');
    stage.isAuditDown = false;
    await stage.clock.advance(60_000);
    expect(stage.made('a').size).toBe(1);
    expect(stage.audited()).toEqual(['Created a', 'DriftDetected a', 'DriftCorrected a']);
  });

  it('keeps a quota error quiet, slow and Stalled, and creates once there is room', async () => {
    const stage = await started();
    stage.world.quota = 0;
    stage.apply('a');
    await stage.clock.advance(1_000_000);
    expect(stage.condition('a', 'Stalled')).toBe('True Cloud');
    expect(stage.audited()).toEqual(['CreateFailed a']);
    stage.world.quota = 5;
    await stage.clock.advance(400_000);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
  });

  it('reports changes that do not take as NotConverging and slows down', async () => {
    const stage = await started();
    stage.apply('a');
    await stage.clock.advance(10_000);
    stage.world.ignoresChanges = true;
    stage.apply('a', { size: 7 });
    await stage.clock.advance(60_000);
    expect(stage.condition('a', 'Ready')).toBe('False NotConverging');
    const writes = stage.world.writes.length;
    expect(writes).toBeLessThan(15);
    expect(stage.audited('NotConverging')).toHaveLength(1);
    stage.world.ignoresChanges = false;
    await stage.clock.advance(120_000);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
  });
});

describe('drift', () => {
  it('is put right under Correct and audited before and after', async () => {
    const stage = await started();
    stage.apply('a', { size: 3 });
    await stage.clock.advance(10_000);
    stage.made('a').size = 8;
    await stage.clock.advance(60_000);
    expect(stage.made('a').size).toBe(3);
    expect(stage.audited()).toEqual(['Created a', 'DriftDetected a', 'DriftCorrected a']);
    expect(stage.audit[1]).toMatchObject({ actor: 'unknown', result: 'observed', changes: [{ path: 'spec.size', from: 8, to: 3 }] });
    expect(stage.audit[2]).toMatchObject({ result: 'ok', requestIds: ['req-1'] });
    expect(stage.condition('a', 'Drifted')).toBe('False NoDrift');
    expect(stage.thing('a')?.status?.drift).toBeUndefined();
  });

  it('is shown and not touched under Report; Ready stays True; one audit entry until it goes', async () => {
    const stage = await started();
    stage.apply('a', { size: 3, driftPolicy: 'Report' });
    await stage.clock.advance(10_000);
    const writes = stage.world.writes.length;
    stage.made('a').size = 8;
    await stage.clock.advance(600_000);
    expect(stage.world.writes).toHaveLength(writes);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
    expect(stage.condition('a', 'Drifted')).toBe('True Changed');
    expect(stage.thing('a')?.status?.drift).toMatchObject([{ path: 'spec.size', declared: 3, observed: 8 }]);
    expect(lintStatus(stage.thing('a')!)).toEqual([]);
    stage.made('a').size = 3;
    await stage.clock.advance(60_000);
    expect(stage.condition('a', 'Drifted')).toBe('False NoDrift');
    expect(stage.audited()).toEqual(['Created a', 'DriftDetected a', 'DriftResolved a']);
  });

  it('stays drift under Report when the spec changes another field, and only that field is written', async () => {
    const stage = await started();
    stage.apply('a', { size: 3, color: 'red', driftPolicy: 'Report' });
    await stage.clock.advance(10_000);
    stage.made('a').size = 8;
    await stage.clock.advance(40_000);
    stage.apply('a', { size: 3, color: 'blue', driftPolicy: 'Report' });
    await stage.clock.advance(40_000);
    expect(stage.made('a')).toMatchObject({ size: 8, color: 'blue' });
    expect(stage.thing('a')?.status).toMatchObject({ settledGeneration: 2, drift: [{ path: 'spec.size' }] });
    expect(stage.audited('DriftDetected')).toHaveLength(1);
  });

  it('of a lost resource is shown as missing under Report and not made anew', async () => {
    const stage = await started();
    stage.apply('a', { driftPolicy: 'Report' });
    await stage.clock.advance(10_000);
    stage.world.lose(stage.made('a').id);
    await stage.clock.advance(600_000);
    expect(stage.world.alive()).toEqual([]);
    expect(stage.condition('a', 'Ready')).toBe('False Missing');
    expect(stage.condition('a', 'Drifted')).toBe('True Missing');
    expect(stage.thing('a')?.status?.drift).toMatchObject([{ path: '', declared: 'present', observed: 'missing' }]);
    expect(stage.audited()).toEqual(['Created a', 'Missing a']);
  });

  it('of a lost resource is made good under Correct, with what follows not called drift', async () => {
    const stage = await started();
    stage.apply('a');
    await stage.clock.advance(10_000);
    stage.world.lose(stage.made('a').id);
    await stage.clock.advance(60_000);
    expect(stage.made('a').state).toBe('ACTIVE');
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
    expect(stage.audited()).toEqual(['Created a', 'Missing a', 'Created a']);
  });

  it('is not believed of a list that leaves a resource out', async () => {
    const stage = await started();
    stage.world.faults.staleMs = 60_000;
    stage.apply('a');
    await stage.clock.advance(300_000);
    expect(stage.audited()).toEqual(['Created a']);
  });
});

describe('deletion', () => {
  it('removes the cloud resource first and the finalizer last', async () => {
    const stage = await started();
    stage.apply('a');
    await stage.clock.advance(10_000);
    stage.delete('a');
    await stage.clock.advance(100);
    expect(stage.thing('a')).toBeDefined();
    await stage.clock.advance(10_000);
    expect(stage.thing('a')).toBeUndefined();
    expect(stage.world.alive()).toEqual([]);
    expect(stage.audited()).toEqual(['Created a', 'Deleted a']);
  });

  it('is held while somebody refers to the object, names them, and goes on when they are gone', async () => {
    const stage = await started();
    stage.apply('parent');
    stage.apply('child', { parentRef: { name: 'parent' } });
    await stage.clock.advance(10_000);
    stage.delete('parent');
    await stage.clock.advance(5_000);
    expect(stage.condition('parent', 'Reconciling')).toBe('True InUse');
    expect(stage.message('parent')).toContain('Thing demo/child');
    stage.delete('child');
    await stage.clock.advance(10_000);
    expect([stage.thing('parent'), stage.thing('child'), stage.world.alive()]).toEqual([undefined, undefined, []]);
  });

  it('of a Cluster waits for all its objects', async () => {
    const stage = await started();
    stage.apply('a');
    await stage.clock.advance(10_000);
    stage.kube.delete('Cluster', '', 'lab');
    await stage.clock.advance(5_000);
    const cluster = stage.kube.get('Cluster', '', 'lab');
    expect(cluster?.status?.conditions?.find((one) => one.type === 'Ready')?.message).toContain('Thing demo/a');
    stage.delete('a');
    await stage.clock.advance(10_000);
    expect(stage.kube.get('Cluster', '', 'lab')).toBeUndefined();
  });

  it('with Retain leaves the cloud alone and needs no connection', async () => {
    const stage = await started();
    stage.apply('a', { deletionPolicy: 'Retain' });
    await stage.clock.advance(10_000);
    stage.world.isHung = true;
    stage.delete('a');
    await stage.clock.advance(1_000);
    expect(stage.thing('a')).toBeUndefined();
    expect(stage.world.alive()).toHaveLength(1);
    expect(stage.audited('Retained')).toHaveLength(1);
  });

  it('without its Cluster waits and tells the way out', async () => {
    const stage = await started();
    stage.apply('a');
    await stage.clock.advance(10_000);
    stage.isDisconnected = true;
    stage.delete('a');
    await stage.clock.advance(1_000);
    expect(stage.condition('a', 'Ready')).toBe('False ClusterNotReady');
    expect(stage.message('a')).toContain('spec.deletionPolicy to Retain');
    stage.isDisconnected = false;
    stage.run?.loop.clusterChanged('lab');
    await stage.clock.advance(5_000);
    expect(stage.thing('a')).toBeUndefined();
  });

  it('of what never reached the cloud is immediate', async () => {
    const stage = await started();
    stage.apply('a', { clusterRef: { name: 'nowhere' } });
    await stage.clock.advance(1_000);
    expect(stage.message('a')).toContain('Cluster nowhere does not exist');
    stage.delete('a');
    await stage.clock.advance(100);
    expect(stage.thing('a')).toBeUndefined();
  });

  it('never deletes what carries another stamp', async () => {
    const stage = await started();
    stage.apply('a');
    await stage.clock.advance(10_000);
    stage.made('a').owner = 'somebody';
    stage.delete('a');
    await stage.clock.advance(60_000);
    expect(stage.condition('a', 'Stalled')).toBe('True NotOurs');
    expect(stage.message('a')).toContain('Retain');
    expect(stage.world.alive()).toHaveLength(1);
  });
});

describe('two that carry one stamp', () => {
  it('stall the object and are shown, and neither is touched', async () => {
    const stage = await started();
    const { metadata } = stage.apply('a', {}, { 'test.io/paused': 'true' });
    const [one, other] = [stage.world.make({ owner: metadata.uid }), stage.world.make({ owner: metadata.uid })];
    await stage.clock.advance(40_000);
    stage.apply('a', {}, {});
    await stage.clock.advance(40_000);
    expect(stage.condition('a', 'Stalled')).toBe('True Ambiguous');
    expect(stage.message('a')).toContain(`${one.id}, ${other.id}`);
    expect(stage.world.writes).toEqual([]);
  });
});

describe('two clouds', () => {
  it('of which one hangs: the other does not notice', async () => {
    const stage = new Stage(3, ['lab', 'far']);
    stage.start();
    await stage.clock.advance(1_000);
    stage.worlds.get('far')!.isHung = true;
    for (let i = 0; i < 30; i += 1) stage.apply(`far-${i}`, { clusterRef: { name: 'far' } });
    await stage.clock.advance(2_000);
    stage.apply('near');
    await stage.clock.advance(3_000);
    expect(stage.condition('near', 'Ready')).toBe('True InSync');
  });

  it('of which one hangs: none of its objects is left without a word, which tools would take for fine', async () => {
    const stage = new Stage(5, ['lab', 'far']);
    stage.start();
    await stage.clock.advance(1_000);
    stage.worlds.get('far')!.isHung = true;
    for (let i = 0; i < 30; i += 1) stage.apply(`far-${i}`, { clusterRef: { name: 'far' } });
    await stage.clock.advance(2_000);
    const told = Array.from({ length: 30 }, (_, i) => stage.condition(`far-${i}`, 'Reconciling'));
    expect(told.every((reason) => ['True Pending', 'True Creating'].includes(reason))).toBe(true);
    expect(told).toContain('True Creating');
  });
});

describe('stopping', () => {
  it('lets a create under way store its id, and takes up nothing new', async () => {
    const stage = await started();
    stage.apply('a');
    await stage.clock.advance(90);
    const stopped = stage.run?.loop.stop();
    stage.apply('late');
    await stage.clock.advance(5_000);
    await stopped;
    expect(stage.thing('late')?.status).toBeUndefined();
    expect(stage.kube.watchers).toBe(0);
    const made = stage.world.of(stage.thing('a')!.metadata.uid);
    if (made.length > 0) expect(stage.thing('a')?.status?.id).toBe(made[0]?.id);
  });
});
