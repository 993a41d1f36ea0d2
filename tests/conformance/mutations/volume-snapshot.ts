import * as snapshots from '#controller/openstack/block-storage/snapshots.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import type { KindCase } from '../kind-case.ts';

const read =
  <T>(field: (snapshot: snapshots.VolumeSnapshot) => T) =>
  async (cloud: Cloud, id: string) =>
    field(await snapshots.get(cloud.blockStorage, id));

export const volumeSnapshotCase: KindCase = {
  kind: 'VolumeSnapshot',
  manifest: 'volume-snapshot.yaml',
  object: 'example',
  needs: ['volume.yaml'],
  mutations: [
    {
      name: 'is renamed',
      change: async (cloud, id) => void (await snapshots.update(cloud.blockStorage, id, { name: 'renamed' })),
      path: 'spec.name',
      declared: 'example-snapshot',
      observed: 'renamed',
    },
    {
      name: 'gets another description',
      change: async (cloud, id) => void (await snapshots.update(cloud.blockStorage, id, { description: 'Changed' })),
      path: 'spec.description',
      declared: 'Data of the examples before the upgrade',
      observed: 'Changed',
    },
    {
      name: 'has metadata changed',
      change: (cloud, id) => snapshots.setMetadata(cloud.blockStorage, id, { tier: 'lead' }),
      path: 'spec.metadata.tier',
      declared: 'gold',
      observed: 'lead',
    },
    {
      name: 'gets metadata',
      change: (cloud, id) => snapshots.setMetadata(cloud.blockStorage, id, { 'added.by': 'somebody' }),
      path: 'spec.metadata[added.by]',
      declared: null,
      observed: 'somebody',
    },
    {
      name: 'loses metadata',
      change: (cloud, id) => snapshots.deleteMetadataKey(cloud.blockStorage, id, 'owner'),
      path: 'spec.metadata.owner',
      declared: 'example',
      observed: null,
    },
    {
      name: 'loses our stamp',
      change: (cloud, id) => snapshots.deleteMetadataKey(cloud.blockStorage, id, 'stackwarden.uid'),
      path: 'metadata.uid',
      observed: null,
    },
  ],
  edits: [
    { name: 'another name', spec: { name: 'other' }, read: read((snapshot) => snapshot.name), expected: 'other' },
    { name: 'another description', spec: { description: 'After' }, read: read((snapshot) => snapshot.description), expected: 'After' },
    {
      name: 'other metadata',
      spec: { metadata: { tier: 'silver', owner: null } },
      read: read(({ metadata }) => [metadata['tier'], metadata['owner']]),
      expected: ['silver', undefined],
    },
  ],
};
