/** A rule of a security group, as the cloud has it. */
export interface Rule {
  readonly id: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: string;
  readonly protocol: string | null;
  readonly port_range_min: number | null;
  readonly port_range_max: number | null;
  readonly remote_ip_prefix: string | null;
  readonly remote_group_id: string | null;
  readonly description?: string | null;
}

/** What a rule lets through, to be put in words. */
export interface Opening {
  readonly id: string;
  readonly direction: Rule['direction'];
  /** `TCP`, or undefined for all traffic. */
  readonly protocol: string | undefined;
  /** `22`, `8000–8100`, `type 8`; undefined for all. */
  readonly ports: string | undefined;
  /** The range; undefined where it is a group. */
  readonly range: string | undefined;
  readonly groupId: string | undefined;
  /** Whether it lets everybody in, whoever they are. */
  readonly isOpenToAll: boolean;
  readonly ethertype: string;
  readonly description: string;
}

const everybody: Readonly<Record<string, string>> = { IPv4: '0.0.0.0/0', IPv6: '::/0' };

/** Rules that say the same are told once; what is open to everybody comes first. */
export function openingsOf(rules: readonly Rule[], direction: Rule['direction']): readonly Opening[] {
  const openings = rules.filter((rule) => rule.direction === direction).map(openingOf);
  const seen = new Map(openings.map((one) => [[one.ethertype, one.protocol, one.ports, one.range, one.groupId].join(' '), one]));
  return [...seen.values()].toSorted((a, b) => Number(b.isOpenToAll) - Number(a.isOpenToAll) || portOf(a) - portOf(b));
}

function openingOf(rule: Rule): Opening {
  const { id, direction, ethertype, protocol, remote_ip_prefix, remote_group_id, description } = rule;
  const all = everybody[ethertype];
  const range = remote_group_id === null ? (remote_ip_prefix ?? all) : undefined;
  return {
    id,
    direction,
    ethertype,
    protocol: protocol === null || protocol === 'any' ? undefined : protocol.toUpperCase(),
    ports: portsOf(rule),
    range,
    groupId: remote_group_id ?? undefined,
    isOpenToAll: direction === 'ingress' && range === all,
    description: description ?? '',
  };
}

function portsOf({ protocol, port_range_min: min, port_range_max: max }: Rule): string | undefined {
  if (min === null && max === null) return undefined;
  if (/icmp/i.test(protocol ?? '')) return max === null ? `${min}` : `${min}/${max}`;
  if (min === 1 && max === 65_535) return undefined;
  return min === max || max === null ? `${min}` : `${min}–${max}`;
}

const portOf = ({ ports }: Opening): number => Number.parseInt(ports ?? '0', 10);
