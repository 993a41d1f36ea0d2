import { expect, it } from 'vitest';
import type { JsonObject } from '#controller/engine/json.ts';
import { anna, createBench, dyingRows } from './bench.fixture.ts';

const hour = 3_600_000;

/**
 * An operation of two writes, one whose effect can be found and one whose effect cannot, by processes that die at their `deadly`th use of
 * database or cloud, one after the other, and then one that lives.
 */
async function underDeaths(deadly: readonly number[]) {
  const bench = await createBench();
  let pass = async () => {};
  bench.action('instance.snapshot', async (run) => {
    await run.step('Asking', 10);
    const made = await run.send(
      'create',
      async () => {
        await pass();
        bench.sent.push('create');
        await pass();
        return { id: 'image-1' };
      },
      async () => {
        await pass();
        return bench.sent.includes('create') ? { id: 'image-1' } : undefined;
      },
    );
    await run.step('Naming', 50);
    await run.send('name', async () => {
      await pass();
      bench.sent.push('name');
      await pass();
      return null;
    });
    await run.until('it', async () => (bench.sent.includes('create') ? true : undefined));
    return { data: made as JsonObject };
  });
  const { operation } = await bench.operations.ask(anna, bench.ask(bench.actions.get('instance.snapshot') as never));
  let deaths = 0;
  for (const at of deadly) {
    let die = () => {};
    const death = new Promise<'died'>((done) => (die = () => done('died')));
    const mortal = dyingRows(bench.rows, at, die);
    pass = () => mortal.pass();
    const runner = bench.run({ rows: mortal.rows, pollMs: 1000 });
    const outcome = await Promise.race([death, bench.operations.wait(operation.id, hour)]);
    // Dead or not, it never ends: its last words die with it.
    void runner.stop();
    bench.clock.advance(1);
    if (outcome !== 'died') break;
    deaths++;
  }
  pass = async () => {};
  const last = bench.run({ pollMs: 1000 });
  const ended = await bench.operations.wait(operation.id, hour);
  const ends = (await bench.audit.list({ reconcileId: operation.id })).items.filter(({ type }) => type !== 'ActionRequested');
  await last.stop();
  await bench.close();
  return { deaths, ended, sent: bench.sent, ends: ends.map(({ type }) => type) };
}

const countOf = (sent: readonly string[], name: string) => sent.filter((one) => one === name).length;

function expectOnce({ ended, sent, ends }: Awaited<ReturnType<typeof underDeaths>>, why: string) {
  expect(ended, why).toMatchObject({ state: 'succeeded', result: { data: { id: 'image-1' } } });
  expect(countOf(sent, 'create'), why).toBe(1);
  // Nobody can know whether it was sent; then it is not sent again.
  expect(countOf(sent, 'name'), why).toBeLessThanOrEqual(1);
  expect(ends, why).toEqual(['ActionDone']);
}

it('goes on after a death at any moment, sends nothing twice, and is audited once', async () => {
  let at = 1;
  for (; ; at++) {
    const outcome = await underDeaths([at]);
    expectOnce(outcome, `death at use ${at}`);
    if (outcome.deaths === 0) break;
  }
  // It has as many moments as that: the schedule reached into all of it.
  expect(at).toBeGreaterThan(20);
});

it('goes on after several deaths', async () => {
  let seed = Number(process.env.STACKWARDEN_SEED ?? 1);
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let round = 0; round < 25; round++) {
    const deadly = Array.from({ length: 1 + Math.floor(random() * 4) }, () => 1 + Math.floor(random() * 30));
    expectOnce(await underDeaths(deadly), `seed ${process.env.STACKWARDEN_SEED ?? 1}, deaths at ${deadly.join(', ')}`);
  }
});

it('leaves alone what another process is at', async () => {
  const bench = await createBench();
  let release = () => {};
  bench.action('hold', async (run) => {
    await run.send('hold', async () => {
      bench.sent.push('hold');
      await new Promise<void>((done) => (release = done));
      return null;
    });
    return undefined;
  });
  const { operation } = await bench.operations.ask(anna, bench.ask(bench.actions.get('hold') as never));
  const first = bench.run({ isAlone: false, pollMs: 1000 });
  await expect.poll(() => bench.sent).toEqual(['hold']);
  const second = bench.run({ isAlone: false, pollMs: 1000 });
  const begun = bench.clock.now();
  await expect.poll(() => bench.clock.now()).toBeGreaterThan(begun + 120_000);
  expect(await bench.operations.get(operation.id)).toMatchObject({ state: 'running', attempts: 1 });
  release();
  expect(await bench.operations.wait(operation.id, hour)).toMatchObject({ state: 'succeeded', attempts: 1 });
  await first.stop();
  await second.stop();
  await bench.close();
});

it('takes up what another process left when that has been silent for long', async () => {
  const bench = await createBench();
  bench.action('hold', async (run) => {
    await run.send('hold', async () => void bench.sent.push('hold') as never);
    return undefined;
  });
  const { operation } = await bench.operations.ask(anna, bench.ask(bench.actions.get('hold') as never));
  await bench.rows.claim(operation.id, 'dead', bench.clock.now(), 0);
  const begun = bench.clock.now();
  const runner = bench.run({ isAlone: false, pollMs: 1000 });
  expect(await bench.operations.wait(operation.id, hour)).toMatchObject({ state: 'succeeded', attempts: 2 });
  expect(bench.clock.now() - begun).toBeGreaterThanOrEqual(30_000);
  await runner.stop();
  await bench.close();
});
