import { isIPv4, isIPv6 } from 'node:net';

/** An address as every service can be compared by: IPv6 in its shortest lower-case form; anything else unchanged. */
export function canonicalAddress(address: string): string {
  if (!isIPv6(address) || address.includes('%')) return address;
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** A CIDR with its host bits cleared and its address in canonical form; a bare address is a network of one. Text that is none stays. */
export function canonicalCidr(cidr: string): string {
  const [address = '', length] = cidr.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  const prefix = length === undefined ? bits : Number(length);
  if (bits === undefined || prefix === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > bits) return cidr;
  const shift = BigInt(bits - prefix);
  return `${fromNumber((toNumber(address) >> shift) << shift, bits)}/${prefix}`;
}

/** The addresses of a network that hosts may have; `without` one of them they are the ranges beside it. */
export interface Hosts {
  readonly network: string;
  readonly first: string;
  without(address: string | null): { start: string; end: string }[];
}

/** As Neutron gives them out: not the network's own address and, of IPv4, not the broadcast address. */
export function hostsOf(cidr: string): Hosts {
  const [address = '', length] = canonicalCidr(cidr).split('/');
  const bits = isIPv4(address) ? 32 : 128;
  const size = 1n << BigInt(bits - Number(length));
  const network = toNumber(address);
  // Networks of one and two addresses have none to spare.
  const isTiny = size <= 2n;
  const from = isTiny ? network : network + 1n;
  const to = network + size - (isTiny || bits === 128 ? 1n : 2n);
  const range = (start: bigint, end: bigint) => (start > end ? [] : [{ start: fromNumber(start, bits), end: fromNumber(end, bits) }]);
  return {
    network: canonicalAddress(address),
    first: fromNumber(from, bits),
    without(taken) {
      const gap = taken === null ? undefined : toNumber(taken);
      if (gap === undefined || gap < from || gap > to) return range(from, to);
      return [...range(from, gap - 1n), ...range(gap + 1n, to)];
    },
  };
}

function toNumber(address: string): bigint {
  if (isIPv4(address)) return join(address.split('.').map(Number), 8n);
  const [head = '', tail] = withoutDots(address).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [left, right] = [groups(head), groups(tail ?? '')];
  return join([...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right], 16n);
}

/** `::ffff:10.0.0.1` with its IPv4 part as two groups. */
function withoutDots(address: string): string {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  if (!dotted?.[1] || !dotted[2]) return address;
  const value = toNumber(dotted[2]);
  return `${dotted[1]}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

const join = (parts: readonly number[], bits: bigint) => parts.reduce((sum, part) => (sum << bits) | BigInt(part), 0n);

function fromNumber(value: bigint, bits: 32 | 128): string {
  const size = bits === 32 ? 8 : 16;
  const parts = Array.from(
    { length: bits / size },
    (_, index) => (value >> BigInt(bits - size * (index + 1))) & ((1n << BigInt(size)) - 1n),
  );
  return bits === 32 ? parts.join('.') : canonicalAddress(parts.map((part) => part.toString(16)).join(':'));
}
