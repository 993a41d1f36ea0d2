import { beforeAll, expect, it } from 'vitest';
import type { Body, Reply } from './client.ts';
import { absent, type Contract, make, neutronError, secondsPattern, uuidPattern } from './world.ts';

export function routerContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown) =>
    contract.demo.request('network', method, path, body === undefined ? {} : { body });
  const parts: Record<string, string> = {};
  const lan = async (name: string, cidr: string, more: object = {}): Promise<{ network: string; subnet: string }> => {
    const network = (await make(contract, 'network', '/networks', 'network', { name: contract.name(name) })).id;
    const subnet = (await make(contract, 'network', '/subnets', 'subnet', { network_id: network, ip_version: 4, cidr, ...more })).id;
    return { network, subnet };
  };
  const router = (more: object = {}): Promise<Body> =>
    make(contract, 'network', '/routers', 'router', { name: contract.name('router'), ...more });
  const put = (id: string, changes: object) => request('PUT', `/routers/${id}`, { router: changes });
  const plug = async (id: string, target: object): Promise<Reply> => {
    const reply = await request('PUT', `/routers/${id}/add_router_interface`, target);
    if (reply.status === 200) contract.later(() => unplug(id, { port_id: reply.body.port_id }));
    return reply;
  };
  const unplug = (id: string, target: object) => request('PUT', `/routers/${id}/remove_router_interface`, target);

  beforeAll(async () => {
    const [near, far] = await Promise.all([lan('routers-near', '10.242.0.0/24'), lan('routers-far', '10.243.0.0/24')]);
    Object.assign(parts, { near: near.subnet, nearNetwork: near.network, far: far.subnet, farNetwork: far.network });
    parts.external = (await request('GET', '/networks?name=public')).body.networks[0].id;
  });

  it('makes a router that is plugged into nothing', async () => {
    const made = await router({ description: 'd [stackwarden u]' });
    expect((await request('GET', `/routers/${made.id}`)).body.router).toEqual({
      id: expect.stringMatching(uuidPattern),
      name: contract.name('router'),
      tenant_id: contract.demo.projectId,
      project_id: contract.demo.projectId,
      admin_state_up: true,
      status: 'ACTIVE',
      external_gateway_info: null,
      description: 'd [stackwarden u]',
      availability_zones: [],
      availability_zone_hints: [],
      routes: [],
      flavor_id: null,
      tags: [],
      created_at: expect.stringMatching(secondsPattern),
      updated_at: expect.stringMatching(secondsPattern),
      revision_number: 1,
    });
    const changed = await put(made.id, { name: contract.name('other'), admin_state_up: false, description: 'e' });
    expect(changed.body.router).toMatchObject({ name: contract.name('other'), admin_state_up: false, description: 'e' });
    expect((await request('PUT', `/routers/${made.id}/tags`, { tags: ['a'] })).body).toEqual({ tags: ['a'] });
  });

  it('refuses what does not exist, and routes before there are interfaces', async () => {
    expect(neutronError(await request('GET', `/routers/${absent}`))).toEqual([
      404,
      'RouterNotFound',
      `Router ${absent} could not be found`,
    ]);
    expect(neutronError(await request('POST', '/routers', { router: { routes: [] } }))).toEqual([
      400,
      'HTTPBadRequest',
      "Attribute 'routes' not allowed in POST",
    ]);
    const made = await router();
    expect(neutronError(await put(made.id, { routes: [{ destination: '10.99.0.0/16', nexthop: '10.242.0.9' }] }))).toEqual([
      400,
      'InvalidRoutes',
      "Invalid format for routes: [{'destination': '10.99.0.0/16', 'nexthop': '10.242.0.9'}], the nexthop is not connected with router",
    ]);
  });

  it('gives and takes a gateway, which keeps its address while its network stays', async () => {
    const made = await router({ external_gateway_info: { network_id: parts.external } });
    expect(made.external_gateway_info).toEqual({
      network_id: parts.external,
      external_fixed_ips: [{ subnet_id: expect.stringMatching(uuidPattern), ip_address: expect.stringMatching(/^172\.24\./) }],
      enable_snat: true,
    });
    const again = await put(made.id, { external_gateway_info: { network_id: parts.external } });
    expect(again.body.router.external_gateway_info).toEqual(made.external_gateway_info);
    expect((await request('GET', `/ports?device_id=${made.id}`)).body.ports).toEqual([]);
    expect((await put(made.id, { external_gateway_info: {} })).body.router.external_gateway_info).toBeNull();
    const back = await put(made.id, { external_gateway_info: { network_id: parts.external } });
    expect(back.body.router.external_gateway_info.network_id).toBe(parts.external);
    expect((await put(made.id, { external_gateway_info: null })).body.router.external_gateway_info).toBeNull();
  });

  it('refuses gateways that are none', async () => {
    const made = await router();
    expect(neutronError(await put(made.id, { external_gateway_info: { network_id: parts.nearNetwork } }))).toEqual([
      400,
      'BadRequest',
      `Bad router request: Network ${parts.nearNetwork} is not an external network.`,
    ]);
    expect(neutronError(await put(made.id, { external_gateway_info: { network_id: absent } }))).toEqual([
      404,
      'NetworkNotFound',
      `Network ${absent} could not be found.`,
    ]);
    expect(neutronError(await put(made.id, { external_gateway_info: { enable_snat: true } }))).toEqual([
      400,
      'HTTPBadRequest',
      "Invalid input for external_gateway_info. Reason: Validation of dictionary's keys failed. Expected keys: {'network_id'} Provided keys: {'enable_snat'}.",
    ]);
  });

  it('lets only administrators say more of a gateway than its network, even what holds anyway', async () => {
    const made = await router({ external_gateway_info: { network_id: parts.external } });
    const rule = 'rule:update_router:external_gateway_info';
    for (const [key, value] of [
      ['enable_snat', true],
      ['external_fixed_ips', [{ ip_address: '172.24.77.77' }]],
    ] as const)
      expect(neutronError(await put(made.id, { external_gateway_info: { network_id: parts.external, [key]: value } }))).toEqual([
        403,
        'PolicyNotAuthorized',
        `(rule:update_router and (${rule} and (${rule}:network_id and ${rule}:${key}))) is disallowed by policy`,
      ]);
    const off = await contract.admin.request('network', 'PUT', `/routers/${made.id}`, {
      body: { router: { external_gateway_info: { network_id: parts.external, enable_snat: false } } },
    });
    expect(off.body.router.external_gateway_info).toEqual({ ...made.external_gateway_info, enable_snat: false });
    const on = await put(made.id, { external_gateway_info: { network_id: parts.external } });
    expect(on.body.router.external_gateway_info).toEqual(made.external_gateway_info);
  });

  it('is plugged into a subnet once, and into none that overlaps or has no gateway', async () => {
    const made = await router();
    const overlapping = await lan('routers-overlap', '10.242.0.0/25');
    const closed = await lan('routers-closed', '10.244.0.0/24', { gateway_ip: null });
    const plugged = await plug(made.id, { subnet_id: parts.near });
    expect(plugged.body).toEqual({
      id: made.id,
      tenant_id: contract.demo.projectId,
      port_id: expect.stringMatching(uuidPattern),
      network_id: parts.nearNetwork,
      subnet_id: parts.near,
      subnet_ids: [parts.near],
    });
    expect((await request('GET', `/ports/${plugged.body.port_id}`)).body.port).toMatchObject({
      name: '',
      project_id: contract.demo.projectId,
      device_id: made.id,
      device_owner: 'network:router_interface',
      security_groups: [],
      port_security_enabled: false,
    });
    const refusal = async (target: object) => neutronError(await plug(made.id, target));
    expect(await refusal({ subnet_id: parts.near })).toEqual([
      400,
      'BadRequest',
      `Bad router request: Router already has a port on subnet ${parts.near}.`,
    ]);
    expect(await refusal({ subnet_id: overlapping.subnet })).toEqual([
      400,
      'BadRequest',
      `Bad router request: Cidr 10.242.0.0/25 of subnet ${overlapping.subnet} overlaps with cidr 10.242.0.0/24 of subnet ${parts.near}.`,
    ]);
    expect(await refusal({ subnet_id: closed.subnet })).toEqual([
      400,
      'BadRequest',
      'Bad router request: Subnet for router interface must have a gateway IP.',
    ]);
    expect(await refusal({})).toEqual([400, 'BadRequest', 'Bad router request: Either subnet_id or port_id must be specified.']);
    expect(await refusal({ subnet_id: parts.near, port_id: absent })).toEqual([
      400,
      'BadRequest',
      'Bad router request: Cannot specify both subnet-id and port-id.',
    ]);
    expect((await refusal({ subnet_id: absent }))[1]).toBe('SubnetNotFound');
    expect((await refusal({ port_id: absent }))[1]).toBe('PortNotFound');
    expect((await unplug(made.id, { subnet_id: parts.near })).status).toBe(200);
  });

  it('takes a port, and deletes it when it is unplugged', async () => {
    const made = await router();
    const port = await make(contract, 'network', '/ports', 'port', {
      network_id: parts.farNetwork,
      fixed_ips: [{ ip_address: '10.243.0.200' }],
    });
    expect((await plug(made.id, { port_id: port.id })).body).toMatchObject({ port_id: port.id, subnet_id: parts.far });
    expect(neutronError(await plug(made.id, { port_id: port.id }))).toEqual([
      409,
      'PortInUse',
      `Unable to complete operation on port ${port.id} for network ${parts.farNetwork}. Port already has an attached device ${made.id}.`,
    ]);
    expect((await unplug(made.id, { port_id: port.id })).status).toBe(200);
    expect((await request('GET', `/ports/${port.id}`)).status).toBe(404);
    expect(neutronError(await unplug(made.id, { port_id: port.id }))).toEqual([
      404,
      'RouterInterfaceNotFound',
      `Router ${made.id} does not have an interface with id ${port.id}`,
    ]);
    expect(neutronError(await unplug(made.id, { subnet_id: parts.far }))).toEqual([
      404,
      'RouterInterfaceNotFoundForSubnet',
      `Router ${made.id} has no interface on subnet ${parts.far}`,
    ]);
  });

  it('refuses ports without an address, or with two', async () => {
    const made = await router();
    const bare = await make(contract, 'network', '/ports', 'port', { network_id: parts.farNetwork, fixed_ips: [] });
    const fixed_ips = [{ subnet_id: parts.far }, { subnet_id: parts.far }];
    const double = await make(contract, 'network', '/ports', 'port', { network_id: parts.farNetwork, fixed_ips });
    expect(neutronError(await plug(made.id, { port_id: bare.id }))).toEqual([
      400,
      'BadRequest',
      'Bad router request: Router port must have at least one fixed IP.',
    ]);
    expect(neutronError(await plug(made.id, { port_id: double.id }))).toEqual([
      400,
      'BadRequest',
      'Bad router request: Cannot have multiple IPv4 subnets on router port.',
    ]);
  });

  it('has IPv6 subnets of a network share a port, and come and go one by one', async () => {
    const made = await router();
    const { network } = await lan('routers-six', '10.245.0.0/24');
    const six = async (cidr: string): Promise<string> =>
      (await make(contract, 'network', '/subnets', 'subnet', { network_id: network, ip_version: 6, cidr })).id;
    const [first, second] = [await six('2001:db8:245::/64'), await six('2001:db8:246::/64')];
    const one = await plug(made.id, { subnet_id: first });
    const two = await plug(made.id, { subnet_id: second });
    expect(two.body).toMatchObject({ port_id: one.body.port_id, subnet_id: second, subnet_ids: [second] });
    const addresses = async () =>
      (await request('GET', `/ports/${one.body.port_id}`)).body.port.fixed_ips.map((ip: Body) => ip.ip_address).toSorted();
    expect(await addresses()).toEqual(['2001:db8:245::', '2001:db8:246::']);
    expect((await unplug(made.id, { subnet_id: first })).body.port_id).toBe(one.body.port_id);
    expect(await addresses()).toEqual(['2001:db8:246::']);
    expect((await unplug(made.id, { subnet_id: second })).status).toBe(200);
  });

  it('holds the whole list of routes, in order of destination, and an interface back that they need', async () => {
    const made = await router();
    await plug(made.id, { subnet_id: parts.near });
    const via = (destination: string, nexthop = '10.242.0.9') => ({ destination, nexthop });
    const routes = [via('10.99.0.0/16'), via('10.98.0.0/16')];
    expect((await put(made.id, { routes })).body.router.routes).toEqual(routes.toReversed());
    const refusal = async (...rows: object[]) => neutronError(await put(made.id, { routes: rows }));
    expect(await refusal(via('10.99.0.0/16', '10.242.0.1'))).toEqual([
      400,
      'InvalidRoutes',
      "Invalid format for routes: [{'destination': '10.99.0.0/16', 'nexthop': '10.242.0.1'}], the nexthop is used by router",
    ]);
    expect(await refusal(via('10.99.0.1/16'))).toEqual([
      400,
      'HTTPBadRequest',
      "Invalid input for routes. Reason: '10.99.0.1/16' is not a valid CIDR.",
    ]);
    expect(await refusal(via('10.99.0.0/16'), via('10.99.0.0/16'))).toEqual([
      400,
      'HTTPBadRequest',
      "Invalid input for routes. Reason: Duplicate hostroute '{'destination': '10.99.0.0/16', 'nexthop': '10.242.0.9'}'.",
    ]);
    // The keys it names come in any order.
    expect(await refusal({ destination: '10.99.0.0/16' })).toEqual([
      400,
      'HTTPBadRequest',
      expect.stringContaining("Invalid input for routes. Reason: Validation of dictionary's keys failed. Expected keys: {"),
    ]);
    expect(neutronError(await unplug(made.id, { subnet_id: parts.near }))).toEqual([
      409,
      'RouterInterfaceInUseByRoute',
      `Router interface for subnet ${parts.near} on router ${made.id} cannot be deleted, as it is required by one or more routes.`,
    ]);
    expect((await put(made.id, { routes: [] })).body.router.routes).toEqual([]);
    expect((await unplug(made.id, { subnet_id: parts.near })).status).toBe(200);
  });
}
