import { describe, expect, it } from 'vitest';
import { OWNER_UID, real } from '../answers.fixture.ts';
import { ask, type Known, knownCloud } from '../inventory.fixture.ts';
import { type RuleSpec, type SecurityGroupSpec, securityGroup } from './security-group.ts';

const clusterRef = { name: 'main' };
/** What `real.securityGroup` holds, as people may declare it. */
const asItIs: RuleSpec[] = [
  { direction: 'egress' },
  { direction: 'egress', ethertype: 'IPv6' },
  { direction: 'ingress', protocol: 'tcp', portRangeMin: 22, remoteIPPrefix: '10.0.0.0/24' },
  { direction: 'ingress', protocol: 'tcp' },
  { direction: 'ingress', ethertype: 'IPv6', protocol: 'icmp', portRangeMin: 128, portRangeMax: 0 },
  { direction: 'ingress', protocol: 'tcp', portRangeMin: 80, remoteIPPrefix: '10.1.1.1/32' },
  { direction: 'ingress', ethertype: 'IPv6' },
  { direction: 'ingress', protocol: 'udp', remoteGroupRef: { name: 'self' } },
];
const others = new Set(real.securityGroup.security_group_rules.filter((rule) => isExtra(rule)).map((rule) => rule.id));
const observed = {
  ...real.securityGroup,
  security_group_rules: real.securityGroup.security_group_rules.filter((rule) => !others.has(rule.id)),
};

/** Rules of the recording that were sent to see which protocols Neutron knows. */
function isExtra(rule: (typeof real.securityGroup.security_group_rules)[number]): boolean {
  const isDefault = rule.protocol === null && rule.direction === 'egress';
  return (
    (rule.direction === 'egress' && !isDefault) ||
    (rule.protocol !== null && ['1', 'icmp'].includes(rule.protocol) && rule.ethertype === 'IPv4')
  );
}

function changes(spec: Omit<SecurityGroupSpec, 'clusterRef'>, known: Known = {}) {
  const { resolve } = ask({ uid: OWNER_UID, name: 'self', id: observed.id, ...known });
  const desired = securityGroup.desire({ clusterRef, name: observed.name, ...spec }, resolve);
  return securityGroup
    .diff(desired, observed)
    .changes.map(({ path, from, to }) => `${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`);
}

describe('rules', () => {
  it('do not differ when Neutron spells them its own way', () => {
    expect(changes({ rules: asItIs })).toEqual([]);
  });

  it('are left alone when none are declared', () => {
    expect(changes({})).toEqual([]);
  });

  it('that are declared and missing are named', () => {
    expect(changes({ rules: [...asItIs, { direction: 'ingress', protocol: 'tcp', portRangeMin: 443 }] })).toEqual([
      'spec.rules[ingress IPv4 tcp 443 0.0.0.0/0]: null -> "present"',
    ]);
  });

  it('that are not declared are surplus, the default egress rules too', () => {
    expect(changes({ rules: asItIs.slice(2) }).toSorted()).toEqual([
      'spec.rules[egress IPv4 any 0.0.0.0/0]: "present" -> null',
      'spec.rules[egress IPv6 any ::/0]: "present" -> null',
    ]);
  });

  it('that are not declared may stay', () => {
    expect(changes({ rules: asItIs.slice(5), rulesPolicy: 'Additive' })).toEqual([]);
  });

  it('differ by a declared description alone', () => {
    const [first, ...rest] = asItIs;
    expect(changes({ rules: [{ ...(first as RuleSpec), description: 'out' }, ...rest] })).toEqual([
      'spec.rules[egress IPv4 any 0.0.0.0/0].description: "" -> "out"',
    ]);
  });

  it('declared twice are one', () => {
    expect(changes({ rules: [...asItIs, { direction: 'ingress', protocol: '6' }] })).toEqual([]);
  });
});

describe('a group that is not there yet', () => {
  const rule: RuleSpec = { direction: 'ingress', protocol: 'udp', remoteGroupRef: { name: 'later' } };

  it('is waited for by its rule only', () => {
    const asked = ask({ uid: OWNER_UID, name: 'self', id: observed.id });
    const desired = securityGroup.desire({ clusterRef, rules: [...asItIs, rule] }, asked.resolve);
    expect(desired.rules?.rules).toHaveLength(asItIs.length);
    expect(asked.later).toEqual(['SecurityGroup/later']);
    expect(asked.waits).toEqual([]);
  });

  it('keeps rules that look like it from being removed', () => {
    expect(changes({ rules: [...asItIs.slice(0, -1), rule] })).toEqual([]);
  });
});

it('names itself by its own id once it has one', () => {
  const asked = ask({ name: 'self', id: 'g-1' });
  const desired = securityGroup.desire({ clusterRef, rules: [{ direction: 'ingress', remoteGroupRef: { name: 'self' } }] }, asked.resolve);
  expect(desired.rules?.rules[0]?.rule.remoteGroupId).toBe('g-1');
  expect(asked.later).toEqual([]);
});

it('is found by its id, and left alone when it carries another stamp', () => {
  const cloud = knownCloud({ security_group: [observed] });
  const owner = { uid: OWNER_UID, key: 'default/self', namespace: 'default', name: 'self', id: observed.id };
  expect(securityGroup.observe(cloud, owner)).toMatchObject({ found: 'one', id: observed.id });
  expect(securityGroup.observe(cloud, { ...owner, uid: 'another' })).toMatchObject({ found: 'foreign', id: observed.id });
});
