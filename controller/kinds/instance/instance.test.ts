import { describe, expect, it } from 'vitest';
import type { Server } from '#controller/openstack/compute/servers.ts';
import { OWNER_UID, real } from '../answers.fixture.ts';
import { ask, type Known, knownCloud } from '../inventory.fixture.ts';
import type { InstanceSpec } from './desire.ts';
import { instance } from './instance.ts';
import type { ObservedInstance } from './observe.ts';

const NET = real.port.network_id;
const GROUP = real.port.security_groups[0] ?? '';
const cloud = knownCloud({
  server: [real.server],
  port: [real.port],
  network: [{ id: NET, name: 'net' }],
  security_group: [{ id: GROUP, name: 'sg' }],
  image: [{ id: 'a93a8eab-e136-49ed-93b7-f93c08beae55', name: 'cirros' }],
  flavor: [
    { id: '1', name: 'm1.tiny' },
    { id: '2', name: 'm1.small' },
  ],
  volume: [real.volume, { ...real.volume, id: 'free', name: 'free', status: 'available', attachments: [] }],
});
const ids = {
  'Network/front': NET,
  'SecurityGroup/web': GROUP,
  'KeyPair/me': real.server.key_name ?? '',
  'KeyPair/other': 'other',
  'Port/given': 'given',
  'Volume/data': real.volume.id,
  'Volume/free': 'free',
};
const base = { clusterRef: { name: 'main' }, name: real.server.name, flavor: { name: 'm1.tiny' } };
const asItIs: Partial<InstanceSpec> = {
  image: { name: 'cirros' },
  networks: [{ networkRef: { name: 'front' }, fixedIP: '10.77.0.60' }],
  securityGroupRefs: [{ name: 'web' }],
  keyPairRef: { name: 'me' },
  volumes: [],
  powerState: 'Running',
  metadata: { tier: 'web' },
  tags: ['b', 'a'],
  availabilityZone: 'nova:compute1',
};

const known: Known = { cloud, ids, uid: OWNER_UID, name: 'srv', id: real.server.id };
const desire = (spec: Partial<InstanceSpec>) => instance.desire({ ...base, ...spec }, ask(known).resolve);
const observe = (server: Partial<Server> = {}, more: Partial<ObservedInstance> = {}): ObservedInstance => ({
  server: { ...real.server, ...server },
  ports: [real.port],
  volumes: [],
  imageName: 'cirros',
  names: { [NET]: 'net', [GROUP]: 'sg' },
  ...more,
});
const diff = (spec: Partial<InstanceSpec>, observed = observe()) => instance.diff(desire(spec), observed);

describe('what is declared is compared, and nothing else', () => {
  it('finds no difference in nothing but a name and a flavor', () => {
    expect(diff({})).toEqual({ changes: [] });
  });
  it('finds no difference in all that is as declared', () => {
    expect(diff(asItIs)).toEqual({ changes: [] });
  });

  it.each<[string, Partial<InstanceSpec>, unknown]>([
    ['another name', { name: 'other' }, [{ path: 'spec.name', from: 'srv', to: 'other' }]],
    ['another flavor', { flavor: { name: 'm1.small' } }, [{ path: 'spec.flavor', from: 'm1.tiny', to: 'm1.small' }]],
    [
      'another image',
      { image: { id: 'other' } },
      [{ path: 'spec.image', from: 'a93a8eab-e136-49ed-93b7-f93c08beae55', to: 'other', by: 'rebuild' }],
    ],
    ['another key', { keyPairRef: { name: 'other' } }, [{ path: 'spec.keyPairRef', from: 'key', to: 'other', by: 'rebuild' }]],
    ['another zone', { availabilityZone: 'b' }, [{ path: 'spec.availabilityZone', from: 'nova', to: 'b', by: 'replace' }]],
    ['another power state', { powerState: 'Stopped' }, [{ path: 'spec.powerState', from: 'Running', to: 'Stopped' }]],
    ['other metadata', { metadata: {} }, [{ path: 'spec.metadata.tier', from: 'web', to: null }]],
    ['a volume', { volumes: [{ volumeRef: { name: 'free' } }] }, [{ path: 'spec.volumes[free]', from: null, to: 'attached' }]],
    ['no groups', { securityGroupRefs: [] }, [{ path: 'spec.securityGroupRefs[sg]', from: 'sg', to: null }]],
    ['no networks', { networks: [] }, [{ path: 'spec.networks[net 10.77.0.60]', from: '10.77.0.60', to: null }]],
    [
      'a second interface',
      { networks: [{ networkRef: { name: 'front' } }, { networkRef: { name: 'front' } }] },
      [{ path: 'spec.networks[front#2]', from: null, to: 'attached' }],
    ],
    [
      'another address',
      { networks: [{ networkRef: { name: 'front' }, fixedIP: '10.77.0.61' }] },
      [{ path: 'spec.networks[front].fixedIP', from: '10.77.0.60', to: '10.77.0.61' }],
    ],
  ])('finds %s', (_name, spec, expected) => {
    expect(diff(spec).changes).toEqual(expected);
  });
});

describe('an image', () => {
  it('that has another id under the declared name by now makes no difference', () => {
    expect(diff({ image: { name: 'cirros' } }, observe({ image: { id: 'an-older-one' } })).changes).toEqual([]);
  });
  it('that was removed since makes no difference', () => {
    const { imageName: _gone, ...observed } = observe();
    expect(diff({ image: { name: 'cirros' } }, observed).changes).toEqual([]);
  });
  it('of another name takes a rebuild', () => {
    expect(diff({ image: { name: 'debian' } }).changes).toMatchObject([
      { path: 'spec.image', from: 'cirros', to: 'debian', by: 'rebuild' },
    ]);
  });
  it('need not exist for a server that is there', () => {
    const asked = ask(known);
    instance.desire({ ...base, image: { name: 'long gone' } }, asked.resolve);
    expect(asked.stalls).toEqual([]);
  });
  it('has to exist for a server that is to be made', () => {
    const asked = ask({ ...known, id: 'gone', uid: 'new' });
    instance.desire({ ...base, image: { name: 'long gone' } }, asked.resolve);
    expect(asked.stalls[0]).toContain('no image named long gone in cluster main; known: cirros');
  });
});

describe('a server on its way', () => {
  it('being built shows no differences, though it has no ports yet', () => {
    const building = { ...observe(real.building), ports: [] };
    expect(diff(asItIs, building)).toMatchObject({ changes: [], waiting: { reason: 'Building' } });
  });
  it('with a task under way is waited for', () => {
    const busy = observe({ 'OS-EXT-STS:task_state': 'powering-off' });
    expect(diff({ powerState: 'Stopped' }, busy).waiting?.message).toContain('powering-off');
  });
  it('whose ports were not seen yet is waited for, if ports matter', () => {
    const early = { ...observe(), ports: [] };
    expect(diff(asItIs, early).waiting?.reason).toBe('PortsNotSeen');
    expect(diff({}, early)).toEqual({ changes: [] });
  });
  it('with a volume being attached is waited for', () => {
    const attaching = observe(
      { 'os-extended-volumes:volumes_attached': [{ id: real.volume.id }] },
      { volumes: [{ ...real.volume, status: 'attaching' }] },
    );
    expect(diff({ volumes: [{ volumeRef: { name: 'data' } }] }, attaching).waiting?.reason).toBe('VolumeNotReady');
  });
});

it('does not wait for the volumes of a shelved server, which stay reserved', () => {
  const shelved = observe(
    { status: 'SHELVED_OFFLOADED', 'os-extended-volumes:volumes_attached': [{ id: real.volume.id }] },
    { volumes: [{ ...real.volume, status: 'reserved' }] },
  );
  expect(diff({ powerState: 'Shelved', volumes: [{ volumeRef: { name: 'data' } }] }, shelved)).toEqual({ changes: [] });
});

it('waits for a volume made in the same breath, but not with other work to do', () => {
  const creating = knownCloud({
    flavor: [{ id: '1', name: 'm1.tiny' }],
    server: [real.server],
    volume: [{ ...real.volume, status: 'creating', attachments: [] }],
  });
  const wish = (spec: Partial<InstanceSpec>) =>
    instance.desire({ ...base, volumes: [{ volumeRef: { name: 'data' } }], ...spec }, ask({ ...known, cloud: creating }).resolve);
  expect(instance.diff(wish({}), observe())).toMatchObject({
    changes: [],
    waiting: { message: expect.stringContaining('data is creating') },
  });
  expect(instance.diff(wish({ name: 'other' }), observe()).waiting).toBeUndefined();
});

it('stalls in ERROR, with the fault in its message', () => {
  const broken = observe({ ...real.broken, name: 'srv', fault: { code: 500, message: 'No valid host was found.', created: '' } });
  const { failed } = diff({}, broken);
  expect(failed).toMatchObject({ reason: 'ServerError', message: expect.stringContaining('ERROR: No valid host was found. ') });
});

describe('a resize', () => {
  const resized = (name: string) => observe({ status: 'VERIFY_RESIZE', flavor: { ...real.server.flavor, original_name: name } });
  it('that led to the declared flavor has to be confirmed', () => {
    expect(diff({ powerState: 'Running' }, resized('m1.tiny')).changes).toEqual([
      { path: 'spec.flavor', from: 'm1.tiny (unconfirmed)', to: 'm1.tiny' },
    ]);
  });
  it('that led elsewhere differs', () => {
    expect(diff({}, resized('m1.small')).changes).toEqual([{ path: 'spec.flavor', from: 'm1.small (unconfirmed)', to: 'm1.tiny' }]);
  });
});

it.each([
  ['SHELVED_OFFLOADED', 'Shelved'],
  ['SHELVED', 'Shelved'],
  ['SHUTOFF', 'Stopped'],
  ['PAUSED', 'Paused'],
  ['SUSPENDED', 'Suspended'],
] as const)('reads %s as %s', (status, powerState) => {
  expect(diff({ powerState }, observe({ status })).changes).toEqual([]);
});

describe('a boot volume', () => {
  const fromVolume = observe({ ...real.fromVolume, name: 'srv', metadata: real.server.metadata }, { volumes: [real.bootVolume] });
  const spec = { bootVolume: { volumeRef: { name: 'boot' } }, volumes: [] };
  const wish = (id: string) => instance.desire({ ...base, ...spec }, ask({ ...known, ids: { ...ids, 'Volume/boot': id } }).resolve);

  it('is not among the volumes to detach', () => {
    expect(instance.diff(wish(real.bootVolume.id), fromVolume).changes).toEqual([]);
  });
  it('is booted from again, not emptied, for another key or other user data', () => {
    const observed = { ...fromVolume, server: { ...fromVolume.server, metadata: { 'stackwarden.user-data': 'none' } } };
    const desired = instance.desire(
      { ...base, ...spec, keyPairRef: { name: 'other' }, userData: 'x' },
      ask({ ...known, ids: { ...ids, 'Volume/boot': real.bootVolume.id } }).resolve,
    );
    expect(
      instance
        .diff(desired, observed)
        .changes.filter((change) => change.by !== undefined)
        .map(({ path, by }) => [path, by]),
    ).toEqual([
      ['spec.keyPairRef', 'replace'],
      ['spec.userData', 'replace'],
    ]);
  });
  it('in use, as a port in use, holds up a create and not the taking over of the server that has it', () => {
    const wanted = { ...base, ...spec, networks: [{ portRef: { name: 'given' } }], import: { id: real.fromVolume.id } };
    const inUse = knownCloud({
      flavor: [{ id: '1', name: 'm1.tiny' }],
      volume: [real.bootVolume],
      port: [{ ...real.port, id: 'given', device_id: real.fromVolume.id }],
    });
    const waits = (more: Partial<Known>) => {
      const asked = ask({ cloud: inUse, ids: { ...ids, 'Volume/boot': real.bootVolume.id }, ...more });
      instance.desire(wanted, asked.resolve);
      return asked.passes.map((message) => message.replace(/;.*|: .*/, ''));
    };
    expect(waits({ spec: wanted })).toEqual([]);
    const both = ['Waits until Volume boot can be booted from', 'Waits until its ports are free'];
    expect(waits({ spec: base }), 'nothing to take over').toEqual(both);
    expect(waits({ spec: wanted, id: 'lost' }), 'taken over and lost').toEqual(both);
  });
  it('cannot be exchanged in place', () => {
    expect(instance.diff(wish('another'), fromVolume).changes).toMatchObject([{ path: 'spec.bootVolume', by: 'replace' }]);
  });
  it('is waited for until it is filled', () => {
    const filling = knownCloud({ flavor: [{ id: '1', name: 'm1.tiny' }], volume: [{ ...real.bootVolume, status: 'downloading' }] });
    const asked = ask({ cloud: filling, ids: { 'Volume/boot': real.bootVolume.id } });
    instance.desire({ ...base, ...spec }, asked.resolve);
    expect(asked.passes[0]).toContain('downloading');
  });
});

it('names everything it waits for at once', () => {
  const asked = ask({ cloud });
  const networks = [{ networkRef: { name: 'front' }, subnetRef: { name: 'front-v4' } }];
  instance.desire({ ...base, ...asItIs, networks, volumes: [{ volumeRef: { name: 'data' } }] }, asked.resolve);
  expect(asked.waits.toSorted()).toEqual(['KeyPair/me', 'Network/front', 'SecurityGroup/web', 'Subnet/front-v4', 'Volume/data']);
});

it('is gone once Nova calls it deleted', () => {
  const gone = knownCloud({ server: [{ ...real.server, status: 'SOFT_DELETED' }] });
  expect(instance.observe(gone, { uid: OWNER_UID, key: '', namespace: '', name: '', id: real.server.id })).toEqual({ found: 'none' });
});
