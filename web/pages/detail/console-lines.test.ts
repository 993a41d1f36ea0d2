import { describe, expect, it } from 'vitest';
import { linesOf, partsOf } from './console-lines.ts';

describe('a console log', () => {
  it('is read without colours and what was written over', () => {
    expect(linesOf('\u001b[32m[  OK  ]\u001b[0m Started\r\n10%\r50%\r100%\n\u001b]0;title\u0007login:\n\n')).toEqual([
      '[  OK  ] Started',
      '100%',
      'login:',
    ]);
  });

  it('has no lines when nothing was written', () => expect(linesOf('\n\n')).toEqual([]));

  it('is searched in small letters and large alike', () => {
    expect(partsOf('Error: no error', 'error')).toEqual([
      { text: 'Error', isFound: true },
      { text: ': no ', isFound: false },
      { text: 'error', isFound: true },
    ]);
    expect(partsOf('nothing', 'error')).toEqual([{ text: 'nothing', isFound: false }]);
    expect(partsOf('a.b', '.')).toHaveLength(3);
  });
});
