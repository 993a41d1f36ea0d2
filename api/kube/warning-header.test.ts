import { expect, it } from 'vitest';
import { warningHeaders } from './warning-header.ts';

it('quotes each warning once', () => {
  expect(warningHeaders(['say "no"', 'a\\b', 'say "no"', ''])).toEqual(['299 - "say \\"no\\""', '299 - "a\\\\b"']);
});

it('sends nothing that a header cannot carry', () => {
  expect(warningHeaders(['a\n\tb \u001b[31m \u00fcber \u{1f600}'])).toEqual(['299 - "a b ?[31m ?ber ?"']);
});

it('cuts long warnings only when all of them together are too much, and drops the rest', () => {
  const long = (letter: string) => letter.repeat(1000);
  expect(warningHeaders([long('a'), long('b')]).map((one) => one.length)).toEqual([1000 + 8, 1000 + 8]);
  const many = Array.from({ length: 30 }, (_, index) => `${index} ${long('x')}`);
  const cut = warningHeaders(many);
  expect(cut).toHaveLength(16);
  expect(cut.every((one) => one.length === 256 + 8)).toBe(true);
});
