import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Priority } from './loop.ts';
import { FakeClock, settle } from './testing/fake-clock.ts';
import { type Work, Workqueue } from './workqueue.ts';

const work = (key: string, group = 'lab', priority: Priority = 'wake'): Work => ({ key, group, priority });

function queueOf(workers = 4, perGroup = 4): { queue: Workqueue; clock: FakeClock } {
  const clock = new FakeClock();
  return { clock, queue: new Workqueue({ clock, random: () => 0.5, workers, perGroup, backoff: { baseMs: 1_000, maxMs: 60_000 } }) };
}

describe('the workqueue', () => {
  it('holds a key once', async () => {
    const { queue } = queueOf();
    queue.add(work('a'));
    queue.add(work('a'));
    expect((await queue.take())?.key).toBe('a');
    expect(queue.stats().depth.wake).toBe(0);
  });

  it('gives a key added while it is worked on again, but only afterwards', async () => {
    const { queue } = queueOf();
    queue.add(work('a'));
    await queue.take();
    queue.add(work('a', 'lab', 'sweep'));
    queue.add(work('a', 'lab', 'person'));
    expect(queue.stats().depth).toEqual({ person: 0, wake: 0, sweep: 0 });
    queue.done('a');
    expect(await queue.take()).toEqual(work('a', 'lab', 'person'));
  });

  it("serves a person's change before wake-ups and those before sweeps, also when it was in line for less", async () => {
    const { queue } = queueOf(20, 20);
    queue.add(work('sweep', 'lab', 'sweep'));
    queue.add(work('wake', 'lab', 'wake'));
    queue.add(work('late', 'lab', 'sweep'));
    queue.add(work('late', 'lab', 'person'));
    expect([(await queue.take())?.key, (await queue.take())?.key, (await queue.take())?.key]).toEqual(['late', 'wake', 'sweep']);
  });

  it('does not let a stream of changes starve the sweeps', async () => {
    const { queue } = queueOf(2, 2);
    queue.add(work('sweep', 'lab', 'sweep'));
    const seen: string[] = [];
    for (let i = 0; i < 20; i += 1) {
      queue.add(work(`person-${i}`, 'lab', 'person'));
      const taken = await queue.take();
      seen.push(taken?.key ?? '');
      queue.done(taken?.key ?? '');
    }
    expect(seen).toContain('sweep');
  });

  it('takes groups in turn', async () => {
    const { queue } = queueOf(40, 40);
    for (const key of ['a1', 'a2', 'a3']) queue.add(work(key, 'a'));
    queue.add(work('b1', 'b'));
    const order = [await queue.take(), await queue.take()].map((one) => one?.key);
    expect(order).toEqual(['a1', 'b1']);
  });

  it('leaves a worker to others when everything of one group hangs', async () => {
    const { queue } = queueOf(4, 8);
    const taken: string[] = [];
    const workers = Array.from({ length: 4 }, async () => {
      const one = await queue.take();
      taken.push(one?.key ?? '');
    });
    for (let i = 0; i < 10; i += 1) queue.add(work(`hung-${i}`, 'hung'));
    await settle();
    expect(taken).toHaveLength(3);
    queue.add(work('fine', 'other'));
    await Promise.all(workers);
    expect(taken).toContain('fine');
  });

  it('waits longer after each failure, with jitter, never sooner than asked, and starts anew when forgotten', async () => {
    const { queue, clock } = queueOf();
    expect([queue.retry(work('a')), queue.retry(work('a')), queue.retry(work('a'))]).toEqual([750, 1_500, 3_000]);
    queue.forget('a');
    expect(queue.retry(work('a'), 5_000)).toBe(5_000);
    expect(queue.stats()).toMatchObject({ delayed: 1, retries: 4 });
    await clock.advance(750);
    expect((await queue.take())?.key).toBe('a');
  });

  it('keeps the soonest of several appointments and drops it when the key is taken before', async () => {
    const { queue, clock } = queueOf();
    queue.addAfter(work('a'), 10_000);
    queue.addAfter(work('a'), 1_000);
    queue.addAfter(work('a'), 20_000);
    queue.add(work('a'));
    await queue.take();
    queue.done('a');
    await clock.advance(60_000);
    expect(queue.stats()).toMatchObject({ delayed: 0, depth: { person: 0, wake: 0, sweep: 0 } });
  });

  it('tells how long the oldest has waited', async () => {
    const { queue, clock } = queueOf();
    queue.add(work('a'));
    await clock.advance(4_000);
    queue.add(work('b'));
    expect(queue.stats().oldestSeconds).toBe(4);
  });

  it('shuts down: hands out nothing more and waits for what runs', async () => {
    const { queue } = queueOf();
    queue.add(work('a'));
    queue.add(work('b'));
    await queue.take();
    const down = queue.shutDown().then(() => 'down');
    expect(await queue.take()).toBeUndefined();
    expect(await Promise.race([down, settle().then(() => 'running')])).toBe('running');
    queue.done('a');
    expect(await down).toBe('down');
  });

  it('loses no key and works on none twice at a time, whatever is added when', async () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 6 }),
      act: fc.constantFrom('add', 'delay', 'take', 'done', 'tick'),
      priority: fc.constantFrom<Priority>('person', 'wake', 'sweep'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const { queue, clock } = queueOf(5, 3);
        const running = new Set<string>();
        const owed = new Set<string>();
        const take = async (): Promise<void> => {
          const one = await queue.take();
          if (!one) return;
          expect(running.has(one.key)).toBe(false);
          running.add(one.key);
          owed.delete(one.key);
        };
        for (const { key, act, priority } of steps) {
          const one = work(String(key), `group-${key % 3}`, priority);
          if (act === 'add' || act === 'delay') owed.add(one.key);
          if (act === 'add') queue.add(one);
          if (act === 'delay') queue.addAfter(one, 500);
          if (act === 'take') void take();
          if (act === 'done' && running.delete(one.key)) queue.done(one.key);
          await clock.advance(act === 'tick' ? 300 : 0);
        }
        for (let i = 0; i < 40; i += 1) {
          for (const key of running) if (running.delete(key)) queue.done(key);
          void take();
          await clock.advance(600);
        }
        expect([...owed]).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
