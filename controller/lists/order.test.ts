import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverRow } from './clouds.fixture.ts';
import { type Entry, presentEntry } from './entry.ts';
import { behind, from, type Holder, Order } from './order.ts';

const seed = Number(process.env['STACKWARDEN_SEED'] ?? 20_261_129);
const inventory = { get: () => undefined } as never;
const entryOf = (id: number, name: string): Entry =>
  presentEntry('server', 'a', serverRow(`s-${id}`, { name }), { inventory, object: undefined });

/** A row put (with a name), or taken away; undefined: somebody reads. */
const step = fc.option(
  fc.record({ id: fc.nat({ max: 30 }), name: fc.option(fc.constantFrom('', 'a', 'B', 'b', 'c', 'zz'), { nil: undefined }) }),
  {
    nil: undefined,
  },
);

describe('an order', () => {
  it('is what sorting anew would give, whatever came, changed and went between reads', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const holders = new Map<string, Holder>();
        const order = new Order('name', 'text', []);
        const keys = () => order.placed().map(({ holder }) => holder.key);
        const fresh = () => new Order('name', 'text', holders.values()).placed().map(({ holder }) => holder.key);
        for (const one of steps) {
          if (!one) {
            expect(keys()).toEqual(fresh());
            continue;
          }
          const key = `a/s-${one.id}`;
          const holder = holders.get(key) ?? { key, entry: undefined };
          const before = holder.entry;
          holder.entry = one.name === undefined ? undefined : entryOf(one.id, one.name);
          if (holder.entry) holders.set(key, holder);
          else holders.delete(key);
          if (before || holder.entry) order.changed(holder, before);
        }
        expect(keys()).toEqual(fresh());
      }),
      { seed, numRuns: 200 },
    );
  });

  it('finds the place of a row that is there, and of one that is not', () => {
    const holders = ['b', 'd', 'd', 'f'].map((name, id): Holder => ({ key: `a/s-${id}`, entry: entryOf(id, name) }));
    const placed = new Order('name', 'text', holders).placed();
    expect([behind(placed, 'd', 'a/s-1'), from(placed, 'd', 'a/s-1')]).toEqual([2, 1]);
    expect([behind(placed, 'c', 'x'), from(placed, 'c', 'x')]).toEqual([1, 1]);
    expect([behind(placed, null, ''), from(placed, null, '')]).toEqual([4, 4]);
  });
});
