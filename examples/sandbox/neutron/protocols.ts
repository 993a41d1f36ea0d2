/** Protocols Neutron knows by name, and their numbers. */
export const protocolNumbers: Readonly<Record<string, number>> = {
  ah: 51,
  dccp: 33,
  egp: 8,
  esp: 50,
  gre: 47,
  hopopt: 0,
  icmp: 1,
  igmp: 2,
  ip: 0,
  ipip: 4,
  'ipv6-encap': 41,
  'ipv6-frag': 44,
  'ipv6-icmp': 58,
  icmpv6: 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  'ipv6-route': 43,
  ospf: 89,
  pgm: 113,
  rsvp: 46,
  sctp: 132,
  tcp: 6,
  udp: 17,
  udplite: 136,
  vrrp: 112,
};

const ipv6Only = new Set(['ipv6-encap', 'ipv6-frag', 'ipv6-icmp', 'icmpv6', 'ipv6-nonxt', 'ipv6-opts', 'ipv6-route']);

export function isIpv6Only(protocol: string): boolean {
  return ipv6Only.has(protocol);
}

/** Number of a protocol given by name or number; null for any. */
export function protocolNumber(protocol: string | null): number | null {
  if (protocol === null) return null;
  return protocolNumbers[protocol] ?? Number(protocol);
}

/** Protocols whose rules may name ports. */
export const portProtocols: readonly number[] = [33, 132, 6, 17, 136];
export const icmpNumbers: readonly number[] = [1, 58];
