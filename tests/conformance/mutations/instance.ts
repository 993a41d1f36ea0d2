import { createHash } from 'node:crypto';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as flavors from '#controller/openstack/compute/flavors.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import { type KindCase, until } from '../kind-case.ts';

async function portsOf(cloud: Cloud, id: string): Promise<ports.Port[]> {
  const found: ports.Port[] = [];
  for await (const page of ports.list(cloud.network, { device_id: id })) found.push(...page);
  return found;
}

async function onlyPort(cloud: Cloud, id: string): Promise<ports.Port> {
  const [port] = await portsOf(cloud, id);
  if (!port) throw new Error(`server ${id} has no port`);
  return port;
}

async function flavorId(cloud: Cloud, name: string): Promise<string> {
  for await (const page of flavors.list(cloud.compute)) {
    const found = page.find((flavor) => flavor.name === name);
    if (found) return found.id;
  }
  throw new Error(`the cloud has no flavor ${name}`);
}

/** Nova accepts and acts later. */
function becomes(cloud: Cloud, id: string, status: string): Promise<void> {
  return until(`server ${id} ${status}`, async () => {
    const server = await servers.get(cloud.compute, id);
    return server.status === status && server['OS-EXT-STS:task_state'] === null;
  });
}

const read =
  <T>(field: (server: servers.Server) => T) =>
  async (cloud: Cloud, id: string) =>
    field(await servers.get(cloud.compute, id));

const attached = read((server) => server['os-extended-volumes:volumes_attached'].map((volume) => volume.id));

export const instanceCase: KindCase = {
  kind: 'Instance',
  manifest: 'instance.yaml',
  object: 'example',
  needs: ['network.yaml', 'subnet.yaml', 'security-group.yaml', 'key-pair.yaml', 'volume.yaml'],
  mutations: [
    {
      name: 'is renamed',
      change: async (cloud, id) => void (await servers.update(cloud.compute, id, { name: 'renamed' })),
      path: 'spec.name',
      declared: 'example-server',
      observed: 'renamed',
    },
    {
      name: 'has metadata changed',
      change: (cloud, id) => servers.setMetadata(cloud.compute, id, { tier: 'other' }),
      path: 'spec.metadata.tier',
      declared: 'web',
      observed: 'other',
    },
    {
      name: 'gets metadata',
      change: (cloud, id) => servers.setMetadata(cloud.compute, id, { intruder: 'yes' }),
      path: 'spec.metadata.intruder',
      declared: null,
      observed: 'yes',
    },
    {
      name: 'loses our stamp',
      change: (cloud, id) => servers.deleteMetadataKey(cloud.compute, id, 'stackwarden.uid'),
      path: 'metadata.uid',
      observed: null,
    },
    {
      name: 'gets a tag',
      change: (cloud, id) => servers.replaceTags(cloud.compute, id, ['example', 'red']),
      path: 'spec.tags[red]',
      declared: null,
      observed: 'red',
    },
    {
      name: 'is stopped',
      async change(cloud, id) {
        await servers.stop(cloud.compute, id);
        await becomes(cloud, id, 'SHUTOFF');
      },
      path: 'spec.powerState',
      declared: 'Running',
      observed: 'Stopped',
    },
    {
      name: 'is paused',
      async change(cloud, id) {
        await servers.pause(cloud.compute, id);
        await becomes(cloud, id, 'PAUSED');
      },
      path: 'spec.powerState',
      declared: 'Running',
      observed: 'Paused',
    },
    {
      name: 'is suspended',
      async change(cloud, id) {
        await servers.suspend(cloud.compute, id);
        await becomes(cloud, id, 'SUSPENDED');
      },
      path: 'spec.powerState',
      declared: 'Running',
      observed: 'Suspended',
    },
    {
      name: 'loses a security group',
      change: async (cloud, id) => void (await ports.update(cloud.network, (await onlyPort(cloud, id)).id, { security_groups: [] })),
      path: 'spec.securityGroupRefs[example]',
      declared: 'example',
      observed: null,
    },
    {
      name: 'gets another address',
      async change(cloud, id) {
        await ports.update(cloud.network, (await onlyPort(cloud, id)).id, { fixed_ips: [{ ip_address: '10.30.0.90' }] });
      },
      path: 'spec.networks[example].fixedIP',
      declared: '10.30.0.20',
      observed: '10.30.0.90',
    },
    {
      name: 'is unplugged',
      async change(cloud, id) {
        await servers.detachInterface(cloud.compute, id, (await onlyPort(cloud, id)).id);
        await until(`server ${id} without ports`, async () => (await portsOf(cloud, id)).length === 0);
      },
      path: 'spec.networks[example]',
      declared: '10.30.0.20',
      observed: null,
    },
    {
      name: 'is plugged in twice',
      async change(cloud, id, ids) {
        const plug = { net_id: ids('Network/example'), fixed_ips: [{ ip_address: '10.30.0.95' }] };
        const { port_id: port } = await servers.attachInterface(cloud.compute, id, plug);
        // It comes with the project's default group, which would be a difference of its own.
        await ports.update(cloud.network, port, { security_groups: [ids('SecurityGroup/example')] });
      },
      path: 'spec.networks[example 10.30.0.95]',
      declared: null,
      observed: '10.30.0.95',
    },
    {
      name: 'loses a volume',
      async change(cloud, id, ids) {
        await servers.detachVolume(cloud.compute, id, ids('Volume/example'));
        await until(`server ${id} without volumes`, async () => (await attached(cloud, id)).length === 0);
      },
      path: 'spec.volumes[example]',
      declared: 'attached',
      observed: null,
    },
    {
      name: 'gets a volume',
      async change(cloud, id, ids) {
        await servers.attachVolume(cloud.compute, id, { volumeId: ids('Volume/example-copy') });
      },
      path: 'spec.volumes[example-copy]',
      declared: null,
      observed: 'attached',
    },
    // Last: Nova's fake driver, which the real control plane of the tests runs on, forgets plugged interfaces at a resize.
    {
      name: 'is resized',
      async change(cloud, id) {
        await servers.resize(cloud.compute, id, await flavorId(cloud, 'm1.small'));
        await becomes(cloud, id, 'VERIFY_RESIZE');
        await servers.confirmResize(cloud.compute, id);
        await becomes(cloud, id, 'ACTIVE');
      },
      path: 'spec.flavor',
      declared: 'm1.tiny',
      observed: 'm1.small',
    },
    {
      name: 'waits for somebody to confirm a resize',
      async change(cloud, id) {
        await servers.resize(cloud.compute, id, await flavorId(cloud, 'm1.small'));
        await becomes(cloud, id, 'VERIFY_RESIZE');
      },
      path: 'spec.flavor',
      declared: 'm1.tiny',
      observed: 'm1.small (unconfirmed)',
    },
  ],
  edits: [
    { name: 'another name', spec: { name: 'other' }, read: read((server) => server.name), expected: 'other' },
    {
      name: 'other metadata',
      spec: { metadata: { tier: null, colour: 'blue' } },
      read: read(({ metadata: { 'stackwarden.uid': _stamp, 'stackwarden.user-data': _mark, ...metadata } }) => metadata),
      expected: { colour: 'blue' },
    },
    { name: 'other tags', spec: { tags: ['blue'] }, read: read((server) => server.tags), expected: ['blue'] },
    {
      name: 'another size',
      spec: { flavor: { name: 'm1.small' } },
      read: read((server) => server.flavor.original_name),
      expected: 'm1.small',
    },
    { name: 'paused', spec: { powerState: 'Paused' }, read: read((server) => server.status), expected: 'PAUSED' },
    {
      name: 'another size while paused',
      spec: { flavor: { name: 'm1.tiny' } },
      read: read((server) => [server.flavor.original_name, server.status]),
      expected: ['m1.tiny', 'PAUSED'],
    },
    { name: 'stopped', spec: { powerState: 'Stopped' }, read: read((server) => server.status), expected: 'SHUTOFF' },
    { name: 'suspended', spec: { powerState: 'Suspended' }, read: read((server) => server.status), expected: 'SUSPENDED' },
    {
      name: 'shelved',
      spec: { powerState: 'Shelved' },
      read: read((server) => server.status.replace('_OFFLOADED', '')),
      expected: 'SHELVED',
    },
    { name: 'running', spec: { powerState: 'Running' }, read: read((server) => server.status), expected: 'ACTIVE' },
    {
      name: 'other user data, by a rebuild',
      spec: { replacePolicy: 'Allow', userData: '#cloud-config\npackages: [vim]\n' },
      read: read(({ metadata, status }) => [metadata['stackwarden.user-data'], 'stackwarden.uid' in metadata, status]),
      expected: [createHash('sha256').update('#cloud-config\npackages: [vim]\n').digest('hex'), true, 'ACTIVE'],
    },
    {
      name: 'another key, by a rebuild',
      spec: { keyPairRef: { name: 'example-next' } },
      read: async (cloud, id, ids) => {
        const { key_name, status } = await servers.get(cloud.compute, id);
        return [key_name === ids('KeyPair/example-next'), status];
      },
      expected: [true, 'ACTIVE'],
    },
    { name: 'no volumes', spec: { volumes: [] }, read: attached, expected: [] },
    {
      name: 'no networks',
      spec: { networks: [] },
      read: async (cloud, id) => (await portsOf(cloud, id)).map((port) => port.id),
      expected: [],
    },
  ],
};

/** The port is the Port's: it keeps its address when the instance lets go of it. */
export const instanceOnPortCase: KindCase = {
  kind: 'Instance',
  title: 'Instance on a port',
  manifest: 'instance-on-port.yaml',
  object: 'example-on-port',
  needs: ['network.yaml', 'subnet.yaml', 'security-group.yaml', 'port.yaml', 'server-group.yaml'],
  mutations: [
    {
      name: 'is unplugged',
      async change(cloud, id, ids) {
        await servers.detachInterface(cloud.compute, id, ids('Port/example'));
        await until(`server ${id} without ports`, async () => (await portsOf(cloud, id)).length === 0);
      },
      path: 'spec.networks[example]',
      declared: 'attached',
      observed: null,
    },
    {
      name: 'loses our stamp',
      change: (cloud, id) => servers.deleteMetadataKey(cloud.compute, id, 'stackwarden.uid'),
      path: 'metadata.uid',
      observed: null,
    },
  ],
  edits: [
    {
      name: 'no networks, and the port is kept',
      spec: { networks: [] },
      read: async (cloud, id, ids) => [(await portsOf(cloud, id)).length, (await ports.get(cloud.network, ids('Port/example'))).device_id],
      expected: [0, ''],
    },
    {
      name: 'the port again',
      spec: { networks: [{ portRef: { name: 'example' } }] },
      read: async (cloud, id, ids) => (await onlyPort(cloud, id)).id === ids('Port/example'),
      expected: true,
    },
  ],
};
