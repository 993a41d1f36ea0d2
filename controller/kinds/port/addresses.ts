import type { Change } from '#controller/engine/kind.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import { canonicalAddress } from '../addresses.ts';

/** An address a port should have: of this subnet, or this very one, or both. */
export interface DesiredAddress {
  readonly subnetId?: string;
  /** How the spec calls the subnet. */
  readonly subnetName?: string;
  readonly ipAddress?: string;
}

type FixedIP = Port['fixed_ips'][number];

export const FIXED_IPS = 'spec.fixedIPs';

/**
 * Compares addresses, in any order. `automatic` are subnets that hand out an address of each to every port (SLAAC): theirs are nobody's
 * choice, and no difference unless one is declared.
 */
export function addressChange(
  desired: readonly DesiredAddress[] | undefined,
  observed: readonly FixedIP[],
  automatic: readonly string[],
): Change[] {
  if (!desired) return [];
  const { taken, free } = match(desired, observed);
  const surplus = free.filter((ip) => !automatic.includes(ip.subnet_id));
  if (taken.every((ip) => ip !== undefined) && surplus.length === 0) return [];
  const shown = observed.filter((ip) => surplus.includes(ip) || taken.includes(ip));
  return [{ path: FIXED_IPS, from: shown.map((ip) => ip.ip_address), to: desired.map(label) }];
}

/** The addresses to ask for: one of a subnet is the one the port has of it already. */
export function addressBodies(
  desired: readonly DesiredAddress[],
  observed: readonly FixedIP[],
): { subnet_id?: string; ip_address?: string }[] {
  const { taken } = match(desired, observed);
  return desired.map(({ subnetId, ipAddress }, index) => {
    const found = taken[index];
    if (found) return { subnet_id: found.subnet_id, ip_address: found.ip_address };
    return { ...(subnetId !== undefined && { subnet_id: subnetId }), ...(ipAddress !== undefined && { ip_address: ipAddress }) };
  });
}

/** Gives each wish an address, the exact ones first, and says which are left. */
function match(desired: readonly DesiredAddress[], observed: readonly FixedIP[]): { taken: (FixedIP | undefined)[]; free: FixedIP[] } {
  const free = new Set(observed);
  const taken = new Map<DesiredAddress, FixedIP>();
  for (const wish of [...desired.filter(isExact), ...desired.filter((one) => !isExact(one))]) {
    const found = [...free].find((ip) => fits(wish, ip));
    if (!found) continue;
    free.delete(found);
    taken.set(wish, found);
  }
  return { taken: desired.map((wish) => taken.get(wish)), free: [...free] };
}

const isExact = ({ ipAddress }: DesiredAddress) => ipAddress !== undefined;

function fits({ subnetId, ipAddress }: DesiredAddress, ip: FixedIP): boolean {
  if (subnetId !== undefined && subnetId !== ip.subnet_id) return false;
  return ipAddress === undefined || canonicalAddress(ipAddress) === canonicalAddress(ip.ip_address);
}

const label = ({ subnetName, ipAddress }: DesiredAddress) => ipAddress ?? `any of ${subnetName ?? 'the network'}`;
