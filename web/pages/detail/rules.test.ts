import { describe, expect, it } from 'vitest';
import { openingsOf, type Rule } from './rules.ts';

const rule = (id: string, more: Partial<Rule> = {}): Rule => ({
  id,
  direction: 'ingress',
  ethertype: 'IPv4',
  protocol: 'tcp',
  port_range_min: 22,
  port_range_max: 22,
  remote_ip_prefix: null,
  remote_group_id: null,
  ...more,
});

describe('what a security group opens', () => {
  it('is told with ports and who is on the other side', () => {
    const rules = [
      rule('a', { remote_ip_prefix: '10.0.0.0/8', port_range_min: 8000, port_range_max: 8100 }),
      rule('b', { remote_group_id: 'web', port_range_min: null, port_range_max: null, protocol: null }),
      rule('c', { direction: 'egress' }),
    ];
    expect(openingsOf(rules, 'ingress')).toMatchObject([
      { id: 'b', protocol: undefined, ports: undefined, groupId: 'web', range: undefined, isOpenToAll: false },
      { id: 'a', protocol: 'TCP', ports: '8000–8100', range: '10.0.0.0/8', isOpenToAll: false },
    ]);
    expect(openingsOf(rules, 'egress')).toHaveLength(1);
  });

  it('begins with what is open to everybody, said or not said', () => {
    const rules = [
      rule('inner', { remote_ip_prefix: '10.0.0.0/8' }),
      rule('said', { remote_ip_prefix: '0.0.0.0/0', port_range_min: 443, port_range_max: 443 }),
      rule('unsaid', { ethertype: 'IPv6' }),
    ];
    expect(openingsOf(rules, 'ingress').map(({ id, isOpenToAll }) => [id, isOpenToAll])).toEqual([
      ['unsaid', true],
      ['said', true],
      ['inner', false],
    ]);
  });

  it('names the type of ICMP, and all ports as none', () => {
    expect(openingsOf([rule('a', { protocol: 'icmp', port_range_min: 8, port_range_max: 0 })], 'ingress')[0]?.ports).toBe('8/0');
    expect(openingsOf([rule('a', { port_range_min: 1, port_range_max: 65_535 })], 'ingress')[0]?.ports).toBeUndefined();
  });

  it('tells the same rule of two groups once', () => {
    expect(openingsOf([rule('a'), rule('b', { remote_ip_prefix: '0.0.0.0/0' })], 'ingress')).toHaveLength(1);
  });
});
