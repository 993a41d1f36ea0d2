import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverRow } from './clouds.fixture.ts';
import { presentEntry } from './entry.ts';
import type { Holder } from './order.ts';
import { TextIndex } from './text-index.ts';

const seed = Number(process.env['STACKWARDEN_SEED'] ?? 20_261_129);
const inventory = { get: () => undefined } as never;
const entryOf = (id: number, name: string) => presentEntry('server', 'a', serverRow(`s-${id}`, { name }), { inventory, object: undefined });
const change = fc.record({ id: fc.nat({ max: 400 }), name: fc.option(fc.constantFrom('web', 'db', 'cache'), { nil: undefined }) });

describe('a text index', () => {
  it('finds all rows that hold a text, whatever came, changed and went', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 600 }), fc.constantFrom('web', 'db', 's-7', 'nothing'), (changes, wanted) => {
        const index = new TextIndex();
        const holders = new Map<number, Holder>();
        for (const [step, { id, name }] of changes.entries()) {
          const holder = holders.get(id) ?? { key: `a/s-${id}`, entry: undefined };
          holder.entry = name === undefined ? undefined : entryOf(id, name);
          if (holder.entry) holders.set(id, holder);
          else holders.delete(id);
          index.changed(holder);
          if (step % 50 === 0) expect([...index.mayHold('nowhere')]).toEqual([]);
        }
        const holding = [...holders.values()].filter(({ entry }) => entry?.text.includes(wanted)).map(({ key }) => key);
        const found = [...index.mayHold(wanted)].filter(({ entry }) => entry?.text.includes(wanted)).map(({ key }) => key);
        expect(found.toSorted()).toEqual(holding.toSorted());
      }),
      { seed, numRuns: 50 },
    );
  });
});
