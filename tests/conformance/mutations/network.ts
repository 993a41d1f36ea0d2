import { declaredDescription } from '#controller/inventory/stamp.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import type { KindCase } from '../kind-case.ts';

const put = (changes: networks.NetworkUpdate) => async (cloud: Cloud, id: string) => {
  await networks.update(cloud.network, id, changes);
};

export const networkCase: KindCase = {
  kind: 'Network',
  manifest: 'network.yaml',
  object: 'example',
  needs: [],
  mutations: [
    { name: 'is renamed', change: put({ name: 'renamed' }), path: 'spec.name', declared: 'example-network', observed: 'renamed' },
    {
      name: 'gets another description',
      async change(cloud, id) {
        const { description } = await networks.get(cloud.network, id);
        await networks.update(cloud.network, id, { description: description.replace(declaredDescription(description), 'Changed') });
      },
      path: 'spec.description',
      declared: 'Where the examples live',
      observed: 'Changed',
    },
    {
      name: 'loses our stamp',
      async change(cloud, id) {
        const { description } = await networks.get(cloud.network, id);
        await networks.update(cloud.network, id, { description: declaredDescription(description) });
      },
      path: 'metadata.uid',
      observed: null,
    },
    { name: 'is shut', change: put({ admin_state_up: false }), path: 'spec.adminStateUp', declared: true, observed: false },
    { name: 'gets another MTU', change: put({ mtu: 1300 }), path: 'spec.mtu', declared: 1400, observed: 1300 },
    {
      name: 'loses port security',
      change: put({ port_security_enabled: false }),
      path: 'spec.portSecurityEnabled',
      declared: true,
      observed: false,
    },
    {
      name: 'gets a tag',
      change: (cloud, id) => networks.replaceTags(cloud.network, id, ['example', 'blue', 'red']),
      path: 'spec.tags[red]',
      declared: null,
      observed: 'red',
    },
    {
      name: 'loses a tag',
      change: (cloud, id) => networks.replaceTags(cloud.network, id, ['example']),
      path: 'spec.tags[blue]',
      declared: 'blue',
      observed: null,
    },
  ],
  edits: [
    {
      name: 'another name',
      spec: { name: 'other' },
      read: async (cloud, id) => (await networks.get(cloud.network, id)).name,
      expected: 'other',
    },
    {
      name: 'another description',
      spec: { description: 'Elsewhere' },
      read: async (cloud, id) => declaredDescription((await networks.get(cloud.network, id)).description),
      expected: 'Elsewhere',
    },
    { name: 'another MTU', spec: { mtu: 1350 }, read: async (cloud, id) => (await networks.get(cloud.network, id)).mtu, expected: 1350 },
    {
      name: 'shut',
      spec: { adminStateUp: false },
      read: async (cloud, id) => (await networks.get(cloud.network, id)).admin_state_up,
      expected: false,
    },
    {
      name: 'no port security',
      spec: { portSecurityEnabled: false },
      read: async (cloud, id) => (await networks.get(cloud.network, id)).port_security_enabled,
      expected: false,
    },
    {
      name: 'other tags',
      spec: { tags: ['green', 'blue'] },
      read: async (cloud, id) => (await networks.get(cloud.network, id)).tags?.toSorted(),
      expected: ['blue', 'green'],
    },
  ],
};
