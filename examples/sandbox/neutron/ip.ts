/** Addresses as numbers, so that ranges can be counted through. */
export interface Cidr {
  readonly version: 4 | 6;
  readonly prefix: number;
  /** First address of the network, host bits cleared. */
  readonly first: bigint;
  readonly last: bigint;
  /** The address as written, host bits kept. */
  readonly address: bigint;
}

export function parseIp(text: string): { version: 4 | 6; value: bigint } | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { version: 4, value: v4 };
  const v6 = parseV6(text);
  return v6 === undefined ? undefined : { version: 6, value: v6 };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256n + BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const groups = (half: string | undefined) => (half ? half.split(':') : []);
  const head = groups(halves[0]);
  const tail = groups(halves[1]);
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined;
  const all = [...head, ...Array.from({ length: halves.length === 2 ? gap : 0 }, () => '0'), ...tail];
  let value = 0n;
  for (const group of all) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
    value = value * 65536n + BigInt(`0x${group}`);
  }
  return value;
}

export function formatIp(version: 4 | 6, value: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  return compress(groups);
}

/** The longest run of zero groups becomes `::`, as RFC 5952 asks. */
function compress(groups: readonly string[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

/** `10.0.0.5/24`; a bare address counts as a whole-length prefix. Undefined if it is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const [addressText = '', prefixText] = text.split('/');
  const ip = parseIp(addressText);
  if (!ip || text.split('/').length > 2) return undefined;
  const bits = ip.version === 4 ? 32 : 128;
  if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return undefined;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if (prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const first = (ip.value / size) * size;
  return { version: ip.version, prefix, first, last: first + size - 1n, address: ip.value };
}

/** The network of a CIDR with host bits cleared. */
export function formatNetwork(cidr: Cidr): string {
  return `${formatIp(cidr.version, cidr.first)}/${cidr.prefix}`;
}

export function contains(cidr: Cidr, ip: bigint): boolean {
  return ip >= cidr.first && ip <= cidr.last;
}
