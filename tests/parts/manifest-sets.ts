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

/** What one random edit has to be planned as: `Volume/s1-data`. */
export interface Edit {
  readonly object: string;
  readonly action: PlannedAction;
}

export interface EditedSet {
  readonly set: ManifestSet;
  readonly edits: readonly Edit[];
}

type Random = () => number;

export const setLabel = 'plan-set';
const apiVersion = 'openstack.stackwarden.io/v1alpha1';

/** Makes a set: 1 or 2 networks with a subnet each, groups in a ring, and mostly a key pair, volumes and an instance on all of it. */
export function makeSet(name: string, random: Random): ManifestSet {
  const make = (kind: string, part: string, spec: object): SetObject => ({
    apiVersion,
    kind,
    metadata: { name: `${name}-${part}`, namespace: 'default', labels: { [setLabel]: name } },
    spec: { clusterRef: { name: 'main' }, ...spec },
  });
  const chance = (p: number) => random() < p;
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  const ref = (part: string) => ({ name: `${name}-${part}` });

  const networks = numbers(upTo(2)).flatMap((n) => [
    make('Network', `net-${n}`, {
      ...(chance(0.5) && { description: `network ${n}` }),
      ...(chance(0.3) && { mtu: 1300 + upTo(100) }),
      ...(chance(0.5) && { tags: ['plan', `n${n}`] }),
    }),
    make('Subnet', `sub-${n}`, {
      networkRef: ref(`net-${n}`),
      cidr: `10.${60 + n}.${upTo(200)}.0/24`,
      ...(chance(0.5) && { dnsNameservers: ['192.0.2.53'] }),
      ...(chance(0.5) && { enableDHCP: true }),
    }),
  ]);
  const groupCount = upTo(3);
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
  const keys = chance(0.6) ? [make('KeyPair', 'key', { publicKey: publicKey(random) })] : [];
  const volumes = numbers(Math.floor(random() * 3)).map((n) =>
    make('Volume', `vol-${n}`, {
      sizeGiB: upTo(2),
      ...(chance(0.5) && { description: `volume ${n}` }),
      ...(chance(0.5) && { metadata: { tier: 'gold' } }),
    }),
  );
  const hasInstance = chance(0.5);
  const instance = make('Instance', 'vm', {
    flavor: { name: 'm1.tiny' },
    image: { name: 'cirros' },
    networks: [{ networkRef: ref('net-0'), subnetRef: ref('sub-0') }],
    securityGroupRefs: [ref('group-0')],
    ...(keys.length > 0 && { keyPairRef: ref('key') }),
    // The last one is left free, so that something can happen to it.
    ...(volumes.length > 1 && { volumes: [{ volumeRef: ref('vol-0') }] }),
    metadata: { tier: 'web' },
    ...(chance(0.5) && { tags: ['plan'] }),
    ...(chance(0.3) && { powerState: 'Stopped' }),
  });
  return { name, objects: [...networks, ...groups, ...keys, ...volumes, ...(hasInstance ? [instance] : [])] };
}

interface EditKind {
  readonly kind: string;
  /** Whether it can be made of this object; the names that others refer to are given. */
  fits?(object: SetObject, referred: ReadonlySet<string>): boolean;
  readonly action: PlannedAction;
  /** What of the spec becomes something else; undefined takes the object away. */
  change?(spec: Record<string, unknown>, random: Random): object;
}

const isFree = (object: SetObject, referred: ReadonlySet<string>) => !referred.has(object.metadata.name);

const editKinds: readonly EditKind[] = [
  {
    kind: 'Network',
    action: 'update',
    fits: ({ spec }) => spec['description'] === undefined,
    change: () => ({ description: 'told later' }),
  },
  { kind: 'Network', action: 'update', change: () => ({ tags: ['plan', 'edited'] }) },
  { kind: 'Subnet', action: 'update', change: () => ({ dnsNameservers: ['198.51.100.53', '192.0.2.53'] }) },
  {
    kind: 'SecurityGroup',
    action: 'update',
    change: ({ rules }) => ({ rules: [...(rules as object[]), { direction: 'ingress', protocol: 'udp', portRangeMin: 53 }] }),
  },
  { kind: 'SecurityGroup', action: 'update', change: ({ rules }) => ({ rules: (rules as object[]).slice(0, 1), description: 'edited' }) },
  { kind: 'Volume', action: 'update', change: ({ sizeGiB }) => ({ sizeGiB: Number(sizeGiB) + 1 }) },
  { kind: 'Volume', action: 'update', change: () => ({ metadata: { tier: 'silver', edited: 'yes' } }) },
  { kind: 'Instance', action: 'update', change: () => ({ metadata: { tier: 'edited', since: 'now' } }) },
  { kind: 'Instance', action: 'update', change: ({ powerState }) => ({ powerState: powerState === 'Stopped' ? 'Running' : 'Stopped' }) },
  // What OpenStack cannot change in place: refused under replacePolicy Never, the default.
  { kind: 'KeyPair', action: 'blocked', fits: isFree, change: (_spec, random) => ({ publicKey: publicKey(random) }) },
  {
    kind: 'Volume',
    action: 'blocked',
    fits: (object, referred) => object.spec['sizeGiB'] === 2 && isFree(object, referred),
    change: () => ({ sizeGiB: 1 }),
  },
  { kind: 'Volume', action: 'delete', fits: isFree },
  { kind: 'KeyPair', action: 'delete', fits: isFree },
  { kind: 'Instance', action: 'delete' },
];

/** Edits up to three objects of a set, each once: in place, past what can be done in place, or away. */
export function editSet(set: ManifestSet, random: Random): EditedSet {
  const referred = referredNames(set.objects);
  const possible = set.objects.flatMap((object) =>
    editKinds.filter((edit) => edit.kind === object.kind && (edit.fits?.(object, referred) ?? true)).map((edit) => ({ object, edit })),
  );
  const chosen = new Map<SetObject, EditKind>();
  for (let left = 3; left > 0; left -= 1) {
    const pick = possible[Math.floor(random() * possible.length)];
    if (pick && !chosen.has(pick.object)) chosen.set(pick.object, pick.edit);
  }
  const objects = set.objects.flatMap((object) => {
    const edit = chosen.get(object);
    if (!edit) return [object];
    return edit.change ? [{ ...object, spec: { ...object.spec, ...edit.change(object.spec, random) } }] : [];
  });
  const edits = [...chosen].map(([object, { action }]) => ({ object: keyOf(object), action }));
  return { set: { ...set, objects }, edits };
}

/** The same set with leave to replace the objects that are named. */
export function allowReplacing(set: ManifestSet, names: ReadonlySet<string>): ManifestSet {
  const allow = (object: SetObject) =>
    names.has(keyOf(object)) ? { ...object, spec: { ...object.spec, replacePolicy: 'Allow' } } : object;
  return { ...set, objects: set.objects.map(allow) };
}

export function keyOf({ kind, metadata }: { kind: string; metadata: { name: string } }): string {
  return `${kind}/${metadata.name}`;
}

function referredNames(objects: readonly SetObject[]): ReadonlySet<string> {
  const text = objects.map(({ spec }) => JSON.stringify(spec)).join();
  return new Set(objects.map(({ metadata }) => metadata.name).filter((name) => text.includes(`{"name":"${name}"}`)));
}

/** An ed25519 key as OpenSSH writes it; nobody has the other half. */
function publicKey(random: Random): string {
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const point = Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256)));
  return `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(point)]).toString('base64')} plan`;
}
