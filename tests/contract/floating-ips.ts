import { beforeAll, expect, it } from 'vitest';
import type { Body } from './client.ts';
import { absent, type Contract, make, neutronError, secondsPattern, uuidPattern } from './world.ts';

export function floatingIpContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown) =>
    contract.demo.request('network', method, path, body === undefined ? {} : { body });
  const parts: Record<string, string> = {};
  const floatingIp = (more: object = {}): Promise<Body> =>
    make(contract, 'network', '/floatingips', 'floatingip', { floating_network_id: parts.external, ...more });
  const put = (id: string, changes: object) => request('PUT', `/floatingips/${id}`, { floatingip: changes });
  const port = async (...addresses: string[]): Promise<string> =>
    (
      await make(contract, 'network', '/ports', 'port', {
        network_id: parts.network,
        fixed_ips: addresses.map((ip_address) => ({ ip_address })),
      })
    ).id;

  beforeAll(async () => {
    parts.external = (await request('GET', '/networks?name=public')).body.networks[0].id;
    parts.network = (await make(contract, 'network', '/networks', 'network', { name: contract.name('floating') })).id;
    const range = { network_id: parts.network, ip_version: 4, cidr: '10.246.0.0/24' };
    parts.subnet = (await make(contract, 'network', '/subnets', 'subnet', range)).id;
  });

  it('makes one that leads to nothing', async () => {
    const made = await floatingIp({ description: 'd [stackwarden u]' });
    const shown = (await request('GET', `/floatingips/${made.id}`)).body.floatingip;
    expect(shown).toMatchObject({
      id: expect.stringMatching(uuidPattern),
      tenant_id: contract.demo.projectId,
      project_id: contract.demo.projectId,
      floating_network_id: parts.external,
      floating_ip_address: expect.stringMatching(/^172\.24\./),
      port_id: null,
      fixed_ip_address: null,
      router_id: null,
      status: 'DOWN',
      description: 'd [stackwarden u]',
      tags: [],
      created_at: expect.stringMatching(secondsPattern),
      updated_at: expect.stringMatching(secondsPattern),
      revision_number: 0,
    });
    expect(shown).not.toHaveProperty('name');
    const found = await request('GET', `/floatingips?fields=id&floating_ip_address=${made.floating_ip_address}`);
    expect(found.body.floatingips).toEqual([{ id: made.id }]);
    expect((await request('PUT', `/floatingips/${made.id}/tags`, { tags: ['a'] })).body).toEqual({ tags: ['a'] });
  });

  it('has no name, and its address and network are fixed', async () => {
    const made = await floatingIp();
    const refusal = async (changes: object) => neutronError(await put(made.id, changes));
    expect(await refusal({ name: 'x' })).toEqual([400, 'HTTPBadRequest', "Unrecognized attribute(s) 'name'"]);
    expect(await refusal({ floating_ip_address: '172.24.99.1' })).toEqual([
      400,
      'HTTPBadRequest',
      'Cannot update read-only attribute floating_ip_address',
    ]);
    expect(await refusal({ floating_network_id: parts.external })).toEqual([
      400,
      'HTTPBadRequest',
      'Cannot update read-only attribute floating_network_id',
    ]);
    expect(neutronError(await request('GET', '/floatingips?name=x'))).toEqual([
      400,
      'HTTPBadRequest',
      "['name'] is invalid attribute for filtering",
    ]);
  });

  it('refuses networks that are not external, and addresses of their own choice to all but administrators', async () => {
    const refusal = async (body: object) => neutronError(await request('POST', '/floatingips', { floatingip: body }));
    expect(await refusal({ floating_network_id: parts.network })).toEqual([
      400,
      'BadRequest',
      `Bad floatingip request: Network ${parts.network} is not a valid external network.`,
    ]);
    expect(await refusal({ floating_network_id: absent })).toEqual([404, 'NetworkNotFound', `Network ${absent} could not be found.`]);
    expect(await refusal({ floating_network_id: parts.external, floating_ip_address: '172.24.99.1' })).toEqual([
      403,
      'PolicyNotAuthorized',
      '(rule:create_floatingip and rule:create_floatingip:floating_ip_address) is disallowed by policy',
    ]);
    expect(neutronError(await request('GET', `/floatingips/${absent}`))).toEqual([
      404,
      'FloatingIPNotFound',
      `Floating IP ${absent} could not be found`,
    ]);
  });

  it('leads to a port only by way of a router', async () => {
    const made = await floatingIp();
    const inner = await port('10.246.0.9');
    const unreachable = [
      404,
      'ExternalGatewayForFloatingIPNotFound',
      `External network ${parts.external} is not reachable from subnet ${parts.subnet}.  Therefore, cannot associate Port ${inner} with a Floating IP.`,
    ];
    expect(neutronError(await put(made.id, { port_id: inner }))).toEqual(unreachable);
    const body = { floatingip: { floating_network_id: parts.external, port_id: inner } };
    expect(neutronError(await request('POST', '/floatingips', body))).toEqual(unreachable);
  });

  it('is moved from port to port, each of which takes one', async () => {
    const external_gateway_info = { network_id: parts.external };
    parts.router = (await make(contract, 'network', '/routers', 'router', { name: contract.name('floating'), external_gateway_info })).id;
    await request('PUT', `/routers/${parts.router}/add_router_interface`, { subnet_id: parts.subnet });
    contract.later(() => request('PUT', `/routers/${parts.router}/remove_router_interface`, { subnet_id: parts.subnet }));
    const [one, two] = [await port('10.246.0.10'), await port('10.246.0.11')];
    const made = await floatingIp();
    expect((await put(made.id, { port_id: one })).body.floatingip).toMatchObject({
      id: made.id,
      port_id: one,
      fixed_ip_address: '10.246.0.10',
      router_id: parts.router,
      floating_ip_address: made.floating_ip_address,
    });
    expect((await put(made.id, { description: 'e' })).body.floatingip).toMatchObject({ port_id: one, description: 'e' });
    expect((await put(made.id, { port_id: two })).body.floatingip).toMatchObject({ port_id: two, fixed_ip_address: '10.246.0.11' });
    const other = await floatingIp();
    expect(neutronError(await put(other.id, { port_id: two }))).toEqual([
      409,
      'FloatingIPPortAlreadyAssociated',
      `Cannot associate floating IP ${other.floating_ip_address} (${other.id}) with port ${two} using fixed IP 10.246.0.11, as that fixed IP already has a floating IP on external network ${parts.external}.`,
    ]);
    expect((await put(made.id, { port_id: null })).body.floatingip).toMatchObject({
      port_id: null,
      fixed_ip_address: null,
      router_id: null,
    });
    expect((await put(other.id, { port_id: two })).status).toBe(200);
    await put(other.id, { port_id: null });
  });

  it('has to be told the address where a port has several, even by a change of something else', async () => {
    const double = await port('10.246.0.20', '10.246.0.21');
    const bare = await make(contract, 'network', '/ports', 'port', { network_id: parts.network, fixed_ips: [] });
    const made = await floatingIp();
    const several = [
      400,
      'BadRequest',
      `Bad floatingip request: Port ${double} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP.`,
    ];
    const refusal = async (changes: object) => neutronError(await put(made.id, changes));
    expect(await refusal({ port_id: double })).toEqual(several);
    expect((await put(made.id, { port_id: double, fixed_ip_address: '10.246.0.21' })).body.floatingip.fixed_ip_address).toBe('10.246.0.21');
    expect(await refusal({ description: 'e' })).toEqual(several);
    const again = await put(made.id, { description: 'e', port_id: double, fixed_ip_address: '10.246.0.21' });
    expect(again.body.floatingip).toMatchObject({ description: 'e', fixed_ip_address: '10.246.0.21' });
    expect(await refusal({ fixed_ip_address: '10.246.0.20' })).toEqual([
      400,
      'BadRequest',
      'Bad floatingip request: fixed_ip_address cannot be specified without a port_id.',
    ]);
    expect(await refusal({ port_id: double, fixed_ip_address: '10.246.0.99' })).toEqual([
      400,
      'BadRequest',
      `Bad floatingip request: Port ${double} does not have fixed ip 10.246.0.99.`,
    ]);
    expect(await refusal({ port_id: bare.id })).toEqual([
      400,
      'BadRequest',
      `Bad floatingip request: Cannot add floating IP to port ${bare.id} that has no fixed IPv4 addresses.`,
    ]);
    await put(made.id, { port_id: null });
  });

  it('holds gateway and interface back, and is let go of when its port is deleted', async () => {
    const inner = await port('10.246.0.30');
    const made = await floatingIp();
    expect((await put(made.id, { port_id: inner })).status).toBe(200);
    const noGateway = () => request('PUT', `/routers/${parts.router}`, { router: { external_gateway_info: null } });
    expect(neutronError(await noGateway())).toEqual([
      409,
      'RouterExternalGatewayInUseByFloatingIp',
      `Gateway cannot be updated for router ${parts.router}, since a gateway to external network ${parts.external} is required by one or more floating IPs.`,
    ]);
    const unplugged = await request('PUT', `/routers/${parts.router}/remove_router_interface`, { subnet_id: parts.subnet });
    expect(neutronError(unplugged)).toEqual([
      409,
      'RouterInterfaceInUseByFloatingIP',
      `Router interface for subnet ${parts.subnet} on router ${parts.router} cannot be deleted, as it is required by one or more floating IPs.`,
    ]);
    expect((await request('DELETE', `/ports/${inner}`)).status).toBe(204);
    expect((await request('GET', `/floatingips/${made.id}`)).body.floatingip).toMatchObject({ port_id: null, fixed_ip_address: null });
    expect((await noGateway()).status).toBe(200);
  });
}
