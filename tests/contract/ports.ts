import { beforeAll, expect, it } from 'vitest';
import type { Body } from './client.ts';
import { absent, type Contract, make, neutronError, secondsPattern, uuidPattern } from './world.ts';

export function portContract(contract: Contract): void {
  let networkId = '';
  let subnetId = '';
  beforeAll(async () => {
    networkId = (await make(contract, 'network', '/networks', 'network', { name: contract.name('ports') })).id;
    subnetId = (await make(contract, 'network', '/subnets', 'subnet', { network_id: networkId, ip_version: 4, cidr: '10.230.0.0/24' })).id;
  });
  const post = (body: object) => contract.demo.request('network', 'POST', '/ports', { body: { port: { network_id: networkId, ...body } } });
  const port = (body: object): Promise<Body> => make(contract, 'network', '/ports', 'port', { network_id: networkId, ...body });

  it('gives a port an address, a MAC address and the default group', async () => {
    const made = await port({ name: contract.name('p'), description: 'd [stackwarden u]' });
    const shown = (await contract.demo.request('network', 'GET', `/ports/${made.id}`)).body.port;
    const defaultGroup = (await contract.demo.request('network', 'GET', '/security-groups?name=default')).body.security_groups[0];
    const [fixedIp] = shown.fixed_ips;
    expect(fixedIp).toEqual({ subnet_id: subnetId, ip_address: expect.stringMatching(/^10\.230\.0\.\d+$/) });
    expect(shown).toEqual({
      id: expect.stringMatching(uuidPattern),
      name: contract.name('p'),
      network_id: networkId,
      tenant_id: contract.demo.projectId,
      project_id: contract.demo.projectId,
      mac_address: expect.stringMatching(/^fa:16:3e(:[0-9a-f]{2}){3}$/),
      admin_state_up: true,
      status: 'DOWN',
      device_id: '',
      device_owner: '',
      fixed_ips: [fixedIp],
      allowed_address_pairs: [],
      extra_dhcp_opts: [],
      security_groups: [defaultGroup.id],
      description: 'd [stackwarden u]',
      'binding:vnic_type': 'normal',
      port_security_enabled: true,
      qos_policy_id: null,
      qos_network_policy_id: null,
      dns_name: '',
      dns_assignment: [expect.objectContaining({ ip_address: fixedIp.ip_address })],
      ip_allocation: 'immediate',
      tags: [],
      created_at: expect.stringMatching(secondsPattern),
      updated_at: expect.stringMatching(secondsPattern),
      revision_number: 1,
    });
  });

  it('refuses addresses that are taken or out of place', async () => {
    const made = await port({ fixed_ips: [{ subnet_id: subnetId, ip_address: '10.230.0.77' }] });
    expect(neutronError(await post({ fixed_ips: [{ subnet_id: subnetId, ip_address: '10.230.0.77' }] }))).toEqual([
      409,
      'IpAddressAlreadyAllocated',
      `IP address 10.230.0.77 already allocated in subnet ${subnetId}`,
    ]);
    expect(neutronError(await post({ fixed_ips: [{ ip_address: '192.168.99.1' }] }))).toEqual([
      400,
      'InvalidIpForNetwork',
      'IP address 192.168.99.1 is not a valid IP for any of the subnets on the specified network.',
    ]);
    expect(neutronError(await post({ fixed_ips: [{ subnet_id: subnetId, ip_address: '192.168.99.1' }] }))).toEqual([
      400,
      'InvalidIpForSubnet',
      'IP address 192.168.99.1 is not a valid IP for the specified subnet.',
    ]);
    expect(neutronError(await post({ mac_address: made.mac_address }))).toEqual([
      409,
      'MacAddressInUse',
      `Unable to complete operation for network ${networkId}. The mac address ${made.mac_address} is in use.`,
    ]);
  });

  it('refuses what does not exist', async () => {
    expect(neutronError(await post({ network_id: absent }))).toEqual([404, 'NetworkNotFound', `Network ${absent} could not be found.`]);
    expect(neutronError(await post({ network_id: undefined }))).toEqual([
      400,
      'HTTPBadRequest',
      "Failed to parse request. Required attribute 'network_id' not specified",
    ]);
    expect(neutronError(await post({ security_groups: [absent] }))).toEqual([
      404,
      'SecurityGroupNotFound',
      `Security group ${absent} does not exist`,
    ]);
    expect(neutronError(await contract.demo.request('network', 'GET', `/ports/${absent}`))).toEqual([
      404,
      'PortNotFound',
      `Port ${absent} could not be found.`,
    ]);
  });

  it('says when a subnet has no address left', async () => {
    const pool = [{ start: '10.231.0.10', end: '10.231.0.10' }];
    const small = await make(contract, 'network', '/subnets', 'subnet', {
      network_id: networkId,
      ip_version: 4,
      cidr: '10.231.0.0/24',
      allocation_pools: pool,
    });
    const first = await port({ fixed_ips: [{ subnet_id: small.id }] });
    expect(first.fixed_ips).toEqual([{ subnet_id: small.id, ip_address: '10.231.0.10' }]);
    expect(neutronError(await post({ fixed_ips: [{ subnet_id: small.id }] }))).toEqual([
      409,
      'IpAddressGenerationFailure',
      `No more IP addresses available on network ${networkId}.`,
    ]);
  });

  it('changes groups and addresses in place; fills in the MAC address of an address pair', async () => {
    const made = await port({});
    const changed = await contract.demo.request('network', 'PUT', `/ports/${made.id}`, {
      body: {
        port: {
          security_groups: [],
          allowed_address_pairs: [{ ip_address: '10.230.0.99' }],
          fixed_ips: [{ subnet_id: subnetId, ip_address: '10.230.0.55' }],
        },
      },
    });
    expect(changed.body.port).toMatchObject({
      security_groups: [],
      allowed_address_pairs: [{ ip_address: '10.230.0.99', mac_address: made.mac_address }],
      fixed_ips: [{ subnet_id: subnetId, ip_address: '10.230.0.55' }],
    });
    const moved = await contract.demo.request('network', 'PUT', `/ports/${made.id}`, { body: { port: { network_id: networkId } } });
    expect(neutronError(moved)).toEqual([400, 'HTTPBadRequest', 'Cannot update read-only attribute network_id']);
  });

  it('changes how a port is to be bound; its MAC address only for administrators', async () => {
    const made = await port({ mac_address: 'FA:16:3E:AA:BB:01' });
    expect(made.mac_address).toBe('FA:16:3E:AA:BB:01');
    const put = (changes: object) => contract.demo.request('network', 'PUT', `/ports/${made.id}`, { body: { port: changes } });
    expect((await put({ 'binding:vnic_type': 'direct' })).body.port['binding:vnic_type']).toBe('direct');
    expect(neutronError(await put({ 'binding:vnic_type': 'foo' }))).toEqual([
      400,
      'HTTPBadRequest',
      'Invalid input for binding:vnic_type. Reason: foo is not in valid_values.',
    ]);
    expect(neutronError(await put({ mac_address: 'fa:16:3e:aa:bb:02' }))).toEqual([
      403,
      'PolicyNotAuthorized',
      '(rule:update_port and rule:update_port:mac_address) is disallowed by policy',
    ]);
    const asAdmin = await contract.admin.request('network', 'PUT', `/ports/${made.id}`, {
      body: { port: { mac_address: 'fa:16:3e:aa:bb:02' } },
    });
    expect(asAdmin.body.port.mac_address).toBe('fa:16:3e:aa:bb:02');
    expect(neutronError(await post({ mac_address: 'zz' }))).toEqual([
      400,
      'HTTPBadRequest',
      "Invalid input for mac_address. Reason: 'zz' is not a valid MAC address.",
    ]);
    const bind = (host: string) =>
      contract.admin.request('network', 'PUT', `/ports/${made.id}`, { body: { port: { 'binding:host_id': host } } });
    await put({ device_id: 'contract-device' });
    expect((await put({ 'binding:vnic_type': 'macvtap' })).status).toBe(200);
    await bind('compute1');
    expect(neutronError(await put({ 'binding:vnic_type': 'normal' }))).toEqual([
      409,
      'PortInUse',
      `Unable to complete operation on port ${made.id} for network ${networkId}. Port already has an attached device contract-device.`,
    ]);
    await bind('');
    await put({ device_id: '' });
  });

  it('keeps groups and address pairs off a port without port security', async () => {
    const made = await port({});
    const put = (changes: object) => contract.demo.request('network', 'PUT', `/ports/${made.id}`, { body: { port: changes } });
    expect(neutronError(await put({ port_security_enabled: false }))).toEqual([
      409,
      'PortSecurityPortHasSecurityGroup',
      'Port has security group associated. Cannot disable port security or IP address until security group is removed.',
    ]);
    const pairs = [
      409,
      'AddressPairAndPortSecurityRequired',
      'Port Security must be enabled in order to have allowed address pairs on a port.',
    ];
    await put({ allowed_address_pairs: [{ ip_address: '10.230.0.98' }] });
    expect(neutronError(await put({ port_security_enabled: false }))).toEqual(pairs);
    expect(neutronError(await put({ port_security_enabled: false, security_groups: [] }))).toEqual(pairs);
    const off = await put({ port_security_enabled: false, security_groups: [], allowed_address_pairs: [] });
    expect(off.body.port).toMatchObject({ port_security_enabled: false, security_groups: [], allowed_address_pairs: [] });
    expect(neutronError(await put({ allowed_address_pairs: [{ ip_address: '10.230.0.97' }] }))).toEqual(pairs);
    expect(neutronError(await put({ security_groups: made.security_groups }))).toEqual([
      400,
      'PortSecurityAndIPRequiredForSecurityGroups',
      'Port security must be enabled and port must have an IP address in order to use security groups.',
    ]);
    const on = await put({ port_security_enabled: true, security_groups: made.security_groups });
    expect(on.body.port).toMatchObject({ port_security_enabled: true, security_groups: made.security_groups });
    expect((await port({ port_security_enabled: false })).security_groups).toEqual([]);
  });

  it('keeps the address it has where only the subnet is asked for, keeps a pair as it was written, and takes none twice', async () => {
    const made = await port({ fixed_ips: [{ subnet_id: subnetId, ip_address: '10.230.0.66' }] });
    const put = (changes: object) => contract.demo.request('network', 'PUT', `/ports/${made.id}`, { body: { port: changes } });
    const addresses = ({ body }: { body: Body }) => body.port.fixed_ips.map((ip: Body) => ip.ip_address);
    expect(addresses(await put({ fixed_ips: [{ subnet_id: subnetId }] }))).toEqual(['10.230.0.66']);
    const two = addresses(await put({ fixed_ips: [{ subnet_id: subnetId }, { subnet_id: subnetId }] }));
    expect([two.length, two.includes('10.230.0.66')]).toEqual([2, true]);
    expect(addresses(await put({ fixed_ips: [] }))).toEqual([]);
    const twice = [{ ip_address: '10.230.0.67' }, { ip_address: '10.230.0.67' }];
    expect(neutronError(await put({ fixed_ips: twice }))).toEqual([
      400,
      'HTTPBadRequest',
      "Invalid input for fixed_ips. Reason: Duplicate IP address '10.230.0.67'.",
    ]);
    expect(neutronError(await put({ allowed_address_pairs: twice }))).toEqual([
      400,
      'DuplicateAddressPairInRequest',
      'Request contains duplicate address pair: mac_address None ip_address 10.230.0.67.',
    ]);
    const pair = { ip_address: '10.230.1.5/24', mac_address: 'FA:16:3E:00:00:01' };
    expect((await put({ allowed_address_pairs: [pair] })).body.port.allowed_address_pairs).toEqual([pair]);
  });

  it('finds ports by network, device and address', async () => {
    const made = await port({ fixed_ips: [{ subnet_id: subnetId, ip_address: '10.230.0.88' }] });
    const ids = async (query: string) =>
      (await contract.demo.request('network', 'GET', `/ports?${query}&fields=id`)).body.ports.map((row: Body) => row.id);
    expect(await ids(`network_id=${networkId}&fixed_ips=ip_address%3D10.230.0.88`)).toEqual([made.id]);
    expect(await ids(`network_id=${networkId}`)).toContain(made.id);
    expect(await ids('device_id=contract-nonesuch')).toEqual([]);
  });

  it('lets nobody but its owner plug into the external network', async () => {
    const external = (await contract.demo.request('network', 'GET', '/networks?name=public')).body.networks[0];
    expect(neutronError(await post({ network_id: external.id }))).toEqual([
      403,
      'HTTPForbidden',
      `Tenant ${contract.demo.projectId} not allowed to create port on this network`,
    ]);
  });
}
