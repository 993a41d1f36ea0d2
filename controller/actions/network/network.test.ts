import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as networks from '#controller/openstack/network/networks.ts';
import { type Bench, openBench, PowerCut } from '#tests/parts/action-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const external = () => bench.inventory.byName('network', 'public')[0]?.id ?? '';
const network = (name: string, more: object = {}) => bench.made('network.create', { name, ...more });
const subnet = (name: string, networkId: string, cidr = '10.0.0.0/24') => bench.made('subnet.create', { name, networkId, cidr });
const port = (networkId: string, more: object = {}) => bench.made('port.create', { networkId, ...more });

describe('a network', () => {
  it('is made with its tags, once over a power cut', async () => {
    const sent = new Map();
    const afterWrite = (name: string) => {
      if (name === 'Create') throw new PowerCut();
    };
    await network('front');
    const input = { name: 'front', mtu: 1400, description: 'd', portSecurityEnabled: false, tags: ['web'] };
    await expect(bench.act('network.create', '', input, { sent, afterWrite })).rejects.toThrow(PowerCut);
    const id = (await bench.act('network.create', '', input, { sent }))?.resources?.[0]?.id ?? '';
    expect([...bench.sandbox.store.networks.values()].filter(({ name }) => name === 'front')).toHaveLength(2);
    expect(bench.inventory.get('network', id)).toMatchObject({ mtu: 1400, description: 'd', port_security_enabled: false, tags: ['web'] });
  });

  it('changes, and keeps the stamp behind its description', async () => {
    const id = await network('stamped', { description: 'old' });
    await networks.update(bench.client.network, id, { description: 'old [stackwarden u1]' });
    const row = await bench.inventory.reread('network', id);
    expect(bench.effects('network.edit', id, { description: 'old', mtu: 1300 }).changes).toEqual([
      { path: 'spec.mtu', from: row?.mtu, to: 1300 },
    ]);
    await bench.act('network.edit', id, { description: 'new', adminStateUp: false, tags: ['a', 'b'] });
    expect(bench.inventory.get('network', id)).toMatchObject({
      description: 'new [stackwarden u1]',
      admin_state_up: false,
      tags: ['a', 'b'],
    });
    expect(bench.declares('network.edit', id, { mtu: 1300, tags: [] })).toEqual({ mtu: 1300, tags: [] });
  });

  it('is held by ports, and goes with its subnets', async () => {
    const id = await network('held');
    const subnetId = await subnet('held-net', id);
    const portId = await port(id, { name: 'p1' });
    expect(bench.obstacle('network.delete', id)).toEqual({
      reason: 'InUse',
      message: expect.stringMatching(/^Ports are on it: port p1\. Detach/),
    });
    expect(bench.obstacle('subnet.delete', subnetId)).toMatchObject({ reason: 'InUse', message: expect.stringMatching('port p1') });
    await bench.act('port.delete', portId);
    expect(bench.effects('network.delete', id).takesAlong).toEqual([
      { type: 'subnet', id: subnetId, name: 'held-net', what: 'is deleted with it' },
    ]);
    await bench.act('network.delete', id);
    expect([bench.sandbox.store.networks.has(id), bench.inventory.get('subnet', subnetId)]).toEqual([false, undefined]);
  });

  it('of another project is not ours to change', () => {
    for (const action of ['network.edit', 'network.delete'])
      expect(bench.obstacle(action, external())).toMatchObject({ reason: 'NotOurs' });
    expect(bench.obstacle('subnet.create', '', { name: 's', networkId: external(), cidr: '10.0.0.0/24' })).toMatchObject({
      reason: 'NotOurs',
      field: 'networkId',
    });
  });
});

describe('a subnet', () => {
  it('is made as asked for, changed, and deleted', async () => {
    const networkId = await network('subnets');
    const input = {
      name: 's',
      networkId,
      cidr: '10.9.0.0/24',
      dnsNameservers: ['10.9.0.2'],
      disableGateway: true,
      enableDHCP: false,
      allocationPools: [{ start: '10.9.0.10', end: '10.9.0.20' }],
    };
    const id = await bench.made('subnet.create', input);
    expect(bench.inventory.get('subnet', id)).toMatchObject({ gateway_ip: null, enable_dhcp: false, dns_nameservers: ['10.9.0.2'] });
    expect(bench.inventory.get('network', networkId)?.subnets).toEqual([id]);
    await bench.act('subnet.edit', id, {
      gatewayIP: '10.9.0.1',
      name: 't',
      hostRoutes: [{ destination: '10.8.0.0/24', nexthop: '10.9.0.9' }],
    });
    expect(bench.inventory.get('subnet', id)).toMatchObject({ gateway_ip: '10.9.0.1', name: 't', host_routes: [{ nexthop: '10.9.0.9' }] });
    expect(bench.declares('subnet.edit', id, { gatewayIP: '10.9.0.3' })).toEqual({ gatewayIP: '10.9.0.3', disableGateway: null });
    expect(bench.declares('subnet.edit', id, { disableGateway: true })).toEqual({ gatewayIP: null, disableGateway: true });
    expect(bench.obstacle('subnet.edit', id, { gatewayIP: '10.9.0.1', disableGateway: true })).toMatchObject({ reason: 'Contradiction' });
    await bench.act('subnet.delete', id);
    expect(bench.inventory.get('network', networkId)?.subnets).toEqual([]);
  });
});

describe('a port', () => {
  it('gets addresses and groups, and is declared by the names of objects', async () => {
    const networkId = await network('ports');
    const subnetId = await subnet('ports-net', networkId, '10.7.0.0/24');
    const group = await bench.made('securityGroup.create', { name: 'for-ports' });
    const id = await port(networkId, {
      name: 'p',
      fixedIPs: [{ subnetId, ipAddress: '10.7.0.50' }],
      securityGroupIds: [group],
      allowedAddressPairs: [{ ipAddress: '10.7.0.60' }],
    });
    expect(bench.inventory.get('port', id)).toMatchObject({
      fixed_ips: [{ subnet_id: subnetId, ip_address: '10.7.0.50' }],
      security_groups: [group],
      allowed_address_pairs: [{ ip_address: '10.7.0.60' }],
    });
    await bench.act('port.edit', id, { securityGroupIds: [], name: 'q', tags: ['t'] });
    expect(bench.inventory.get('port', id)).toMatchObject({ security_groups: [], name: 'q', tags: ['t'] });
    const nameOf = (type: string) => (type === 'security_group' ? 'for-ports' : undefined);
    expect(bench.declares('port.edit', id, { securityGroupIds: [group], adminStateUp: false }, { spec: {}, nameOf })).toEqual({
      securityGroupRefs: [{ name: 'for-ports' }],
      adminStateUp: false,
    });
    expect(bench.obstacle('port.edit', id, { securityGroupIds: ['nonesuch'] })).toMatchObject({
      reason: 'NotFound',
      field: 'securityGroupIds',
    });
  });

  it('is not deleted under what uses it', async () => {
    const networkId = await network('used');
    await subnet('used-net', networkId, '10.6.0.0/24');
    const id = await port(networkId);
    const row = bench.inventory.get('port', id);
    if (row) bench.inventory.record('port', { ...row, device_id: 's1', device_owner: 'compute:nova' }, Date.now(), { ownWrite: true });
    const server = { id: 's1', name: 'web-1', status: 'ACTIVE', image: '', metadata: {}, 'os-extended-volumes:volumes_attached': [] };
    bench.inventory.record('server', server as never, Date.now());
    expect(bench.obstacle('port.delete', id)).toEqual({
      reason: 'InUse',
      message: 'It is plugged into instance web-1; detach it there first.',
    });
    expect(bench.obstacle('network.delete', networkId)?.message).toMatch(/^Ports are on it: port 10\.6\.0\.\d+ of instance web-1\./);
  });
});

describe('a router', () => {
  it('is plugged in, gets a way out, leads a floating IP to a port, and is held by all of it', async () => {
    const networkId = await network('routed');
    const subnetId = await subnet('routed-net', networkId, '10.5.0.0/24');
    const id = await bench.made('router.create', { name: 'r', tags: ['edge'] });
    const portId = await port(networkId, { name: 'inside' });
    expect(bench.obstacle('router.clearGateway', id)).toMatchObject({ reason: 'NoGateway' });
    expect(bench.obstacle('router.setGateway', id, { networkId })).toEqual({
      reason: 'NotExternal',
      field: 'networkId',
      message: 'That network leads nowhere outside; external are public.',
    });

    await bench.act('router.addInterface', id, { subnetId });
    await bench.act('router.setGateway', id, { networkId: external() });
    expect(bench.inventory.get('router', id)).toMatchObject({ external_gateway_info: { network_id: external() }, tags: ['edge'] });
    expect(bench.obstacle('router.addInterface', id, { subnetId })).toMatchObject({ reason: 'Same' });
    expect(bench.obstacle('router.delete', id)).toEqual({
      reason: 'HasInterfaces',
      message: 'It is plugged into routed-net; remove its interfaces first.',
    });

    const floating = await bench.made('floatingIp.allocate', { networkId: external(), portId, description: 'www' });
    const address = bench.inventory.get('floatingip', floating)?.floating_ip_address;
    expect(bench.inventory.get('floatingip', floating)).toMatchObject({ port_id: portId, router_id: id, description: 'www' });
    for (const [action, input] of [['router.clearGateway'], ['router.removeInterface', { subnetId }]] as const)
      expect(bench.obstacle(action, id, input)).toMatchObject({ reason: 'InUse', message: expect.stringMatching(String(address)) });
    expect(bench.effects('port.delete', portId).takesAlong).toEqual([
      { type: 'floatingip', id: floating, name: address, what: 'is disassociated' },
    ]);

    await bench.act('floatingIp.disassociate', floating);
    await bench.act('router.clearGateway', id);
    await bench.act('router.removeInterface', id, { subnetId });
    expect([...bench.sandbox.store.ports.values()].filter((one) => one.deviceId === id)).toEqual([]);
    await bench.act('router.delete', id);
    expect(bench.sandbox.store.routers.has(id)).toBe(false);
  });

  it('is plugged in once over a power cut', async () => {
    const networkId = await network('cut');
    const subnetId = await subnet('cut-net', networkId, '10.4.0.0/24');
    const id = await bench.made('router.create', { name: 'cut', externalNetworkId: external() });
    const sent = new Map();
    const cut = () => {
      throw new PowerCut();
    };
    await expect(bench.act('router.addInterface', id, { subnetId }, { sent, afterWrite: cut })).rejects.toThrow(PowerCut);
    await bench.act('router.addInterface', id, { subnetId }, { sent });
    expect(bench.inventory.byParent('port', id).filter(({ device_owner }) => device_owner === 'network:router_interface')).toHaveLength(1);
  });

  it('is declared by references, and refuses what has no object', async () => {
    const networkId = await network('named');
    const subnetId = await subnet('named-net', networkId, '10.3.0.0/24');
    const id = await bench.made('router.create', { name: 'named' });
    const named = { spec: { interfaces: [{ subnetRef: { name: 'old' } }] }, nameOf: () => 'new' };
    const plug = { subnetId };
    expect(bench.declares('router.addInterface', id, plug, named)).toEqual({
      interfaces: [{ subnetRef: { name: 'old' } }, { subnetRef: { name: 'new' } }],
    });
    expect(bench.declares('router.removeInterface', id, plug, { ...named, nameOf: () => 'old' })).toEqual({ interfaces: [] });
    expect(bench.declares('router.removeInterface', id, plug, named)).toBeUndefined();
    await bench.act('router.addInterface', id, plug);
    const byPort = {
      spec: { interfaces: [{ portRef: { name: 'gate' } }] },
      nameOf: (type: string) => (type === 'port' ? 'gate' : undefined),
    };
    expect(bench.declares('router.removeInterface', id, plug, byPort)).toEqual({ interfaces: [] });
    expect(bench.declares('router.addInterface', id, plug, { spec: {}, nameOf: () => 'new' })).toBeUndefined();
    expect(bench.declares('router.setGateway', id, { networkId: external() })).toEqual({
      externalGateway: { network: { id: external(), name: null }, networkRef: null, fixedIPs: null },
      disableGateway: null,
    });
    expect(bench.declares('router.clearGateway', id, {})).toEqual({ externalGateway: null, disableGateway: true });
  });
});

describe('a floating IP', () => {
  it('is taken, led to one port at a time, described, and given back', async () => {
    const networkId = await network('floating');
    const subnetId = await subnet('floating-net', networkId, '10.2.0.0/24');
    const router = await bench.made('router.create', { name: 'floating', externalNetworkId: external() });
    await bench.act('router.addInterface', router, { subnetId });
    const [one, other] = [await port(networkId, { name: 'one' }), await port(networkId, { name: 'other' })];
    expect(bench.obstacle('floatingIp.allocate', '', { networkId })).toMatchObject({ reason: 'NotExternal' });
    const id = await bench.made('floatingIp.allocate', { networkId: external(), tags: ['www'] });
    expect(bench.obstacle('floatingIp.disassociate', id)).toMatchObject({ reason: 'NotAssociated' });
    await bench.act('floatingIp.associate', id, { portId: one });
    await bench.act('floatingIp.edit', id, { description: 'web' });
    expect(bench.inventory.get('floatingip', id)).toMatchObject({ port_id: one, description: 'web', tags: ['www'] });
    expect(bench.obstacle('floatingIp.associate', id, { portId: other })).toEqual({
      reason: 'Associated',
      message: 'It leads to port one; disassociate it first.',
    });
    const second = await bench.made('floatingIp.allocate', { networkId: external() });
    expect(bench.obstacle('floatingIp.associate', second, { portId: one })).toMatchObject({ reason: 'Associated', field: 'portId' });
    expect(bench.obstacle('floatingIp.associate', second, { portId: one, fixedIPAddress: '10.2.0.250' })).toMatchObject({
      reason: 'NotFound',
    });
    expect(bench.effects('floatingIp.release', id).loses).toMatch(/^The address \S+; another project may be given it\.$/);
    await bench.act('floatingIp.release', id);
    expect(bench.sandbox.store.floatingIps.has(id)).toBe(false);
  });

  it('is declared by the object of its port', async () => {
    const id = await bench.made('floatingIp.allocate', { networkId: external() });
    const networkId = await network('end');
    await subnet('end-net', networkId, '10.1.0.0/24');
    const portId = await port(networkId);
    expect(bench.declares('floatingIp.associate', id, { portId }, { spec: {}, nameOf: () => 'web' })).toEqual({
      portRef: { name: 'web' },
      instanceRef: null,
      disassociated: null,
      fixedIPAddress: null,
    });
    expect(bench.declares('floatingIp.associate', id, { portId }, { spec: {}, nameOf: () => undefined })).toBeUndefined();
    expect(bench.declares('floatingIp.disassociate', id, {})).toMatchObject({ disassociated: true, portRef: null });
  });
});
