import { describe, expect, it } from 'vitest';
import type { Schema } from './schemas.ts';
import { validate } from './validate.ts';

const selector: Schema = {
  type: 'object',
  properties: { name: { type: 'string', minLength: 1 }, id: { type: 'string' } },
  oneOf: [{ required: ['name'] }, { required: ['id'] }],
};
const schema: Schema = {
  type: 'object',
  required: ['sizeGiB'],
  properties: {
    sizeGiB: { type: 'integer', minimum: 1 },
    flavor: selector,
    policy: { type: 'string', enum: ['Exact', 'Additive'] },
    address: { type: 'string', anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
    metadata: { type: 'object', additionalProperties: { type: 'string' } },
    list: { type: 'array', maxItems: 2, items: selector },
    image: {},
    volumeRef: {},
    onError: { type: 'object', properties: { action: { type: 'string' } } },
  },
  not: {
    anyOf: [
      { required: ['image', 'volumeRef'] },
      { required: ['image', 'onError'], properties: { onError: { properties: { action: { enum: ['Rebuild'] } } } } },
    ],
  },
  'x-kubernetes-validations': [{ message: 'an image cannot be rebuilt' }],
};
const told = (value: unknown) => validate(value, schema).map(({ path, message }) => [path.join('.'), message]);

describe('what is wrong with a value', () => {
  it('is nothing when it fits', () => {
    expect(told({ sizeGiB: 1, flavor: { name: 'tiny' }, address: 'fd00::1', metadata: { a: 'b' }, list: [{ id: '1' }] })).toEqual([]);
  });

  it.each([
    ['a field that is missing', {}, ['sizeGiB', 'sizeGiB is required.']],
    [
      'a field that is not known, with the one that was meant',
      { sizeGiB: 1, polcy: 'x' },
      ['polcy', 'There is no field polcy here; did you mean policy?'],
    ],
    ['a type', { sizeGiB: '1' }, ['sizeGiB', 'Has to be a whole number.']],
    ['a number that is too small', { sizeGiB: 0 }, ['sizeGiB', 'Has to be 1 or more.']],
    ['a value that is none of those allowed', { sizeGiB: 1, policy: 'Exactly' }, ['policy', 'Has to be one of Exact, Additive.']],
    ['none of what one is needed of', { sizeGiB: 1, flavor: {} }, ['flavor', 'Exactly one of name and id has to be set.']],
    ['an address', { sizeGiB: 1, address: '10.0.0.256' }, ['address', 'Has to be an IP address.']],
    ['an entry of a list', { sizeGiB: 1, list: [{ name: '' }] }, ['list.0.name', 'Must not be empty.']],
    ['too many entries', { sizeGiB: 1, list: [{ id: '1' }, { id: '2' }, { id: '3' }] }, ['list', 'May have at most 2 entries.']],
    ['a value of a map', { sizeGiB: 1, metadata: { a: 1 } }, ['metadata.a', 'Has to be a text.']],
    ['fields that exclude each other', { sizeGiB: 1, image: {}, volumeRef: {} }, ['', 'image and volumeRef exclude each other.']],
    ['a rule that only the schema can word', { sizeGiB: 1, image: {}, onError: { action: 'Rebuild' } }, ['', 'an image cannot be rebuilt']],
  ])('is %s', (_, value, fault) => expect(told(value)).toEqual([fault]));
});
