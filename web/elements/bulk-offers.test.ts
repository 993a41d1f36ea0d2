import { describe, expect, it } from 'vitest';
import type { ActionOffer } from '../data/actions.ts';
import { offersForMany } from './bulk-offers.ts';

const offer = (name: string, more: Partial<ActionOffer> = {}): ActionOffer => ({
  name,
  summary: '',
  permission: '',
  danger: 'none',
  input: {},
  possible: true,
  allowed: true,
  ...more,
});

describe('what can be done with many at once', () => {
  it('is what takes the same for all of them', () => {
    const offers = [
      offer('instance.stop'),
      offer('instance.attachPort'),
      offer('instance.attachVolume', { input: { required: ['volumeId'] } }),
      offer('instance.rename', { input: { required: ['name'] } }),
      offer('instance.setTags', { input: { required: ['tags'] } }),
      offer('volume.extend', { input: { required: ['size'] } }),
    ];
    expect(offersForMany([offers]).map(({ name }) => name)).toEqual(['instance.stop', 'instance.setTags', 'volume.extend']);
  });

  it('is allowed where it is for one of them', () => {
    const [found] = offersForMany([[offer('instance.stop', { allowed: false })], [offer('instance.stop')]]);
    expect(found?.allowed).toBe(true);
  });
});
