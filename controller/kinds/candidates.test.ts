import { expect, it } from 'vitest';
import { candidatesOf } from './candidates.ts';
import { knownCloud, OWN_PROJECT } from './inventory.fixture.ts';

const snapshot = (id: string, name: string, metadata: Record<string, string> = {}, project = OWN_PROJECT) => ({
  id,
  name,
  metadata,
  'os-extended-snapshot-attributes:project_id': project,
});
const cloud = knownCloud({
  volume_snapshot: [
    snapshot('a', 'daily', { tier: 'gold' }),
    snapshot('b', 'daily'),
    snapshot('c', 'weekly'),
    snapshot('d', 'daily', {}, 'others'),
  ],
  image: [
    { id: 'i1', name: 'golden', owner: OWN_PROJECT, tags: ['web', 'eu'], os_type: 'linux' },
    { id: 'i2', name: 'cirros', owner: 'others', tags: ['web'], os_type: 'linux' },
    { id: 'i3', name: 'web-shelved', owner: OWN_PROJECT, tags: ['web'], image_type: 'snapshot', instance_uuid: 's1' },
  ],
});

it('are those of our project, each that fits all of the filter', () => {
  expect(candidatesOf(cloud, 'volume_snapshot', {})).toEqual(['a', 'b', 'c']);
  expect(candidatesOf(cloud, 'volume_snapshot', { name: 'daily' })).toEqual(['a', 'b']);
  expect(candidatesOf(cloud, 'volume_snapshot', { name: 'daily', metadata: { tier: 'gold' } })).toEqual(['a']);
  expect(candidatesOf(cloud, 'volume_snapshot', { tags: ['web'] })).toEqual([]);
});

it('are images by tags and properties, without what Nova keeps of shelved servers', () => {
  expect(candidatesOf(cloud, 'image', { tags: ['web'] })).toEqual(['i1']);
  expect(candidatesOf(cloud, 'image', { metadata: { os_type: 'linux' } })).toEqual(['i1']);
});
