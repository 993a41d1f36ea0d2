import { expect, it } from 'vitest';
import { listHref, missingRight } from './declare-rights.ts';

const object = (kind: string, more: object = {}) => ({ kind, namespace: 'shop', name: 'a', cluster: 'main', ...more });

it('names the first right that is missing, and for what', () => {
  const isAllowed = (permission: string) => permission === 'instance.change';
  expect(missingRight([object('Instance')], isAllowed)).toBeUndefined();
  expect(missingRight([object('Instance'), object('Subnet')], isAllowed)).toMatchObject({
    permission: 'network.change',
    object: { kind: 'Subnet' },
  });
});

it('asks for the right where the object is', () => {
  const asked: unknown[] = [];
  const isAllowed = (_: string, place?: object) => Boolean(asked.push(place));
  missingRight([object('Volume'), object('Namespace', { namespace: '', name: 'shop', cluster: undefined })], isAllowed);
  expect(asked).toEqual([
    { cluster: 'main', namespace: 'shop' },
    { cluster: '*', namespace: 'shop' },
  ]);
});

it('leads to the list that shows an object, where there is one', () => {
  expect(listHref(object('Instance'))).toBe('/resources/server?filter=kind%3AInstance+namespace%3Ashop+object%3Aa');
  expect(listHref(object('Namespace'))).toBeUndefined();
});
