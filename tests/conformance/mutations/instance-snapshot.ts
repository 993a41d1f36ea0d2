import * as images from '#controller/openstack/image/images.ts';
import type { KindCase } from '../kind-case.ts';

export const instanceSnapshotCase: KindCase = {
  kind: 'InstanceSnapshot',
  manifest: 'instance-snapshot.yaml',
  object: 'example',
  needs: ['network.yaml', 'subnet.yaml', 'security-group.yaml', 'key-pair.yaml', 'volume.yaml', 'instance.yaml'],
  mutations: [
    {
      name: 'is renamed',
      change: async (cloud, id) => void (await images.patch(cloud.image, id, [{ op: 'replace', path: '/name', value: 'renamed' }])),
      path: 'spec.name',
      declared: 'example-server-before',
      observed: 'renamed',
    },
    {
      name: 'has a property changed',
      change: async (cloud, id) => void (await images.patch(cloud.image, id, [{ op: 'add', path: '/reason', value: 'none' }])),
      path: 'spec.properties.reason',
      declared: 'upgrade',
      observed: 'none',
    },
    {
      name: 'loses our stamp',
      change: async (cloud, id) => void (await images.patch(cloud.image, id, [{ op: 'remove', path: '/stackwarden.uid' }])),
      path: 'metadata.uid',
      observed: null,
    },
  ],
  edits: [
    {
      name: 'another name',
      spec: { name: 'other' },
      read: async (cloud, id) => (await images.get(cloud.image, id)).name,
      expected: 'other',
    },
  ],
};
