import { describe, expect, it } from 'vitest';
import type { Operation } from '../../data/operations.ts';
import { filterIn, fits } from './filter.ts';

const operation: Operation = {
  id: 'o-1',
  action: 'instance.start',
  actor: 'anna',
  cluster: 'bj-1',
  type: 'server',
  target: 's-1',
  targetName: 'web',
  namespace: '',
  state: 'failed',
  percent: 10,
  steps: [],
  input: null,
  requestIds: [],
  createdAt: '2026-11-29T10:00:00.000Z',
  elapsed: 0,
};
const asked = (text: string) => filterIn(new URLSearchParams(text), 'anna');

describe('the filter of operations', () => {
  it('is that of the address, and of the own ones unless all are asked for', () => {
    expect(asked('state=failed&cluster=bj-1')).toMatchObject({ state: 'failed', cluster: 'bj-1', actor: 'anna' });
    expect(asked('whose=all').actor).toBeUndefined();
    expect(asked('whose=all&actor=ben').actor).toBe('ben');
    expect(asked('state=nonsense&since=yesterday')).toMatchObject({ state: undefined, since: undefined });
  });

  it('lets through what changed only where it belongs into the list', () => {
    expect(fits(operation, asked('state=failed&since=2026-11-29T09:00:00Z'), [])).toBe(true);
    expect(fits(operation, asked('state=running'), [])).toBe(false);
    expect(fits(operation, asked(''), ['sh-1'])).toBe(false);
    expect(fits(operation, asked('until=2026-11-29T10:00:00Z'), [])).toBe(false);
    expect(fits({ ...operation, actor: 'ben' }, asked(''), [])).toBe(false);
    expect(fits({ ...operation, parent: 'o-0' }, asked(''), [])).toBe(false);
    expect(fits({ ...operation, action: 'bulk', cluster: '' }, asked(''), ['sh-1'])).toBe(true);
  });
});
