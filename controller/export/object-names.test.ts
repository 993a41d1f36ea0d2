import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectNames } from './object-names.ts';

const id = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
const named = (...names: string[]) => names.map((name, index) => ({ id: id('abcdef'[index] ?? '0'), name }));
const of = (names: string[], taken: string[] = []) => [...objectNames('Volume', named(...names), new Set(taken)).values()].toSorted();

describe('the names of objects', () => {
  it.each<[string, string[], string[]]>([
    ['are those of the resources where they can be', ['web-1', 'db'], ['db', 'web-1']],
    ['are labels made from them elsewhere', ['Web Server_1.example', '--x--'], ['web-server-1-example', 'x']],
    ['lose marks and what is no Latin letter', ['Datenträger Ü1', 'é日本'], ['datentrager-u1', 'e']],
    ['have part of the id where nothing is left', ['', '数据库'], ['volume-aaaaaaaa', 'volume-bbbbbbbb']],
    ['have part of the id where two would be one', ['web', 'Web', 'db'], ['db', 'web-aaaaaaaa', 'web-bbbbbbbb']],
    ['never run into one another', ['web', 'Web', 'web-aaaaaaaa'], ['web-aaaaaaaa', 'web-aaaaaaaa0000', 'web-bbbbbbbb']],
  ])('%s', (_name, names, expected) => {
    expect(of(names)).toEqual(expected);
  });

  it('are never one that is taken', () => {
    expect(of(['web'], ['web'])).toEqual(['web-aaaaaaaa']);
    expect(of(['web'], ['web', 'web-aaaaaaaa'])).toEqual(['web-aaaaaaaa0000']);
  });

  it('are 63 characters at most', () => {
    expect(of(['x'.repeat(200)])).toEqual(['x'.repeat(63)]);
    expect(of(['x'.repeat(200), 'x'.repeat(100)])).toEqual([`${'x'.repeat(54)}-aaaaaaaa`, `${'x'.repeat(54)}-bbbbbbbb`]);
  });

  it('are the same for the id of a key pair, which is its name', () => {
    const names = objectNames(
      'KeyPair',
      [
        { id: 'my key', name: 'my key' },
        { id: 'my.key', name: 'my.key' },
      ],
      new Set(),
    );
    expect([...names.values()]).toEqual([expect.stringMatching(/^my-key-[0-9a-f]{8}$/), expect.stringMatching(/^my-key-[0-9a-f]{8}$/)]);
  });

  it('are valid, unique and the same in whatever order the cloud lists', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('web', 'Web', 'web-1', '', 'é'),
      fc.string({ minLength: 60, maxLength: 80 }),
    );
    const resources = fc.uniqueArray(fc.record({ id: fc.uuid(), name: text }), { selector: (one) => one.id });
    fc.assert(
      fc.property(resources, fc.array(text), (rows, taken) => {
        const names = objectNames('Volume', rows, new Set(taken));
        const values = [...names.values()];
        expect(values).toHaveLength(rows.length);
        expect(new Set(values).size).toBe(rows.length);
        expect(values.filter((name) => !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name) || taken.includes(name))).toEqual([]);
        const again = objectNames('Volume', rows.toReversed(), new Set(taken));
        expect(Object.fromEntries(again)).toEqual(Object.fromEntries(names));
      }),
    );
  });
});
