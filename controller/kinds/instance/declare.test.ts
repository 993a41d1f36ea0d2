import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Names } from '#controller/engine/kind.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import { real } from '../answers.fixture.ts';
import { ask, knownCloud, type Rows } from '../inventory.fixture.ts';
import type { InstanceSpec } from './desire.ts';
import { instance } from './instance.ts';

const IMAGE = real.server.image === '' ? '' : real.server.image.id;
const NET = real.port.network_id;
const GROUP = real.port.security_groups[0] ?? '';
const around: Rows = {
  network: [
    { id: NET, name: 'net' },
    { id: 'other-net', name: 'twin' },
    { id: 'third-net', name: 'twin' },
  ],
  security_group: [
    { id: GROUP, name: 'sg' },
    { id: 'default', name: 'default' },
  ],
  image: [{ id: IMAGE, name: 'cirros' }],
  flavor: [
    { id: '1', name: 'm1.tiny' },
    { id: '2', name: 'm1.small' },
  ],
};

/** What objects are there for, by `Kind/id`; each is called as its cloud id begins. */
const standing = (known: readonly string[]): Names => ({
  nameOf: (kind, id) => (known.includes(`${kind}/${id}`) ? `of-${id.slice(0, 8)}` : undefined),
});
const everything = [
  `Network/${NET}`,
  'Network/other-net',
  `SecurityGroup/${GROUP}`,
  'KeyPair/key',
  `Volume/${real.volume.id}`,
  `Volume/${real.bootVolume.id}`,
  'Port/given',
];

interface Case {
  readonly server: Server;
  readonly ports?: readonly Port[];
  readonly known?: readonly string[];
}

function observeIn({ server, ports = [] }: Case) {
  const plugged = ports.map((port) => ({ ...port, device_id: server.id }));
  const volumes = [real.volume, real.bootVolume].map((volume) => ({
    ...volume,
    attachments: volume.attachments.map((one) => ({ ...one, server_id: server.id })),
  }));
  const cloud = knownCloud({ ...around, server: [server], port: plugged, volume: volumes });
  const seen = instance.observe(cloud, { uid: 'nobody', key: '', namespace: '', name: '', id: server.id });
  if (seen.found !== 'one') throw new Error(seen.found);
  return { cloud, observed: seen.observed };
}

const unstamped = ({ metadata: { 'stackwarden.uid': _stamp, ...metadata }, ...server }: Server): Server => ({ ...server, metadata });

function declared(one: Case) {
  const { cloud, observed } = observeIn(one);
  const names = standing(one.known ?? everything);
  const spec = instance.declare(cloud, observed, names);
  const ids = Object.fromEntries(
    everything.map((at) => [`${at.split('/')[0]}/${names.nameOf(at.split('/')[0] ?? '', at.split('/')[1] ?? '')}`, at.split('/')[1] ?? '']),
  );
  const asked = ask({ cloud, ids, id: one.server.id, uid: 'new', name: names.nameOf('Instance', one.server.id) ?? 'thing' });
  const desired = instance.desire({ clusterRef: { name: 'main' }, ...spec } as unknown as InstanceSpec, asked.resolve);
  return { spec, asked, difference: instance.diff(desired, observed) };
}

const addressed = (id: string, ip: string, more: Partial<Port> = {}): Port => ({
  ...real.port,
  id,
  fixed_ips: [{ subnet_id: 's', ip_address: ip }],
  ...more,
});

describe('a server that is there', () => {
  it('is declared by what it is, with what other objects stand for as references', () => {
    const server = unstamped({
      ...real.server,
      key_name: 'key',
      addresses: {},
      'os-extended-volumes:volumes_attached': [{ id: real.volume.id }],
    });
    expect(
      declared({ server, ports: [addressed('a-made', '10.77.0.60'), addressed('given', '10.77.0.61', { security_groups: ['default'] })] })
        .spec,
    ).toEqual({
      name: 'srv',
      flavor: { name: 'm1.tiny' },
      image: { name: 'cirros' },
      networks: [{ networkRef: { name: `of-${NET.slice(0, 8)}` }, fixedIP: '10.77.0.60' }, { portRef: { name: 'of-given' } }],
      securityGroupRefs: [{ name: `of-${GROUP.slice(0, 8)}` }],
      keyPairRef: { name: 'of-key' },
      volumes: [{ volumeRef: { name: `of-${real.volume.id.slice(0, 8)}` } }],
      metadata: { tier: 'web' },
      tags: ['a', 'b'],
    });
  });

  it('names what no object stands for as the cloud does, and leaves out lists it could not write whole', () => {
    const server = unstamped({
      ...real.server,
      key_name: 'key',
      addresses: {},
      metadata: {},
      tags: [],
      'os-extended-volumes:volumes_attached': [{ id: real.volume.id }],
    });
    const ports = [addressed('made', '10.77.0.60'), addressed('more', '10.88.0.60', { network_id: 'third-net' })];
    expect(declared({ server, ports, known: [] }).spec).toEqual({
      name: 'srv',
      flavor: { name: 'm1.tiny' },
      image: { name: 'cirros' },
      networks: [
        { network: { name: 'net' }, fixedIP: '10.77.0.60' },
        { network: { id: 'third-net' }, fixedIP: '10.88.0.60' },
      ],
    });
  });

  it('is declared with the volume it boots from, and with what it is doing unless it runs', () => {
    const server = unstamped({ ...real.fromVolume, addresses: {}, status: 'SHUTOFF', metadata: {} });
    expect(declared({ server }).spec).toEqual({
      name: 'bfv',
      flavor: { name: 'm1.tiny' },
      bootVolume: { volumeRef: { name: `of-${real.bootVolume.id.slice(0, 8)}` } },
      networks: [],
      powerState: 'Stopped',
    });
  });

  it('cannot be declared while nothing stands for the volume it boots from', () => {
    const server = unstamped({ ...real.fromVolume, addresses: {}, metadata: {} });
    expect(() => declared({ server, known: [] })).toThrow(/boots from Volume .*, for which no object stands in the namespace/);
  });

  it('is declared in its zone only where somebody chose that', () => {
    const server = { ...unstamped(real.server), addresses: {}, pinned_availability_zone: 'nova' };
    expect(declared({ server }).spec).toMatchObject({ availabilityZone: 'nova' });
    expect(declared({ server: { ...server, pinned_availability_zone: null } }).spec).not.toHaveProperty('availabilityZone');
  });

  it.each(['server', 'shelved', 'locked', 'broken', 'fromVolume', 'building'] as const)(
    'differs in nothing from what declares it: %s',
    (which) => {
      const { difference, asked } = declared({ server: { ...unstamped(real[which]), addresses: {} }, ports: [real.port] });
      expect(difference.changes.filter((change) => change.path !== 'metadata.uid')).toEqual([]);
      expect([...asked.waits, ...asked.stalls]).toEqual([]);
    },
  );
});

const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 });
const anyPort = fc.record({
  id: fc.constantFrom('given', 'made', 'more'),
  network: fc.constantFrom(NET, 'other-net', 'third-net'),
  octet: fc.integer({ min: 2, max: 250 }),
  groups: fc.constantFrom<string[]>([GROUP], ['default'], [], [GROUP, 'default']),
  filters: fc.boolean(),
});
const anyCase = fc.record({
  server: fc.record({
    name: fc.constantFrom('srv', 'of-8b38f051'),
    status: fc.constantFrom('ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED', 'SHELVED_OFFLOADED', 'RESCUE'),
    metadata: fc.dictionary(text, text, { maxKeys: 3 }),
    tags: fc.uniqueArray(text, { maxLength: 3 }),
    key_name: fc.constantFrom(null, 'key', 'gone'),
    image: fc.constantFrom({ id: IMAGE }, { id: 'removed' }),
    pinned_availability_zone: fc.constantFrom(null, 'nova', 'moved-from'),
    'os-extended-volumes:volumes_attached': fc.constantFrom<{ id: string }[]>([], [{ id: real.volume.id }]),
  }),
  ports: fc.uniqueArray(anyPort, { maxLength: 3, selector: (port) => port.id }),
  known: fc.subarray([...everything, `Instance/${real.server.id}`]),
});

it('whatever a server is, what declares it differs from it in nothing but the stamp', () => {
  fc.assert(
    fc.property(anyCase, ({ server, ports, known }) => {
      const plugged = ports.map((port) =>
        addressed(port.id, `10.77.0.${port.octet}`, {
          network_id: port.network,
          security_groups: port.groups,
          port_security_enabled: port.filters,
        }),
      );
      const { difference, asked } = declared({ server: { ...real.server, addresses: {}, ...server }, ports: plugged, known });
      expect(difference).toEqual({ changes: [{ path: 'metadata.uid', from: null, to: 'new' }] });
      expect([...asked.waits, ...asked.stalls, ...asked.passes]).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

it("is a candidate when the filter picks it, and it is neither gone nor another project's", () => {
  const ours = real.server.tenant_id;
  const row = (id: string, more: Partial<Server> = {}) => ({ ...real.server, id, ...more });
  const server = [
    row('b', { tags: ['blue', 'x'] }),
    row('a', { name: 'other', metadata: { tier: 'web', more: '1' } }),
    row('gone', { status: 'DELETED' }),
    row('foreign', { tenant_id: 'another' }),
  ];
  const cloud = knownCloud({ server }, { projectId: ours });
  expect(instance.candidates(cloud, {}).toSorted()).toEqual(['a', 'b']);
  expect(instance.candidates(cloud, { name: 'srv' })).toEqual(['b']);
  expect(instance.candidates(cloud, { tags: ['blue'] })).toEqual(['b']);
  expect(instance.candidates(cloud, { metadata: { more: '1' }, name: 'other' })).toEqual(['a']);
  expect(instance.candidates(cloud, { metadata: { more: '1' }, name: 'srv' })).toEqual([]);
});

it('names the server group it was placed by, where that is declared', () => {
  const group = { id: 'grouping', name: 'apart', members: [real.server.id] };
  const cloud = knownCloud({ ...around, server: [real.server], server_group: [{ ...group, id: 'empty', members: [] }, group] });
  const { observed } = observeIn({ server: { ...real.server, metadata: {} } });
  const declaredWith = (known: string[]) => instance.declare?.(cloud, observed, standing([...everything, ...known]));
  expect(declaredWith(['ServerGroup/grouping', 'ServerGroup/empty'])).toMatchObject({ serverGroupRef: { name: 'of-grouping' } });
  expect(declaredWith([])).not.toHaveProperty('serverGroupRef');
});
