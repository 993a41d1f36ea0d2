import { expect, it } from 'vitest';
import { ask, knownCloud } from './inventory.fixture.ts';
import { select } from './selectors.ts';

const cloud = knownCloud({
  image: [
    { id: 'i1', name: 'cirros' },
    { id: 'i2', name: 'debian' },
    { id: 'i3', name: 'debian' },
  ],
});

it('picks by name, and by id', () => {
  const { resolve } = ask({ cloud });
  expect(select(resolve, 'image', { name: 'cirros' }, 'spec.image')?.id).toBe('i1');
  expect(select(resolve, 'image', { id: 'i3' }, 'spec.image')?.id).toBe('i3');
});

it('names both ids of an ambiguous name', () => {
  const asked = ask({ cloud });
  expect(select(asked.resolve, 'image', { name: 'debian' }, 'spec.image')).toBeUndefined();
  expect(asked.stalls).toEqual(['spec.image: 2 images in cluster main are named debian: i2, i3. Pick one by id.']);
});

it('names what there is instead of an unknown name or id', () => {
  const asked = ask({ cloud });
  select(asked.resolve, 'image', { name: 'arch' }, 'spec.image');
  select(asked.resolve, 'flavor', { id: '9' }, 'spec.flavor');
  expect(asked.stalls[0]).toContain('no image named arch in cluster main; known: cirros, debian, debian.');
  expect(asked.stalls[1]).toContain('no flavor with id 9 in cluster main; it has none.');
});

it('waits instead of stalling before the first list', () => {
  const asked = ask({ cloud: knownCloud({}, { listedAt: 0 }) });
  select(asked.resolve, 'image', { name: 'cirros' }, 'spec.image');
  expect(asked.stalls).toEqual([]);
  expect(asked.passes).toHaveLength(1);
});

it('leaves hidden images to who knows their id, and waits for one without data', () => {
  const images = knownCloud({
    image: [
      { id: 'old', name: 'golden', os_hidden: true },
      { id: 'new', name: 'golden' },
      { id: 'next', name: 'next', status: 'queued' },
    ],
  });
  const asked = ask({ cloud: images });
  expect(select(asked.resolve, 'image', { name: 'golden' }, 'spec.image')?.id).toBe('new');
  expect(select(asked.resolve, 'image', { id: 'old' }, 'spec.image')?.id).toBe('old');
  expect(select(asked.resolve, 'image', { name: 'next' }, 'spec.image')).toBeUndefined();
  expect(asked.passes).toEqual(['spec.image: the image next has no data yet; waits until it has.']);
});
