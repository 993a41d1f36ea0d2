import type { JsonObject } from '#controller/engine/json.ts';
import type { Change, Difference, Kind, Names, Observation, Owner, Resolve } from '#controller/engine/kind.ts';
import { declaredDescription, stampedDescription } from '#controller/inventory/stamp.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import { candidatesOf } from '../candidates.ts';
import { bodyOf, concernsBelow, fieldChange, sameBy, setAfter, setChanges } from '../changes.ts';
import type { CloudHandle } from '../handle.ts';
import { findOwned, nextDescription, STAMP_PATH, stampChange } from '../ownership.ts';
import { ownFields } from '../policies.ts';
import { select } from '../selectors.ts';
import { recordCreated, remove, writeNeutron } from '../writes.ts';
import { addressBodies, addressChange, type DesiredAddress, FIXED_IPS } from './addresses.ts';
import { declarePort } from './declare.ts';
import { type DesiredGroup, groupsAfter, planGroups } from './groups.ts';
import { observedPairs, pairBody, pairLabel } from './pairs.ts';
import { type PortSpec, portSpec, portStatus } from './schema.ts';

export interface DesiredPort {
  readonly uid: string;
  readonly name: string;
  readonly networkId: string;
  /** Path of the field that names the network. */
  readonly networkPath: string;
  readonly description?: string;
  readonly adminStateUp?: boolean;
  readonly fixedIPs?: readonly DesiredAddress[];
  readonly macAddress?: string;
  readonly securityGroups?: readonly DesiredGroup[];
  readonly portSecurityEnabled?: boolean;
  readonly allowedAddressPairs?: PortSpec['allowedAddressPairs'];
  readonly vnicType?: string;
  readonly tags?: readonly string[];
}

export interface ObservedPort {
  readonly port: ports.Port;
  /** Subnets of its network that hand out addresses by themselves. */
  readonly automatic: readonly string[];
  /** Names of its security groups, by id. */
  readonly groupNames: Readonly<Record<string, string>>;
  readonly defaultGroupId?: string;
}

const AUTOMATIC_MODES = ['slaac', 'dhcpv6-stateless'];
const PAIRS = 'spec.allowedAddressPairs';

/** A Neutron port. Who uses it (a server, a router) is said by them. */
export const port: Kind<PortSpec, DesiredPort, ObservedPort, CloudHandle> = {
  kind: 'Port',
  plural: 'ports',
  shortNames: ['osp'],
  description: 'A port of a network, with addresses of its own that outlive the instance it is given to.',
  spec: portSpec,
  status: portStatus,
  columns: [
    { name: 'State', path: '.status.state', type: 'string' },
    { name: 'Address', path: '.status.addresses[0]', type: 'string' },
    { name: 'MAC', path: '.status.macAddress', type: 'string', priority: 1 },
    { name: 'Device', path: '.status.deviceId', type: 'string', priority: 1 },
  ],
  desire,
  observe,
  diff,

  async create(cloud, desired) {
    const askedAt = Date.now();
    const made = await ports.create(cloud.client.network, createBody(desired));
    recordCreated(cloud, 'port', made, askedAt);
    return { id: made.id };
  },

  update,
  delete: (cloud, { port: { id } }) => remove(cloud, 'port', id, () => ports.remove(cloud.client.network, id)),

  async reread(cloud, id) {
    await cloud.inventory.reread('port', id);
  },

  listedAt: (cloud) => cloud.inventory.listedAt('port'),

  report: ({ port: row }) => ({
    state: row.status,
    addresses: row.fixed_ips.map((ip) => ip.ip_address).toSorted(),
    macAddress: row.mac_address,
    networkId: row.network_id,
    deviceId: row.device_id,
  }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'port', filter).filter((id) => isForPeople(cloud.inventory.get('port', id))),
  declare: (cloud: CloudHandle, observed: ObservedPort, names: Names): JsonObject => declarePort(cloud, observed, names),
};

/** The cloud's own are not, nor those Nova makes for a server: it gives them no name, and they are declared with the instance. */
function isForPeople(row: ports.Port | undefined): boolean {
  if (row === undefined || row.device_owner.startsWith('network:')) return false;
  return !row.device_owner.startsWith('compute:') || row.name !== '' || row.description !== '' || (row.tags ?? []).length > 0;
}

function desire(spec: PortSpec, resolve: Resolve<CloudHandle>): DesiredPort {
  const { networkRef, network, fixedIPs, securityGroupRefs, ...fields } = ownFields(spec);
  const networkPath = networkRef ? 'spec.networkRef' : 'spec.network';
  const networkId = networkRef ? resolve.id('Network', networkRef.name) : select(resolve, 'network', network ?? {}, networkPath)?.id;
  return {
    ...fields,
    uid: resolve.owner.uid,
    name: fields.name ?? resolve.owner.name,
    networkPath,
    networkId: networkId ?? '',
    ...(fixedIPs && {
      fixedIPs: fixedIPs.map(({ subnetRef, ipAddress }) => ({
        ...(subnetRef && { subnetName: subnetRef.name, subnetId: resolve.id('Subnet', subnetRef.name) }),
        ...(ipAddress !== undefined && { ipAddress }),
      })),
    }),
    ...(securityGroupRefs && {
      securityGroups: securityGroupRefs.map(({ name }) => ({ name, id: resolve.id('SecurityGroup', name) })),
    }),
  };
}

function observe(cloud: CloudHandle, owner: Owner): Observation<ObservedPort> {
  const found = findOwned(cloud, 'port', 'port', owner);
  if (found.found !== 'one') return found;
  const { inventory } = cloud;
  const row = found.observed;
  const automatic = inventory
    .byParent('subnet', row.network_id)
    .filter((subnet) => AUTOMATIC_MODES.includes(subnet.ipv6_address_mode ?? ''))
    .map((subnet) => subnet.id);
  const groups = row.security_groups.flatMap((id) => inventory.get('security_group', id) ?? []);
  const defaultGroup = groups.find((group) => group.name === 'default');
  return {
    ...found,
    observed: {
      port: row,
      automatic,
      groupNames: Object.fromEntries(groups.map(({ id, name }) => [id, name])),
      ...(defaultGroup && { defaultGroupId: defaultGroup.id }),
    },
  };
}

function diff(desired: DesiredPort, observed: ObservedPort): Difference {
  const row = observed.port;
  // Neutron changes neither once it is bound to a host, which only administrators are shown; a port that is used is.
  const unlessUsed = row.device_id === '' ? {} : { by: 'replace' as const };
  // Addresses of another network come with the port that is made there.
  const ifElsewhere = row.network_id === desired.networkId ? {} : { by: 'replace' as const };
  const changes: Change[] = [
    ...stampChange('port', row, desired.uid),
    ...fieldChange(desired.networkPath, row.network_id, desired.networkId, { by: 'replace' }),
    ...fieldChange('spec.name', row.name, desired.name),
    ...fieldChange('spec.description', declaredDescription(row.description), desired.description),
    ...fieldChange('spec.adminStateUp', row.admin_state_up, desired.adminStateUp),
    ...addressChange(desired.fixedIPs, row.fixed_ips, observed.automatic).map((change) => ({ ...change, ...ifElsewhere })),
    ...fieldChange('spec.macAddress', row.mac_address, desired.macAddress, { same: sameBy(lower), ...unlessUsed }),
    ...planGroups(desired.securityGroups, row.security_groups, observed.groupNames).map((step) => step.change),
    ...fieldChange('spec.portSecurityEnabled', row.port_security_enabled ?? true, desired.portSecurityEnabled),
    ...setChanges(PAIRS, observedPairs(row), desiredPairs(desired, row.mac_address)),
    ...fieldChange('spec.vnicType', row['binding:vnic_type'] ?? 'normal', desired.vnicType, unlessUsed),
    ...setChanges('spec.tags', row.tags ?? [], desired.tags),
  ];
  if (row.status !== 'ERROR') return { changes };
  const message = `Port ${row.name} (${row.id}) is in state ERROR; its plugin could not set it up. Ask the cloud's operator.`;
  return { changes, failed: { reason: 'PortError', message } };
}

const lower = (text: string) => text.toLowerCase();

function desiredPairs({ allowedAddressPairs }: DesiredPort, ownMac: string): string[] | undefined {
  return allowedAddressPairs && [...new Set(allowedAddressPairs.map((pair) => pairLabel(pair.ipAddress, pair.macAddress, ownMac)))];
}

function createBody(desired: DesiredPort): ports.PortCreate {
  const pairs = desiredPairs(desired, desired.macAddress ?? '');
  return {
    network_id: desired.networkId,
    name: desired.name,
    description: stampedDescription(desired.description, desired.uid),
    ...(desired.adminStateUp !== undefined && { admin_state_up: desired.adminStateUp }),
    ...(desired.fixedIPs && { fixed_ips: addressBodies(desired.fixedIPs, []) }),
    ...(desired.macAddress !== undefined && { mac_address: desired.macAddress }),
    ...(desired.securityGroups && { security_groups: desired.securityGroups.map(({ id }) => id) }),
    ...(desired.portSecurityEnabled !== undefined && { port_security_enabled: desired.portSecurityEnabled }),
    ...(pairs && { allowed_address_pairs: pairs.map(pairBody) }),
    ...(desired.vnicType !== undefined && { 'binding:vnic_type': desired.vnicType }),
  };
}

async function update(cloud: CloudHandle, desired: DesiredPort, observed: ObservedPort, changes: readonly Change[]): Promise<void> {
  const row = observed.port;
  const description = nextDescription(row, desired.description, desired.uid);
  // One request for all: Neutron checks groups and address pairs against port security.
  const fields = bodyOf<ports.PortUpdate>(changes, {
    [STAMP_PATH]: { description },
    'spec.name': { name: desired.name },
    'spec.description': { description },
    'spec.adminStateUp': { admin_state_up: desired.adminStateUp },
    [FIXED_IPS]: { fixed_ips: addressBodies(desired.fixedIPs ?? [], row.fixed_ips) },
    'spec.macAddress': { mac_address: desired.macAddress },
    'spec.portSecurityEnabled': { port_security_enabled: desired.portSecurityEnabled },
    'spec.vnicType': { 'binding:vnic_type': desired.vnicType },
  });
  const steps = planGroups(desired.securityGroups, row.security_groups, observed.groupNames);
  const groups = groupsAfter(steps, row.security_groups, changes);
  const pairs = concernsBelow(changes, PAIRS) ? setAfter(PAIRS, observedPairs(row), changes).map(pairBody) : undefined;
  const tags = concernsBelow(changes, 'spec.tags') ? setAfter('spec.tags', row.tags ?? [], changes) : undefined;
  const body = {
    ...fields,
    ...(groups && { security_groups: groups }),
    ...(pairs && { allowed_address_pairs: pairs }),
  };
  await writeNeutron(cloud, 'port', row.id, ports, { body: Object.keys(body).length > 0 ? body : undefined, tags });
}
