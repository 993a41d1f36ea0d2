import { declaredDescription } from '#controller/inventory/stamp.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as groups from '#controller/openstack/network/security-groups.ts';
import type { KindCase } from '../kind-case.ts';

const put = (changes: ports.PortUpdate) => async (cloud: Cloud, id: string) => {
  await ports.update(cloud.network, id, changes);
};

const read =
  <T>(field: (port: ports.Port) => T) =>
  async (cloud: Cloud, id: string) =>
    field(await ports.get(cloud.network, id));

const addresses = (port: ports.Port) => port.fixed_ips.map((ip) => ip.ip_address).toSorted();
const pairs = (port: ports.Port) => (port.allowed_address_pairs ?? []).map((pair) => pair.ip_address).toSorted();

async function defaultGroup(cloud: Cloud): Promise<string> {
  const { projectId } = await cloud.authenticate();
  for await (const page of groups.list(cloud.network, { project_id: projectId, name: 'default' })) if (page[0]) return page[0].id;
  throw new Error('the project has no default group');
}

export const portCase: KindCase = {
  kind: 'Port',
  manifest: 'port.yaml',
  object: 'example',
  needs: ['network.yaml', 'subnet.yaml', 'security-group.yaml'],
  mutations: [
    { name: 'is renamed', change: put({ name: 'renamed' }), path: 'spec.name', declared: 'example-port', observed: 'renamed' },
    {
      name: 'gets another description',
      async change(cloud, id) {
        const { description } = await ports.get(cloud.network, id);
        await ports.update(cloud.network, id, { description: description.replace(declaredDescription(description), 'Changed') });
      },
      path: 'spec.description',
      declared: 'An address that outlives its instance',
      observed: 'Changed',
    },
    {
      name: 'loses our stamp',
      async change(cloud, id) {
        const { description } = await ports.get(cloud.network, id);
        await ports.update(cloud.network, id, { description: declaredDescription(description) });
      },
      path: 'metadata.uid',
      observed: null,
    },
    { name: 'is shut', change: put({ admin_state_up: false }), path: 'spec.adminStateUp', declared: true, observed: false },
    {
      name: 'gets another address',
      change: put({ fixed_ips: [{ ip_address: '10.30.0.31' }] }),
      path: 'spec.fixedIPs',
      declared: ['10.30.0.30', '10.30.0.35'],
      observed: ['10.30.0.31'],
    },
    {
      name: 'loses its group',
      change: put({ security_groups: [] }),
      path: 'spec.securityGroupRefs[example]',
      declared: 'example',
      observed: null,
    },
    {
      name: 'gets a group',
      async change(cloud, id) {
        const { security_groups } = await ports.get(cloud.network, id);
        await ports.update(cloud.network, id, { security_groups: [...security_groups, await defaultGroup(cloud)] });
      },
      path: 'spec.securityGroupRefs[default]',
      declared: null,
      observed: 'default',
    },
    {
      name: 'loses port security',
      change: put({ port_security_enabled: false, security_groups: [], allowed_address_pairs: [] }),
      path: 'spec.portSecurityEnabled',
      declared: true,
      observed: false,
    },
    {
      name: 'loses an address pair',
      change: put({ allowed_address_pairs: [{ ip_address: '10.30.0.40' }] }),
      path: 'spec.allowedAddressPairs[10.30.1.0/24 00:00:5e:00:01:01]',
      declared: '10.30.1.0/24 00:00:5e:00:01:01',
      observed: null,
    },
    {
      name: 'gets an address pair',
      change: put({
        allowed_address_pairs: [
          { ip_address: '10.30.0.40' },
          { ip_address: '10.30.1.0/24', mac_address: '00:00:5e:00:01:01' },
          { ip_address: '10.30.0.41' },
        ],
      }),
      path: 'spec.allowedAddressPairs[10.30.0.41]',
      declared: null,
      observed: '10.30.0.41',
    },
    {
      name: 'is to be bound in another way',
      change: put({ 'binding:vnic_type': 'direct' }),
      path: 'spec.vnicType',
      declared: 'normal',
      observed: 'direct',
    },
    {
      name: 'gets a tag',
      change: (cloud, id) => ports.replaceTags(cloud.network, id, ['example', 'red']),
      path: 'spec.tags[red]',
      declared: null,
      observed: 'red',
    },
  ],
  edits: [
    { name: 'another name', spec: { name: 'other' }, read: read((port) => port.name), expected: 'other' },
    {
      name: 'another address, and one more',
      spec: { fixedIPs: [{ ipAddress: '10.30.0.32' }, { subnetRef: { name: 'example' }, ipAddress: '10.30.0.33' }] },
      read: read(addresses),
      expected: ['10.30.0.32', '10.30.0.33'],
    },
    {
      name: 'any address of a subnet, which is one it has',
      spec: { fixedIPs: [{ subnetRef: { name: 'example' } }] },
      read: read((port) => port.fixed_ips.length),
      expected: 1,
    },
    {
      name: 'one address pair',
      spec: { allowedAddressPairs: [{ ipAddress: '10.30.0.42' }] },
      read: read(pairs),
      expected: ['10.30.0.42'],
    },
    {
      name: 'no port security',
      spec: { portSecurityEnabled: false, securityGroupRefs: [], allowedAddressPairs: [] },
      read: read((port) => [port.port_security_enabled, port.security_groups, port.allowed_address_pairs]),
      expected: [false, [], []],
    },
    { name: 'no address', spec: { fixedIPs: [] }, read: read(addresses), expected: [] },
  ],
};
