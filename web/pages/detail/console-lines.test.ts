import { describe, expect, it } from 'vitest';
import { colouredLines, linesOf, partsOf, searchOf } from './console-lines.ts';

const plain = (text: string) => [{ text, look: '' }];

describe('a console log', () => {
  it('is read without control characters and what was written over', () => {
    expect(linesOf('\u001b[32m[  OK  ]\u001b[0m Started\r\n10%\r50%\r100%\n\u001b]0;title\u0007login:\n\n')).toEqual([
      '[  OK  ] Started',
      '100%',
      'login:',
    ]);
  });

  it('has no lines when nothing was written', () => expect(linesOf('\n\n')).toEqual([]));

  it('keeps the colours of a terminal, also over the end of a line, as names from a fixed set', () => {
    expect(
      colouredLines('[\u001b[0;1;32m  OK \u001b[0m]\n\u001b[91mno\nway\u001b[39m!\u001b[38;5;3my\u001b[38;2;1;2;3mz\u001b[48;5;4m.'),
    ).toEqual([
      [
        { text: '[', look: '' },
        { text: '  OK ', look: 'green bold' },
        { text: ']', look: '' },
      ],
      [{ text: 'no', look: 'red' }],
      [
        { text: 'way', look: 'red' },
        { text: '!', look: '' },
        { text: 'y', look: 'yellow' },
        { text: 'z', look: '' },
        { text: '.', look: '' },
      ],
    ]);
    expect(colouredLines('\u001b[31;<script>m<b>\u001b[999999m')).toEqual([[{ text: '[31;<script>m<b>', look: '' }]]);
  });

  it('is searched in small letters and large alike, for words as they stand', () => {
    expect(searchOf('error', false)?.('Error: no error')).toEqual([
      [0, 5],
      [10, 15],
    ]);
    expect(searchOf('a.b', false)?.('axb a.b')).toEqual([[4, 7]]);
    expect(searchOf('', false)?.('nothing')).toEqual([]);
  });

  it('is searched for an expression only when that is asked for', () => {
    expect(searchOf('f.o', true)?.('foo f.o')).toHaveLength(2);
    expect(searchOf('x*', true)?.('ab')).toEqual([]);
    expect(searchOf('(', true)).toBeUndefined();
    expect(searchOf('(', false)?.('f(x)')).toEqual([[1, 2]]);
  });

  it('is cut where something was found, also across colours', () => {
    const runs = [
      { text: 'ab', look: 'red' },
      { text: 'cd', look: '' },
    ];
    expect(partsOf(runs, [[1, 3]])).toEqual([
      { text: 'a', look: 'red', place: undefined },
      { text: 'b', look: 'red', place: 0 },
      { text: 'c', look: '', place: 0 },
      { text: 'd', look: '', place: undefined },
    ]);
    expect(partsOf(plain('nothing'), [])).toEqual([{ text: 'nothing', look: '', place: undefined }]);
  });
});
