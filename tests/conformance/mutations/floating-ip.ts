import { declaredDescription } from '#controller/inventory/stamp.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as floatingIps from '#controller/openstack/network/floating-ips.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import type { KindCase } from '../kind-case.ts';

const put = (changes: floatingIps.FloatingIPUpdate) => async (cloud: Cloud, id: string) => {
  await floatingIps.update(cloud.network, id, changes);
};

/** Neutron wants to be told again which of the port's addresses it leads to. */
async function describe(cloud: Cloud, id: string, description: string): Promise<void> {
  const { port_id, fixed_ip_address } = await floatingIps.get(cloud.network, id);
  await floatingIps.update(cloud.network, id, { description, port_id, fixed_ip_address });
}

async function portName(cloud: Cloud, id: string): Promise<string | null> {
  const { port_id } = await floatingIps.get(cloud.network, id);
  return port_id === null ? null : (await ports.get(cloud.network, port_id)).name;
}

/** Name of the server it leads to. */
async function serverOf(cloud: Cloud, id: string): Promise<string | null> {
  const { port_id } = await floatingIps.get(cloud.network, id);
  if (port_id === null) return null;
  const { device_id } = await ports.get(cloud.network, port_id);
  return (await servers.get(cloud.compute, device_id)).name;
}

const isSame = (id: string, ids: (object: string) => string) => id === ids('FloatingIP/example');

export const floatingIpCase: KindCase = {
  kind: 'FloatingIP',
  manifest: 'floating-ip.yaml',
  object: 'example',
  needs: ['port.yaml', 'network.yaml', 'subnet.yaml', 'security-group.yaml', 'router.yaml'],
  mutations: [
    {
      name: 'is let go of',
      change: put({ port_id: null }),
      path: 'spec.portRef',
      observed: null,
    },
    {
      name: 'leads to another address of its port',
      change: (cloud, id, ids) => put({ port_id: ids('Port/example'), fixed_ip_address: '10.30.0.35' })(cloud, id),
      path: 'spec.fixedIPAddress',
      declared: '10.30.0.30',
      observed: '10.30.0.35',
    },
    {
      name: 'gets another description',
      async change(cloud, id) {
        const { description } = await floatingIps.get(cloud.network, id);
        await describe(cloud, id, description.replace(declaredDescription(description), 'Changed'));
      },
      path: 'spec.description',
      declared: 'The address people know',
      observed: 'Changed',
    },
    {
      name: 'loses our stamp',
      change: (cloud, id) => describe(cloud, id, 'The address people know'),
      path: 'metadata.uid',
      observed: null,
    },
    {
      name: 'gets a tag',
      change: (cloud, id) => floatingIps.replaceTags(cloud.network, id, ['example', 'red']),
      path: 'spec.tags[red]',
      declared: null,
      observed: 'red',
    },
  ],
  edits: [
    {
      name: 'another description, while its port has several addresses',
      spec: { description: 'Still known' },
      read: async (cloud, id, ids) => {
        const { description, port_id, fixed_ip_address } = await floatingIps.get(cloud.network, id);
        return [declaredDescription(description), port_id === ids('Port/example'), fixed_ip_address];
      },
      expected: ['Still known', true, '10.30.0.30'],
    },
    {
      name: 'another port, to which it moves',
      spec: { portRef: { name: 'example-way' }, fixedIPAddress: null },
      read: async (cloud, id, ids) => [isSame(id, ids), await portName(cloud, id)],
      expected: [true, 'example-way'],
    },
    {
      name: 'no port declared, and stays where it is',
      spec: { portRef: null },
      read: portName,
      expected: 'example-way',
    },
    {
      name: 'nothing to lead to',
      spec: { disassociated: true },
      read: async (cloud, id, ids) => [isSame(id, ids), await portName(cloud, id)],
      expected: [true, null],
    },
    {
      name: 'another description',
      spec: { description: 'Elsewhere' },
      read: async (cloud, id) => declaredDescription((await floatingIps.get(cloud.network, id)).description),
      expected: 'Elsewhere',
    },
  ],
};

export const floatingIpOfInstanceCase: KindCase = {
  kind: 'FloatingIP',
  title: 'FloatingIP of an instance',
  manifest: 'floating-ip-of-instance.yaml',
  object: 'example-instance',
  needs: ['network.yaml', 'subnet.yaml', 'router.yaml', 'security-group.yaml', 'key-pair.yaml', 'volume.yaml', 'instance.yaml'],
  mutations: [
    {
      name: 'is let go of',
      change: put({ port_id: null }),
      path: 'spec.instanceRef',
      observed: null,
    },
    {
      name: 'loses our stamp',
      change: (cloud, id) => describe(cloud, id, ''),
      path: 'metadata.uid',
      observed: null,
    },
  ],
  edits: [
    {
      name: 'another instance, to which it moves',
      spec: { instanceRef: { name: 'example-from-volume' } },
      read: serverOf,
      expected: 'example-from-volume',
    },
    { name: 'nothing to lead to', spec: { instanceRef: null, disassociated: true }, read: serverOf, expected: null },
    {
      name: 'the first instance again',
      spec: { instanceRef: { name: 'example' }, disassociated: null },
      read: serverOf,
      expected: 'example-server',
    },
  ],
};
