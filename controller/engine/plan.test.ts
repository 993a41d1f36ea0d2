import { describe, expect, it } from 'vitest';
import { bookCorrections, type Correction } from './corrections.ts';
import type { Change } from './kind.ts';
import type { DriftEntry } from './object.ts';
import { canonical, type PlanInput, planFor, planForMissing } from './plan.ts';
import type { Policies } from './policies.ts';
import { mergePatch } from './status.ts';

const now = '2026-11-23T12:00:00Z';
const earlier = '2026-11-22T12:00:00Z';
const size: Change = { path: 'spec.size', from: 8, to: 3 };
const color: Change = { path: 'spec.color', from: 'red', to: 'blue' };
const zone: Change = { path: 'spec.zone', from: 'a', to: 'b', by: 'replace' };
const image: Change = { path: 'spec.image', from: 'a', to: 'b', by: 'rebuild' };
const shownSize: DriftEntry = { path: 'spec.size', declared: 3, observed: 8, since: earlier };

const policies: Policies = { manages: true, drift: 'Correct', retains: false, isProtected: false, allowsReplacement: false, ignore: [] };

type Input = Partial<Omit<PlanInput, 'policies'>> & { changes?: Change[]; policy?: Partial<Policies> };
const plan = ({ changes = [], policy, ...input }: Input): ReturnType<typeof planFor> =>
  planFor({
    difference: { changes },
    generation: 2,
    settledGeneration: 2,
    shown: [],
    policies: { ...policies, ...policy },
    now: Date.parse(now),
    ...input,
  });
const paths = (entries: readonly { path: string }[]): string[] => entries.map((one) => one.path);

describe('the plan', () => {
  it('is to do nothing when nothing differs', () => {
    expect(plan({})).toMatchObject({ action: 'none', settled: true, drift: [] });
  });

  it('calls a difference at a settled generation drift and corrects it', () => {
    const result = plan({ changes: [size] });
    expect(result).toMatchObject({ action: 'update', changes: [size], settled: true });
    expect(result.drift).toEqual([{ ...shownSize, since: now }]);
    expect(paths(result.detected)).toEqual(['spec.size']);
  });

  it('calls a difference at a new generation work, also under Report', () => {
    expect(plan({ changes: [size], settledGeneration: 1, policy: { drift: 'Report' } })).toMatchObject({
      action: 'update',
      changes: [size],
      drift: [],
      settled: false,
    });
  });

  it('only shows drift under Report', () => {
    expect(plan({ changes: [size], policy: { drift: 'Report' } })).toMatchObject({
      action: 'none',
      changes: [],
      settled: true,
      drift: [{ path: 'spec.size' }],
    });
  });

  it('does not turn shown drift into work when another field is declared anew', () => {
    const result = plan({ changes: [size, color], settledGeneration: 1, shown: [shownSize], policy: { drift: 'Report' } });
    expect(paths(result.changes)).toEqual(['spec.color']);
    expect(result.drift).toEqual([shownSize]);
    expect(result.detected).toEqual([]);
  });

  it('turns shown drift into work when the field itself is declared anew', () => {
    const result = plan({ changes: [{ ...size, to: 5 }], settledGeneration: 1, shown: [shownSize], policy: { drift: 'Report' } });
    expect(paths(result.changes)).toEqual(['spec.size']);
    expect([result.drift, result.vanished]).toEqual([[], []]);
  });

  it('detects once, and again when the observed value is another one; since stays', () => {
    expect(plan({ changes: [size], shown: [shownSize] }).detected).toEqual([]);
    const again = plan({ changes: [{ ...size, from: 9 }], shown: [shownSize] });
    expect(again.detected).toEqual([{ ...shownSize, observed: 9 }]);
  });

  it('takes null and absent for the same, as Kubernetes drops nulls', () => {
    const { observed: _, ...stored } = { ...shownSize, observed: null };
    expect(plan({ changes: [{ ...size, from: null }], shown: [stored as DriftEntry] }).detected).toEqual([]);
  });

  it('names drift that went away', () => {
    expect(paths(plan({ shown: [shownSize] }).vanished)).toEqual(['spec.size']);
  });

  it('makes no change while the cloud is on its way, and leaves what is shown as it is', () => {
    const why = { reason: 'Building', message: 'x' };
    const result = plan({ difference: { changes: [size, color], waiting: why }, shown: [shownSize] });
    expect(result).toMatchObject({ action: 'wait', why, drift: [shownSize], detected: [], settled: false });
  });

  it('makes no change to what has failed, and keeps the differences visible', () => {
    const result = plan({ difference: { changes: [size], failed: { reason: 'Failed', message: 'x' } } });
    expect(result).toMatchObject({ action: 'blocked', changes: [], drift: [{ path: 'spec.size' }], settled: false });
  });

  it('does what can be done in place first, and never what loses data unasked', () => {
    expect(paths(plan({ changes: [image, size], settledGeneration: 1 }).changes)).toEqual(['spec.size']);
    const refused = plan({ changes: [image], settledGeneration: 1 });
    expect(refused).toMatchObject({ action: 'refuse', changes: [image], why: { reason: 'ReplacementRequired' } });
    expect(plan({ changes: [image], policy: { drift: 'Report' } })).toMatchObject({ action: 'none', drift: [{ path: 'spec.image' }] });
  });

  it('rebuilds or replaces where that is allowed, and says whether anybody asked for it', () => {
    const policy = { allowsReplacement: true };
    expect(plan({ changes: [image], settledGeneration: 1, policy })).toMatchObject({ action: 'rebuild', isCorrection: false });
    expect(plan({ changes: [image], policy })).toMatchObject({ action: 'rebuild', isCorrection: true });
    expect(plan({ changes: [image, zone], policy })).toMatchObject({ action: 'replace', changes: [image, zone] });
    expect(plan({ changes: [zone, size], policy })).toMatchObject({ action: 'replace', changes: [zone, size] });
    expect(plan({ changes: [image, size], policy })).toMatchObject({ action: 'update', changes: [size], allowed: [image, size] });
    expect(plan({ changes: [zone, size] })).toMatchObject({
      action: 'update',
      changes: [size],
      refusal: { reason: 'ReplacementRequired' },
    });
  });

  it('replaces nothing that is protected', () => {
    const result = plan({ changes: [zone], policy: { allowsReplacement: true, isProtected: true } });
    expect(result).toMatchObject({ action: 'refuse', why: { reason: 'DeletionProtected' } });
    expect(plan({ changes: [size], policy: { isProtected: true } })).toMatchObject({ action: 'update' });
  });

  it('leaves what is ignored, and all below it, and still shows it', () => {
    const rule = { path: 'spec.tags', reason: 'the scanner tags' };
    const tag: Change = { path: 'spec.tags[a]', from: 'a', to: null };
    const result = plan({ changes: [size, tag], policy: { ignore: [rule] } });
    expect(paths(result.changes)).toEqual(['spec.size']);
    expect(paths(result.drift)).toEqual(['spec.size']);
    expect(result.ignored).toEqual([{ path: 'spec.tags[a]', declared: null, observed: 'a', reason: 'the scanner tags' }]);
    expect(paths(plan({ changes: [{ ...tag, path: 'spec.tagsOther' }], policy: { ignore: [rule] } }).drift)).toEqual(['spec.tagsOther']);
  });

  it('writes nothing where it only observes, and does not mind the missing stamp there', () => {
    const stamp: Change = { path: 'metadata.uid', from: null, to: 'u' };
    const result = plan({ changes: [size, stamp], settledGeneration: undefined, policy: { manages: false } });
    expect(result).toMatchObject({ action: 'none', changes: [], differing: [size], settled: false, drift: [] });
    expect(plan({ changes: [stamp], policy: { manages: false } })).toMatchObject({ settled: true, differing: [] });
  });

  it('leaves a field that was put right five times within the hour, and corrects the others', () => {
    const book = bookedTimes(5, '2026-11-23T11:30:00Z');
    const result = plan({ changes: [size, color], corrections: book });
    expect(paths(result.changes)).toEqual(['spec.color']);
    expect(paths(result.contested)).toEqual(['spec.size']);
    expect(paths(result.drift)).toEqual(['spec.color', 'spec.size']);
  });

  it('corrects it again after an hour, at a new generation, or when it was less often', () => {
    for (const corrections of [
      bookedTimes(5, '2026-11-23T10:59:59Z'),
      bookedTimes(4, '2026-11-23T11:59:00Z'),
      bookedTimes(9, '2026-11-23T11:59:00Z', 1),
    ])
      expect(plan({ changes: [size], corrections })).toMatchObject({ action: 'update', contested: [] });
  });

  it('keeps since of what is missing, and tells the first time', () => {
    const first = planForMissing([], Date.parse(now));
    expect(first).toEqual({ drift: [{ path: '', declared: 'present', observed: 'missing', since: now }], isNew: true });
    expect(planForMissing(first.drift, Date.parse(now) + 5_000)).toEqual({ drift: first.drift, isNew: false });
  });
});

describe('the book of corrections', () => {
  const at = Date.parse(now);
  it('counts each path, and drops what is long ago or of another generation', () => {
    const once = bookCorrections([], ['spec.size', 'spec.color'], 2, at);
    const twice = bookCorrections(once, ['spec.size'], 2, at + 60_000);
    expect(twice.map(({ path, times }) => [path, times])).toEqual([
      ['spec.color', 1],
      ['spec.size', 2],
    ]);
    expect(bookCorrections(twice, ['spec.name'], 3, at + 61_000).map((one) => one.path)).toEqual(['spec.name']);
    expect(bookCorrections(twice, [], 2, at + 60_000 + 3_600_000)).toEqual([]);
  });
});

function bookedTimes(times: number, lastAt: string, generation = 2): Correction[] {
  return [{ path: 'spec.size', times, firstAt: '2026-11-23T10:00:00Z', lastAt, generation }];
}

describe('the merge patch', () => {
  it('holds only what changed, and null for what went', () => {
    expect(mergePatch({ a: 1, b: { c: 1, d: 2 }, e: [1] }, { a: 1, b: { c: 1, d: 3 }, e: [2] })).toEqual({ b: { d: 3 }, e: [2] });
    expect(mergePatch({ a: 1, b: { c: 1 } }, { b: {} })).toEqual({ a: null, b: { c: null } });
    expect(mergePatch({ a: null }, {})).toEqual({});
  });

  it('does not mind the order of fields', () => {
    expect(mergePatch({ a: { x: 1, y: [{ p: 1, q: 2 }] } }, { a: { y: [{ q: 2, p: 1 }], x: 1 } })).toEqual({});
    expect(canonical({ b: 1, a: null })).toBe('{"b":1}');
  });
});
