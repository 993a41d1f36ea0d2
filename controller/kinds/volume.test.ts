import { describe, expect, it } from 'vitest';
import type { Volume } from '#controller/openstack/block-storage/volumes.ts';
import { OWNER_UID, real } from './answers.fixture.ts';
import { ask, knownCloud } from './inventory.fixture.ts';
import { Obstacle } from './obstacle.ts';
import { type VolumeSpec, volume } from './volume.ts';

const cloud = knownCloud({
  volume: [real.volume, real.copy, real.bootVolume],
  volume_type: [
    { id: 't1', name: 'standard' },
    { id: 't2', name: 'fast' },
  ],
  image: [{ id: 'i1', name: 'cirros' }],
});
type Fields = Partial<Omit<VolumeSpec, 'clusterRef'>>;
const observe = (of: Volume, isSourceThere = false) => ({ volume: of, isSourceThere, isSnapshotThere: of.snapshot_id === 'snapshot-1' });
const base = (of: Volume) => ({ clusterRef: { name: 'main' }, name: of.name ?? '', sizeGiB: of.size });

function diff(spec: Fields, of: Volume = real.volume, isSourceThere = false) {
  const uid = of.metadata['stackwarden.uid'] ?? OWNER_UID;
  const ids = {
    'VolumeSnapshot/one': 'snapshot-1',
    'VolumeSnapshot/other': 'snapshot-2',
    'Volume/source': 'another-volume',
    'Volume/true-source': real.copy.source_volid ?? '',
  };
  return volume.diff(volume.desire({ ...base(of), ...spec }, ask({ cloud, uid, ids, id: of.id }).resolve), observe(of, isSourceThere));
}

describe('what is declared is compared, and nothing else', () => {
  it.each<[string, Fields, Volume]>([
    ['name and size', {}, real.volume],
    ['metadata beside our stamp and what Cinder keeps there', { metadata: { tier: 'silver' }, readOnly: false }, real.volume],
    ['the image by name', { image: { name: 'cirros' } }, { ...real.bootVolume, metadata: { 'stackwarden.uid': OWNER_UID } }],
    ['an image whose traces were removed', { image: { name: 'debian' } }, real.volume],
    ['a source that is gone since', { volumeRef: { name: 'source' } }, real.copy],
    ['its zone', { availabilityZone: 'nova' }, real.volume],
  ])('no difference: %s', (_name, spec, of) => {
    expect(diff(spec, of)).toEqual({ changes: [] });
  });

  it.each<[string, Fields, unknown]>([
    ['more room', { sizeGiB: 5 }, [{ path: 'spec.sizeGiB', from: 2, to: 5 }]],
    ['less room', { sizeGiB: 1 }, [{ path: 'spec.sizeGiB', from: 2, to: 1, by: 'replace' }]],
    ['another type', { volumeType: 'standard' }, [{ path: 'spec.volumeType', from: 'fast', to: 'standard' }]],
    ['a key taken away', { metadata: {} }, [{ path: 'spec.metadata.tier', from: 'silver', to: null }]],
    ['another zone', { availabilityZone: 'b' }, [{ path: 'spec.availabilityZone', from: 'nova', to: 'b', by: 'replace' }]],
    ['read-only', { readOnly: true }, [{ path: 'spec.readOnly', from: false, to: true }]],
  ])('a difference: %s', (_name, spec, expected) => {
    expect(diff(spec).changes).toEqual(expected);
  });
});

it('needs another volume for another image or source', () => {
  const of = { ...real.bootVolume, metadata: { 'stackwarden.uid': OWNER_UID } };
  expect(diff({ image: { name: 'debian' } }, of).changes).toEqual([{ path: 'spec.image', from: 'cirros', to: 'debian', by: 'replace' }]);
  expect(diff({ volumeRef: { name: 'true-source' } }, real.copy, true).changes).toEqual([]);
  expect(diff({ volumeRef: { name: 'source' } }, real.copy, true).changes).toMatchObject([{ path: 'spec.volumeRef', by: 'replace' }]);
});

it('needs another volume for another snapshot, as long as the first is there to compare with', () => {
  const of = { ...real.volume, snapshot_id: 'snapshot-1' };
  expect(diff({ snapshotRef: { name: 'one' } }, of).changes).toEqual([]);
  expect(diff({ snapshotRef: { name: 'other' } }, of).changes).toMatchObject([{ path: 'spec.snapshotRef', by: 'replace' }]);
  expect(diff({ snapshotRef: { name: 'other' } }, { ...of, snapshot_id: 'gone' }).changes).toEqual([]);
});

it('waits until the snapshot to fill it with can be read', () => {
  const snapshot = { id: 'snapshot-1', status: 'creating' };
  const asked = ask({ cloud: knownCloud({ volume_snapshot: [snapshot] }), ids: { 'VolumeSnapshot/one': snapshot.id } });
  volume.desire({ clusterRef: { name: 'main' }, sizeGiB: 1, snapshotRef: { name: 'one' } }, asked.resolve);
  expect(asked.passes[0]).toContain('VolumeSnapshot one can be copied; it is creating');
});

it('waits while Cinder works on it', () => {
  expect(diff({}, { ...real.volume, status: 'extending' }).waiting?.message).toContain('extending');
});

it('is as declared while a shelved server has it reserved', () => {
  expect(diff({}, { ...real.volume, status: 'reserved' })).toEqual({ changes: [] });
});

it('stalls in an error state, naming the next step', () => {
  const { failed } = diff({}, { ...real.brokenVolume, metadata: { 'stackwarden.uid': OWNER_UID } });
  expect(failed).toMatchObject({ reason: 'VolumeError', message: expect.stringContaining('volume message list') });
});

it('says that an attached volume cannot be made read-only, and only when asked to', async () => {
  const desired = volume.desire({ ...base(real.volume), readOnly: true }, ask({ cloud, uid: OWNER_UID }).resolve);
  const { changes, failed } = volume.diff(desired, observe(real.volume));
  expect(failed).toBeUndefined();
  await expect(volume.update(cloud, desired, observe(real.volume), changes)).rejects.toThrow(Obstacle);
});

it('waits until the volume to copy can be read', () => {
  const copying = knownCloud({ volume: [{ ...real.volume, status: 'creating' }] });
  const asked = ask({ cloud: copying, ids: { 'Volume/source': real.volume.id } });
  volume.desire({ clusterRef: { name: 'main' }, sizeGiB: 1, volumeRef: { name: 'source' } }, asked.resolve);
  expect(asked.passes[0]).toContain('creating');
});

it('names the types there are when the declared one is unknown', () => {
  const asked = ask({ cloud });
  volume.desire({ clusterRef: { name: 'main' }, sizeGiB: 1, volumeType: 'gold' }, asked.resolve);
  expect(asked.stalls[0]).toContain('no volume type named gold in cluster main; known: fast, standard');
});
