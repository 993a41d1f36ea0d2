import { declaredDescription } from '#controller/inventory/stamp.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import type { KindCase } from '../kind-case.ts';

const put = (changes: subnets.SubnetUpdate) => async (cloud: Cloud, id: string) => {
  await subnets.update(cloud.network, id, changes);
};

const read =
  <T>(field: (subnet: subnets.Subnet) => T) =>
  async (cloud: Cloud, id: string) =>
    field(await subnets.get(cloud.network, id));

const pools = [
  { start: '10.30.0.10', end: '10.30.0.99' },
  { start: '10.30.0.110', end: '10.30.0.199' },
];
const routes = [{ destination: '10.40.0.0/16', nexthop: '10.30.0.5' }];
const narrowed = [{ start: '10.30.0.50', end: '10.30.0.60' }];
const rerouted = [{ destination: '10.50.0.0/16', nexthop: '10.30.0.6' }];

export const subnetCase: KindCase = {
  kind: 'Subnet',
  manifest: 'subnet.yaml',
  object: 'example',
  needs: ['network.yaml'],
  mutations: [
    { name: 'is renamed', change: put({ name: 'renamed' }), path: 'spec.name', declared: 'example-subnet', observed: 'renamed' },
    {
      name: 'gets another description',
      async change(cloud, id) {
        const { description } = await subnets.get(cloud.network, id);
        await subnets.update(cloud.network, id, { description: description.replace(declaredDescription(description), 'Changed') });
      },
      path: 'spec.description',
      declared: 'Addresses of the examples',
      observed: 'Changed',
    },
    {
      name: 'loses our stamp',
      async change(cloud, id) {
        const { description } = await subnets.get(cloud.network, id);
        await subnets.update(cloud.network, id, { description: declaredDescription(description) });
      },
      path: 'metadata.uid',
      observed: null,
    },
    {
      name: 'gets another gateway',
      change: put({ gateway_ip: '10.30.0.254' }),
      path: 'spec.gatewayIP',
      declared: '10.30.0.1',
      observed: '10.30.0.254',
    },
    { name: 'loses its gateway', change: put({ gateway_ip: null }), path: 'spec.gatewayIP', declared: '10.30.0.1', observed: null },
    { name: 'loses DHCP', change: put({ enable_dhcp: false }), path: 'spec.enableDHCP', declared: true, observed: false },
    {
      name: 'has its name servers in another order',
      change: put({ dns_nameservers: ['198.51.100.53', '192.0.2.53'] }),
      path: 'spec.dnsNameservers',
      declared: ['192.0.2.53', '198.51.100.53'],
      observed: ['198.51.100.53', '192.0.2.53'],
    },
    {
      name: 'has a narrower pool',
      change: put({ allocation_pools: narrowed }),
      path: 'spec.allocationPools',
      declared: pools,
      observed: narrowed,
    },
    { name: 'gets another route', change: put({ host_routes: rerouted }), path: 'spec.hostRoutes', declared: routes, observed: rerouted },
    {
      name: 'gets a tag',
      change: (cloud, id) => subnets.replaceTags(cloud.network, id, ['example', 'red']),
      path: 'spec.tags[red]',
      declared: null,
      observed: 'red',
    },
  ],
  edits: [
    { name: 'another name', spec: { name: 'other' }, read: read((subnet) => subnet.name), expected: 'other' },
    { name: 'another gateway', spec: { gatewayIP: '10.30.0.253' }, read: read((subnet) => subnet.gateway_ip), expected: '10.30.0.253' },
    {
      name: 'no gateway',
      spec: { gatewayIP: null, disableGateway: true },
      read: read((subnet) => subnet.gateway_ip),
      expected: null,
    },
    {
      name: 'a gateway out of the pool that was',
      spec: { disableGateway: null, gatewayIP: '10.30.0.20', allocationPools: [{ start: '10.30.0.30', end: '10.30.0.40' }] },
      read: read((subnet) => [subnet.gateway_ip, subnet.allocation_pools]),
      expected: ['10.30.0.20', [{ start: '10.30.0.30', end: '10.30.0.40' }]],
    },
    { name: 'no DHCP', spec: { enableDHCP: false }, read: read((subnet) => subnet.enable_dhcp), expected: false },
    {
      name: 'one name server',
      spec: { dnsNameservers: ['192.0.2.54'] },
      read: read((subnet) => subnet.dns_nameservers),
      expected: ['192.0.2.54'],
    },
    { name: 'no routes', spec: { hostRoutes: [] }, read: read((subnet) => subnet.host_routes), expected: [] },
  ],
};
