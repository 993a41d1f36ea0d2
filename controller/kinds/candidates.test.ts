import { expect, it } from 'vitest';
import { candidatesOf } from './candidates.ts';
import { knownCloud, OWN_PROJECT } from './inventory.fixture.ts';

const own = { project_id: OWN_PROJECT };
const cloud = knownCloud({
  network: [
    { ...own, id: 'n1', name: 'front', tags: ['a', 'b'] },
    { ...own, id: 'n2', name: 'front', tags: ['a'] },
    { id: 'n3', name: 'front', tags: ['a', 'b'], project_id: 'others' },
    { ...own, id: 'n4', name: 'Front' },
  ],
  floatingip: [{ ...own, id: 'f1', floating_ip_address: '172.24.0.9' }],
  volume: [
    { id: 'v1', 'os-vol-tenant-attr:tenant_id': OWN_PROJECT, name: 'data', metadata: { tier: 'db', zone: 'x' }, attachments: [] },
    { id: 'v2', 'os-vol-tenant-attr:tenant_id': OWN_PROJECT, name: 'data', metadata: { tier: 'web' }, attachments: [] },
  ],
});

it('are all of the own project when nothing is asked for', () => {
  expect(candidatesOf(cloud, 'network', {})).toEqual(['n1', 'n2', 'n4']);
});

it('have exactly the name, all the tags and all the metadata', () => {
  expect(candidatesOf(cloud, 'network', { name: 'front' })).toEqual(['n1', 'n2']);
  expect(candidatesOf(cloud, 'network', { name: 'front', tags: ['b', 'a'] })).toEqual(['n1']);
  expect(candidatesOf(cloud, 'network', { metadata: { tier: 'db' } })).toEqual([]);
  expect(candidatesOf(cloud, 'volume', { metadata: { tier: 'db', zone: 'x' } })).toEqual(['v1']);
});

it('go by their address where they have no name', () => {
  expect(candidatesOf(cloud, 'floatingip', { name: '172.24.0.9' })).toEqual(['f1']);
});
