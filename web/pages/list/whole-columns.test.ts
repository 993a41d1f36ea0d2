import { describe, expect, it } from 'vitest';
import type { CloudQuota } from '../../data/capacity-lists.ts';
import { arranged, quotaColumns } from './whole-columns.ts';

const quota = (cluster: string, name: string, used: number, limit: number | null): CloudQuota => ({
  cluster,
  service: 'compute',
  name,
  used,
  limit,
});
const rows = [quota('bj-1', 'cores', 90, 100), quota('bj-1', 'instances', 10, null), quota('sh-1', 'cores', 20, 200)];

describe('a list that is here whole', () => {
  const named = (text: string, column: string, isDescending = false) =>
    arranged(rows, quotaColumns(), { text, column, isDescending }).map(({ cluster, name }) => `${cluster} ${name}`);

  it('is sorted by what a column means, not by how it is written', () => {
    expect(named('', 'used')).toEqual(['bj-1 instances', 'sh-1 cores', 'bj-1 cores']);
    expect(named('', 'share', true)).toEqual(['bj-1 cores', 'sh-1 cores', 'bj-1 instances']);
    expect(named('', 'limit', true)).toEqual(['bj-1 instances', 'sh-1 cores', 'bj-1 cores']);
  });

  it('is narrowed to rows that hold every word', () => {
    expect(named('bj-1 vcpu', 'name')).toEqual(['bj-1 cores']);
    expect(named('nothing', 'name')).toEqual([]);
  });
});
