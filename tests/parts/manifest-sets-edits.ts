import type { PlannedAction } from '#controller/engine/set-plan.ts';
import {
  content,
  firstAction,
  importOf,
  keyOf,
  type ManifestSet,
  otherImage,
  publicKey,
  type Random,
  type SetObject,
} from './manifest-sets-parts.ts';

/** What one random edit has to be planned as: `Volume/s1-data`. */
export interface Edit {
  readonly object: string;
  readonly action: PlannedAction;
}

export interface EditedSet {
  readonly set: ManifestSet;
  readonly edits: readonly Edit[];
}

type Spec = Record<string, unknown>;

/** Whether the set has an object, by the part of its name after the set's. */
type Has = (part: string) => boolean;

interface EditKind {
  readonly kind: string;
  /** `forced`: what OpenStack cannot change in place; policies and who needs it say what comes of it. */
  readonly action: 'update' | 'none' | 'adopt' | 'delete' | { readonly forced: 'rebuild' | 'replace' };
  fits?(spec: Spec, has: Has): boolean;
  /** Fields of the spec as they become; undefined ones go. */
  change?(spec: Spec, of: { random: Random; ref: (part: string) => { name: string } }): object;
}

const replaced = { forced: 'replace' } as const;
const rebuilt = { forced: 'rebuild' } as const;
const isIgnored = (spec: Spec) => spec['ignore'] !== undefined;
const isNamed = (value: unknown, part: string) => JSON.stringify(value ?? null).includes(`-${part}"`);

const networkEdits: readonly EditKind[] = [
  {
    kind: 'Network',
    action: 'update',
    fits: (spec) => spec['description'] === undefined && !isIgnored(spec),
    change: () => ({ description: 'told later' }),
  },
  { kind: 'Network', action: 'update', change: () => ({ tags: ['plan', 'edited'] }) },
  { kind: 'Network', action: 'none', fits: isIgnored, change: () => ({ description: 'not to be written' }) },
  {
    kind: 'Network',
    action: 'adopt',
    fits: (spec) => spec['managementPolicy'] === 'Observe',
    change: () => ({ managementPolicy: 'Manage' }),
  },
  { kind: 'Subnet', action: 'update', change: () => ({ dnsNameservers: ['198.51.100.53', '192.0.2.53'] }) },
  { kind: 'Subnet', action: replaced, fits: (_spec, has) => !has('port-0') && !has('router'), change: () => ({ cidr: '10.77.0.0/24' }) },
  {
    kind: 'SecurityGroup',
    action: 'update',
    change: ({ rules }) => ({ rules: [...(rules as object[]), { direction: 'ingress', protocol: 'udp', portRangeMin: 53 }] }),
  },
  { kind: 'SecurityGroup', action: 'update', change: ({ rules }) => ({ rules: (rules as object[]).slice(0, 1), description: 'edited' }) },
  { kind: 'Port', action: 'update', change: () => ({ description: 'told later', allowedAddressPairs: [{ ipAddress: '10.60.0.240' }] }) },
  { kind: 'Port', action: 'update', change: (_spec, { ref }) => ({ fixedIPs: [{ subnetRef: ref('sub-0'), ipAddress: '10.60.0.99' }] }) },
  {
    kind: 'Port',
    action: replaced,
    fits: (_spec, has) => has('net-1') && !has('router'),
    change: (_spec, { ref }) => ({ networkRef: ref('net-1'), fixedIPs: [{ subnetRef: ref('sub-1') }] }),
  },
  { kind: 'Port', action: 'delete' },
  {
    kind: 'Router',
    action: 'update',
    change: () => ({ description: 'told later', routes: [{ destination: '10.98.0.0/16', nexthop: '10.60.0.201' }] }),
  },
  { kind: 'Router', action: 'update', fits: ({ routes }) => routes !== undefined, change: () => ({ routes: [], adminStateUp: false }) },
  {
    kind: 'Router',
    action: 'update',
    fits: (_spec, has) => !has('fip'),
    change: () => ({ externalGateway: undefined, disableGateway: true }),
  },
  { kind: 'Router', action: 'update', fits: (_spec, has) => !has('fip'), change: () => ({ interfaces: [], routes: [] }) },
  { kind: 'FloatingIP', action: 'update', change: () => ({ description: 'told later', tags: ['edited'] }) },
  {
    kind: 'FloatingIP',
    action: 'update',
    fits: ({ portRef, instanceRef }) => portRef !== undefined || instanceRef !== undefined,
    change: () => ({ portRef: undefined, instanceRef: undefined, disassociated: true }),
  },
  {
    kind: 'FloatingIP',
    action: 'update',
    fits: ({ portRef }, has) => has('router') && has('port-1') && !isNamed(portRef, 'port-1'),
    change: (_spec, { ref }) => ({ portRef: ref('port-1'), instanceRef: undefined, disassociated: undefined }),
  },
  { kind: 'FloatingIP', action: 'delete' },
];

const computeEdits: readonly EditKind[] = [
  { kind: 'KeyPair', action: replaced, change: (_spec, { random }) => ({ publicKey: publicKey(random) }) },
  { kind: 'KeyPair', action: 'delete' },
  { kind: 'ServerGroup', action: replaced, change: () => ({ policy: 'affinity' }) },
  { kind: 'ServerGroup', action: 'delete' },
  { kind: 'Image', action: 'update', change: () => ({ properties: { os_type: 'linux', edited: 'yes' }, minRamMiB: 64 }) },
  { kind: 'Image', action: replaced, change: (_spec, { random }) => ({ source: { content: content(random) } }) },
  { kind: 'Image', action: 'delete' },
  { kind: 'InstanceSnapshot', action: 'update', change: () => ({ properties: { reason: 'edited' } }) },
  { kind: 'InstanceSnapshot', action: 'delete' },
  { kind: 'Instance', action: 'update', change: () => ({ metadata: { tier: 'edited', since: 'now' } }) },
  { kind: 'Instance', action: 'update', change: ({ powerState }) => ({ powerState: powerState === 'Stopped' ? 'Running' : 'Stopped' }) },
  { kind: 'Instance', action: 'update', change: () => ({ flavor: { name: 'm1.small' } }) },
  { kind: 'Instance', action: 'update', fits: ({ volumes }) => volumes !== undefined, change: () => ({ volumes: [] }) },
  {
    kind: 'Instance',
    action: 'update',
    fits: (_spec, has) => has('group-1'),
    change: (_spec, { ref }) => ({ securityGroupRefs: [ref('group-1')] }),
  },
  {
    kind: 'Instance',
    action: 'update',
    fits: (_spec, has) => has('net-1'),
    change: ({ networks }, { ref }) => ({ networks: [...(networks as object[]), { networkRef: ref('net-1'), subnetRef: ref('sub-1') }] }),
  },
  { kind: 'Instance', action: rebuilt, fits: ({ image }) => image !== undefined, change: () => ({ image: { name: otherImage } }) },
  {
    kind: 'Instance',
    action: rebuilt,
    fits: ({ image }, has) => image !== undefined && has('key-1'),
    change: (_spec, { ref }) => ({ keyPairRef: ref('key-1') }),
  },
  {
    kind: 'Instance',
    action: replaced,
    fits: ({ bootVolume }) => bootVolume !== undefined,
    change: () => ({ userData: '#cloud-config\n{edited: true}\n' }),
  },
  { kind: 'Instance', action: 'delete' },
];

const volumeEdits: readonly EditKind[] = [
  { kind: 'Volume', action: 'update', change: ({ sizeGiB }) => ({ sizeGiB: Number(sizeGiB) + 1 }) },
  { kind: 'Volume', action: 'update', change: () => ({ metadata: { tier: 'silver', edited: 'yes' } }) },
  {
    kind: 'Volume',
    action: 'none',
    fits: (spec) => isIgnored(spec) && spec['metadata'] !== undefined,
    change: () => ({ metadata: { tier: 'not to be written' } }),
  },
  { kind: 'Volume', action: replaced, fits: (spec) => spec['sizeGiB'] === 2 && !spec['snapshotRef'], change: () => ({ sizeGiB: 1 }) },
  {
    kind: 'Volume',
    action: 'adopt',
    fits: (spec) => spec['import'] !== undefined,
    change: ({ import: wanted }) => ({ import: { ...(wanted as object), acceptChanges: true } }),
  },
  { kind: 'Volume', action: 'delete' },
  { kind: 'VolumeSnapshot', action: 'update', change: () => ({ description: 'told later', metadata: { edited: 'yes' } }) },
  {
    kind: 'VolumeSnapshot',
    action: replaced,
    fits: (_spec, has) => has('vol-1'),
    change: (_spec, { ref }) => ({ volumeRef: ref('vol-1') }),
  },
  { kind: 'VolumeSnapshot', action: 'delete' },
];

const editKinds = [...networkEdits, ...computeEdits, ...volumeEdits];

/** Edits up to `most` objects of a set, each once: in place, past what can be done in place, or away. */
export function editSet(set: ManifestSet, random: Random, most = 3): EditedSet {
  const names = new Set(set.objects.map(({ metadata }) => metadata.name));
  const has: Has = (part) => names.has(`${set.name}-${part}`);
  const ref = (part: string) => ({ name: `${set.name}-${part}` });
  const possible = set.objects.flatMap((object) =>
    editKinds.filter((edit) => edit.kind === object.kind && isPossible(edit, object, has)).map((edit) => ({ object, edit })),
  );
  const chosen = new Map<SetObject, EditKind>();
  for (let left = most; left > 0; left -= 1) {
    const pick = possible[Math.floor(random() * possible.length)];
    if (pick && !chosen.has(pick.object)) chosen.set(pick.object, pick.edit);
  }
  const changed = set.objects.map((object) => {
    const change = chosen.get(object)?.change?.(object.spec, { random, ref });
    return { before: object, after: change ? { ...object, spec: { ...object.spec, ...change } } : object };
  });
  const isGone = ({ before, after }: (typeof changed)[number]) =>
    chosen.get(before)?.action === 'delete' &&
    !isNeeded(
      after,
      changed.map((one) => one.after),
    );
  const objects = changed.filter((one) => !isGone(one)).map(({ after }) => after);
  const edits = changed.flatMap((one): Edit[] => {
    const edit = chosen.get(one.before);
    if (!edit) return [];
    if (edit.action === 'delete') return isGone(one) ? [{ object: keyOf(one.before), action: deletionOf(one.before) }] : [];
    return [
      { object: keyOf(one.before), action: typeof edit.action === 'string' ? edit.action : forced(edit.action.forced, one.after, objects) },
    ];
  });
  return { set: { ...set, objects }, edits };
}

function isPossible(edit: EditKind, object: SetObject, has: Has): boolean {
  // What is protected stays and waits; the deletion of whole sets is about that.
  if (edit.action === 'delete' && deletionOf(object) === 'blocked') return false;
  if (importOf(object) && (edit.action !== 'adopt' || firstAction(object) === 'adopt')) return false;
  return edit.fits?.(object.spec, has) ?? true;
}

/** How a change that cannot be made in place is planned, among the objects as they are to become. */
export function forced(by: 'rebuild' | 'replace', object: SetObject, objects: readonly SetObject[]): PlannedAction {
  const { replacePolicy, deletionProtection } = object.spec;
  if (replacePolicy !== 'Allow' || deletionProtection === true) return 'blocked';
  return by === 'replace' && isHeld(object, objects) ? 'blocked' : by;
}

/** How the prune of an object is planned. */
export function deletionOf(object: Pick<SetObject, 'kind' | 'spec'>): PlannedAction {
  const { spec } = object;
  const isOnlyObserved = ['none', 'blocked'].includes(firstAction(object));
  if (spec['deletionPolicy'] === 'Retain' || isOnlyObserved) return 'release';
  return spec['deletionProtection'] === true ? 'blocked' : 'delete';
}

/** Whether an object goes on needing this one: a snapshot of an instance does not. */
function isNeeded(object: SetObject, objects: readonly SetObject[]): boolean {
  return objects.some((one) => one.kind !== 'InstanceSnapshot' && refersTo(one, object));
}

/** Whether this one cannot go before another: addresses move on, and snapshots of instances outlive them. */
function isHeld(object: SetObject, objects: readonly SetObject[]): boolean {
  return objects.some((one) => !['InstanceSnapshot', 'FloatingIP', 'SecurityGroup'].includes(one.kind) && refersTo(one, object));
}

function refersTo(one: SetObject, other: SetObject): boolean {
  const { import: _wanted, ...spec } = one.spec;
  return one !== other && JSON.stringify(spec).includes(`{"name":"${other.metadata.name}"}`);
}
