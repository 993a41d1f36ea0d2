import { describe, expect, test } from 'vitest';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';

const labels = { app: 'web', tier: 'front', 'example.com/size': '7' };

describe('a label selector', () => {
  test.each([
    ['app=web', true],
    ['app==web,tier!=back', true],
    ['app != web', false],
    ['other!=x', true],
    ['app in (web, db)', true],
    ['app notin (web)', false],
    ['other notin (x)', true],
    ['app', true],
    ['!other', true],
    ['!app', false],
    ['example.com/size>6,example.com/size<8', true],
    ['example.com/size>7', false],
    ['app>1', false],
    ['app=', false],
    ['other in ()', false],
  ])('%s selects: %s', (selector, isSelected) => {
    expect(parseLabelSelector(selector)?.(labels)).toBe(isSelected);
  });

  test('that is empty selects everything', () => {
    expect(parseLabelSelector(' ')).toBeUndefined();
  });

  test.each(['a in b', 'a=!!', 'a b', '=x', 'a in (b', 'a>x', ',', 'a==b=c'])('%s is refused', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow('unable to parse requirement');
  });
});

describe('a field selector', () => {
  const fields = { 'metadata.name': 'a', type: 'Warning' };
  const known = Object.keys(fields);
  test.each([
    ['metadata.name=a', true],
    ['metadata.name==a,type!=Normal', true],
    ['type=Normal', false],
    ['metadata.name!=a', false],
  ])('%s selects: %s', (selector, isSelected) => {
    expect(parseFieldSelector(selector, known, true)?.(fields)).toBe(isSelected);
  });

  test('of an unknown field is refused and says which there are', () => {
    expect(() => parseFieldSelector('spec.x=1', known, true)).toThrow(
      '"spec.x" is not a known field selector: only "metadata.name", "type"',
    );
    expect(() => parseFieldSelector('spec.x', known, true)).toThrow("invalid selector: 'spec.x'; can't understand 'spec.x'");
  });
});
