import type { JsonObject, JsonSchema } from '#controller/engine/json.ts';
import type { Change, Difference, Kind, Names, Resolve } from '#controller/engine/kind.ts';
import { declaredDescription, stampedDescription } from '#controller/inventory/stamp.ts';
import { isOpenStackError } from '#controller/openstack/errors.ts';
import * as floatingIps from '#controller/openstack/network/floating-ips.ts';
import { canonicalAddress } from './addresses.ts';
import { candidatesOf } from './candidates.ts';
import { bodyOf, concerns, concernsBelow, fieldChange, sameBy, setAfter, setChanges } from './changes.ts';
import { pointAt } from './declarations.ts';
import { exactlyOne, ipAddress, neutronDescription, type Ref, reference, type Selector, selector, tags } from './fields.ts';
import type { CloudHandle } from './handle.ts';
import { findOwned, nextDescription, STAMP_PATH, stampChange } from './ownership.ts';
import type { CommonSpec } from './policies.ts';
import { select } from './selectors.ts';
import { recordCreated, remove, writeNeutron } from './writes.ts';

export type FloatingIPSpec = CommonSpec & {
  readonly floatingNetwork?: Selector;
  readonly networkRef?: Ref;
  readonly floatingIPAddress?: string;
  readonly portRef?: Ref;
  readonly instanceRef?: Ref;
  readonly disassociated?: boolean;
  readonly fixedIPAddress?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
};

export interface DesiredFloatingIP {
  readonly uid: string;
  readonly networkId: string;
  /** Path of the field that names the network. */
  readonly networkPath: string;
  readonly floatingIPAddress?: string;
  readonly target?: Target;
  readonly fixedIPAddress?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}

/** What it is to lead to. */
interface Target {
  /** Path of the field that says so. */
  readonly path: string;
  /** null: nothing; undefined: not there yet. */
  readonly portId: string | null | undefined;
  /** The instance whose port has not been seen yet. */
  readonly coming?: { readonly serverId: string; readonly keepsPort: boolean };
}

const NETWORK_OF = { floatingNetwork: 'spec.floatingNetwork', networkRef: 'spec.networkRef' } as const;
const FIXED = 'spec.fixedIPAddress';

const ends = ['portRef', 'instanceRef', 'disassociated'] as const;
const network = exactlyOne('floatingNetwork', 'networkRef');

const floatingIPSpec: JsonSchema = {
  type: 'object',
  properties: {
    floatingNetwork: selector('network', 'The external network it is of. Fixed once made.'),
    networkRef: reference('Network', 'The external network it is of, where that is declared too. Fixed once made.'),
    floatingIPAddress: ipAddress(
      'The address itself; for administrators only. Fixed once made. Not declared: the choice of the cloud, left alone.',
    ),
    portRef: reference('Port', 'The port it leads to; it moves when this changes. Not declared: left alone.', { soft: true }),
    instanceRef: reference('Instance', 'The instance it leads to, by its first port; it moves when this changes.', { soft: true }),
    disassociated: { type: 'boolean', description: 'True: it leads to nothing.' },
    fixedIPAddress: ipAddress('The address it leads to, where the port has several.'),
    description: neutronDescription,
    tags: tags(255),
  },
  ...network,
  allOf: [
    { not: { required: ['portRef', 'instanceRef'] } },
    { not: { required: ['portRef', 'disassociated'] } },
    { not: { required: ['instanceRef', 'disassociated'] } },
    { anyOf: [{ not: { required: ['fixedIPAddress'] } }, { required: ['portRef'] }, { required: ['instanceRef'] }] },
  ],
  'x-kubernetes-validations': [
    ...(network['x-kubernetes-validations'] ?? []),
    {
      rule: `[${ends.map((field) => `has(self.${field})`).join(', ')}].filter(set, set).size() <= 1`,
      message: 'portRef, instanceRef and disassociated exclude each other',
    },
    {
      rule: '!has(self.fixedIPAddress) || has(self.portRef) || has(self.instanceRef)',
      message: 'fixedIPAddress needs portRef or instanceRef',
    },
  ],
};

/** A Neutron floating IP. What it leads to is changed in place, never by making it anew: the address is what people know. */
export const floatingIP: Kind<FloatingIPSpec, DesiredFloatingIP, floatingIps.FloatingIP, CloudHandle> = {
  kind: 'FloatingIP',
  plural: 'floatingips',
  shortNames: ['osfip'],
  description: 'An address of an external network that leads to a port of the project, and can be moved to another.',
  spec: floatingIPSpec,
  status: {
    state: { type: 'string', description: 'ACTIVE, DOWN or ERROR, as Neutron says.' },
    address: { type: 'string', description: 'The address.' },
    fixedIPAddress: { type: 'string', description: 'The address it leads to; empty for nothing.' },
    portId: { type: 'string', description: 'Cloud id of the port it leads to; empty for nothing.' },
    networkId: { type: 'string', description: 'Cloud id of the external network.' },
  },
  columns: [
    { name: 'Address', path: '.status.address', type: 'string' },
    { name: 'Leads-To', path: '.status.fixedIPAddress', type: 'string' },
    { name: 'State', path: '.status.state', type: 'string' },
    { name: 'Port', path: '.status.portId', type: 'string', priority: 1 },
  ],
  desire,
  observe: (cloud, owner) => findOwned(cloud, 'floatingip', 'floating IP', owner),
  diff,

  // Without its port: that may not be reachable yet, and the address is wanted all the same.
  async create(cloud, desired) {
    const askedAt = Date.now();
    const made = await floatingIps.create(cloud.client.network, {
      floating_network_id: desired.networkId,
      description: stampedDescription(desired.description, desired.uid),
      ...(desired.floatingIPAddress !== undefined && { floating_ip_address: desired.floatingIPAddress }),
    });
    recordCreated(cloud, 'floatingip', made, askedAt);
    return { id: made.id };
  },

  update,
  delete: (cloud, observed) => remove(cloud, 'floatingip', observed.id, () => floatingIps.remove(cloud.client.network, observed.id)),

  async reread(cloud, id) {
    await cloud.inventory.reread('floatingip', id);
  },

  listedAt: (cloud) => cloud.inventory.listedAt('floatingip'),

  report: (observed) => ({
    state: observed.status,
    address: observed.floating_ip_address,
    fixedIPAddress: observed.fixed_ip_address ?? '',
    portId: observed.port_id ?? '',
    networkId: observed.floating_network_id,
  }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'floatingip', filter),
  declare,
};

function desire(spec: FloatingIPSpec, resolve: Resolve<CloudHandle>): DesiredFloatingIP {
  const { networkRef, floatingNetwork, floatingIPAddress, fixedIPAddress, description } = spec;
  const networkPath = networkRef ? NETWORK_OF.networkRef : NETWORK_OF.floatingNetwork;
  const networkId = networkRef
    ? resolve.id('Network', networkRef.name)
    : select(resolve, 'network', floatingNetwork ?? {}, networkPath)?.id;
  const target = desiredTarget(spec, resolve);
  return {
    uid: resolve.owner.uid,
    networkPath,
    networkId: networkId ?? '',
    ...(floatingIPAddress !== undefined && { floatingIPAddress }),
    ...(target && { target }),
    ...(fixedIPAddress !== undefined && { fixedIPAddress }),
    ...(description !== undefined && { description }),
    ...(spec.tags && { tags: spec.tags }),
  };
}

function desiredTarget({ portRef, instanceRef, disassociated }: FloatingIPSpec, resolve: Resolve<CloudHandle>): Target | undefined {
  if (portRef) return { path: 'spec.portRef', portId: resolve.softId('Port', portRef.name) };
  if (instanceRef) {
    const serverId = resolve.softId('Instance', instanceRef.name);
    const portId = serverId === undefined ? undefined : firstPort(resolve.cloud, serverId);
    const isComing = serverId !== undefined && portId === undefined;
    return { path: 'spec.instanceRef', portId, ...(isComing && { coming: { serverId, keepsPort: isOnDeclaredPort(resolve) } }) };
  }
  return disassociated === true ? { path: 'spec.disassociated', portId: null } : undefined;
}

/** Such a port outlives its server, and is what the next one is plugged into; another goes with it. */
function isOnDeclaredPort({ owner, cloud: { inventory } }: Resolve<CloudHandle>): boolean {
  const portId = owner.id === undefined ? undefined : inventory.get('floatingip', owner.id)?.port_id;
  const description = portId ? (inventory.get('port', portId)?.description ?? '') : '';
  return declaredDescription(description) !== description;
}

/** The oldest of a server's ports that has an IPv4 address. */
function firstPort({ inventory }: CloudHandle, serverId: string): string | undefined {
  const ports = inventory.byParent('port', serverId).filter((port) => port.fixed_ips.some((ip) => !ip.ip_address.includes(':')));
  return ports.toSorted((one, other) => (one.created_at ?? '').localeCompare(other.created_at ?? '') || one.id.localeCompare(other.id))[0]
    ?.id;
}

function diff(desired: DesiredFloatingIP, observed: floatingIps.FloatingIP): Difference {
  const changes: Change[] = [
    ...stampChange('floatingip', observed, desired.uid),
    ...fieldChange(desired.networkPath, observed.floating_network_id, desired.networkId, { by: 'replace' }),
    ...fieldChange('spec.floatingIPAddress', observed.floating_ip_address, desired.floatingIPAddress, {
      same: sameBy(canonicalAddress),
      by: 'replace',
    }),
    ...targetChanges(desired, observed),
    ...fieldChange('spec.description', declaredDescription(observed.description), desired.description),
    ...setChanges('spec.tags', observed.tags ?? [], desired.tags),
  ];
  const called = `Floating IP ${observed.floating_ip_address} (${observed.id})`;
  if (observed.status === 'ERROR') {
    const message = `${called} is in state ERROR; its plugin could not set it up. Ask the cloud's operator.`;
    return { changes, failed: { reason: 'FloatingIPError', message } };
  }
  const { path = '', coming } = desired.target ?? {};
  if (changes.length > 0 || !coming) return { changes };
  return {
    changes: coming.keepsPort ? [] : [{ path, from: observed.port_id, to: coming.serverId }],
    waiting: { reason: 'PortNotSeen', message: `${called} waits for the first port of the instance it is to lead to.` },
  };
}

function targetChanges({ target, fixedIPAddress }: DesiredFloatingIP, observed: floatingIps.FloatingIP): Change[] {
  if (target?.portId === undefined) return [];
  if (target.portId === null) return observed.port_id === null ? [] : [{ path: target.path, from: observed.port_id, to: true }];
  return [
    ...fieldChange(target.path, observed.port_id, target.portId),
    ...fieldChange(FIXED, observed.fixed_ip_address, fixedIPAddress, { same: sameBy(canonicalAddress) }),
  ];
}

async function update(
  cloud: CloudHandle,
  desired: DesiredFloatingIP,
  observed: floatingIps.FloatingIP,
  changes: readonly Change[],
): Promise<void> {
  const description = nextDescription(observed, desired.description, desired.uid);
  const text = bodyOf<floatingIps.FloatingIPUpdate>(changes, { [STAMP_PATH]: { description }, 'spec.description': { description } });
  const association = associationAfter(desired, observed, changes);
  const tags = concernsBelow(changes, 'spec.tags') ? setAfter('spec.tags', observed.tags ?? [], changes) : undefined;
  const kept = text && !association ? associationToRepeat(cloud, observed) : association;
  const body = text || association ? { ...text, ...kept } : undefined;
  try {
    await writeNeutron(cloud, 'floatingip', observed.id, floatingIps, { body, tags });
  } catch (error) {
    await makeWay(cloud, desired, observed, error);
    throw error;
  }
}

function associationAfter(
  { target, fixedIPAddress }: DesiredFloatingIP,
  observed: floatingIps.FloatingIP,
  changes: readonly Change[],
): Pick<floatingIps.FloatingIPUpdate, 'port_id' | 'fixed_ip_address'> | undefined {
  if (target?.portId === undefined) return undefined;
  const isMoved = concerns(changes, target.path);
  if (!isMoved && !concerns(changes, FIXED)) return undefined;
  if (target.portId === null) return { port_id: null };
  return { port_id: isMoved ? target.portId : observed.port_id, ...(fixedIPAddress !== undefined && { fixed_ip_address: fixedIPAddress }) };
}

/**
 * Neutron works out the association anew with every update, and refuses even a new description when the port has several IPv4
 * addresses and none of them is named (seen on 2025.1): then what it leads to is said again.
 */
function associationToRepeat({ inventory }: CloudHandle, { port_id, fixed_ip_address }: floatingIps.FloatingIP): object {
  const addresses = port_id === null ? [] : (inventory.get('port', port_id)?.fixed_ips ?? []);
  return addresses.filter((ip) => !ip.ip_address.includes(':')).length > 1 ? { port_id, fixed_ip_address } : {};
}

/**
 * The port it is to lead to has a floating IP still. Where that is one of ours too, both may be waiting for each other (two that change
 * places), so this one leaves the port it is no longer to lead to.
 */
async function makeWay(cloud: CloudHandle, { target }: DesiredFloatingIP, { id, port_id }: floatingIps.FloatingIP, error: unknown) {
  if (!isOpenStackError(error) || error.type !== 'FloatingIPPortAlreadyAssociated' || port_id === null) return;
  if (typeof target?.portId !== 'string' || target.portId === port_id) return;
  const others = cloud.inventory.byParent('floatingip', target.portId).filter((other) => other.id !== id);
  if (!others.some((other) => other.description !== declaredDescription(other.description))) return;
  await writeNeutron(cloud, 'floatingip', id, floatingIps, { body: { port_id: null }, tags: undefined });
}

function declare(cloud: CloudHandle, observed: floatingIps.FloatingIP, names: Names): JsonObject {
  const { floating_network_id: networkId, port_id: portId, tags: all = [] } = observed;
  const { network: floatingNetwork, ...ref } = pointAt(cloud, names, { kind: 'Network', type: 'network', id: networkId, field: 'network' });
  const description = declaredDescription(observed.description);
  const target = portId === null ? undefined : declaredTarget(cloud, portId, names);
  const addresses = portId === null ? [] : (cloud.inventory.get('port', portId)?.fixed_ips ?? []);
  const isAmbiguous = addresses.filter((ip) => !ip.ip_address.includes(':')).length > 1;
  return {
    ...ref,
    ...(floatingNetwork !== undefined && { floatingNetwork }),
    ...target,
    ...(target && isAmbiguous && { fixedIPAddress: observed.fixed_ip_address }),
    ...(description !== '' && { description }),
    ...(all.length > 0 && { tags: all.toSorted() }),
  };
}

/** Nothing when neither the port nor its instance is declared: what is not declared is left alone. */
function declaredTarget(cloud: CloudHandle, portId: string, names: Names): JsonObject | undefined {
  const port = names.nameOf('Port', portId);
  if (port !== undefined) return { portRef: { name: port } };
  const serverId = cloud.inventory.get('port', portId)?.device_id ?? '';
  const instance = names.nameOf('Instance', serverId);
  return instance !== undefined && firstPort(cloud, serverId) === portId ? { instanceRef: { name: instance } } : undefined;
}
