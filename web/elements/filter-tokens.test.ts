import { describe, expect, it } from 'vitest';
import { columnsLike, type FilterColumn, facetFilter, fragmentOf, problemOf, quoted, splitFilter } from './filter-tokens.ts';

const column = (name: string, kind: FilterColumn['kind'], label = name, also: string[] = []): FilterColumn => ({
  name,
  kind,
  label,
  also,
  operators: [],
});
const columns = [
  column('status', 'text', '状态'),
  column('tags', 'list', '标签', ['tag']),
  column('size', 'number'),
  column('created', 'time'),
  column('drifted', 'flag'),
  column('volumeType', 'text'),
];

describe('a filter', () => {
  it('is split at blanks, but not between quotation marks', () => {
    expect(splitFilter('  status:ERROR name:"a b" -tag:"x y",z web ')).toEqual(['status:ERROR', 'name:"a b"', '-tag:"x y",z', 'web']);
    expect(splitFilter('name:"a b')).toEqual(['name:"a b']);
  });

  it.each([
    ['status:ERROR', undefined],
    ['-tag:test', undefined],
    ['web-1', undefined],
    ['fa:16:3e', undefined],
    ['fe80::1', undefined],
    ['age>7d', undefined],
    ['size>=100', undefined],
    ['size:10,20', undefined],
    ['created>2026-11-01', undefined],
    ['created:2026-11', undefined],
    ['drifted:yes', undefined],
    ['status:""', undefined],
    ['name:"x', 'quote'],
    ['colour:red', 'column'],
    ['status:', 'value'],
    ['age>7', 'age'],
    ['age:7d', 'age'],
    ['status>1', 'operator'],
    ['size>big', 'number'],
    ['size:big', 'number'],
    ['created>yesterday', 'time'],
    ['drifted:perhaps', 'flag'],
  ])('with the token %s has the problem %s', (token, reason) => {
    expect(problemOf(token, columns)?.reason).toBe(reason);
  });

  it('quotes only values that need it', () => {
    expect(['web-1', 'a b', 'a,b', null, ''].map(quoted)).toEqual(['web-1', '"a b"', '"a,b"', '""', '""']);
  });
});

describe('completion', () => {
  it('knows whether a column or its value is typed, and the last of several values', () => {
    expect(fragmentOf('sta', columns)).toEqual({ column: undefined, isAge: false, before: '', typed: 'sta' });
    expect(fragmentOf('-sta', columns)).toMatchObject({ before: '-', typed: 'sta' });
    expect(fragmentOf('status:ERROR,BU', columns)).toMatchObject({ column: { name: 'status' }, before: 'status:ERROR,', typed: 'BU' });
    expect(fragmentOf('tag:"x, y', columns)).toMatchObject({ column: { name: 'tags' }, before: 'tag:', typed: 'x, y' });
    expect(fragmentOf('age>', columns)).toMatchObject({ isAge: true, before: 'age>', typed: '' });
    expect(fragmentOf('colour:r', columns)).toMatchObject({ column: undefined, typed: 'colour:r' });
  });

  it('finds columns by name, other name and what they are called here', () => {
    const named = (typed: string) => columnsLike(typed, columns).map(({ name }) => name);
    expect(named('s')).toEqual(['status', 'size', 'tags']);
    expect(named('状')).toEqual(['status']);
    expect(named('tag')).toEqual(['tags']);
    expect(named('type')).toEqual(['volumeType']);
    expect(named('zzz')).toEqual([]);
  });

  it('counts values under the other tokens and what is typed', () => {
    const [status, , size] = columns as [FilterColumn, FilterColumn, FilterColumn];
    expect(facetFilter(['tag:x'], status, 'ER')).toBe('tag:x status:*ER*');
    expect(facetFilter([], status, 'a b*')).toBe('status:"*a b*"');
    expect(facetFilter(['web'], size, '1')).toBe('web');
  });
});
