import { describe, expect, it } from 'vitest';
import type { Names } from '#controller/engine/kind.ts';
import { OWNER_UID, real } from '../answers.fixture.ts';
import { ask, knownCloud, OWN_PROJECT } from '../inventory.fixture.ts';
import { addressBodies } from './addresses.ts';
import { type ObservedPort, port } from './port.ts';
import type { PortSpec } from './schema.ts';

type Fields = Omit<PortSpec, 'clusterRef' | 'networkRef'>;
const [groupId = ''] = real.freePort.security_groups;
const subnetId = real.freePort.fixed_ips[0]?.subnet_id ?? '';
const ids = {
  'Network/net': real.freePort.network_id,
  'Network/other': 'other',
  'Subnet/front': subnetId,
  'SecurityGroup/web': 'web-id',
  'SecurityGroup/base': groupId,
};
const owner = { uid: OWNER_UID, key: 'default/net', namespace: 'default', name: 'net' };
const desire = (spec: Fields, networkRef = 'net') =>
  port.desire(
    { clusterRef: { name: 'main' }, networkRef: { name: networkRef }, ...spec },
    ask({ uid: OWNER_UID, name: 'net', ids }).resolve,
  );

const cloudWith = (row: object) =>
  knownCloud({
    port: [{ ...real.freePort, ...row }],
    subnet: [
      { id: subnetId, network_id: real.freePort.network_id },
      { id: 'six', network_id: real.freePort.network_id, ipv6_address_mode: 'slaac' },
    ],
    security_group: [{ id: groupId, name: 'default', description: '' }],
  });
function observed(row: object = {}): ObservedPort {
  const seen = port.observe(cloudWith(row), owner);
  if (seen.found !== 'one') throw new Error(`found ${seen.found}`);
  return seen.observed;
}
const changes = (spec: Fields, row: object = {}) => port.diff(desire(spec), observed(row)).changes;

describe('what is declared is compared, and nothing else', () => {
  const pairs = [{ ipAddress: '10.222.0.77' }, { ipAddress: '10.222.1.9/24', macAddress: 'fa:16:3e:00:00:01' }];
  it.each<[string, Fields, object?]>([
    ['nothing but its network', {}],
    ['its address', { fixedIPs: [{ ipAddress: '10.222.0.59' }] }],
    ['any address of its subnet', { fixedIPs: [{ subnetRef: { name: 'front' } }] }],
    [
      'its address, beside one that IPv6 handed out',
      { fixedIPs: [{ ipAddress: '10.222.0.59' }] },
      { fixed_ips: [...real.freePort.fixed_ips, { subnet_id: 'six', ip_address: '2001:db8::1' }] },
    ],
    ['its MAC address in capitals', { macAddress: 'FA:16:3E:5B:EB:97' }],
    ['address pairs in another order, one without the MAC address the cloud filled in', { allowedAddressPairs: pairs }],
    ['its group', { securityGroupRefs: [{ name: 'base' }] }],
    ['how it is bound', { vnicType: 'normal', portSecurityEnabled: true }],
  ])('no difference: %s', (_name, spec, row) => {
    expect(changes(spec, row)).toEqual([]);
  });

  it.each<[string, Fields, unknown]>([
    [
      'another address',
      { fixedIPs: [{ ipAddress: '10.222.0.60' }] },
      [{ path: 'spec.fixedIPs', from: ['10.222.0.59'], to: ['10.222.0.60'] }],
    ],
    [
      'one more address of its subnet',
      { fixedIPs: [{ subnetRef: { name: 'front' } }, { subnetRef: { name: 'front' } }] },
      [{ path: 'spec.fixedIPs', from: ['10.222.0.59'], to: ['any of front', 'any of front'] }],
    ],
    ['no address', { fixedIPs: [] }, [{ path: 'spec.fixedIPs', from: ['10.222.0.59'], to: [] }]],
    [
      'another group',
      { securityGroupRefs: [{ name: 'web' }] },
      [
        { path: 'spec.securityGroupRefs[web]', from: null, to: 'web' },
        { path: 'spec.securityGroupRefs[default]', from: 'default', to: null },
      ],
    ],
    [
      'one address pair less',
      { allowedAddressPairs: [{ ipAddress: '10.222.0.77/32' }] },
      [
        {
          path: 'spec.allowedAddressPairs[10.222.1.0/24 fa:16:3e:00:00:01]',
          from: '10.222.1.0/24 fa:16:3e:00:00:01',
          to: null,
        },
      ],
    ],
    [
      'another MAC address',
      { macAddress: 'fa:16:3e:00:00:09' },
      [{ path: 'spec.macAddress', from: 'fa:16:3e:5b:eb:97', to: 'fa:16:3e:00:00:09' }],
    ],
  ])('a difference: %s', (_name, spec, expected) => {
    expect(changes(spec)).toEqual(expected);
  });

  it('needs a new port for another network', () => {
    expect(port.diff(desire({}, 'other'), observed()).changes).toEqual([
      { path: 'spec.networkRef', from: real.freePort.network_id, to: 'other', by: 'replace' },
    ]);
  });

  it('needs a new port for the addresses it has there, too', () => {
    const elsewhere = port.diff(desire({ fixedIPs: [{ ipAddress: '10.9.9.9' }] }, 'other'), observed()).changes;
    expect(elsewhere.map(({ path, by }) => [path, by])).toEqual([
      ['spec.networkRef', 'replace'],
      ['spec.fixedIPs', 'replace'],
    ]);
  });

  it('needs a new port for what is fixed while something uses it', () => {
    const used = changes({ macAddress: 'fa:16:3e:00:00:09', vnicType: 'direct' }, { device_id: 'server' });
    expect(used.map(({ path, by }) => [path, by])).toEqual([
      ['spec.macAddress', 'replace'],
      ['spec.vnicType', 'replace'],
    ]);
  });
});

it('asks for the address it has where only the subnet is declared', () => {
  expect(addressBodies([{ subnetId }, { subnetId }], real.freePort.fixed_ips)).toEqual([
    { subnet_id: subnetId, ip_address: '10.222.0.59' },
    { subnet_id: subnetId },
  ]);
});

it('is no candidate when the cloud or Nova made it', () => {
  const rows = [
    { id: 'free', name: '', device_owner: '' },
    { id: 'router', name: 'r', device_owner: 'network:router_interface' },
    { id: 'nova', name: '', device_owner: 'compute:nova' },
    { id: 'given', name: 'web-1', device_owner: 'compute:nova' },
  ];
  const cloud = knownCloud({ port: rows.map((row) => ({ ...row, description: '', tags: [], project_id: OWN_PROJECT })) });
  expect(port.candidates(cloud, {})).toEqual(['free', 'given']);
});

describe('is declared as it is', () => {
  const named: Names = { nameOf: (_kind, id) => ({ [real.freePort.network_id]: 'net', [subnetId]: 'front' })[id] };

  it('such that nothing differs', () => {
    const spec = port.declare(cloudWith({}), observed(), named) as Fields;
    expect(spec).toEqual({
      networkRef: { name: 'net' },
      name: 'net',
      fixedIPs: [{ subnetRef: { name: 'front' }, ipAddress: '10.222.0.59' }],
      macAddress: 'fa:16:3e:5b:eb:97',
      allowedAddressPairs: [{ ipAddress: '10.222.1.0/24', macAddress: 'fa:16:3e:00:00:01' }, { ipAddress: '10.222.0.77' }],
      tags: ['a', 'b'],
    });
    expect(changes(spec)).toEqual([]);
  });

  it('without a name where it has none', () => {
    const spec = port.declare(cloudWith({ name: '' }), observed({ name: '' }), named) as Fields;
    expect(spec.name).toBe('');
    expect(changes(spec, { name: '' })).toEqual([]);
  });
});
