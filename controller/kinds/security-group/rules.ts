import type { SecurityGroupRule } from '#controller/openstack/network/security-group-rules.ts';
import { canonicalCidr } from '../addresses.ts';

/**
 * A rule the way Neutron understands it, whichever of its many spellings was used. Follows neutron/extensions/securitygroup.py and
 * neutron/db/securitygroups_db.py of stable/2025.1; what they keep as sent (protocol names, host bits) is compared by meaning here.
 */
export interface Rule {
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: 'IPv4' | 'IPv6';
  /** IP protocol number as text; null: any. */
  readonly protocol: string | null;
  /** The type for ICMP; null: any. */
  readonly portRangeMin: number | null;
  /** The code for ICMP. */
  readonly portRangeMax: number | null;
  /** Masked; null: from or to anywhere. */
  readonly remoteIPPrefix: string | null;
  readonly remoteGroupId: string | null;
  readonly remoteAddressGroupId: string | null;
}

/** A rule as it may be written, by people or by Neutron. */
export interface RuleText {
  readonly direction: 'ingress' | 'egress';
  readonly ethertype?: string | null;
  readonly protocol?: string | number | null;
  readonly portRangeMin?: number | null;
  readonly portRangeMax?: number | null;
  readonly remoteIPPrefix?: string | null;
  readonly remoteGroupId?: string | null;
  readonly remoteAddressGroupId?: string | null;
}

/** Names Neutron knows, neutron_lib.constants.IP_PROTOCOL_MAP; the first name of a number is the one shown. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  icmp: 1,
  'ipv6-icmp': 58,
  icmpv6: 58,
  ah: 51,
  dccp: 33,
  egp: 8,
  esp: 50,
  gre: 47,
  hopopt: 0,
  ip: 0,
  igmp: 2,
  ipip: 4,
  'ipv6-encap': 41,
  'ipv6-frag': 44,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  'ipv6-route': 43,
  ospf: 89,
  pgm: 113,
  rsvp: 46,
  sctp: 132,
  udplite: 136,
  vrrp: 112,
};
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(PROTOCOLS)
    .toReversed()
    .map(([name, number]) => [String(number), name]),
);
const ICMP = '1';
const ICMPV6 = '58';
/** Of these the ports are type and code. */
export const ICMP_PROTOCOLS: ReadonlySet<string> = new Set([ICMP, ICMPV6]);
const ANYWHERE = { IPv4: '0.0.0.0/0', IPv6: '::/0' } as const;

/** The canonical form of a rule. */
export function canonicalRule(rule: RuleText): Rule {
  const ethertype = rule.ethertype?.toLowerCase() === 'ipv6' ? 'IPv6' : 'IPv4';
  const protocol = canonicalProtocol(rule.protocol, ethertype);
  return {
    direction: rule.direction,
    ethertype,
    protocol,
    ...canonicalPorts(rule, protocol),
    remoteIPPrefix: canonicalPrefix(rule.remoteIPPrefix, ethertype),
    remoteGroupId: rule.remoteGroupId ?? null,
    remoteAddressGroupId: rule.remoteAddressGroupId ?? null,
  };
}

function canonicalProtocol(protocol: string | number | null | undefined, ethertype: Rule['ethertype']): string | null {
  const text = String(protocol ?? 'any').toLowerCase();
  if (text === 'any' || text === '') return null;
  const number = Object.hasOwn(PROTOCOLS, text) ? String(PROTOCOLS[text]) : text;
  // Neutron turns icmp of an IPv6 rule into ipv6-icmp.
  return number === ICMP && ethertype === 'IPv6' ? ICMPV6 : number;
}

/** For ICMP the two are type and code, and 0 is a value. For the others one port is a range of one, and all ports are no restriction. */
function canonicalPorts(rule: RuleText, protocol: string | null): Pick<Rule, 'portRangeMin' | 'portRangeMax'> {
  const [min, max] = [rule.portRangeMin ?? null, rule.portRangeMax ?? null];
  if (protocol === ICMP || protocol === ICMPV6) return { portRangeMin: min, portRangeMax: max };
  if (min === 1 && max === 65_535) return { portRangeMin: null, portRangeMax: null };
  return { portRangeMin: min ?? max, portRangeMax: max ?? min };
}

/** Neutron keeps host bits and filters without them; the whole address space restricts nothing. */
function canonicalPrefix(prefix: string | null | undefined, ethertype: Rule['ethertype']): string | null {
  if (prefix === null || prefix === undefined || prefix === '') return null;
  const masked = canonicalCidr(prefix);
  return masked === ANYWHERE[ethertype] ? null : masked;
}

/** The canonical form of a rule as Neutron shows it. */
export function observedRule(rule: SecurityGroupRule): Rule {
  return canonicalRule({
    direction: rule.direction,
    ethertype: rule.ethertype,
    protocol: rule.protocol,
    portRangeMin: rule.port_range_min,
    portRangeMax: rule.port_range_max,
    remoteIPPrefix: rule.remote_ip_prefix,
    remoteGroupId: rule.remote_group_id,
    remoteAddressGroupId: rule.remote_address_group_id ?? null,
  });
}

/** Equal for rules that mean the same. The description is no part of it. */
export function ruleKey(rule: Rule): string {
  return JSON.stringify([
    rule.direction,
    rule.ethertype,
    rule.protocol,
    rule.portRangeMin,
    rule.portRangeMax,
    rule.remoteIPPrefix,
    rule.remoteGroupId,
    rule.remoteAddressGroupId,
  ]);
}

/** `ingress IPv4 tcp 22 0.0.0.0/0`: how people tell a rule from its siblings. `groupName` is how the spec calls a remote group. */
export function ruleLabel(rule: Rule, groupName: (id: string) => string | undefined = () => undefined): string {
  const protocol = rule.protocol === null ? 'any' : (NAMES.get(rule.protocol) ?? rule.protocol);
  return [rule.direction, rule.ethertype, protocol, ...portsLabel(rule), remoteLabel(rule, groupName)].join(' ');
}

function portsLabel({ protocol, portRangeMin: min, portRangeMax: max }: Rule): string[] {
  if (min === null) return [];
  if (protocol === ICMP || protocol === ICMPV6) return [max === null ? `type ${min}` : `type ${min} code ${max}`];
  return [min === max ? `${min}` : `${min}-${max}`];
}

function remoteLabel(rule: Rule, groupName: (id: string) => string | undefined): string {
  if (rule.remoteGroupId !== null) return `group ${groupName(rule.remoteGroupId) ?? rule.remoteGroupId}`;
  if (rule.remoteAddressGroupId !== null) return `address group ${rule.remoteAddressGroupId}`;
  return rule.remoteIPPrefix ?? ANYWHERE[rule.ethertype];
}

/** What Neutron is sent for a canonical rule. */
export function ruleBody(rule: Rule): Omit<RequestedRule, 'security_group_id'> {
  return {
    direction: rule.direction,
    ethertype: rule.ethertype,
    protocol: rule.protocol === null ? null : (NAMES.get(rule.protocol) ?? rule.protocol),
    port_range_min: rule.portRangeMin,
    port_range_max: rule.portRangeMax,
    remote_ip_prefix: rule.remoteIPPrefix,
    remote_group_id: rule.remoteGroupId,
  };
}

type RequestedRule = Pick<
  SecurityGroupRule,
  | 'security_group_id'
  | 'direction'
  | 'ethertype'
  | 'protocol'
  | 'port_range_min'
  | 'port_range_max'
  | 'remote_ip_prefix'
  | 'remote_group_id'
>;
