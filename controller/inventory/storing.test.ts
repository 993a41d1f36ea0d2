import { describe, expect, it } from 'vitest';
import { openStore, type Store } from '#migrations/store.ts';
import { createBench, take } from './inventory.fixture.ts';
import { storingSuite } from './storing-suite.ts';

storingSuite('SQLite', () => openStore('sqlite::memory:'));

/** A store whose transactions fail while `isBroken()`. */
function breakable(store: Store, isBroken: () => boolean): Store {
  return {
    ...store,
    tx: (run) => (isBroken() ? Promise.reject(new Error('disk full')) : store.tx(run)),
    db: store.db,
    tables: store.tables,
  };
}

describe('a database that fails', () => {
  it('leaves memory right, falls behind, and catches up by itself', async () => {
    let isBroken = false;
    const bench = await createBench();
    const inventory = bench.open({ store: breakable(bench.store, () => isBroken) });
    const { clock, cloud, events, logged } = bench;
    cloud.put('server', { id: 's1', name: 'a' });
    await clock.until(inventory.start());
    isBroken = true;
    cloud.change('server', 's1', { name: 'b' });
    cloud.put('volume', { id: 'v1' });
    await clock.until(inventory.sweep());
    expect(inventory.get('server', 's1')?.name).toBe('b');
    expect(take(events)).toContain('changed server s1');
    expect(inventory.storing()).toEqual({ waiting: 2, error: 'disk full' });
    await clock.advance(120_000);
    expect(logged.filter((line) => line.includes('cannot be stored'))).toHaveLength(1);
    isBroken = false;
    await clock.advance(61_000);
    expect(inventory.storing()).toEqual({ waiting: 0 });
    expect(await bench.repository.load()).toHaveLength(2);
    expect((await bench.repository.changes()).map((one) => one.change).toSorted()).toEqual(['appeared', 'appeared', 'changed']);
    await clock.until(inventory.stop());
  });
});
