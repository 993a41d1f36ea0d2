import type { PlannedAction } from '#controller/engine/set-plan.ts';

/** A declared object of a generated set. */
export interface SetObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: Record<string, unknown>;
}

/** Objects that refer to each other and to nothing else; their names are unique to the set. */
export interface ManifestSet {
  readonly name: string;
  readonly objects: readonly SetObject[];
}

export type Random = () => number;

/** What the parts of one set are drawn with. */
export interface Draw {
  readonly random: Random;
  readonly chance: (probability: number) => boolean;
  /** 1 to `most`. */
  readonly upTo: (most: number) => number;
  /** So many of something, numbered from 0. */
  readonly numbers: (count: number) => number[];
  readonly ref: (part: string) => { readonly name: string };
  readonly make: (kind: string, part: string, spec: object) => SetObject;
}

export const setLabel = 'plan-set';
const apiVersion = 'openstack.stackwarden.io/v1alpha1';

/** An image other than the one sets begin with; the suites make it. */
export const otherImage = 'plan-other-image';

export function drawFor(set: string, random: Random): Draw {
  return {
    random,
    chance: (probability) => random() < probability,
    upTo: (most) => 1 + Math.floor(random() * most),
    numbers: (count) => Array.from({ length: count }, (_, index) => index),
    ref: (part) => ({ name: `${set}-${part}` }),
    make: (kind, part, spec) => ({
      apiVersion,
      kind,
      metadata: { name: `${set}-${part}`, namespace: 'default', labels: { [setLabel]: set } },
      spec: { clusterRef: { name: 'main' }, ...spec },
    }),
  };
}

export function keyOf({ kind, metadata }: { kind: string; metadata: { name: string } }): string {
  return `${kind}/${metadata.name}`;
}

/** What an object imports, and whether with leave to change it. */
export function importOf({ spec }: Pick<SetObject, 'spec'>): { readonly name: string; readonly accepts: boolean } | undefined {
  const wanted = spec['import'] as { filter: { name: string }; acceptChanges?: boolean } | undefined;
  return wanted && { name: wanted.filter.name, accepts: wanted.acceptChanges === true };
}

/** How an object that nothing stands for yet has to be planned. */
export function firstAction(object: Pick<SetObject, 'kind' | 'spec'>): PlannedAction {
  const found = importOf(object);
  if (!found) return 'create';
  if (object.spec['managementPolicy'] === 'Observe') return 'none';
  // Of what is imported only volumes are declared other than they are found.
  return object.kind !== 'Volume' || found.accepts ? 'adopt' : 'blocked';
}

/** Networks with a subnet each, and a group or a ring of them. */
export function drawNetworks(draw: Draw): SetObject[] {
  const { chance, upTo, numbers, ref, make } = draw;
  const networks = numbers(chance(0.3) ? 2 : 1).flatMap((n) => [
    make('Network', `net-${n}`, {
      ...(chance(0.5) && { description: `network ${n}` }),
      ...(chance(0.3) && { mtu: 1300 + upTo(100) }),
      ...(chance(0.5) && { tags: ['plan', `n${n}`] }),
    }),
    make('Subnet', `sub-${n}`, {
      networkRef: ref(`net-${n}`),
      cidr: `10.${60 + n}.0.0/24`,
      ...(chance(0.5) && { dnsNameservers: ['192.0.2.53'] }),
      ...(chance(0.5) && { enableDHCP: true }),
    }),
  ]);
  const groupCount = upTo(3) - 1;
  const groups = numbers(groupCount).map((n) =>
    make('SecurityGroup', `group-${n}`, {
      description: `group ${n}`,
      rules: [
        // Each lets its neighbour in: a ring, and a loop where there is one group.
        { direction: 'ingress', protocol: 'tcp', portRangeMin: 8000 + n, remoteGroupRef: ref(`group-${(n + 1) % groupCount}`) },
        ...(chance(0.5) ? [{ direction: 'ingress', protocol: 'icmp' }] : []),
        ...(chance(0.7) ? [{ direction: 'egress' }] : []),
      ],
    }),
  );
  return [...networks, ...groups];
}

/** Ports on the first network, a router to the outside, and addresses that lead to a port, to the instance or to nothing. */
export function drawWays(draw: Draw, has: { subnets: number; groups: number; instance: boolean }): SetObject[] {
  const { chance, numbers, ref, make } = draw;
  const ports = numbers(chance(0.4) ? draw.upTo(2) : 0).map((n) =>
    make('Port', `port-${n}`, {
      networkRef: ref('net-0'),
      fixedIPs: [{ subnetRef: ref('sub-0'), ...(chance(0.7) && { ipAddress: `10.60.0.${50 + n}` }) }],
      ...(has.groups > 0 && { securityGroupRefs: [ref('group-0')] }),
      ...(chance(0.4) && { description: `port ${n}` }),
      ...(chance(0.4) && { tags: ['plan'] }),
    }),
  );
  const router = make('Router', 'router', {
    externalGateway: { network: { name: 'public' } },
    interfaces: numbers(has.subnets).map((n) => ({ subnetRef: ref(`sub-${n}`) })),
    ...(chance(0.4) && { routes: [{ destination: '10.99.0.0/16', nexthop: '10.60.0.200' }] }),
    ...(chance(0.4) && { tags: ['plan'] }),
  });
  const hasRouter = chance(0.4);
  const ends = [
    { disassociated: true },
    ...(hasRouter && has.instance ? [{ instanceRef: ref('vm') }, { instanceRef: ref('vm') }] : []),
    ...(hasRouter && ports.length > 0 ? [{ portRef: ref('port-0') }, { portRef: ref('port-0') }] : []),
  ];
  const floating = make('FloatingIP', 'fip', {
    floatingNetwork: { name: 'public' },
    ...ends[Math.floor(draw.random() * ends.length)],
    ...(chance(0.4) && { description: 'an address' }),
  });
  return [...ports, ...(hasRouter ? [router] : []), ...(chance(hasRouter ? 0.8 : 0.2) ? [floating] : [])];
}

/** Keys, an image, a server group, volumes, what one of them held, and a volume made from that. */
export function drawGoods(draw: Draw): SetObject[] {
  const { chance, numbers, upTo, ref, make } = draw;
  const keys = numbers(chance(0.6) ? upTo(2) : 0).map((n) => make('KeyPair', `key-${n}`, { publicKey: publicKey(draw.random) }));
  const volumes = numbers(Math.floor(draw.random() * 3)).map((n) =>
    make('Volume', `vol-${n}`, {
      sizeGiB: upTo(2),
      ...(chance(0.5) && { description: `volume ${n}` }),
      ...(chance(0.5) && { metadata: { tier: 'gold' } }),
    }),
  );
  const hasSnapshot = volumes.length > 0 && chance(0.4);
  const snapshot = make('VolumeSnapshot', 'snap', { volumeRef: ref('vol-0'), ...(chance(0.5) && { metadata: { tier: 'gold' } }) });
  const filled = make('Volume', 'filled', { sizeGiB: 2, snapshotRef: ref('snap') });
  const image = make('Image', 'image', {
    source: { content: content(draw.random) },
    diskFormat: 'raw',
    ...(chance(0.5) && { properties: { os_type: 'linux' } }),
    ...(chance(0.5) && { tags: ['plan'] }),
  });
  const group = make('ServerGroup', 'servers', { policy: chance(0.5) ? 'soft-affinity' : 'soft-anti-affinity' });
  return [
    ...keys,
    ...volumes,
    ...(hasSnapshot ? [snapshot] : []),
    ...(hasSnapshot && chance(0.5) ? [filled] : []),
    ...(chance(0.25) ? [image] : []),
    ...(chance(0.3) ? [group] : []),
  ];
}

/** An instance on what there is of the rest, from an image or a volume, and what it held once. */
export function drawInstance(draw: Draw, rest: readonly SetObject[]): SetObject[] {
  const { chance, ref, make } = draw;
  const names = new Set(rest.map(({ metadata }) => metadata.name));
  const has = (part: string) => names.has(ref(part).name);
  const isBootedFromVolume = chance(0.25);
  const boot = make('Volume', 'boot', { sizeGiB: 1, image: { name: 'cirros' } });
  const instance = make('Instance', 'vm', {
    flavor: { name: 'm1.tiny' },
    ...(isBootedFromVolume ? { bootVolume: { volumeRef: ref('boot') } } : { image: { name: 'cirros' } }),
    networks: [has('port-0') && chance(0.6) ? { portRef: ref('port-0') } : { networkRef: ref('net-0'), subnetRef: ref('sub-0') }],
    ...(has('group-0') && { securityGroupRefs: [ref('group-0')] }),
    ...(has('key-0') && { keyPairRef: ref('key-0') }),
    ...(has('servers') && chance(0.7) && { serverGroupRef: ref('servers') }),
    // The last one is left free, so that something can happen to it.
    ...(has('vol-1') && { volumes: [{ volumeRef: ref('vol-0') }] }),
    metadata: { tier: 'web' },
    ...(chance(0.5) && { tags: ['plan'] }),
    ...(chance(0.3) && { powerState: 'Stopped' }),
    ...(chance(0.3) && { userData: '#cloud-config\n{}\n' }),
  });
  const snapshot = make('InstanceSnapshot', 'before', { instanceRef: ref('vm'), properties: { reason: 'plan' } });
  return [...(isBootedFromVolume ? [boot] : []), instance, ...(chance(0.3) ? [snapshot] : [])];
}

/** What somebody else made: looked at, taken over as it is, or taken over to be changed, with leave or without. */
export function drawImports({ chance, make, ref }: Draw): SetObject[] {
  const found = (part: string) => ({ filter: ref(part) });
  return [
    ...(chance(0.15) ? [make('Network', 'seen', { managementPolicy: 'Observe', import: found('seen') })] : []),
    ...(chance(0.1) ? [make('ServerGroup', 'taken-group', { policy: 'soft-affinity', import: found('taken-group') })] : []),
    ...(chance(0.15)
      ? [make('Volume', 'taken', { sizeGiB: 2, import: { ...found('taken'), ...(chance(0.5) && { acceptChanges: true }) } })]
      : []),
  ];
}

/** An ed25519 key as OpenSSH writes it; nobody has the other half. */
export function publicKey(random: Random): string {
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(bytes(random, 32))]).toString('base64')} plan`;
}

/** A few bytes that stand for a disk. */
export function content(random: Random): string {
  return bytes(random, 9).toString('base64');
}

function bytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)));
}
