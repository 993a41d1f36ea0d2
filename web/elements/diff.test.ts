import { describe, expect, it } from 'vitest';
import { compareWords, hunksOf, rowsOf, textOf } from './diff-rows.ts';
import { compareSequences } from './diff-sequence.ts';
import { linesOf, pathParts, trails } from './diff-text.ts';

/** Plays the stretches back: what they make of the first MUST be the second. */
function replayed(first: string, second: string): string {
  return compareSequences(first.split(''), second.split(''))
    .map(({ kind, a, b, length }) => (kind === 'removed' ? '' : kind === 'same' ? first.slice(a, a + length) : second.slice(b, b + length)))
    .join('');
}
const shown = (before: string, after: string) =>
  rowsOf(before.split('\n'), after.split('\n')).map(({ kind, before: left, after: right }) => `${kind} ${textOf(left)}|${textOf(right)}`);

describe('a comparison', () => {
  it('finds the fewest removals and additions', () => {
    const stretches = compareSequences('ABCABBA'.split(''), 'CBABAC'.split(''));
    expect(stretches.filter(({ kind }) => kind !== 'same').reduce((sum, { length }) => sum + length, 0)).toBe(5);
  });

  it('makes the second of the first, whatever they are', () => {
    let seed = 7;
    const dice = (sides: number) => (seed = (seed * 48_271) % 2_147_483_647) % sides;
    const word = () => Array.from({ length: dice(12) }, () => 'abcd'[dice(4)]).join('');
    for (let round = 0; round < 500; round += 1) {
      const [first, second] = [word(), word()];
      expect(replayed(first, second), `${first} ${second}`).toBe(second);
    }
  });

  it('puts lines about the same key beside each other', () => {
    expect(shown('a: 1\nb: 2\nc: 3', 'a: 1\nb: 4\nd: 5\nc: 3')).toEqual([
      'same a: 1|a: 1',
      'changed b: 2|b: 4',
      'added |d: 5',
      'same c: 3|c: 3',
    ]);
    expect(shown('tier: gold\nx: 1', 'owner: bob\ntier: tin\nx: 1')).toEqual([
      'added |owner: bob',
      'changed tier: gold|tier: tin',
      'same x: 1|x: 1',
    ]);
  });

  it('marks the words that differ, Chinese ones too', () => {
    const { before, after } = compareWords('size: 10 GiB', 'size: 20 GiB');
    expect(before.filter(({ isMarked }) => isMarked).map(({ text }) => text)).toEqual(['10']);
    expect(after.filter(({ isMarked }) => isMarked).map(({ text }) => text)).toEqual(['20']);
    expect(compareWords('10.0.0.1', '10.0.2.1').after).toEqual([{ text: '10.0.2.1', isMarked: false }]);
    expect(compareWords('生产环境', '测试环境').after[0]).toEqual({ text: '测试', isMarked: true });
  });

  it('leaves out what is far from any change, and says where the document goes on', () => {
    const lines = (size: number) => linesOf({ spec: { a: 1, b: 2, c: 3, d: 4, e: 5, metadata: { x: 1, y: 2, z: 3, w: 4, size } } });
    const hunks = hunksOf(rowsOf(lines(1), lines(2)));
    expect(hunks.map(({ isHidden, rows }) => [isHidden, rows.length])).toEqual([
      [true, 8],
      [false, 4],
    ]);
    expect(hunks[0]).toMatchObject({ trail: ['spec', 'metadata'] });
  });
});

describe('values as text', () => {
  it('read like YAML', () => {
    expect(
      linesOf({ name: 'web', rules: [{ protocol: 'tcp', port: 22 }], tags: [], note: 'yes', size: '10', ip: '192.0.2.53', text: 'a\nb\n' }),
    ).toEqual([
      'name: web',
      'rules:',
      '  - protocol: tcp',
      '    port: 22',
      'tags: []',
      'note: "yes"',
      'size: "10"',
      'ip: 192.0.2.53',
      'text: |',
      '  a',
      '  b',
    ]);
    expect([linesOf(null), linesOf('a\nb\n')]).toEqual([[], ['a', 'b']]);
  });

  it('know where each line stands', () => {
    expect(trails(['spec:', '  rules:', '    - port: 22', '      protocol: tcp', '  name: a', 'kind: B'])).toEqual([
      ['spec'],
      ['spec', 'rules'],
      ['spec', 'rules', 'port'],
      ['spec', 'rules', 'protocol'],
      ['spec', 'name'],
      ['kind'],
    ]);
    expect(pathParts('spec.rules[ingress IPv4 tcp 22 0.0.0.0/0].description')).toEqual([
      'spec',
      'rules',
      'ingress IPv4 tcp 22 0.0.0.0/0',
      'description',
    ]);
  });
});
