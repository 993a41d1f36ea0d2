import { describe, expect, it } from 'vitest';
import { conditionsAfter, lintStatus } from './conditions.ts';
import type { Condition, KubeObject } from './object.ts';
import { applied, inSync, type Outcome, polling, retrying, stalled, waiting } from './outcome.ts';
import { statusPatch } from './status.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const why = { reason: 'Because', message: 'A reason.' };
const outcomes: Record<string, Outcome> = {
  inSync: inSync('Fine.'),
  applied: applied(why),
  waiting: waiting(why),
  polling: polling(why),
  retrying: retrying(why),
  stalled: stalled(why),
};

function object(conditions: readonly Condition[] = [], generation = 1): KubeObject {
  const metadata = { name: 'a', uid: 'u', resourceVersion: '1', generation };
  return { apiVersion: 'v1', kind: 'Thing', metadata, spec: {}, status: { observedGeneration: generation, conditions } };
}

const types = (conditions: readonly Condition[]): string[] => conditions.map((one) => `${one.type}=${one.status}`);

describe('conditions', () => {
  it.each(Object.entries(outcomes))('after %s keep the contract of kstatus', (_name, outcome) => {
    expect(lintStatus(object(conditionsAfter(undefined, outcome, 1, noon)))).toEqual([]);
  });

  it('hold Ready always, and Reconciling and Stalled only while abnormal', () => {
    expect(types(conditionsAfter(undefined, inSync('Fine.', { drift: [] }), 1, noon))).toEqual(['Drifted=False', 'Ready=True']);
    expect(types(conditionsAfter(undefined, polling(why), 1, noon))).toEqual(['Ready=False', 'Reconciling=True']);
    expect(types(conditionsAfter(undefined, stalled(why), 1, noon))).toEqual(['Ready=False', 'Stalled=True']);
  });

  it('move the transition time with the status only', () => {
    const first = conditionsAfter(undefined, polling(why), 1, noon);
    const second = conditionsAfter({ conditions: first }, polling({ reason: 'Other', message: 'Else.' }), 2, noon + 60_000);
    expect(second.map((one) => one.lastTransitionTime)).toEqual(first.map((one) => one.lastTransitionTime));
    expect(second[0]).toMatchObject({ reason: 'Other', observedGeneration: 2 });
    const third = conditionsAfter({ conditions: second }, inSync('Fine.'), 2, noon + 60_000);
    expect(third[0]?.lastTransitionTime).toBe('2026-11-23T12:01:00Z');
  });

  it('say of a failure that goes on by itself that it does', () => {
    const conditions = conditionsAfter(undefined, retrying(why), 1, noon);
    expect(conditions.map((one) => `${one.type} ${one.reason}`)).toEqual(['Ready Because', 'Reconciling ProgressingWithRetry']);
  });

  it('leave Drifted alone when a pass did not look for drift', () => {
    const drift = [{ path: 'spec.size', declared: 1, observed: 2, since: '' }];
    const drifted = conditionsAfter(undefined, inSync('x', { drift }), 1, noon);
    expect(conditionsAfter({ conditions: drifted, drift }, polling(why), 2, noon + 1)[0]).toEqual(drifted[0]);
    expect(conditionsAfter({ conditions: [], drift }, polling(why), 2, noon)[0]).toMatchObject({ type: 'Drifted', status: 'True' });
  });

  it('are not written twice when a pass says the same again', () => {
    for (const outcome of Object.values(outcomes)) {
      const once = object(conditionsAfter(undefined, outcome, 1, noon));
      expect(statusPatch(once, outcome, noon + 3_600_000)).toBeUndefined();
    }
  });

  it('cut a message nobody could read', () => {
    expect(conditionsAfter(undefined, stalled({ reason: 'Long', message: 'x'.repeat(50_000) }), 1, noon)[0]?.message).toHaveLength(4_000);
  });
});

describe('the lint of a status', () => {
  it('finds what kstatus would misread', () => {
    const ready: Condition = {
      type: 'Ready',
      status: 'True',
      reason: 'Fine',
      message: 'x',
      lastTransitionTime: '2026-11-23T12:00:00Z',
      observedGeneration: 1,
    };
    expect(lintStatus(object([]))).toContain('Ready is missing');
    expect(lintStatus(object([ready, { ...ready, type: 'Reconciling' }]))).toContain('Ready and abnormal at once');
    expect(lintStatus(object([ready, { ...ready, type: 'Stalled', status: 'False' }]))).toContain('Stalled is there without being True');
    expect(lintStatus(object([ready, ready]))).toContain('a condition is there twice');
    expect(lintStatus(object([{ ...ready, reason: 'not camel' }]))).toContain('Ready has a reason that is not CamelCase');
    expect(lintStatus(object([{ ...ready, observedGeneration: 7 }]))).toContain('Ready is ahead of generation');
  });
});
