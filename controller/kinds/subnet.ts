import type { Change, Kind } from '#controller/engine/kind.ts';
import { declaredDescription, stampedDescription } from '#controller/inventory/stamp.ts';
import {
  create,
  remove as removeSubnet,
  replaceTags,
  type Subnet,
  type SubnetUpdate,
  update,
} from '#controller/openstack/network/subnets.ts';
import { canonicalAddress, canonicalCidr, hostsOf } from './addresses.ts';
import { candidatesOf } from './candidates.ts';
import { bodyOf, concernsBelow, fieldChange, sameBy, setAfter, setChanges } from './changes.ts';
import { declareName, declareNeutronDescription, declareRef, declareTags } from './declaring.ts';
import { atMostOne, cidr, ipAddress, neutronDescription, reference, resourceName, tags } from './fields.ts';
import type { CloudHandle } from './handle.ts';
import { findOwned, nextDescription, STAMP_PATH, stampChange } from './ownership.ts';
import { type CommonSpec, ownFields } from './policies.ts';
import { recordCreated, remove, writeNeutron } from './writes.ts';

type Pool = { readonly start: string; readonly end: string };
type Route = { readonly destination: string; readonly nexthop: string };

export type SubnetSpec = CommonSpec & {
  readonly name?: string;
  readonly networkRef: { readonly name: string };
  readonly cidr: string;
  readonly ipVersion?: 4 | 6;
  readonly gatewayIP?: string;
  readonly disableGateway?: boolean;
  readonly enableDHCP?: boolean;
  readonly dnsNameservers?: readonly string[];
  readonly allocationPools?: readonly Pool[];
  readonly hostRoutes?: readonly Route[];
  readonly description?: string;
  readonly tags?: readonly string[];
};

export interface DesiredSubnet {
  readonly uid: string;
  readonly name: string;
  readonly networkId: string;
  readonly cidr: string;
  readonly ipVersion: 4 | 6;
  /** null: no gateway. */
  readonly gatewayIP?: string | null;
  readonly enableDHCP?: boolean;
  readonly dnsNameservers?: readonly string[];
  readonly allocationPools?: readonly Pool[];
  readonly hostRoutes?: readonly Route[];
  readonly description?: string;
  readonly tags?: readonly string[];
}

const poolSchema = {
  type: 'object' as const,
  required: ['start', 'end'],
  properties: { start: ipAddress('First address.'), end: ipAddress('Last address.') },
};
const routeSchema = {
  type: 'object' as const,
  required: ['destination', 'nexthop'],
  properties: { destination: cidr('Where to.'), nexthop: ipAddress('By way of.') },
};

/** A Neutron subnet. Its network, addresses and IP version are fixed when it is made. */
export const subnet: Kind<SubnetSpec, DesiredSubnet, Subnet, CloudHandle> = {
  kind: 'Subnet',
  plural: 'subnets',
  shortNames: ['ossub'],
  description: 'A range of addresses on a network.',
  spec: {
    type: 'object',
    required: ['networkRef', 'cidr'],
    properties: {
      name: resourceName('subnet', { canBeEmpty: true }),
      networkRef: reference('Network', 'The network it is on. Fixed once made.'),
      cidr: cidr('Its addresses, as 10.0.0.0/24 or 2001:db8::/64. Fixed once made.'),
      ipVersion: { type: 'integer', enum: [4, 6], description: 'Fixed once made. Default: what cidr says.' },
      gatewayIP: ipAddress('The gateway told to guests. Not declared: the choice of the cloud, left alone.'),
      disableGateway: { type: 'boolean', description: 'True: no gateway at all.' },
      enableDHCP: { type: 'boolean', description: 'Whether guests get their addresses by DHCP.' },
      dnsNameservers: {
        type: 'array',
        maxItems: 20,
        items: ipAddress('Address of a name server.'),
        description: 'Name servers told to guests, in this order.',
        'x-kubernetes-list-type': 'atomic',
      },
      allocationPools: {
        type: 'array',
        maxItems: 50,
        items: poolSchema,
        description: 'Addresses the cloud may give out, in any order. Not declared: all but the gateway.',
        'x-kubernetes-list-type': 'atomic',
      },
      hostRoutes: {
        type: 'array',
        maxItems: 50,
        items: routeSchema,
        description: 'Routes told to guests, in any order.',
        'x-kubernetes-list-type': 'atomic',
      },
      description: neutronDescription,
      tags: tags(255),
    },
    ...atMostOne('gatewayIP', 'disableGateway'),
  },
  status: {
    cidr: { type: 'string', description: 'Its addresses.' },
    gatewayIP: { type: 'string', description: 'Its gateway; empty for none.' },
    networkId: { type: 'string', description: 'Cloud id of its network.' },
  },
  columns: [
    { name: 'CIDR', path: '.status.cidr', type: 'string' },
    { name: 'Gateway', path: '.status.gatewayIP', type: 'string' },
  ],

  desire(spec, resolve) {
    const { networkRef, gatewayIP, disableGateway, ...fields } = ownFields(spec);
    const gateway = disableGateway === true ? null : gatewayIP;
    return {
      ...fields,
      uid: resolve.owner.uid,
      name: fields.name ?? resolve.owner.name,
      networkId: resolve.id('Network', networkRef.name),
      ipVersion: fields.ipVersion ?? (fields.cidr.includes(':') ? 6 : 4),
      ...(gateway !== undefined && { gatewayIP: gateway }),
    };
  },

  observe: (cloud, owner) => findOwned(cloud, 'subnet', 'subnet', owner),

  diff(desired, observed) {
    // Addresses of another range come with the subnet that is made for it.
    const ifElsewhere = canonicalCidr(observed.cidr) === canonicalCidr(desired.cidr) ? {} : { by: 'replace' as const };
    const changes: Change[] = [
      ...stampChange('subnet', observed, desired.uid),
      ...fieldChange('spec.networkRef', observed.network_id, desired.networkId, { by: 'replace' }),
      ...fieldChange('spec.cidr', observed.cidr, desired.cidr, { same: sameBy(canonicalCidr), by: 'replace' }),
      ...fieldChange('spec.ipVersion', observed.ip_version, desired.ipVersion, { by: 'replace' }),
      ...fieldChange('spec.name', observed.name, desired.name),
      ...fieldChange('spec.description', declaredDescription(observed.description), desired.description),
      ...gatewayChange(observed.gateway_ip, desired.gatewayIP).map((change) => ({ ...change, ...ifElsewhere })),
      ...fieldChange('spec.enableDHCP', observed.enable_dhcp, desired.enableDHCP),
      ...fieldChange('spec.dnsNameservers', observed.dns_nameservers, desired.dnsNameservers, { same: sameBy(serverKey) }),
      ...fieldChange('spec.allocationPools', observed.allocation_pools, desired.allocationPools, { same: sameBy(poolKey), ...ifElsewhere }),
      ...fieldChange('spec.hostRoutes', observed.host_routes, desired.hostRoutes, { same: sameBy(routeKey) }),
      ...setChanges('spec.tags', observed.tags ?? [], desired.tags),
    ];
    return { changes };
  },

  async create(cloud, desired) {
    const askedAt = Date.now();
    const made = await create(cloud.client.network, {
      network_id: desired.networkId,
      cidr: desired.cidr,
      ip_version: desired.ipVersion,
      name: desired.name,
      description: stampedDescription(desired.description, desired.uid),
      ...(desired.gatewayIP !== undefined && { gateway_ip: desired.gatewayIP }),
      ...(desired.enableDHCP !== undefined && { enable_dhcp: desired.enableDHCP }),
      ...(desired.dnsNameservers && { dns_nameservers: [...desired.dnsNameservers] }),
      ...(desired.allocationPools && { allocation_pools: [...desired.allocationPools] }),
      ...(desired.hostRoutes && { host_routes: [...desired.hostRoutes] }),
    });
    recordCreated(cloud, 'subnet', made, askedAt);
    return { id: made.id };
  },

  async update(cloud, desired, observed, changes) {
    const description = nextDescription(observed, desired.description, desired.uid);
    const gateway = { gateway_ip: desired.gatewayIP };
    // One request for all: Neutron checks gateway and pools against each other.
    const body = bodyOf<SubnetUpdate>(changes, {
      [STAMP_PATH]: { description },
      'spec.name': { name: desired.name },
      'spec.description': { description },
      'spec.gatewayIP': gateway,
      'spec.disableGateway': gateway,
      'spec.enableDHCP': { enable_dhcp: desired.enableDHCP },
      'spec.dnsNameservers': { dns_nameservers: copy(desired.dnsNameservers) },
      'spec.allocationPools': { allocation_pools: copy(desired.allocationPools) },
      'spec.hostRoutes': { host_routes: copy(desired.hostRoutes) },
    });
    const tags = concernsBelow(changes, 'spec.tags') ? setAfter('spec.tags', observed.tags ?? [], changes) : undefined;
    await writeNeutron(cloud, 'subnet', observed.id, { update, replaceTags }, { body, tags });
  },

  delete: (cloud, observed) => remove(cloud, 'subnet', observed.id, () => removeSubnet(cloud.client.network, observed.id)),

  async reread(cloud, id) {
    await cloud.inventory.reread('subnet', id);
  },

  listedAt: (cloud) => cloud.inventory.listedAt('subnet'),

  report: (observed) => ({ cidr: observed.cidr, gatewayIP: observed.gateway_ip ?? '', networkId: observed.network_id }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'subnet', filter),

  declare: (_cloud, observed, names) => ({
    ...declareName('Subnet', observed.id, observed.name, names),
    networkRef: declareRef('Network', observed.network_id, names, `Subnet ${observed.name} (${observed.id}) is on`),
    cidr: observed.cidr,
    ...declareGateway(observed),
    ...(!observed.enable_dhcp && { enableDHCP: false }),
    ...(observed.dns_nameservers.length > 0 && { dnsNameservers: [...observed.dns_nameservers] }),
    ...declarePools(observed),
    ...(observed.host_routes.length > 0 && {
      hostRoutes: observed.host_routes.map(({ destination, nexthop }) => ({ destination, nexthop })),
    }),
    ...declareNeutronDescription('subnet', observed),
    ...declareTags(observed.tags),
  }),
};

/** Nothing, where it is the address Neutron takes by itself: the first of IPv4, the subnet's own of IPv6. */
function declareGateway({ cidr, gateway_ip: gateway }: Subnet): { gatewayIP?: string; disableGateway?: true } {
  if (gateway === null) return { disableGateway: true };
  const { network, first } = hostsOf(cidr);
  return canonicalAddress(gateway) === (cidr.includes(':') ? network : first) ? {} : { gatewayIP: gateway };
}

/** Nothing, where the pools are all addresses but the gateway's. */
function declarePools({ cidr, gateway_ip: gateway, allocation_pools: pools }: Subnet): { allocationPools?: Pool[] } {
  const all = hostsOf(cidr).without(gateway);
  return poolKey(pools) === poolKey(all) ? {} : { allocationPools: pools.map(({ start, end }) => ({ start, end })) };
}

/** No gateway is declared by a field of its own, so its difference stands there too. */
function gatewayChange(observed: string | null, declared: string | null | undefined): Change[] {
  if (declared === undefined) return [];
  if (declared !== null) return fieldChange('spec.gatewayIP', observed, declared, { same: sameBy(canonicalAddress) });
  return observed === null ? [] : [{ path: 'spec.disableGateway', from: observed, to: true }];
}

const copy = <T>(list: readonly T[] | undefined): T[] | undefined => (list ? [...list] : undefined);
const serverKey = (servers: readonly string[]) => servers.map(canonicalAddress).join();
const poolKey = (pools: readonly Pool[]) =>
  pools
    .map(({ start, end }) => `${canonicalAddress(start)}-${canonicalAddress(end)}`)
    .toSorted()
    .join();
const routeKey = (routes: readonly Route[]) =>
  routes
    .map(({ destination, nexthop }) => `${canonicalCidr(destination)} ${canonicalAddress(nexthop)}`)
    .toSorted()
    .join();
