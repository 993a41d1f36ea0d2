import type { FixedIp, Network, Store, Subnet } from '../store.ts';
import { refuse } from './errors.ts';
import { type Cidr, contains, formatIp, parseCidr, parseIp } from './ip.ts';
import { isAddressUsed, usedAddresses } from './port-index.ts';

/** One wish for an address: in this subnet, or this very address, or both. */
export interface AddressWish {
  readonly subnetId?: string;
  readonly ipAddress?: string;
}

export function wishesOf(value: unknown): AddressWish[] {
  return (value as Record<string, unknown>[]).map((row) => ({
    ...(typeof row.subnet_id === 'string' ? { subnetId: row.subnet_id } : {}),
    ...(typeof row.ip_address === 'string' ? { ipAddress: row.ip_address } : {}),
  }));
}

/** Addresses for a port on a network: as wished, or one of an IPv4 and one of an IPv6 subnet that has room. */
export function allocate(store: Store, network: Network, wishes: readonly AddressWish[] | undefined): FixedIp[] {
  const subnets = [...store.subnets.values()].filter((subnet) => subnet.networkId === network.id);
  if (wishes) return wishes.map((wish) => grant(store, network, subnets, wish));
  return ([4, 6] as const).flatMap((version) => {
    const candidates = subnets.filter((subnet) => subnet.ipVersion === version);
    if (candidates.length === 0) return [];
    for (const subnet of candidates) {
      const address = firstFree(store, subnet);
      if (address !== undefined) return [{ subnetId: subnet.id, ipAddress: address }];
    }
    return noneLeft(network);
  });
}

function grant(store: Store, network: Network, subnets: readonly Subnet[], wish: AddressWish): FixedIp {
  const named = wish.subnetId === undefined ? undefined : subnets.find(({ id }) => id === wish.subnetId);
  if (wish.subnetId !== undefined && !named) {
    if (!store.subnets.has(wish.subnetId)) refuse(404, 'SubnetNotFound', `Subnet ${wish.subnetId} could not be found.`);
    refuse(
      400,
      'InvalidInput',
      `Invalid input for operation: Failed to create port on network ${network.id}, because fixed_ips included invalid subnet ${wish.subnetId}.`,
    );
  }
  if (wish.ipAddress === undefined) {
    const address = named && firstFree(store, named);
    return named && address !== undefined ? { subnetId: named.id, ipAddress: address } : noneLeft(network);
  }
  const ip = parseIp(wish.ipAddress);
  const subnet = (named ? [named] : subnets).find(
    (row) => ip && contains(parseCidr(row.cidr) as Cidr, ip.value) && ip.version === row.ipVersion,
  );
  if (!subnet && named) refuse(400, 'InvalidIpForSubnet', `IP address ${wish.ipAddress} is not a valid IP for the specified subnet.`);
  if (!subnet || !ip)
    refuse(400, 'InvalidIpForNetwork', `IP address ${wish.ipAddress} is not a valid IP for any of the subnets on the specified network.`);
  const address = formatIp(ip.version, ip.value);
  if (isAddressUsed(store, subnet.id, address))
    refuse(409, 'IpAddressAlreadyAllocated', `IP address ${address} already allocated in subnet ${subnet.id}`);
  return { subnetId: subnet.id, ipAddress: address };
}

function noneLeft(network: Network): never {
  return refuse(409, 'IpAddressGenerationFailure', `No more IP addresses available on network ${network.id}.`);
}

/** Where the search for a free address of a subnet went on last time: without it, filling a subnet costs its square. */
const resumeAt = new WeakMap<Subnet, bigint>();

function firstFree(store: Store, subnet: Subnet): string | undefined {
  const used = usedAddresses(store, subnet.id);
  const from = resumeAt.get(subnet) ?? 0n;
  return search(subnet, used, (value) => value >= from) ?? search(subnet, used, () => true);
}

function search(subnet: Subnet, used: ReadonlySet<string>, isAllowed: (value: bigint) => boolean): string | undefined {
  for (const pool of subnet.allocationPools) {
    const first = parseIp(pool.start)?.value ?? 0n;
    const last = parseIp(pool.end)?.value ?? -1n;
    const from = resumeAt.get(subnet) ?? 0n;
    for (let value = isAllowed(first) ? first : from > first ? from : last + 1n; value <= last; value += 1n) {
      const address = formatIp(subnet.ipVersion, value);
      if (used.has(address)) continue;
      resumeAt.set(subnet, value + 1n);
      return address;
    }
  }
  return undefined;
}
