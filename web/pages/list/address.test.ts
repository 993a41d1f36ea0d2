import { describe, expect, it } from 'vitest';
import { firstSort, readAddress, withClusters, writeSort } from './address.ts';

describe('the address of a list', () => {
  it('says what is filtered, sorted and shown', () => {
    const query = new URLSearchParams('filter=status:ERROR age>7d&sort=-created&columns=name,status,name&at=2020-11-29T08:00:00Z');
    expect(readAddress(query)).toEqual({
      filter: 'status:ERROR age>7d',
      sort: { column: 'created', isDescending: true },
      columns: ['name', 'status'],
      at: '2020-11-29T08:00:00.000Z',
    });
    expect(writeSort({ column: 'created', isDescending: true })).toBe('-created');
  });

  it('says nothing that somebody made up', () => {
    expect(readAddress(new URLSearchParams('sort=<script>&columns=a b,,'))).toEqual({
      filter: '',
      sort: firstSort,
      columns: undefined,
      at: undefined,
    });
  });

  it('is narrowed to the clusters in view', () => {
    expect(withClusters('', [])).toBe('');
    expect(withClusters('web', ['bj-1', 'sh-1'])).toBe('web cluster:bj-1,sh-1');
    expect(withClusters('', ['bj-1'])).toBe('cluster:bj-1');
  });
});
