import { beforeAll, expect, it } from 'vitest';
import type { Body } from './client.ts';
import { absent, type Contract, make, neutronError, secondsPattern, uuidPattern } from './world.ts';

export function subnetContract(contract: Contract): void {
  let networkId = '';
  beforeAll(async () => {
    networkId = (await make(contract, 'network', '/networks', 'network', { name: contract.name('subnets') })).id;
  });
  const post = (body: object) =>
    contract.demo.request('network', 'POST', '/subnets', { body: { subnet: { network_id: networkId, ip_version: 4, ...body } } });
  const put = (id: string, subnet: object) => contract.demo.request('network', 'PUT', `/subnets/${id}`, { body: { subnet } });
  const made = async (body: object): Promise<Body> => {
    const reply = await post(body);
    expect(reply.status).toBe(201);
    return reply.body.subnet;
  };

  it('clears host bits, puts the gateway first and the pool behind it', async () => {
    const subnet = await made({ cidr: '10.210.0.7/24', name: contract.name('s'), description: 'd [stackwarden u]' });
    expect(subnet).toEqual({
      id: expect.stringMatching(uuidPattern),
      name: contract.name('s'),
      tenant_id: contract.demo.projectId,
      project_id: contract.demo.projectId,
      network_id: networkId,
      ip_version: 4,
      subnetpool_id: null,
      enable_dhcp: true,
      ipv6_ra_mode: null,
      ipv6_address_mode: null,
      gateway_ip: '10.210.0.1',
      cidr: '10.210.0.0/24',
      allocation_pools: [{ start: '10.210.0.2', end: '10.210.0.254' }],
      host_routes: [],
      dns_nameservers: [],
      description: 'd [stackwarden u]',
      'router:external': false,
      service_types: [],
      tags: [],
      created_at: expect.stringMatching(secondsPattern),
      updated_at: expect.stringMatching(secondsPattern),
      revision_number: 0,
    });
  });

  it('keeps what is asked for: no gateway, DNS servers in order, routes, pools', async () => {
    const given = {
      gateway_ip: null,
      enable_dhcp: false,
      dns_nameservers: ['9.9.9.9', '1.1.1.1'],
      host_routes: [{ destination: '10.99.0.0/16', nexthop: '10.211.0.9' }],
      allocation_pools: [{ start: '10.211.0.100', end: '10.211.0.101' }],
    };
    expect(await made({ cidr: '10.211.0.0/24', ...given })).toMatchObject(given);
  });

  it('makes pools of all but the gateway, wherever that is', async () => {
    expect(await made({ cidr: '10.212.0.0/24', gateway_ip: '10.212.0.254' })).toMatchObject({
      allocation_pools: [{ start: '10.212.0.1', end: '10.212.0.253' }],
    });
    const middle = await made({ cidr: '10.213.0.0/24', gateway_ip: '10.213.0.50' });
    // The order of pools is not kept.
    expect(middle.allocation_pools).toHaveLength(2);
    expect(middle.allocation_pools).toEqual(
      expect.arrayContaining([
        { start: '10.213.0.1', end: '10.213.0.49' },
        { start: '10.213.0.51', end: '10.213.0.254' },
      ]),
    );
    expect(await made({ cidr: '10.214.0.0/24', gateway_ip: '10.250.0.1' })).toMatchObject({
      gateway_ip: '10.250.0.1',
      allocation_pools: [{ start: '10.214.0.1', end: '10.214.0.254' }],
    });
  });

  it('writes IPv6 the short way and gives the network address to the gateway', async () => {
    expect(await made({ ip_version: 6, cidr: 'FD00:0077:0::/64' })).toMatchObject({
      cidr: 'fd00:77::/64',
      gateway_ip: 'fd00:77::',
      allocation_pools: [{ start: 'fd00:77::1', end: 'fd00:77::ffff:ffff:ffff:ffff' }],
    });
  });

  it.each([
    [
      'no version',
      { ip_version: undefined, cidr: '10.220.0.0/24' },
      400,
      'HTTPBadRequest',
      "Failed to parse request. Required attribute 'ip_version' not specified",
    ],
    ['no CIDR', {}, 400, 'BadRequest', 'Bad subnets request: a subnetpool must be specified in the absence of a cidr.'],
    ['a bad CIDR', { cidr: '10.220.0.0/99' }, 400, 'InvalidInput', 'Invalid input for operation: 10.220.0.0/99 is not in a CIDR format.'],
    [
      'version 5',
      { ip_version: 5, cidr: '10.220.0.0/24' },
      400,
      'HTTPBadRequest',
      'Invalid input for ip_version. Reason: 5 is not in valid_values.',
    ],
    [
      'a CIDR of the other version',
      { ip_version: 6, cidr: '10.220.0.0/24' },
      400,
      'InvalidInput',
      "Invalid input for operation: cidr '10.220.0.0/24' does not match the ip_version '6'.",
    ],
    ['an unknown network', { network_id: absent, cidr: '10.220.0.0/24' }, 404, 'NetworkNotFound', `Network ${absent} could not be found.`],
    [
      'no id of a network',
      { network_id: 'x', cidr: '10.220.0.0/24' },
      400,
      'HTTPBadRequest',
      "Invalid input for network_id. Reason: 'x' is not a valid UUID.",
    ],
    [
      'a pool outside',
      { cidr: '10.220.0.0/24', allocation_pools: [{ start: '10.221.0.1', end: '10.221.0.2' }] },
      400,
      'OutOfBoundsAllocationPool',
      'The allocation pool 10.221.0.1-10.221.0.2 spans beyond the subnet cidr 10.220.0.0/24.',
    ],
    [
      'a reversed pool',
      { cidr: '10.220.0.0/24', allocation_pools: [{ start: '10.220.0.9', end: '10.220.0.2' }] },
      400,
      'InvalidAllocationPool',
      "The allocation pool {'start': '10.220.0.9', 'end': '10.220.0.2'} is not valid.",
    ],
    [
      'overlapping pools',
      {
        cidr: '10.220.0.0/24',
        allocation_pools: [
          { start: '10.220.0.2', end: '10.220.0.9' },
          { start: '10.220.0.5', end: '10.220.0.12' },
        ],
      },
      409,
      'OverlappingAllocationPools',
      'Found overlapping allocation pools: 10.220.0.2-10.220.0.9 10.220.0.5-10.220.0.12 for subnet 10.220.0.0/24.',
    ],
    [
      'a gateway in the pool',
      { cidr: '10.220.0.0/24', gateway_ip: '10.220.0.5', allocation_pools: [{ start: '10.220.0.2', end: '10.220.0.9' }] },
      409,
      'GatewayConflictWithAllocationPools',
      'Gateway ip 10.220.0.5 conflicts with allocation pool 10.220.0.2-10.220.0.9.',
    ],
    [
      'a broadcast gateway',
      { cidr: '10.220.0.0/24', gateway_ip: '10.220.0.255' },
      400,
      'InvalidInput',
      'Invalid input for operation: Gateway is not valid on subnet.',
    ],
    [
      'a bad DNS server',
      { cidr: '10.220.0.0/24', dns_nameservers: ['x'] },
      400,
      'HTTPBadRequest',
      "Invalid input for dns_nameservers. Reason: 'x' is not a valid nameserver. 'x' is not a valid IP address.",
    ],
    [
      'a DNS server twice',
      { cidr: '10.220.0.0/24', dns_nameservers: ['9.9.9.9', '9.9.9.9'] },
      400,
      'HTTPBadRequest',
      "Invalid input for dns_nameservers. Reason: Duplicate nameserver '9.9.9.9'.",
    ],
  ])('refuses %s', async (_what, body, status, type, message) => {
    expect(neutronError(await post(body))).toEqual([status, type, message]);
  });

  it('refuses a subnet that overlaps another of its network', async () => {
    await made({ cidr: '10.215.0.0/24' });
    expect(neutronError(await post({ cidr: '10.215.0.0/25' }))).toEqual([
      400,
      'InvalidInput',
      `Invalid input for operation: Requested subnet with cidr: 10.215.0.0/25 for network: ${networkId} overlaps with another subnet.`,
    ]);
  });

  it('changes names, DNS servers, gateway, pools and routes in place; never the CIDR', async () => {
    const subnet = await made({ cidr: '10.216.0.0/24' });
    expect(neutronError(await put(subnet.id, { cidr: '10.1.0.0/24' }))).toEqual([
      400,
      'HTTPBadRequest',
      'Cannot update read-only attribute cidr',
    ]);
    expect(neutronError(await put(subnet.id, { gateway_ip: '10.216.0.9' }))).toEqual([
      409,
      'GatewayConflictWithAllocationPools',
      'Gateway ip 10.216.0.9 conflicts with allocation pool 10.216.0.2-10.216.0.254.',
    ]);
    const first = { name: contract.name('s2'), gateway_ip: null, dns_nameservers: ['8.8.8.8', '4.4.4.4'] };
    expect((await put(subnet.id, first)).body.subnet).toMatchObject({
      ...first,
      allocation_pools: subnet.allocation_pools,
      revision_number: 1,
    });
    const second = {
      enable_dhcp: false,
      gateway_ip: '10.216.0.1',
      allocation_pools: [{ start: '10.216.0.10', end: '10.216.0.20' }],
      host_routes: [{ destination: '10.5.0.0/16', nexthop: '10.216.0.3' }],
    };
    expect((await put(subnet.id, second)).body.subnet).toMatchObject(second);
  });

  it('shows its subnets in the network and counts their changes there', async () => {
    const before = (await contract.demo.request('network', 'GET', `/networks/${networkId}`)).body.network;
    const subnet = await made({ cidr: '10.217.0.0/24' });
    const after = (await contract.demo.request('network', 'GET', `/networks/${networkId}`)).body.network;
    expect(after.subnets.toSorted()).toEqual(before.subnets.concat(subnet.id).toSorted());
    expect(after.revision_number).toBeGreaterThan(before.revision_number);
    expect((await contract.demo.request('network', 'DELETE', `/subnets/${subnet.id}`)).status).toBe(204);
    expect(neutronError(await contract.demo.request('network', 'GET', `/subnets/${subnet.id}`))).toEqual([
      404,
      'SubnetNotFound',
      `Subnet ${subnet.id} could not be found.`,
    ]);
  });
}
