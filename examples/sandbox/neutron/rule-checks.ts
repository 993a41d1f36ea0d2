import { asText, pythonRepr, pythonStr, type ScopedCall } from '../call.ts';
import type { SecurityGroupRule } from '../store.ts';
import { refuse } from './errors.ts';
import { formatIp, parseCidr } from './ip.ts';
import { icmpNumbers, isIpv6Only, portProtocols, protocolNumber, protocolNumbers } from './protocols.ts';
import { findGroup } from './security-groups.ts';

// Conversions Neutron makes before it looks at a rule as a whole; what it stores is what later comparisons see.

/** Lower case, numbers as text, `any` as null. */
export function protocol(value: unknown): string | null {
  if (value === null || value === '') return null;
  const word = asText(value, 'unreadable').toLowerCase();
  if (word === 'any') return null;
  const isNumber = /^\d+$/.test(word) && Number(word) <= 255;
  if (isNumber || word in protocolNumbers) return word;
  const known = ['None', pythonRepr('any'), ...Object.keys(protocolNumbers).map(pythonRepr)].join(', ');
  return refuse(
    400,
    'SecurityGroupRuleInvalidProtocol',
    `Security group rule protocol ${pythonStr(value)} not supported. Only protocol values (${known}) and integer representations [0 to 255] are supported.`,
  );
}

export function ethertype(value: unknown): 'IPv4' | 'IPv6' {
  const found = (['IPv4', 'IPv6'] as const).find((type) => type.toLowerCase() === String(value).toLowerCase());
  return (
    found ??
    refuse(
      400,
      'SecurityGroupRuleInvalidEtherType',
      `Security group rule for ethertype '${String(value)}' not supported. Allowed values are ['IPv4', 'IPv6'].`,
    )
  );
}

export function portNumber(value: unknown): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    refuse(400, 'SecurityGroupInvalidPortValue', `Invalid value for port ${pythonStr(value)}`);
  return number;
}

/** A bare address becomes a prefix of full length; host bits stay. */
export function prefix(value: unknown): string {
  const cidr = typeof value === 'string' ? parseCidr(value) : undefined;
  if (!cidr) refuse(400, 'InvalidCIDR', `Invalid CIDR ${pythonStr(value)} given as IP prefix.`);
  return `${formatIp(cidr.version, cidr.address)}/${cidr.prefix}`;
}

/** The rule as Neutron stores it, or its refusal. */
export function canonicalRule(call: ScopedCall, given: Record<string, unknown>): Omit<SecurityGroupRule, 'id' | 'projectId' | 'createdAt'> {
  const rule = {
    securityGroupId: String(given.security_group_id),
    direction: given.direction as 'ingress' | 'egress',
    ethertype: (given.ethertype ?? 'IPv4') as 'IPv4' | 'IPv6',
    protocol: (given.protocol ?? null) as string | null,
    portRangeMin: (given.port_range_min ?? null) as number | null,
    portRangeMax: (given.port_range_max ?? null) as number | null,
    remoteIpPrefix: (given.remote_ip_prefix ?? null) as string | null,
    remoteGroupId: (given.remote_group_id ?? null) as string | null,
    description: (given.description ?? '') as string | null,
  };
  checkPorts(rule);
  rule.protocol = forEthertype(rule);
  if (rule.portRangeMin === 1 && rule.portRangeMax === 65_535) Object.assign(rule, { portRangeMin: null, portRangeMax: null });
  if (rule.remoteIpPrefix !== null && rule.remoteGroupId !== null)
    refuse(
      400,
      'SecurityGroupMultipleRemoteEntites',
      'Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.',
    );
  const cidr = rule.remoteIpPrefix === null ? undefined : parseCidr(rule.remoteIpPrefix);
  if (cidr && `IPv${cidr.version}` !== rule.ethertype)
    refuse(400, 'SecurityGroupRuleParameterConflict', `Conflicting value ethertype ${rule.ethertype} for CIDR ${rule.remoteIpPrefix}`);
  if (rule.remoteGroupId !== null) findGroup(call, rule.remoteGroupId);
  findGroup(call, rule.securityGroupId);
  return rule;
}

type Unchecked = { protocol: string | null; ethertype: 'IPv4' | 'IPv6'; portRangeMin: number | null; portRangeMax: number | null };

function checkPorts({ protocol: name, portRangeMin: min, portRangeMax: max }: Unchecked): void {
  if (min === null && max === null) return;
  const number = protocolNumber(name);
  if (number === null) refuse(400, 'SecurityGroupProtocolRequiredWithPorts', 'Must also specify protocol if port range is given.');
  if (icmpNumbers.includes(number)) return checkIcmp(min, max);
  if (!portProtocols.includes(number))
    refuse(
      400,
      'SecurityGroupInvalidProtocolForPort',
      `Ports cannot be specified for protocol ${number}. Ports are only supported for DCCP, SCTP, TCP, UDP, UDPLITE.`,
    );
  if (min === 0 || max === 0) refuse(400, 'SecurityGroupInvalidPortValue', 'Invalid value for port 0');
  if (min === null || max === null || min > max)
    refuse(400, 'SecurityGroupInvalidPortRange', 'For TCP/UDP protocols, port_range_min must be <= port_range_max');
}

/** For ICMP the range holds type and code; 0 is a value like any other. */
function checkIcmp(type: number | null, code: number | null): void {
  for (const [what, field, value] of [
    ['type', 'port_range_min', type],
    ['code', 'port_range_max', code],
  ] as const)
    if (value !== null && value > 255)
      refuse(400, 'SecurityGroupInvalidIcmpValue', `Invalid value for ICMP ${what} (${field}) ${value}. It must be 0 to 255.`);
  if (type === null && code !== null)
    refuse(
      400,
      'SecurityGroupMissingIcmpType',
      `ICMP code (port-range-max) ${code} is provided but ICMP type (port-range-min) is missing.`,
    );
}

/** ICMP in an IPv6 rule is ICMPv6, under whatever name it was given. */
function forEthertype(rule: Unchecked): string | null {
  const name = rule.protocol;
  if (name !== null && isIpv6Only(name) && rule.ethertype === 'IPv4')
    refuse(400, 'SecurityGroupEthertypeConflictWithProtocol', `Invalid ethertype IPv4 for protocol ${name}.`);
  if (rule.ethertype !== 'IPv6') return name;
  if (name === 'icmp' || name === 'icmpv6') return 'ipv6-icmp';
  return name === '1' ? '58' : name;
}
