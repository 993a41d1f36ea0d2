import { expect, it } from 'vitest';
import { threeWayMerge } from './three-way-merge.ts';

it.each([
  ['sets what is new', {}, { spec: { a: 1 } }, {}, { spec: { a: 1 } }],
  ['changes what differs', { spec: { a: 1 } }, { spec: { a: 2 } }, { spec: { a: 1 } }, { spec: { a: 2 } }],
  ['says nothing where all is as declared', { spec: { a: 1 } }, { spec: { a: 1 } }, { spec: { a: 1, b: 2 } }, {}],
  [
    'takes away what was applied and is declared no more',
    { spec: { a: 1, b: 2 } },
    { spec: { a: 1 } },
    { spec: { a: 1, b: 2 } },
    { spec: { b: null } },
  ],
  ['keeps what somebody else set', {}, { spec: { a: 1 } }, { spec: { a: 1, defaulted: true }, status: {} }, {}],
  ['replaces a list as a whole', { l: [1, 2] }, { l: [2] }, { l: [1, 2, 3] }, { l: [2] }],
  ['makes a map of what was a value', { m: 1 }, { m: { a: 1 } }, { m: 1 }, { m: { a: 1 } }],
  ['takes away a whole map', { m: { a: 1 } }, {}, { m: { a: 1, b: 2 } }, { m: null }],
  ['takes away what is declared null', {}, { spec: { a: null } }, { spec: { a: 1 } }, { spec: { a: null } }],
  ['sets an empty map', {}, { m: {} }, {}, { m: {} }],
  ['takes away and sets in one map', { m: { a: 1 } }, { m: { b: 1 } }, { m: { a: 1 } }, { m: { a: null, b: 1 } }],
])('%s', (_name, original, modified, current, patch) => {
  expect(threeWayMerge({ original, modified, current })).toEqual(patch);
});
