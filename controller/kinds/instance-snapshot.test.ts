import { describe, expect, it } from 'vitest';
import type { Image } from '#controller/openstack/image/images.ts';
import { instanceSnapshot } from './instance-snapshot.ts';
import { ask, knownCloud } from './inventory.fixture.ts';

/** What Nova 31.0 makes of a server that boots from a volume; fields nobody reads left out. */
const ofVolume = {
  id: 'image-1',
  name: 'before',
  status: 'active',
  size: 0,
  block_device_mapping: JSON.stringify([
    { source_type: 'snapshot', snapshot_id: 'snapshot-1' },
    { snapshot_id: 'snapshot-2' },
    { snapshot_id: null },
  ]),
  base_image_ref: '',
  os_type: 'linux',
  reason: 'upgrade',
  'stackwarden.uid': 'uid-1',
  'stackwarden.image': 'image-1',
  'stackwarden.instance': 'web',
} as unknown as Image;
const spec = { clusterRef: { name: 'main' }, instanceRef: { name: 'web' }, name: 'before' };
const owner = { uid: 'uid-1', key: 'default/s', namespace: 'default', name: 's' };
const snapshot = (id: string, name: string, metadata: Record<string, string> = {}) => ({ id, name, metadata, status: 'available' });

describe('while it has to be made', () => {
  const desire = (status: string, task: string | null = null) => {
    const cloud = knownCloud({ server: [{ id: 'server-1', status, 'OS-EXT-STS:task_state': task }] });
    const asked = ask({ cloud, ids: { 'Instance/web': 'server-1' } });
    return { asked, desired: instanceSnapshot.desire(spec, asked.resolve) };
  };

  it.each(['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED'])('it can be made of an instance that is %s', (status) => {
    const { asked, desired } = desire(status);
    expect([asked.passes, desired.serverId]).toEqual([[], 'server-1']);
  });

  it('it waits for one that builds, is shelved, or is busy', () => {
    expect(desire('BUILD').asked.passes[0]).toContain('Instance web; it is BUILD.');
    expect(desire('SHELVED_OFFLOADED').asked.passes).toHaveLength(1);
    expect(desire('ACTIVE', 'image_snapshot').asked.passes[0]).toContain('busy');
  });

  it('it waits for one that is not declared yet', () => {
    const asked = ask({ cloud: knownCloud() });
    instanceSnapshot.desire(spec, asked.resolve);
    expect(asked.waits).toEqual(['Instance/web']);
  });
});

describe('once it is made', () => {
  const cloud = knownCloud({
    image: [ofVolume],
    volume_snapshot: [snapshot('snapshot-1', 'snapshot for before'), snapshot('snapshot-2', 'mine')],
  });
  const wish = (more: object = {}) => instanceSnapshot.desire({ ...spec, ...more }, ask({ cloud, uid: 'uid-1', id: 'image-1' }).resolve);
  const observed = { image: ofVolume, volumeSnapshots: [] };

  it('the instance may be gone', () => {
    const asked = ask({ cloud, uid: 'uid-1', id: 'image-1' });
    expect(instanceSnapshot.diff(instanceSnapshot.desire(spec, asked.resolve), observed)).toEqual({ changes: [] });
    expect(asked.waits).toEqual([]);
  });

  it('properties Nova gave it are nobody’s business, declared ones are', () => {
    expect(instanceSnapshot.diff(wish({ properties: { reason: 'upgrade' } }), observed).changes).toEqual([]);
    expect(instanceSnapshot.diff(wish({ properties: { reason: 'other' } }), observed).changes).toEqual([
      { path: 'spec.properties.reason', from: 'upgrade', to: 'other' },
    ]);
  });

  it('another instance needs another snapshot', () => {
    expect(instanceSnapshot.diff(wish({ instanceRef: { name: 'db' } }), observed).changes).toEqual([
      { path: 'spec.instanceRef', from: 'web', to: 'db', by: 'replace' },
    ]);
  });

  it('its stamp is tied to it as soon as its id is known', () => {
    const fresh = { ...observed, image: { ...ofVolume, 'stackwarden.image': 'new' } as Image };
    expect(instanceSnapshot.diff(wish(), fresh).changes).toEqual([{ path: 'metadata.uid', from: null, to: 'uid-1' }]);
  });

  it('what Nova made along belongs to it, and a snapshot of somebody else that was written into it does not', () => {
    const seen = instanceSnapshot.observe(cloud, owner);
    expect(seen).toMatchObject({ found: 'one', id: 'image-1', observed: { volumeSnapshots: [{ id: 'snapshot-1' }] } });
    const foreign = { image: [ofVolume], volume_snapshot: [snapshot('snapshot-1', 'snapshot for x', { 'stackwarden.uid': 'another' })] };
    expect(instanceSnapshot.observe(knownCloud(foreign), owner)).toMatchObject({ observed: { volumeSnapshots: [] } });
  });
});
