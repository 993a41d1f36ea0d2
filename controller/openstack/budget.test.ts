import { describe, expect, it } from 'vitest';
import { createBudget } from './budget.ts';
import { createTestClock } from './small-cloud.ts';

/** Lets everything that is due happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a budget', () => {
  it('lets no more run at a time than its concurrency, in the order they came', async () => {
    const budget = createBudget({ concurrency: 2, requestsPerSecond: 1_000, clock: createTestClock() });
    const entered: number[] = [];
    const leave: (() => void)[] = [];
    for (let call = 0; call < 5; call += 1) {
      const run = async () => {
        const done = await budget.enter();
        entered.push(call);
        leave.push(done);
      };
      void run();
    }
    await settle();
    expect(entered).toEqual([0, 1]);
    expect(budget.waiting()).toBe(3);
    leave[0]?.();
    leave[0]?.();
    await settle();
    expect(entered).toEqual([0, 1, 2]);
  });

  it('starts no more in a second than its rate, after a first burst of one second', async () => {
    const clock = createTestClock();
    const budget = createBudget({ concurrency: 100, requestsPerSecond: 10, clock });
    let entered = 0;
    for (let call = 0; call < 40; call += 1) void budget.enter().then(() => (entered += 1));
    await settle();
    expect(entered).toBe(10);
    clock.advance(1_000);
    await settle();
    expect(entered).toBe(20);
    clock.advance(5_000);
    await settle();
    expect(entered).toBe(40);
  });

  it('forgets a call that was cancelled while it waited', async () => {
    const budget = createBudget({ concurrency: 1, requestsPerSecond: 100, clock: createTestClock() });
    const leave = await budget.enter();
    const cancel = new AbortController();
    const cancelled = budget.enter(cancel.signal);
    const next = budget.enter();
    cancel.abort(new Error('enough'));
    await expect(cancelled).rejects.toThrow('enough');
    leave();
    await expect(next).resolves.toBeTypeOf('function');
  });

  it('lets no call wait for uploads, which have places of their own, and counts both in its rate', async () => {
    const clock = createTestClock();
    const budget = createBudget({ concurrency: 1, requestsPerSecond: 4, clock });
    const entered: string[] = [];
    const enter = async (name: string, lane: 'call' | 'upload') => {
      const leave = await budget.enter(undefined, lane);
      entered.push(name);
      return leave;
    };
    const uploads = ['one', 'two', 'three'].map((name) => enter(name, 'upload'));
    const first = enter('a', 'call');
    const second = enter('b', 'call');
    await settle();
    expect(entered).toEqual(['one', 'two', 'a']);
    (await first)();
    await second;
    expect(entered).toEqual(['one', 'two', 'a', 'b']);
    (await uploads[0])?.();
    await settle();
    expect(entered).toHaveLength(4);
    clock.advance(1_000);
    await settle();
    expect(entered.at(-1)).toBe('three');
  });

  it('refuses limits that would let nothing through', () => {
    const clock = createTestClock();
    expect(() => createBudget({ concurrency: 0, requestsPerSecond: 1, clock })).toThrow(/concurrency/);
    expect(() => createBudget({ concurrency: 1, requestsPerSecond: 0, clock })).toThrow(/requestsPerSecond/);
  });
});
