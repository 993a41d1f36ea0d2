import { describe, expect, it } from 'vitest';
import { explainGroup, explainRule, type Rule } from './security-rules.ts';

const rule = (more: Partial<Rule>): Rule => ({ direction: 'ingress', protocol: 'tcp', ...more });

describe('what a rule opens', () => {
  it.each<[Rule, string]>([
    [rule({ portRangeMin: 443, remoteIPPrefix: '0.0.0.0/0' }), 'Everybody (IPv4) can reach TCP port 443 (HTTPS).'],
    [
      rule({ portRangeMin: 8080, portRangeMax: 8090, remoteIPPrefix: '10.0.0.0/24' }),
      'Hosts in 10.0.0.0/24 can reach TCP ports 8080–8090.',
    ],
    [rule({ protocol: 'icmp', portRangeMin: 8, ethertype: 'IPv4' }), 'Everybody (IPv4) can reach ping (ICMP echo).'],
    [rule({ protocol: 'udp', remoteGroupRef: { name: 'web' } }), 'Members of the group web can reach every UDP port.'],
    [rule({ portRangeMin: 22, remoteIPPrefix: '192.0.2.7/32' }), 'The host 192.0.2.7 can reach TCP port 22 (SSH).'],
    [{ direction: 'egress', ethertype: 'IPv6' }, 'The instances can reach every port and protocol of everybody (IPv6).'],
  ])('is said in words: %j', (given, text) => expect(explainRule(given).text).toBe(text));

  it.each<[string, Rule, RegExp | undefined]>([
    ['SSH to everybody', rule({ portRangeMin: 22 }), /SSH should seldom/],
    ['a database within a range to everybody', rule({ portRangeMin: 3000, portRangeMax: 4000, remoteIPPrefix: '::/0' }), /MySQL, RDP/],
    ['everything to everybody', { direction: 'ingress' }, /on every port/],
    ['HTTPS to everybody', rule({ portRangeMin: 443 }), undefined],
    ['SSH to some', rule({ portRangeMin: 22, remoteIPPrefix: '10.0.0.0/8' }), undefined],
    ['everything going out', { direction: 'egress' }, undefined],
  ])('deserves a second look or not: %s', (_, given, warning) => {
    const found = explainRule(given).warning;
    if (warning) expect(found).toMatch(warning);
    else expect(found).toBeUndefined();
  });
});

it('a group that lets nothing out says so, unless rules of the cloud stay', () => {
  const rules = [rule({ portRangeMin: 443 })];
  expect(explainGroup(rules, 'Exact')).toMatchObject([{ text: expect.stringContaining('reach nothing') }]);
  expect(explainGroup(rules, 'Additive')).toMatchObject([{ text: expect.stringContaining('stay') }]);
});
