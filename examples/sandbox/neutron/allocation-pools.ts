import { pythonRepr } from '../call.ts';
import type { AddressRange } from '../store.ts';
import { invalidInput, refuse } from './errors.ts';
import { type Cidr, contains, formatIp, parseIp } from './ip.ts';

interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/** Addresses hosts may have: without network and broadcast address in IPv4, without the anycast address in IPv6. */
function usable(cidr: Cidr): Range {
  if (cidr.version === 4 && cidr.prefix >= 31) return { from: cidr.first, to: cidr.last };
  return cidr.version === 4 ? { from: cidr.first + 1n, to: cidr.last - 1n } : { from: cidr.first + 1n, to: cidr.last };
}

/** The first host in IPv4; in IPv6 the subnet-router anycast address, as Neutron chooses it. */
export function defaultGateway(cidr: Cidr): string {
  return formatIp(cidr.version, cidr.version === 4 ? cidr.first + 1n : cidr.first);
}

/** A gateway may lie outside its subnet, but must not be its network or broadcast address. */
export function checkGateway(cidr: Cidr, gateway: string | null): void {
  const ip = gateway === null ? undefined : parseIp(gateway);
  if (!ip || cidr.version !== 4 || cidr.prefix >= 31) return;
  if (ip.value === cidr.first || ip.value === cidr.last) invalidInput('Gateway is not valid on subnet.');
}

/** All addresses but the gateway: two pools when that lies in the middle. */
export function defaultPools(cidr: Cidr, gateway: string | null): AddressRange[] {
  const { from, to } = usable(cidr);
  const ip = gateway === null ? undefined : parseIp(gateway)?.value;
  const ranges: Range[] =
    ip === undefined || ip < from || ip > to
      ? [{ from, to }]
      : [
          { from, to: ip - 1n },
          { from: ip + 1n, to },
        ];
  return ranges
    .filter((range) => range.from <= range.to)
    .map((range) => ({ start: formatIp(cidr.version, range.from), end: formatIp(cidr.version, range.to) }));
}

/** Given pools, in order; refuses those that are reversed, leave the subnet, overlap or hold the gateway. */
export function allocationPools(cidr: Cidr, cidrText: string, given: unknown, gateway: string | null): AddressRange[] {
  const ranges = (given as AddressRange[]).map((pool) => {
    const from = parseIp(pool.start);
    const to = parseIp(pool.end);
    if (!from || !to || from.version !== cidr.version || to.value < from.value)
      refuse(400, 'InvalidAllocationPool', `The allocation pool ${pythonRepr(pool)} is not valid.`);
    if (!contains(cidr, from.value) || !contains(cidr, to.value))
      refuse(400, 'OutOfBoundsAllocationPool', `The allocation pool ${pool.start}-${pool.end} spans beyond the subnet cidr ${cidrText}.`);
    return { from: from.value, to: to.value, text: `${pool.start}-${pool.end}` };
  });
  const sorted = ranges.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  for (const [index, range] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next && next.from <= range.to)
      refuse(409, 'OverlappingAllocationPools', `Found overlapping allocation pools: ${range.text} ${next.text} for subnet ${cidrText}.`);
  }
  const ip = gateway === null ? undefined : parseIp(gateway)?.value;
  const hit = ranges.find((range) => ip !== undefined && range.from <= ip && ip <= range.to);
  if (hit) refuse(409, 'GatewayConflictWithAllocationPools', `Gateway ip ${gateway} conflicts with allocation pool ${hit.text}.`);
  return sorted.map((range) => ({ start: formatIp(cidr.version, range.from), end: formatIp(cidr.version, range.to) }));
}
