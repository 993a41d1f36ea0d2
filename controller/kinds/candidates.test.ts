import { describe, expect, it } from 'vitest';
import { real } from './answers.fixture.ts';
import { candidatesOf } from './candidates.ts';
import { knownCloud, OWN_PROJECT } from './inventory.fixture.ts';

const cloud = knownCloud({
  network: [
    real.network,
    { ...real.network, id: 'other', project_id: 'another project' },
    { ...real.network, id: 'plain', name: 'x', tags: [] },
  ],
  security_group: [real.securityGroup, { ...real.securityGroup, id: 'default', name: 'default' }],
  port: [
    { ...real.port, id: 'dhcp', device_owner: 'network:dhcp' },
    { ...real.port, id: 'mine', device_owner: '' },
  ],
  volume: [
    { ...real.volume, id: 'prod', metadata: { tier: 'db', env: 'prod' } },
    { ...real.volume, id: 'test', metadata: { tier: 'db', env: 'test' } },
  ],
  keypair: [real.keyPair],
});

describe('what could be taken over', () => {
  it('is all of our own project', () => {
    expect(candidatesOf(cloud, 'network', {})).toEqual([real.network.id, 'plain']);
    expect(candidatesOf(cloud, 'volume', {})).toEqual(['prod', 'test']);
  });

  it('is every key pair, as they belong to the user', () => {
    expect(candidatesOf(cloud, 'keypair', {})).toEqual([real.keyPair.name]);
  });

  it('is nothing the cloud makes by itself', () => {
    expect(candidatesOf(cloud, 'security_group', {})).toEqual([real.securityGroup.id]);
    expect(candidatesOf(cloud, 'port', {})).toEqual(['mine']);
  });

  it('is picked by its name, exactly', () => {
    expect(candidatesOf(cloud, 'network', { name: 'x' })).toEqual(['plain']);
    expect(candidatesOf(cloud, 'network', { name: 'X' })).toEqual([]);
    expect(candidatesOf(cloud, 'network', { name: 'n' })).toEqual([]);
  });

  it('is picked by tags and metadata it has among others', () => {
    expect(candidatesOf(cloud, 'network', { tags: ['a'] })).toEqual([real.network.id]);
    expect(candidatesOf(cloud, 'network', { tags: ['a', 'c'] })).toEqual([]);
    expect(candidatesOf(cloud, 'volume', { metadata: { env: 'test' } })).toEqual(['test']);
    expect(candidatesOf(cloud, 'volume', { metadata: { env: 'test', tier: 'web' } })).toEqual([]);
    expect(candidatesOf(cloud, 'volume', { metadata: { toString: 'x' } })).toEqual([]);
  });

  it('has to fit in everything that is given', () => {
    expect(candidatesOf(cloud, 'network', { name: 'x', tags: ['a'] })).toEqual([]);
  });
});

const snapshot = (id: string, name: string, metadata: Record<string, string> = {}, project = OWN_PROJECT) => ({
  id,
  name,
  metadata,
  'os-extended-snapshot-attributes:project_id': project,
});
const stored = knownCloud({
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
  expect(candidatesOf(stored, 'volume_snapshot', {})).toEqual(['a', 'b', 'c']);
  expect(candidatesOf(stored, 'volume_snapshot', { name: 'daily' })).toEqual(['a', 'b']);
  expect(candidatesOf(stored, 'volume_snapshot', { name: 'daily', metadata: { tier: 'gold' } })).toEqual(['a']);
  expect(candidatesOf(stored, 'volume_snapshot', { tags: ['web'] })).toEqual([]);
});

it('are images by tags and properties, without what Nova keeps of shelved servers', () => {
  expect(candidatesOf(stored, 'image', { tags: ['web'] })).toEqual(['i1']);
  expect(candidatesOf(stored, 'image', { metadata: { os_type: 'linux' } })).toEqual(['i1']);
});

it('go by their address where they have no name', () => {
  const known = knownCloud({ floatingip: [{ project_id: OWN_PROJECT, id: 'f1', floating_ip_address: '172.24.0.9' }] });
  expect(candidatesOf(known, 'floatingip', { name: '172.24.0.9' })).toEqual(['f1']);
});
