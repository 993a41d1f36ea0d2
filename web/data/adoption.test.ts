import { expect, it } from 'vitest';
import { managed, matching, patternOf } from './adoption.ts';

it('looks for what somebody types anywhere in a name, unless it is a pattern', () => {
  expect(['web', 'web-*', ' ', undefined].map(patternOf)).toEqual(['*web*', 'web-*', undefined, undefined]);
});

it('fits names to patterns as the server does', () => {
  const fits = matching('web-?*.(1)');
  expect(['web-a.(1)', 'web-.(1)', 'xweb-a.(1)'].map(fits)).toEqual([true, false, false]);
  expect(matching(undefined)('anything')).toBe(true);
});

it('takes over what was only observed, changing nothing else', () => {
  const [one] = managed([
    { apiVersion: 'v', kind: 'Volume', metadata: { name: 'a' }, spec: { sizeGiB: 1, managementPolicy: 'Observe', import: { id: '1' } } },
  ]);
  expect(one?.spec).toEqual({ sizeGiB: 1, managementPolicy: 'Manage', import: { id: '1' } });
});
