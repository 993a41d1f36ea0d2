import { describe, expect, it } from 'vitest';
import type { VolumeSnapshot } from '#controller/openstack/block-storage/snapshots.ts';
import { ask, knownCloud } from './inventory.fixture.ts';
import { Obstacle } from './obstacle.ts';
import { type VolumeSnapshotSpec, volumeSnapshot } from './volume-snapshot.ts';

/** As Cinder 26.0 answers at 3.70. */
const observed: VolumeSnapshot = {
  id: 'snapshot-1',
  created_at: '2026-11-25T02:28:18.000000',
  updated_at: '2026-11-25T02:28:18.000000',
  name: 'daily',
  description: 'd',
  volume_id: 'volume-1',
  status: 'available',
  size: 1,
  metadata: { 'stackwarden.uid': 'uid-1', tier: 'gold' },
};
const ids = { 'Volume/data': 'volume-1', 'Volume/other': 'volume-2' };
const cloud = knownCloud({ volume_snapshot: [observed], volume: [{ id: 'volume-1', status: 'available' }] });
const spec = (fields: Partial<VolumeSnapshotSpec> = {}): VolumeSnapshotSpec => ({
  clusterRef: { name: 'main' },
  volumeRef: { name: 'data' },
  name: 'daily',
  ...fields,
});
const diff = (fields: Partial<VolumeSnapshotSpec>, of: VolumeSnapshot = observed) =>
  volumeSnapshot.diff(volumeSnapshot.desire(spec(fields), ask({ cloud, ids, id: of.id }).resolve), of);

describe('what is declared is compared, and nothing else', () => {
  it.each<[string, Partial<VolumeSnapshotSpec>, unknown]>([
    ['all as it is', { description: 'd', metadata: { tier: 'gold' } }, []],
    ['only the volume', {}, []],
    ['another name', { name: 'weekly' }, [{ path: 'spec.name', from: 'daily', to: 'weekly' }]],
    ['no metadata', { metadata: {} }, [{ path: 'spec.metadata.tier', from: 'gold', to: null }]],
    ['another volume', { volumeRef: { name: 'other' } }, [{ path: 'spec.volumeRef', from: 'volume-1', to: 'volume-2', by: 'replace' }]],
  ])('%s', (_name, fields, expected) => {
    expect(diff(fields)).toEqual({ changes: expected });
  });

  it('a removed stamp too', () => {
    expect(diff({}, { ...observed, metadata: {} }).changes).toEqual([{ path: 'metadata.uid', from: null, to: 'uid-1' }]);
  });
});

it('waits until its volume can be read, and while Cinder works on it', () => {
  const asked = ask({ cloud: knownCloud({ volume: [{ id: 'volume-1', status: 'creating' }] }), ids });
  volumeSnapshot.desire(spec(), asked.resolve);
  expect(asked.passes).toEqual(['Waits until Volume data can be read; it is creating.']);
  expect(diff({}, { ...observed, status: 'creating' }).waiting?.reason).toBe('SnapshotBusy');
  expect(diff({}, { ...observed, status: 'error_deleting' }).failed?.reason).toBe('SnapshotError');
});

it('stays while a volume is being filled from it', async () => {
  const busy = knownCloud({ volume: [{ id: 'volume-9', status: 'creating', snapshot_id: 'snapshot-1' }] });
  Object.assign(busy.inventory, { reread: async () => observed });
  await expect(volumeSnapshot.delete(busy, observed, { uid: 'u', key: 'k', namespace: 'n', name: 'n' })).rejects.toThrow(Obstacle);
});

it('is declared such that nothing differs', () => {
  const declared = volumeSnapshot.declare(cloud, observed, { nameOf: () => 'data' });
  expect(declared).toEqual({ volumeRef: { name: 'data' }, name: 'daily', description: 'd', metadata: { tier: 'gold' } });
  expect(diff(declared as Partial<VolumeSnapshotSpec>).changes).toEqual([]);
});

it.each(['', null])('is declared as one without a name, which is more than not declaring it: %o', (name) => {
  const nameless = { ...observed, name };
  const declared = volumeSnapshot.declare?.(cloud, nameless, { nameOf: () => 'data' });
  expect(declared).toMatchObject({ name: '' });
  expect(volumeSnapshot.spec.properties?.['name']).not.toHaveProperty('minLength');
  expect(diff(declared as Partial<VolumeSnapshotSpec>, nameless).changes).toEqual([]);
});
