import { expect, it } from 'vitest';
import { flagOf, jsonOf, lineOf, momentOf } from './values.ts';

it.each<[unknown, string | undefined]>([
  ['2021-03-04 05:06:07.890123', '2021-03-04T05:06:07.890Z'],
  ['2021-03-04T05:06:07+02:00', '2021-03-04T03:06:07.000Z'],
  ['2021-03-04 05:06+0200', '2021-03-04T03:06:00.000Z'],
  ['2021-03-04', '2021-03-04T00:00:00.000Z'],
  [1_614_834_367, '2021-03-04T05:06:07.000Z'],
  ['1614834367.5', '2021-03-04T05:06:07.500Z'],
  ['0000-00-00 00:00:00', undefined],
  ['2021-13-01', undefined],
  ['1969-01-01', undefined],
  ['9999-01-01', undefined],
  ['now', undefined],
  [null, undefined],
  [-5, undefined],
])('reads the time %j', (value, expected) => {
  const at = momentOf(value);
  expect(at === undefined ? undefined : new Date(at).toISOString()).toBe(expected);
});

it.each<[unknown, boolean | undefined]>([
  [1, true],
  ['true', true],
  [new Uint8Array([1]), true],
  [0, false],
  [new Uint8Array([0]), false],
  ['f', false],
  [null, undefined],
  ['2', undefined],
])('reads the flag %j', (value, expected) => {
  expect(flagOf(value)).toBe(expected);
});

it('reads lines without what moves a cursor, in any encoding, and no longer than they may be', () => {
  expect(lineOf('a\r\n\u001b[2Jb\u0000', 20)).toBe('a [2Jb');
  expect(lineOf(new Uint8Array([0xc3, 0xa4]), 9)).toBe('ä');
  expect(lineOf(new Uint8Array([0xe4]), 9)).toBe('ä');
  expect(lineOf('😀'.repeat(9), 3)).toBe('😀😀😀');
  expect([lineOf('  ', 9), lineOf(null, 9), lineOf({}, 9)]).toEqual([undefined, undefined, undefined]);
});

it('reads JSON, also within JSON, and tells what is none', () => {
  expect(jsonOf('{"a":1}')).toEqual({ is: 'json', value: { a: 1 } });
  expect(jsonOf('"{\\"a\\":1}"')).toEqual({ is: 'json', value: { a: 1 } });
  expect(jsonOf('['.repeat(200_000))).toEqual({ is: 'tooLong' });
  expect(jsonOf(JSON.stringify(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`))).toEqual({ is: 'tooLong' });
  expect(jsonOf('null')).toEqual({ is: 'absent' });
  expect(jsonOf('{"a":')).toEqual({ is: 'broken', text: '{"a":' });
});
