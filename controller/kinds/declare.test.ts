import { describe, expect, it } from 'vitest';
import type { AnyKind, Names } from '#controller/engine/kind.ts';
import type { SecurityGroupRule } from '#controller/openstack/network/security-group-rules.ts';
import { real } from './answers.fixture.ts';
import type { CloudHandle } from './handle.ts';
import { ask, knownCloud } from './inventory.fixture.ts';
import { keyPair } from './key-pair.ts';
import { network } from './network.ts';
import { securityGroup } from './security-group/security-group.ts';
import { subnet } from './subnet.ts';
import { Undeclarable } from './undeclarable.ts';
import { volume } from './volume.ts';

/** Every id has an object, called like the kind and the beginning of the id. */
const everything: Names = { nameOf: (kind, id) => `${kind.toLowerCase()}-${id.slice(0, 8)}` };
const nothing: Names = { nameOf: () => undefined };
const cloud = knownCloud({
  network: [real.network],
  volume: [real.volume, real.copy, real.bootVolume, real.brokenVolume],
  volume_type: [...new Set([real.volume, real.copy].map((row) => row.volume_type ?? ''))].map((name) => ({ id: name, name })),
});

const volumeOf = (row: typeof real.volume, isSourceThere = false, isSnapshotThere = false) => ({
  volume: row,
  isSourceThere,
  isSnapshotThere,
});
const rows: [string, AnyKind<CloudHandle>, unknown, string][] = [
  ['network', network, real.network, real.network.id],
  ['subnet', subnet, real.subnet, real.subnet.id],
  ['subnet6', subnet, real.subnet6, real.subnet6.id],
  ['securityGroup', securityGroup, real.securityGroup, real.securityGroup.id],
  ['keyPair', keyPair, real.keyPair, real.keyPair.name],
  ['volume', volume, volumeOf(real.volume), real.volume.id],
  ['copy', volume, volumeOf(real.copy, true), real.copy.id],
  ['bootVolume', volume, volumeOf(real.bootVolume), real.bootVolume.id],
  ['brokenVolume', volume, volumeOf(real.brokenVolume), real.brokenVolume.id],
];

/** Declares, and compares what that desires with what was observed. */
function roundTrip(kind: AnyKind<CloudHandle>, observed: unknown, id: string) {
  const spec = kind.declare(cloud, observed, everything);
  const { resolve, waits, later, stalls } = ask({ cloud, name: everything.nameOf(kind.kind, id) ?? '', id });
  const answering = {
    ...resolve,
    id: (of: string, name: string) => idOf(of, name) ?? resolve.id(of, name),
    softId: (of: string, name: string) => idOf(of, name) ?? resolve.softId(of, name),
  };
  const desired = kind.desire({ clusterRef: { name: 'main' }, ...spec } as never, answering);
  return { changes: kind.diff(desired, observed).changes.filter((change) => change.path !== 'metadata.uid'), waits, later, stalls };
}

function idOf(kind: string, name: string): string | undefined {
  const ids = [real.network.id, real.securityGroup.id, real.volume.id, real.copy.source_volid ?? ''];
  return ids.find((id) => everything.nameOf(kind, id) === name);
}

describe('what is observed, declared and desired again', () => {
  it.each(rows)('differs in nothing: %s', (_name, kind, observed, id) => {
    expect(roundTrip(kind, observed, id)).toEqual({ changes: [], waits: [], later: [], stalls: [] });
  });
});

describe('a network', () => {
  const declare = (row: Partial<typeof real.network>, names = nothing, among = cloud) =>
    network.declare(among, { ...real.network, description: '', tags: [], ...row }, names);

  it('is declared by its name alone when all else is as the cloud gives it', () => {
    expect(declare({})).toEqual({ name: 'net' });
  });
  it('needs no name when its object is called the same', () => {
    expect(declare({}, { nameOf: () => 'net' })).toEqual({});
  });
  it('can be without a name', () => {
    expect(declare({ name: '' })).toEqual({ name: '' });
  });
  it('has what somebody chose declared', () => {
    expect(declare({ description: 'Front', admin_state_up: false, port_security_enabled: false, tags: ['b', 'a'] })).toEqual({
      name: 'net',
      description: 'Front',
      adminStateUp: false,
      portSecurityEnabled: false,
      tags: ['a', 'b'],
    });
  });
  it('has no stamp in its description', () => {
    expect(declare({ description: 'Front [stackwarden 6f1c2a34]' })).toEqual({ name: 'net', description: 'Front' });
  });
  it('has its MTU declared when the cloud gives others a larger one', () => {
    expect(declare({ mtu: 1400 })).toMatchObject({ mtu: 1400 });
    expect(declare({ mtu: real.network.mtu ?? 0 })).not.toHaveProperty('mtu');
  });
  it('cannot be taken over when its description leaves no room for a stamp', () => {
    expect(() => declare({ description: 'x'.repeat(250) })).toThrow(Undeclarable);
    expect(() => declare({ description: 'x'.repeat(250) })).toThrow('Shorten it to 204 in the cloud.');
  });
});

describe('a subnet', () => {
  const plain = {
    ...real.subnet,
    gateway_ip: '10.77.0.1',
    allocation_pools: [{ start: '10.77.0.2', end: '10.77.0.254' }],
    host_routes: [],
    dns_nameservers: [],
    description: '',
  };
  const declare = (row: Partial<typeof real.subnet>, names = everything) => subnet.declare(cloud, { ...plain, ...row }, names);
  const networkRef = { name: 'network-f557e56f' };

  it('is declared by network and addresses when all else is as Neutron chooses', () => {
    expect(declare({})).toEqual({ name: 'sub', networkRef, cidr: '10.77.0.0/24' });
  });
  it('of IPv6 too', () => {
    expect(declare({ ...real.subnet6, dns_nameservers: [] })).toEqual({ name: 'sub6', networkRef, cidr: '2001:db8::/64' });
  });
  it('has another gateway, and none, declared', () => {
    expect(declare({ gateway_ip: '10.77.0.254' })).toMatchObject({
      gatewayIP: '10.77.0.254',
      allocationPools: [{ start: '10.77.0.2', end: '10.77.0.254' }],
    });
    expect(declare({ gateway_ip: null })).toMatchObject({ disableGateway: true });
  });
  it('leaves out pools around a gateway in the middle', () => {
    const pools = [
      { start: '10.77.0.101', end: '10.77.0.254' },
      { start: '10.77.0.1', end: '10.77.0.99' },
    ];
    expect(declare({ gateway_ip: '10.77.0.100', allocation_pools: pools })).toEqual({
      name: 'sub',
      networkRef,
      cidr: '10.77.0.0/24',
      gatewayIP: '10.77.0.100',
    });
  });
  it('has what somebody chose declared', () => {
    expect(subnet.declare(cloud, real.subnet, everything)).toEqual({
      name: 'sub',
      networkRef,
      cidr: '10.77.0.0/24',
      disableGateway: true,
      dnsNameservers: ['9.9.9.9', '1.1.1.1'],
      allocationPools: [{ start: '10.77.0.20', end: '10.77.0.99' }],
      hostRoutes: [{ destination: '10.99.0.0/16', nexthop: '10.77.0.9' }],
    });
  });
  it('cannot be declared while no object stands for its network', () => {
    expect(() => declare({}, nothing)).toThrow(Undeclarable);
    expect(() => declare({}, nothing)).toThrow(
      `Subnet sub (${real.subnet.id}) is on Network ${real.network.id}, for which no object stands in the namespace. Export or declare that one too.`,
    );
  });
});

describe('the rules of a security group', () => {
  const [sample] = real.securityGroup.security_group_rules as [SecurityGroupRule];
  const rule = (fields: Partial<SecurityGroupRule>): SecurityGroupRule => ({
    ...sample,
    protocol: null,
    port_range_min: null,
    port_range_max: null,
    description: '',
    ...fields,
  });
  const declare = (rules: SecurityGroupRule[], names = everything) =>
    securityGroup.declare(cloud, { ...real.securityGroup, description: '', security_group_rules: rules }, names);

  it('are all declared, the default ones too', () => {
    const egress = { direction: 'egress' as const };
    expect(declare([rule({ ...egress, ethertype: 'IPv4' }), rule({ ...egress, ethertype: 'IPv6' })])).toEqual({
      name: 'sg',
      rules: [{ direction: 'egress' }, { direction: 'egress', ethertype: 'IPv6' }],
    });
  });
  it('are declared empty where there are none', () => {
    expect(declare([])).toEqual({ name: 'sg', rules: [] });
  });
  it.each<[string, Partial<SecurityGroupRule>, object]>([
    ['one port', { protocol: '6', port_range_min: 22, port_range_max: 22 }, { protocol: 'tcp', portRangeMin: 22 }],
    ['a range', { protocol: 'udp', port_range_min: 1, port_range_max: 9 }, { protocol: 'udp', portRangeMin: 1, portRangeMax: 9 }],
    ['all ports', { protocol: 'tcp', port_range_min: 1, port_range_max: 65_535 }, { protocol: 'tcp' }],
    ['an ICMP type', { protocol: 'icmp', port_range_min: 8 }, { protocol: 'icmp', portRangeMin: 8 }],
    [
      'an ICMP type and the same code',
      { protocol: 'icmp', port_range_min: 0, port_range_max: 0 },
      { protocol: 'icmp', portRangeMin: 0, portRangeMax: 0 },
    ],
    ['a prefix with host bits', { remote_ip_prefix: '10.0.0.5/24' }, { remoteIPPrefix: '10.0.0.0/24' }],
    ['everywhere', { remote_ip_prefix: '0.0.0.0/0' }, {}],
    ['a description', { description: 'ssh' }, { description: 'ssh' }],
    ['a group', { remote_group_id: 'abcdefgh-1' }, { remoteGroupRef: { name: 'securitygroup-abcdefgh' } }],
  ])('say %s', (_name, fields, expected) => {
    expect(declare([rule(fields)])).toMatchObject({ rules: [{ direction: 'ingress', ...expected }] });
    expect(Object.keys((declare([rule(fields)]) as { rules: [object] }).rules[0])).toEqual(['direction', ...Object.keys(expected)]);
  });
  it('are written once, however often they are stored', () => {
    expect(declare([rule({ protocol: '6' }), rule({ protocol: 'tcp', description: 'web' })])).toMatchObject({
      rules: [{ direction: 'ingress', protocol: 'tcp', description: 'web' }],
    });
  });
  it('do not claim to be all when one is about a group without an object', () => {
    expect(declare([rule({}), rule({ remote_group_id: 'default' })], nothing)).toMatchObject({
      rules: [{ direction: 'ingress' }],
      rulesPolicy: 'Additive',
    });
  });
});

describe('a key pair', () => {
  it('is declared by its public key', () => {
    expect(keyPair.declare(cloud, real.keyPair, nothing)).toEqual({ name: real.keyPair.name, publicKey: real.keyPair.public_key.trim() });
  });
  it('cannot be declared when it is no SSH key', () => {
    const certificate = { ...real.keyPair, public_key: '-----BEGIN CERTIFICATE-----', type: 'x509' as const };
    expect(() => keyPair.declare(cloud, certificate, nothing)).toThrow('only SSH keys can be declared');
  });
});

describe('a volume', () => {
  const plain = { ...real.brokenVolume, name: 'data', description: '', metadata: {}, bootable: 'false' as const };
  const declare = (row: Partial<typeof real.volume>, { names = nothing, among = cloud, isSourceThere = false } = {}) =>
    volume.declare(among, volumeOf({ ...plain, ...row }, isSourceThere), names);
  const type = plain.volume_type;

  it('is declared by its size and type when all else is as Cinder gives it', () => {
    expect(declare({})).toEqual({ name: 'data', sizeGiB: plain.size, volumeType: type });
  });
  it('has no type declared that we are not shown', () => {
    expect(declare({ volume_type: 'secret' })).not.toHaveProperty('volumeType');
  });
  it('has what somebody chose declared', () => {
    const metadata = { 'stackwarden.uid': 'u', readonly: 'True', attached_mode: 'rw', tier: 'db' };
    expect(declare({ description: 'Data', metadata, bootable: 'true' })).toEqual({
      name: 'data',
      description: 'Data',
      sizeGiB: plain.size,
      volumeType: type,
      bootable: true,
      metadata: { tier: 'db' },
      readOnly: true,
    });
  });
  it('has its zone declared where there are several', () => {
    expect(declare({})).not.toHaveProperty('availabilityZone');
    expect(declare({ availability_zone: 'far' })).toMatchObject({ availabilityZone: 'far' });
  });
  describe('made from an image', () => {
    const made = { bootable: 'true' as const, volume_image_metadata: { image_id: 'i-1', image_name: 'cirros' } };
    it('names it, and needs no word to be bootable', () => {
      const among = knownCloud({ image: [{ id: 'i-1', name: 'cirros' }] });
      expect(declare(made, { among })).toEqual({ name: 'data', sizeGiB: plain.size, image: { name: 'cirros' } });
    });
    it('gives its id where several have the name', () => {
      const among = knownCloud({
        image: [
          { id: 'i-1', name: 'cirros' },
          { id: 'i-2', name: 'cirros' },
        ],
      });
      expect(declare(made, { among })).toMatchObject({ image: { id: 'i-1' } });
    });
    it('says nothing of one that is gone', () => {
      expect(declare(made)).not.toHaveProperty('image');
    });
  });
  it('copied from another names it while it is there', () => {
    const copy = { source_volid: 'abcdefgh-1', volume_image_metadata: { image_id: 'i-1' } };
    expect(declare(copy, { names: everything, isSourceThere: true })).toMatchObject({ volumeRef: { name: 'volume-abcdefgh' } });
    expect(declare(copy, { names: everything })).not.toHaveProperty('volumeRef');
    expect(declare(copy, { names: everything })).not.toHaveProperty('image');
  });
  it('filled from a snapshot names it while it is there', () => {
    const filled = volumeOf({ ...plain, snapshot_id: 'abcdefgh-2' }, false, true);
    const snapshotRef = { name: 'volumesnapshot-abcdefgh' };
    expect(volume.declare?.(cloud, filled, everything)).toMatchObject({ snapshotRef });
    expect(volume.declare?.(cloud, filled, nothing)).not.toHaveProperty('snapshotRef');
    expect(volume.declare?.(cloud, { ...filled, isSnapshotThere: false }, everything)).not.toHaveProperty('snapshotRef');
  });
});
