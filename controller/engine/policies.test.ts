import { describe, expect, it } from 'vitest';
import { lintStatus } from './conditions.ts';
import { massLossMessage } from './loss-guard.ts';
import { Stage } from './testing/stage.ts';

async function started(seed = 1): Promise<Stage> {
  const stage = new Stage(seed);
  stage.start();
  await stage.clock.advance(1_000);
  return stage;
}

async function withThing(spec: Parameters<Stage['apply']>[1] = {}): Promise<Stage> {
  const stage = await started();
  stage.apply('a', spec);
  await stage.clock.advance(10_000);
  return stage;
}

const sweep = (stage: Stage) => stage.clock.advance(31_000);

describe('a replacement', () => {
  it('is made where replacePolicy allows it: the old one goes first, then one is made anew', async () => {
    const stage = await withThing({ replacePolicy: 'Allow' });
    const { id } = stage.made('a');
    stage.apply('a', { replacePolicy: 'Allow', shape: 'round' });
    await stage.clock.advance(20_000);
    expect(stage.made('a')).toMatchObject({ shape: 'round', state: 'ACTIVE' });
    expect(stage.made('a').id).not.toBe(id);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
    expect(stage.thing('a')?.status?.replacing).toBeUndefined();
    expect(stage.audited()).toEqual(['Created a', 'Replacing a', 'Deleted a', 'Created a']);
    expect([stage.world.sins, lintStatus(stage.thing('a')!)]).toEqual([[], []]);
  });

  it('is refused, with the field named, without that', async () => {
    const stage = await withThing();
    stage.apply('a', { shape: 'round' });
    await stage.clock.advance(5_000);
    expect(stage.condition('a', 'Stalled')).toBe('True ReplacementRequired');
    expect(stage.message('a')).toContain('spec.shape');
    expect(stage.world.writes).toHaveLength(1);
  });

  it('is refused while deletionProtection stands, and while another object needs the resource', async () => {
    const stage = await withThing({ replacePolicy: 'Allow', deletionProtection: true, shape: 'flat' });
    stage.apply('a', { replacePolicy: 'Allow', deletionProtection: true, shape: 'round' });
    await stage.clock.advance(5_000);
    expect(stage.condition('a', 'Stalled')).toBe('True DeletionProtected');
    stage.apply('child', { parentRef: { name: 'a' } });
    await stage.clock.advance(5_000);
    stage.apply('a', { replacePolicy: 'Allow', shape: 'round' });
    await stage.clock.advance(5_000);
    expect(stage.condition('a', 'Stalled')).toBe('True ReplacementBlocked');
    expect(stage.message('a')).toContain('Thing demo/child');
    expect(stage.made('a').shape).toBe('flat');
  });

  it('is finished by the next controller when the first is killed in between', async () => {
    const stage = await withThing({ replacePolicy: 'Allow' });
    stage.apply('a', { replacePolicy: 'Allow', shape: 'round' });
    for (let step = 0; step < 100 && !stage.world.writes.some((write) => write.startsWith('delete')); step += 1)
      await stage.clock.advance(10);
    stage.kill();
    await stage.clock.advance(2_000);
    stage.start();
    await stage.clock.advance(60_000);
    expect(stage.made('a').shape).toBe('round');
    expect(stage.world.writes.filter((write) => write.startsWith('create'))).toHaveLength(2);
  });
});

describe('an ignored field', () => {
  const rule = { path: 'spec.size', reason: 'the autoscaler sets it' };
  it('is neither written nor drift, and is shown as ignored with its reason', async () => {
    const stage = await withThing({ size: 3, ignore: [rule] });
    stage.made('a').size = 9;
    stage.made('a').color = 'green';
    await sweep(stage);
    expect(stage.made('a')).toMatchObject({ size: 9, color: 'red' });
    expect(stage.condition('a', 'Drifted')).toBe('False NoDrift');
    expect(stage.thing('a')?.status?.ignored).toEqual([{ path: 'spec.size', declared: 3, observed: 9, reason: rule.reason }]);
  });

  it('counts again once its time is over', async () => {
    const stage = await started();
    const until = new Date(stage.clock.now() + 60_000).toISOString();
    stage.apply('a', { size: 3, ignore: [{ ...rule, until }] });
    await stage.clock.advance(10_000);
    stage.made('a').size = 9;
    await sweep(stage);
    expect(stage.made('a').size).toBe(9);
    await stage.clock.advance(60_000);
    expect(stage.made('a').size).toBe(3);
    expect(stage.thing('a')?.status?.ignored).toBeUndefined();
  });
});

describe('a contested field', () => {
  it('is put right five times, then left, with who is known to have changed it', async () => {
    const stage = await withThing({ size: 3 });
    stage.world.changedBy.set(stage.made('a').id, ['user bob']);
    for (let flip = 0; flip < 8; flip += 1) {
      stage.made('a').size = 9;
      await sweep(stage);
    }
    expect(stage.world.writes.filter((write) => write.startsWith('update'))).toHaveLength(5);
    expect(stage.condition('a', 'Contested')).toBe('True FieldContested');
    expect(stage.condition('a', 'Drifted')).toBe('True Changed');
    expect(stage.audited('Contested')).toEqual(['Contested a']);
    const told = stage.audit.find((entry) => entry.type === 'Contested');
    expect(told?.message).toContain('spec.size (put right 5 times');
    expect(told?.message).toContain('user bob');
    expect(lintStatus(stage.thing('a')!)).toEqual([]);
  });

  it('is corrected again when the spec changes', async () => {
    const stage = await withThing({ size: 3 });
    for (let flip = 0; flip < 7; flip += 1) {
      stage.made('a').size = 9;
      await sweep(stage);
    }
    stage.apply('a', { size: 4 });
    await stage.clock.advance(5_000);
    expect(stage.made('a').size).toBe(4);
    expect(stage.condition('a', 'Contested')).toBe('absent');
  });
});

describe('drift that somebody wants put right once', () => {
  const at = (stage: Stage, ...paths: string[]) => ({
    'test.io/correct-at': [new Date(stage.clock.now()).toISOString(), ...paths].join('\n'),
  });

  it('is put right under Report, and stays when it comes back', async () => {
    const stage = await withThing({ driftPolicy: 'Report', size: 3, color: 'blue' });
    Object.assign(stage.made('a'), { size: 9, color: 'red' });
    await sweep(stage);
    expect(stage.thing('a')?.status?.drift?.map(({ path }) => path)).toEqual(['spec.color', 'spec.size']);
    stage.apply('a', { driftPolicy: 'Report', size: 3, color: 'blue' }, at(stage, 'spec.size'));
    await stage.clock.advance(5_000);
    expect(stage.made('a')).toMatchObject({ size: 3, color: 'red' });
    expect(stage.audited('DriftCorrected')).toEqual(['DriftCorrected a']);
    stage.made('a').size = 9;
    await sweep(stage);
    await sweep(stage);
    expect(stage.made('a').size).toBe(9);
    expect(lintStatus(stage.thing('a')!)).toEqual([]);
  });

  it('is made anew under Report when it is lost', async () => {
    const stage = await withThing({ driftPolicy: 'Report' });
    stage.world.lose(stage.made('a').id);
    await sweep(stage);
    expect(stage.condition('a', 'Stalled')).toBe('True Missing');
    stage.apply('a', { driftPolicy: 'Report' }, at(stage));
    await sweep(stage);
    await sweep(stage);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
  });

  it('is put right even while it is contested', async () => {
    const stage = await withThing({ size: 3 });
    for (let flip = 0; flip < 7; flip += 1) {
      stage.made('a').size = 9;
      await sweep(stage);
    }
    stage.apply('a', { size: 3 }, at(stage, 'spec.size'));
    await stage.clock.advance(5_000);
    expect(stage.made('a').size).toBe(3);
  });

  it('is left when the wish is old, not to be read, or about something else', async () => {
    const stage = await withThing({ driftPolicy: 'Report', size: 3 });
    stage.made('a').size = 9;
    await sweep(stage);
    const old = new Date(stage.clock.now() - 2 * 3_600_000).toISOString();
    for (const wish of [old, 'soon', at(stage, 'spec.color')['test.io/correct-at'] ?? '']) {
      stage.apply('a', { driftPolicy: 'Report', size: 3 }, { 'test.io/correct-at': wish });
      await sweep(stage);
      expect(stage.made('a').size).toBe(9);
    }
  });

  it('is never touched where the object only observes', async () => {
    const stage = await withThing({ size: 3 });
    stage.apply('a', { size: 3, managementPolicy: 'Observe' });
    await stage.clock.advance(5_000);
    stage.made('a').size = 9;
    await sweep(stage);
    stage.apply('a', { size: 3, managementPolicy: 'Observe' }, at(stage));
    await sweep(stage);
    expect(stage.made('a').size).toBe(9);
  });
});

describe('an object that only observes', () => {
  it('makes nothing, and says what is missing', async () => {
    const stage = await withThing({ managementPolicy: 'Observe' });
    expect(stage.condition('a', 'Stalled')).toBe('True NothingToObserve');
    expect(stage.world.writes).toEqual([]);
  });

  it('shows how what it imports differs, writes nothing, and lets go of it without a trace', async () => {
    const stage = await started();
    const { id } = stage.world.make({ size: 5 });
    await sweep(stage);
    stage.apply('a', { managementPolicy: 'Observe', import: { id }, size: 3 });
    await stage.clock.advance(10_000);
    expect(stage.condition('a', 'Ready')).toBe('True Observed');
    expect(stage.thing('a')?.status).toMatchObject({ id, isOnlyObserved: true, plan: [{ path: 'spec.size', declared: 3, observed: 5 }] });
    stage.delete('a');
    await stage.clock.advance(5_000);
    expect(stage.thing('a')).toBeUndefined();
    expect(stage.world.writes).toEqual([]);
    expect(stage.audited()).toEqual(['Retained a']);
  });

  it('shows drift of what it observes without touching it', async () => {
    const stage = await started();
    const thing = stage.world.make({ size: 3 });
    await sweep(stage);
    stage.apply('a', { managementPolicy: 'Observe', import: { id: thing.id }, size: 3 });
    await stage.clock.advance(10_000);
    thing.size = 8;
    await sweep(stage);
    expect(stage.condition('a', 'Drifted')).toBe('True Changed');
    expect(stage.world.writes).toEqual([]);
  });
});

describe('an import', () => {
  async function withResource(fields: Partial<ReturnType<Stage['made']>> = {}): Promise<{ stage: Stage; id: string }> {
    const stage = await started();
    const { id } = stage.world.make({ size: 5, ...fields });
    await sweep(stage);
    return { stage, id };
  }

  it('is taken over when nothing differs: stamped, and from then on corrected', async () => {
    const { stage, id } = await withResource();
    stage.apply('a', { import: { id }, size: 5 });
    await stage.clock.advance(10_000);
    expect(stage.made('a').id).toBe(id);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
    expect(stage.world.writes).toEqual([`update ${id}`]);
    expect(stage.audited()).toEqual(['Adopted a', 'Updated a']);
    stage.made('a').size = 9;
    await sweep(stage);
    expect(stage.made('a').size).toBe(5);
  });

  it('is found before anything it refers to, and taken over once that is there', async () => {
    const { stage, id } = await withResource();
    stage.apply('a', { import: { id, acceptChanges: true }, size: 5, parentRef: { name: 'late' } });
    await stage.clock.advance(10_000);
    expect(stage.thing('a')?.status).toMatchObject({ id, isOnlyObserved: true });
    expect(stage.message('a')).toContain('late');
    expect(stage.world.writes).toEqual([]);
    stage.apply('late', {});
    await stage.clock.advance(30_000);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
    expect(stage.made('a').id).toBe(id);
  });

  it('is not taken over while it differs, unless the changes are accepted', async () => {
    const { stage, id } = await withResource();
    stage.apply('a', { import: { id }, size: 3 });
    await stage.clock.advance(10_000);
    expect(stage.condition('a', 'Stalled')).toBe('True ImportDiffers');
    expect(stage.thing('a')?.status?.plan).toEqual([{ path: 'spec.size', declared: 3, observed: 5 }]);
    expect(stage.world.writes).toEqual([]);
    stage.apply('a', { import: { id, acceptChanges: true }, size: 3 });
    await stage.clock.advance(10_000);
    expect(stage.made('a')).toMatchObject({ id, size: 3 });
  });

  it('goes from observed to owned when the policy is switched', async () => {
    const { stage, id } = await withResource();
    stage.apply('a', { managementPolicy: 'Observe', import: { id }, size: 5 });
    await stage.clock.advance(10_000);
    expect(stage.world.writes).toEqual([]);
    stage.apply('a', { managementPolicy: 'Manage', import: { id }, size: 5 });
    await stage.clock.advance(10_000);
    expect(stage.made('a').id).toBe(id);
    stage.delete('a');
    await stage.clock.advance(10_000);
    expect(stage.world.alive()).toEqual([]);
  });

  it('is refused by name when the filter fits two, and both are named', async () => {
    const { stage, id } = await withResource({ color: 'blue' });
    const other = stage.world.make({ color: 'blue' });
    await sweep(stage);
    stage.apply('a', { import: { filter: { name: 'blue' } } });
    await stage.clock.advance(5_000);
    expect(stage.condition('a', 'Stalled')).toBe('True ImportAmbiguous');
    expect([stage.message('a').includes(id), stage.message('a').includes(other.id)]).toEqual([true, true]);
  });

  it('is refused when there is none, when it carries another stamp, and when another object has it', async () => {
    const { stage, id } = await withResource({ owner: 'somebody' });
    stage.apply('none', { import: { id: 'nothing' } });
    stage.apply('stamped', { import: { id } });
    const free = stage.world.make({ size: 1 });
    await sweep(stage);
    stage.apply('first', { managementPolicy: 'Observe', import: { id: free.id } });
    await stage.clock.advance(5_000);
    stage.apply('second', { import: { id: free.id } });
    await stage.clock.advance(5_000);
    expect(['none', 'stamped', 'second'].map((name) => stage.condition(name, 'Stalled'))).toEqual([
      'True ImportNotFound',
      'True NotOurs',
      'True AlreadyDeclared',
    ]);
    expect(stage.message('second')).toContain('Thing demo/first');
    expect(stage.world.writes).toEqual([]);
  });

  it('is made anew like any other once it was taken over and is lost', async () => {
    const { stage, id } = await withResource();
    stage.apply('a', { import: { id }, size: 5 });
    await stage.clock.advance(10_000);
    stage.world.lose(id);
    await sweep(stage);
    await stage.clock.advance(10_000);
    expect(stage.made('a')).toMatchObject({ size: 5 });
    expect(stage.made('a').id).not.toBe(id);
  });
});

describe('deletion protection', () => {
  it('keeps what was made until it is taken back', async () => {
    const stage = await withThing({ deletionProtection: true });
    stage.delete('a');
    await stage.clock.advance(10_000);
    expect(stage.condition('a', 'Stalled')).toBe('True DeletionProtected');
    expect(stage.world.alive()).toHaveLength(1);
    stage.apply('a', { deletionProtection: false });
    await stage.clock.advance(10_000);
    expect(stage.world.alive()).toEqual([]);
  });
});

describe('what to do about ERROR', () => {
  async function broken(onError: 'rebuild' | 'replace', more: Parameters<Stage['apply']>[1] = {}): Promise<Stage> {
    const stage = await withThing({ onError, ...more });
    stage.made('a').state = 'ERROR';
    await sweep(stage);
    return stage;
  }

  it('rebuilds where the spec says so, and tells it', async () => {
    const stage = await broken('rebuild');
    expect(stage.made('a').state).toBe('ACTIVE');
    expect(stage.audited('Recovering')).toEqual(['Recovering a']);
    expect(stage.condition('a', 'Ready')).toBe('True InSync');
  });

  it('makes it anew where the spec says so', async () => {
    const stage = await broken('replace');
    await stage.clock.advance(20_000);
    expect(stage.world.writes.filter((write) => write.startsWith('create'))).toHaveLength(2);
    expect(stage.made('a').state).toBe('ACTIVE');
  });

  it('rests between attempts, and stops after so many', async () => {
    const stage = await broken('rebuild');
    stage.made('a').state = 'ERROR';
    await sweep(stage);
    expect(stage.made('a').state).toBe('ERROR');
    expect(stage.message('a')).toContain('1 of 2 attempts made');
    await stage.clock.advance(60_000);
    expect(stage.made('a').state).toBe('ACTIVE');
    stage.made('a').state = 'ERROR';
    await stage.clock.advance(300_000);
    expect(stage.made('a').state).toBe('ERROR');
    expect(stage.message('a')).toContain('carried out 2 times');
  });

  it('does nothing where the resource is protected or only observed', async () => {
    const stage = await broken('rebuild', { deletionProtection: true });
    expect(stage.made('a').state).toBe('ERROR');
    expect(stage.message('a')).toContain('deletionProtection');
  });
});

describe('outside the maintenance window', () => {
  it('drift is shown with the time it will be put right, and what is declared anew is carried out', async () => {
    const stage = await withThing({ size: 3 });
    stage.cluster = { shutUntil: '2026-12-01T02:00:00Z' };
    stage.made('a').size = 9;
    await sweep(stage);
    expect(stage.made('a').size).toBe(9);
    expect([stage.condition('a', 'Ready'), stage.condition('a', 'Drifted')]).toEqual(['True InSync', 'True Changed']);
    expect(stage.message('a')).toContain('2026-12-01T02:00:00Z');
    stage.apply('a', { size: 3, color: 'blue' });
    await stage.clock.advance(5_000);
    expect(stage.made('a')).toMatchObject({ size: 9, color: 'blue' });
    stage.cluster = {};
    await sweep(stage);
    expect(stage.made('a').size).toBe(3);
  });
});

describe('a mass loss', () => {
  async function lossOf(count: number, made: number, limit?: number): Promise<{ stage: Stage; lost: string[]; alarms: unknown[] }> {
    const alarms: unknown[] = [];
    const stage = new Stage();
    stage.start({ onMassLoss: (cluster, loss) => alarms.push([cluster, loss?.lost]) });
    await stage.clock.advance(1_000);
    if (limit !== undefined) stage.cluster = { recreationLimit: limit };
    for (let index = 0; index < made; index += 1) stage.apply(`a${index}`);
    await stage.clock.advance(20_000);
    const lost = stage.world
      .alive()
      .slice(0, count)
      .map((thing) => thing.id);
    for (const id of lost) stage.world.lose(id);
    return { stage, lost, alarms };
  }

  it('makes nothing anew, raises one alarm, and goes on by itself once all is back', async () => {
    const { stage, lost, alarms } = await lossOf(12, 12);
    await stage.clock.advance(200_000);
    expect(stage.world.writes.filter((write) => write.startsWith('create'))).toHaveLength(12);
    expect(stage.condition('a0', 'Stalled')).toBe('True MassLoss');
    expect(stage.message('a0')).toBe(massLossMessage('lab', { lost: 12, of: 12, limit: 5 }));
    expect(stage.audited('MassLoss')).toHaveLength(1);
    for (const id of lost) stage.world.things.get(id)!.goneAt = 0;
    await stage.clock.advance(62_000);
    expect(stage.condition('a0', 'Ready')).toBe('True InSync');
    expect(stage.world.writes.filter((write) => write.startsWith('create'))).toHaveLength(12);
    expect(alarms).toEqual([
      ['lab', 12],
      ['lab', undefined],
    ]);
  });

  it('is made good where the cluster allows so much, and when it is small', async () => {
    for (const { stage } of [await lossOf(12, 12, 12), await lossOf(4, 12)]) {
      await stage.clock.advance(100_000);
      expect(stage.world.alive()).toHaveLength(12);
      expect(stage.audited('MassLoss')).toEqual([]);
    }
  });

  it('lets no more drift be replaced between two sweeps than the limit says', async () => {
    const stage = await started();
    stage.cluster = { recreationLimit: 2 };
    for (let index = 0; index < 6; index += 1) stage.apply(`a${index}`, { replacePolicy: 'Allow', shape: 'flat' });
    await stage.clock.advance(20_000);
    for (const thing of stage.world.alive()) thing.shape = 'bent';
    const replaced = () => stage.world.writes.filter((write) => write.startsWith('delete')).length;
    await stage.clock.advance(31_000);
    expect(replaced()).toBe(2);
    await stage.clock.advance(120_000);
    expect(stage.world.alive().map((thing) => thing.shape)).toEqual(Array.from({ length: 6 }, () => 'flat'));
  });
});
