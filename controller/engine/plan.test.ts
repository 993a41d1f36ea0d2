import { describe, expect, it } from 'vitest';
import type { Change } from './kind.ts';
import type { DriftEntry } from './object.ts';
import { canonical, type PlanInput, planFor, planForMissing } from './plan.ts';
import { mergePatch } from './status.ts';

const now = '2026-11-23T12:00:00Z';
const earlier = '2026-11-22T12:00:00Z';
const size: Change = { path: 'spec.size', from: 8, to: 3 };
const color: Change = { path: 'spec.color', from: 'red', to: 'blue' };
const image: Change = { path: 'spec.image', from: 'a', to: 'b', by: 'rebuild' };
const shownSize: DriftEntry = { path: 'spec.size', declared: 3, observed: 8, since: earlier };

const plan = (input: Partial<PlanInput> & { changes?: Change[] }): ReturnType<typeof planFor> =>
  planFor({
    difference: { changes: input.changes ?? [] },
    generation: 2,
    settledGeneration: 2,
    shown: [],
    policy: 'Correct',
    now,
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
    expect(plan({ changes: [size], settledGeneration: 1, policy: 'Report' })).toMatchObject({
      action: 'update',
      changes: [size],
      drift: [],
      settled: false,
    });
  });

  it('only shows drift under Report', () => {
    expect(plan({ changes: [size], policy: 'Report' })).toMatchObject({
      action: 'none',
      changes: [],
      settled: true,
      drift: [{ path: 'spec.size' }],
    });
  });

  it('does not turn shown drift into work when another field is declared anew', () => {
    const result = plan({ changes: [size, color], settledGeneration: 1, shown: [shownSize], policy: 'Report' });
    expect(paths(result.changes)).toEqual(['spec.color']);
    expect(result.drift).toEqual([shownSize]);
    expect(result.detected).toEqual([]);
  });

  it('turns shown drift into work when the field itself is declared anew', () => {
    const result = plan({ changes: [{ ...size, to: 5 }], settledGeneration: 1, shown: [shownSize], policy: 'Report' });
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
    const result = planFor({
      difference: { changes: [size, color], waiting: why },
      generation: 2,
      settledGeneration: 2,
      shown: [shownSize],
      policy: 'Correct',
      now,
    });
    expect(result).toMatchObject({ action: 'wait', why, drift: [shownSize], detected: [], settled: false });
  });

  it('makes no change to what has failed, and keeps the differences visible', () => {
    const result = planFor({
      difference: { changes: [size], failed: { reason: 'Failed', message: 'x' } },
      generation: 2,
      settledGeneration: 2,
      shown: [],
      policy: 'Correct',
      now,
    });
    expect(result).toMatchObject({ action: 'blocked', changes: [], drift: [{ path: 'spec.size' }], settled: false });
  });

  it('does what can be done in place first, and never what loses data', () => {
    expect(paths(plan({ changes: [image, size], settledGeneration: 1 }).changes)).toEqual(['spec.size']);
    expect(plan({ changes: [image], settledGeneration: 1 })).toMatchObject({ action: 'replace', changes: [image] });
    expect(plan({ changes: [image], policy: 'Report' })).toMatchObject({ action: 'none', drift: [{ path: 'spec.image' }] });
  });

  it('keeps since of what is missing, and tells the first time', () => {
    const first = planForMissing([], now);
    expect(first).toEqual({ drift: [{ path: '', declared: 'present', observed: 'missing', since: now }], isNew: true });
    expect(planForMissing(first.drift, 'later')).toEqual({ drift: first.drift, isNew: false });
  });
});

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
