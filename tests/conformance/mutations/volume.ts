import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { type KindCase, until } from '../kind-case.ts';

const read =
  <T>(field: (volume: volumes.Volume) => T) =>
  async (cloud: Cloud, id: string) =>
    field(await volumes.get(cloud.blockStorage, id));

/** Cinder accepts and acts later. */
async function settled(cloud: Cloud, id: string, isThere: (volume: volumes.Volume) => boolean): Promise<void> {
  await until(`volume ${id}`, async () => {
    const volume = await volumes.get(cloud.blockStorage, id);
    return volume.status === 'available' && isThere(volume);
  });
}

export const volumeCase: KindCase = {
  kind: 'Volume',
  manifest: 'volume.yaml',
  object: 'example',
  needs: [],
  mutations: [
    {
      name: 'is renamed',
      change: async (cloud, id) => void (await volumes.update(cloud.blockStorage, id, { name: 'renamed' })),
      path: 'spec.name',
      declared: 'example-volume',
      observed: 'renamed',
    },
    {
      name: 'gets another description',
      change: async (cloud, id) => void (await volumes.update(cloud.blockStorage, id, { description: 'Changed' })),
      path: 'spec.description',
      declared: 'Data of the examples',
      observed: 'Changed',
    },
    {
      name: 'has metadata changed',
      change: (cloud, id) => volumes.setMetadata(cloud.blockStorage, id, { tier: 'lead' }),
      path: 'spec.metadata.tier',
      declared: 'gold',
      observed: 'lead',
    },
    {
      name: 'gets metadata',
      change: (cloud, id) => volumes.setMetadata(cloud.blockStorage, id, { 'added.by': 'somebody' }),
      path: 'spec.metadata[added.by]',
      declared: null,
      observed: 'somebody',
    },
    {
      name: 'loses metadata',
      change: (cloud, id) => volumes.deleteMetadataKey(cloud.blockStorage, id, 'owner'),
      path: 'spec.metadata.owner',
      declared: 'example',
      observed: null,
    },
    {
      name: 'loses our stamp',
      change: (cloud, id) => volumes.deleteMetadataKey(cloud.blockStorage, id, 'stackwarden.uid'),
      path: 'metadata.uid',
      observed: null,
    },
    {
      name: 'becomes bootable',
      change: (cloud, id) => volumes.setBootable(cloud.blockStorage, id, true),
      path: 'spec.bootable',
      declared: false,
      observed: true,
    },
    {
      name: 'becomes read-only',
      change: (cloud, id) => volumes.setReadonly(cloud.blockStorage, id, true),
      path: 'spec.readOnly',
      declared: false,
      observed: true,
    },
    {
      name: 'is moved to another type',
      async change(cloud, id) {
        await volumes.retype(cloud.blockStorage, id, 'fast', 'on-demand');
        await settled(cloud, id, (volume) => volume.volume_type === 'fast');
      },
      path: 'spec.volumeType',
      declared: 'standard',
      observed: 'fast',
    },
    {
      name: 'is extended',
      async change(cloud, id) {
        await volumes.extend(cloud.blockStorage, id, 2);
        await settled(cloud, id, (volume) => volume.size === 2);
      },
      path: 'spec.sizeGiB',
      declared: 1,
      observed: 2,
      needsReplace: true,
    },
  ],
  edits: [
    { name: 'another name', spec: { name: 'other' }, read: read((volume) => volume.name), expected: 'other' },
    { name: 'more room', spec: { sizeGiB: 2 }, read: read((volume) => volume.size), expected: 2 },
    { name: 'another type', spec: { volumeType: 'fast' }, read: read((volume) => volume.volume_type), expected: 'fast' },
    {
      name: 'other metadata',
      spec: { metadata: { tier: 'silver', owner: null } },
      read: read((volume) => volume.metadata['tier'] ?? null),
      expected: 'silver',
    },
    { name: 'bootable', spec: { bootable: true }, read: read((volume) => volume.bootable), expected: 'true' },
    { name: 'read-only', spec: { readOnly: true }, read: read((volume) => volume.metadata['readonly']?.toLowerCase()), expected: 'true' },
  ],
};
