import { rulesTexts as t } from '../texts/security-rules.ts';

/** A rule as the spec of a SecurityGroup has it. */
export interface Rule {
  readonly direction: 'ingress' | 'egress';
  readonly ethertype?: 'IPv4' | 'IPv6';
  readonly protocol?: string;
  readonly portRangeMin?: number;
  readonly portRangeMax?: number;
  readonly remoteIPPrefix?: string;
  readonly remoteGroupRef?: { readonly name: string };
  readonly description?: string;
}

export interface Explanation {
  readonly text: string;
  /** Why it deserves a second look. */
  readonly warning?: string;
}

/** What people run there, by port. */
const services: Readonly<Record<number, string>> = {
  22: 'SSH',
  25: 'SMTP',
  53: 'DNS',
  80: 'HTTP',
  123: 'NTP',
  143: 'IMAP',
  443: 'HTTPS',
  1433: 'SQL Server',
  2379: 'etcd',
  3306: 'MySQL',
  3389: 'RDP',
  5432: 'PostgreSQL',
  5900: 'VNC',
  6379: 'Redis',
  6443: 'Kubernetes API',
  8080: 'HTTP',
  8443: 'HTTPS',
  9200: 'Elasticsearch',
  11211: 'Memcached',
  27017: 'MongoDB',
};
/** What nobody should leave open to everybody. */
const delicate = new Set([22, 23, 445, 1433, 2375, 2379, 3306, 3389, 5432, 5900, 6379, 9200, 11211, 27017]);

/** What a rule opens, in words. */
export function explainRule(rule: Rule): Explanation {
  const what = whatOf(rule);
  const who = whoOf(rule);
  const text = rule.direction === 'ingress' ? t.ingress(who, what) : t.egress(who, what);
  const warning = rule.direction === 'ingress' && isEverybody(rule) ? warningOf(rule) : undefined;
  return { text, ...(warning !== undefined && { warning }) };
}

/** What a whole group says beyond its rules. */
export function explainGroup(rules: readonly Rule[], policy: 'Exact' | 'Additive'): Explanation[] {
  const has = (direction: Rule['direction']) => rules.some((rule) => rule.direction === direction);
  return [
    ...(has('ingress') ? [] : [{ text: t.noIngress }]),
    ...(has('egress') || policy === 'Additive' ? [] : [{ text: t.noEgress, warning: t.noEgressWarning }]),
    ...(policy === 'Additive' ? [{ text: t.additive }] : []),
  ];
}

function whoOf({ remoteGroupRef, remoteIPPrefix, ethertype = 'IPv4' }: Rule): string {
  if (remoteGroupRef) return t.members(remoteGroupRef.name);
  if (isEverybody({ remoteIPPrefix, ethertype })) return ethertype === 'IPv6' || remoteIPPrefix === '::/0' ? t.everybody6 : t.everybody4;
  return remoteIPPrefix?.endsWith('/32') || remoteIPPrefix?.endsWith('/128')
    ? t.host(remoteIPPrefix.split('/')[0] ?? '')
    : t.range(remoteIPPrefix ?? '');
}

function isEverybody({
  remoteIPPrefix,
  remoteGroupRef,
}:
  | Pick<Rule, 'remoteIPPrefix' | 'remoteGroupRef' | 'ethertype'>
  | { remoteIPPrefix: string | undefined; remoteGroupRef?: undefined }): boolean {
  return !remoteGroupRef && (remoteIPPrefix === undefined || remoteIPPrefix === '' || remoteIPPrefix.endsWith('/0'));
}

function whatOf({ protocol = 'any', portRangeMin, portRangeMax }: Rule): string {
  const name = protocol.toLowerCase();
  if (name === 'any' || name === '') return t.anything;
  if (name === 'icmp' || name === 'icmpv6' || name === 'ipv6-icmp')
    return portRangeMin === undefined ? t.icmp : portRangeMin === 8 ? t.ping : t.icmpType(portRangeMin);
  const shown = name.toUpperCase();
  if (portRangeMin === undefined) return t.allPorts(shown);
  const last = portRangeMax ?? portRangeMin;
  if (last === portRangeMin) return t.port(shown, portRangeMin, services[portRangeMin]);
  return portRangeMin <= 1 && last === 65_535 ? t.allPorts(shown) : t.ports(shown, portRangeMin, last);
}

function warningOf({ protocol = 'any', portRangeMin, portRangeMax = portRangeMin }: Rule): string | undefined {
  const name = protocol.toLowerCase();
  if (name === 'any' || name === '') return t.opensAll;
  if (name !== 'tcp' && name !== 'udp') return undefined;
  if (portRangeMin === undefined || portRangeMax === undefined) return t.opensAllPorts;
  const found = [...delicate].filter((port) => port >= portRangeMin && port <= portRangeMax);
  if (found.length === 0) return portRangeMax - portRangeMin > 1000 ? t.opensMany : undefined;
  return t.opensDelicate(found.map((port) => services[port] ?? String(port)).join(', '));
}
