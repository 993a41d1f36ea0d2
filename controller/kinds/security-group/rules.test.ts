import { describe, expect, it } from 'vitest';
import { real } from '../answers.fixture.ts';
import { canonicalRule, observedRule, type RuleText, ruleBody, ruleKey, ruleLabel } from './rules.ts';

const ingress = (text: Partial<RuleText> = {}): RuleText => ({ direction: 'ingress', ...text });
const key = (text: Partial<RuleText>) => ruleKey(canonicalRule(ingress(text)));

describe('a rule is known by what it means', () => {
  const equal: [string, Partial<RuleText>, Partial<RuleText>][] = [
    ['a protocol by name or number', { protocol: 'tcp' }, { protocol: '6' }],
    ['a protocol in capitals', { protocol: 'TCP' }, { protocol: 'tcp' }],
    ['a protocol as a number', { protocol: 17 }, { protocol: 'udp' }],
    ['any protocol, however it is said', { protocol: 'any' }, { protocol: null }],
    ['IPv4 unless it is said', {}, { ethertype: 'IPv4' }],
    ['an ethertype in small letters', { ethertype: 'ipv6' }, { ethertype: 'IPv6' }],
    ['icmp of IPv6 as ipv6-icmp', { ethertype: 'IPv6', protocol: 'icmp' }, { ethertype: 'IPv6', protocol: 'ipv6-icmp' }],
    ['icmpv6 as ipv6-icmp', { ethertype: 'IPv6', protocol: 'icmpv6' }, { ethertype: 'IPv6', protocol: '58' }],
    ['protocol 1 of IPv6 as ipv6-icmp', { ethertype: 'IPv6', protocol: '1' }, { ethertype: 'IPv6', protocol: '58' }],
    ['all ports as none given', { protocol: 'tcp', portRangeMin: 1, portRangeMax: 65_535 }, { protocol: 'tcp' }],
    ['one port as a range of one', { protocol: 'tcp', portRangeMin: 22 }, { protocol: 'tcp', portRangeMin: 22, portRangeMax: 22 }],
    ['a bare address as a network of one', { remoteIPPrefix: '10.0.0.5' }, { remoteIPPrefix: '10.0.0.5/32' }],
    ['host bits as cleared', { remoteIPPrefix: '10.0.0.5/24' }, { remoteIPPrefix: '10.0.0.0/24' }],
    ['everywhere as no restriction', { remoteIPPrefix: '0.0.0.0/0' }, {}],
    ['everywhere in IPv6', { ethertype: 'IPv6', remoteIPPrefix: '::/0' }, { ethertype: 'IPv6' }],
    [
      'an IPv6 network in two spellings',
      { ethertype: 'IPv6', remoteIPPrefix: '2001:DB8:0::1/64' },
      { ethertype: 'IPv6', remoteIPPrefix: '2001:db8::/64' },
    ],
  ];
  it.each(equal)('takes %s', (_name, one, other) => {
    expect(key(one)).toBe(key(other));
  });

  const different: [string, Partial<RuleText>, Partial<RuleText>][] = [
    ['ICMP type 0 and any type', { protocol: 'icmp', portRangeMin: 0 }, { protocol: 'icmp' }],
    [
      'ICMP type 8 with code 0 and with any code',
      { protocol: 'icmp', portRangeMin: 8, portRangeMax: 0 },
      { protocol: 'icmp', portRangeMin: 8 },
    ],
    ['protocol 0 and any protocol', { protocol: '0' }, {}],
    ['a group and everybody', { remoteGroupId: 'g' }, {}],
    ['two groups', { remoteGroupId: 'g' }, { remoteGroupId: 'h' }],
    ['IPv4 and IPv6', {}, { ethertype: 'IPv6' }],
    ['two networks', { remoteIPPrefix: '10.0.0.0/24' }, { remoteIPPrefix: '10.0.0.0/25' }],
  ];
  it.each(different)('tells %s apart', (_name, one, other) => {
    expect(key(one)).not.toBe(key(other));
  });
});

it.each<[Partial<RuleText>, string]>([
  [{ protocol: 'tcp', portRangeMin: 22 }, 'ingress IPv4 tcp 22 0.0.0.0/0'],
  [{ protocol: '6', portRangeMin: 80, portRangeMax: 443, remoteIPPrefix: '10.1.1.1' }, 'ingress IPv4 tcp 80-443 10.1.1.1/32'],
  [{ ethertype: 'IPv6' }, 'ingress IPv6 any ::/0'],
  [{ protocol: 'icmp', portRangeMin: 8, portRangeMax: 0 }, 'ingress IPv4 icmp type 8 code 0 0.0.0.0/0'],
  [{ protocol: '200', remoteGroupId: 'g-1' }, 'ingress IPv4 200 group web'],
  [{ protocol: 'vrrp', remoteGroupId: 'g-2' }, 'ingress IPv4 vrrp group g-2'],
])('is called as people would: %j', (text, label) => {
  expect(ruleLabel(canonicalRule(ingress(text)), (id) => (id === 'g-1' ? 'web' : undefined))).toBe(label);
});

it('finds what Neutron made of every spelling it was sent', () => {
  const labels = real.securityGroup.security_group_rules.map((rule) => ruleLabel(observedRule(rule), () => 'self'));
  expect(labels).toEqual(
    expect.arrayContaining([
      'egress IPv4 any 0.0.0.0/0',
      'egress IPv6 any ::/0',
      'ingress IPv4 tcp 22 10.0.0.0/24',
      'ingress IPv4 tcp 0.0.0.0/0',
      'ingress IPv4 tcp 80 10.1.1.1/32',
      'ingress IPv4 udp group self',
      'ingress IPv6 ipv6-icmp type 128 code 0 ::/0',
    ]),
  );
});

it('sends names for numbers, and nothing for no restriction', () => {
  expect(ruleBody(canonicalRule(ingress({ protocol: '6', portRangeMin: 1, portRangeMax: 65_535, remoteIPPrefix: '0.0.0.0/0' })))).toEqual({
    direction: 'ingress',
    ethertype: 'IPv4',
    protocol: 'tcp',
    port_range_min: null,
    port_range_max: null,
    remote_ip_prefix: null,
    remote_group_id: null,
  });
});
