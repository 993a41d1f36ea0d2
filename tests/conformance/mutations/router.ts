import { declaredDescription } from '#controller/inventory/stamp.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import type { Ids, KindCase } from '../kind-case.ts';

const put = (changes: routers.RouterUpdate) => async (cloud: Cloud, id: string) => {
  await routers.update(cloud.network, id, changes);
};

const read =
  <T>(field: (router: routers.Router) => T) =>
  async (cloud: Cloud, id: string) =>
    field(await routers.get(cloud.network, id));

const near = { destination: '10.60.0.0/16', nexthop: '10.30.0.5' };
const far = { destination: '10.61.0.0/16', nexthop: '10.31.0.5' };

/** Addresses it is plugged in by. */
async function plugs(cloud: Cloud, id: string): Promise<string[]> {
  const found: string[] = [];
  for await (const page of ports.list(cloud.network, { device_id: id, device_owner: 'network:router_interface' })) {
    found.push(...page.flatMap((port) => port.fixed_ips.map((ip) => ip.ip_address)));
  }
  return found.toSorted();
}

/** Plugs it into one more subnet, which the network of the examples gets for that. */
async function plugElsewhere(cloud: Cloud, id: string, ids: Ids): Promise<void> {
  const more = { network_id: ids('Network/example'), ip_version: 4 as const, cidr: '10.32.0.0/24', name: 'elsewhere' };
  const { id: subnetId } = await subnets.create(cloud.network, more);
  await routers.addInterface(cloud.network, id, { subnet_id: subnetId });
}

export const routerCase: KindCase = {
  kind: 'Router',
  manifest: 'router.yaml',
  object: 'example',
  needs: ['network.yaml', 'subnet.yaml'],
  mutations: [
    { name: 'is renamed', change: put({ name: 'renamed' }), path: 'spec.name', declared: 'example-router', observed: 'renamed' },
    {
      name: 'gets another description',
      async change(cloud, id) {
        const { description } = await routers.get(cloud.network, id);
        await routers.update(cloud.network, id, { description: description.replace(declaredDescription(description), 'Changed') });
      },
      path: 'spec.description',
      declared: 'The way out of the examples',
      observed: 'Changed',
    },
    {
      name: 'loses our stamp',
      async change(cloud, id) {
        const { description } = await routers.get(cloud.network, id);
        await routers.update(cloud.network, id, { description: declaredDescription(description) });
      },
      path: 'metadata.uid',
      observed: null,
    },
    { name: 'is shut', change: put({ admin_state_up: false }), path: 'spec.adminStateUp', declared: true, observed: false },
    {
      name: 'loses its gateway',
      change: put({ external_gateway_info: null }),
      path: 'spec.externalGateway.network',
      observed: null,
    },
    {
      name: 'gets a route',
      change: put({ routes: [near, far, { destination: '10.62.0.0/16', nexthop: '10.30.0.6' }] }),
      path: 'spec.routes[10.62.0.0/16 via 10.30.0.6]',
      declared: null,
      observed: '10.62.0.0/16 via 10.30.0.6',
    },
    {
      name: 'loses a route',
      change: put({ routes: [near] }),
      path: 'spec.routes[10.61.0.0/16 via 10.31.0.5]',
      declared: '10.61.0.0/16 via 10.31.0.5',
      observed: null,
    },
    {
      name: 'is plugged in elsewhere',
      change: plugElsewhere,
      path: 'spec.interfaces[elsewhere 10.32.0.1]',
      declared: null,
      observed: 'attached',
    },
    {
      name: 'is unplugged from a subnet',
      async change(cloud, id, ids) {
        await routers.update(cloud.network, id, { routes: [far] });
        await routers.removeInterface(cloud.network, id, { subnet_id: ids('Subnet/example') });
      },
      path: 'spec.interfaces[example]',
      declared: 'attached',
      observed: null,
    },
    {
      name: 'gets a tag',
      change: (cloud, id) => routers.replaceTags(cloud.network, id, ['example', 'blue', 'red']),
      path: 'spec.tags[red]',
      declared: null,
      observed: 'red',
    },
  ],
  edits: [
    { name: 'another name', spec: { name: 'other' }, read: read((router) => router.name), expected: 'other' },
    {
      name: 'another description',
      spec: { description: 'Elsewhere' },
      read: read((router) => declaredDescription(router.description)),
      expected: 'Elsewhere',
    },
    {
      name: 'one route, by another hop',
      spec: { routes: [{ destination: '10.60.0.9/16', nexthop: '10.30.0.7' }] },
      read: read((router) => router.routes),
      expected: [{ destination: '10.60.0.0/16', nexthop: '10.30.0.7' }],
    },
    {
      name: 'one interface less',
      spec: { interfaces: [{ subnetRef: { name: 'example' } }] },
      read: plugs,
      expected: ['10.30.0.1'],
    },
    {
      name: 'another interface, and a route by way of it',
      spec: { interfaces: [{ portRef: { name: 'example-way' } }], routes: [far] },
      read: async (cloud, id) => [await plugs(cloud, id), (await routers.get(cloud.network, id)).routes],
      expected: [['10.31.0.254'], [far]],
    },
    {
      name: 'no gateway',
      spec: { externalGateway: null, disableGateway: true },
      read: read((router) => router.external_gateway_info),
      expected: null,
    },
    { name: 'none of either', spec: { interfaces: [], routes: [] }, read: plugs, expected: [] },
  ],
};
