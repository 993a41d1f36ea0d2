import { declaredDescription } from '#controller/inventory/stamp.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as rules from '#controller/openstack/network/security-group-rules.ts';
import * as groups from '#controller/openstack/network/security-groups.ts';
import type { KindCase } from '../kind-case.ts';

const put = (changes: groups.SecurityGroupUpdate) => async (cloud: Cloud, id: string) => {
  await groups.update(cloud.network, id, changes);
};

async function rule(cloud: Cloud, id: string, fits: (rule: rules.SecurityGroupRule) => boolean): Promise<rules.SecurityGroupRule> {
  const found = (await groups.get(cloud.network, id)).security_group_rules.find(fits);
  if (!found) throw new Error(`security group ${id} has no such rule`);
  return found;
}

const isHttps = (one: rules.SecurityGroupRule) => one.port_range_min === 443;

async function add(cloud: Cloud, id: string, more: Partial<rules.SecurityGroupRuleCreate>): Promise<void> {
  await rules.create(cloud.network, { security_group_id: id, direction: 'ingress', ethertype: 'IPv4', ...more });
}

export const securityGroupCase: KindCase = {
  kind: 'SecurityGroup',
  manifest: 'security-group.yaml',
  object: 'example',
  needs: [],
  mutations: [
    { name: 'is renamed', change: put({ name: 'renamed' }), path: 'spec.name', declared: 'example-group', observed: 'renamed' },
    {
      name: 'gets another description',
      async change(cloud, id) {
        const { description } = await groups.get(cloud.network, id);
        await groups.update(cloud.network, id, { description: description.replace(declaredDescription(description), 'Changed') });
      },
      path: 'spec.description',
      declared: 'Web servers that know each other',
      observed: 'Changed',
    },
    {
      name: 'loses our stamp',
      async change(cloud, id) {
        const { description } = await groups.get(cloud.network, id);
        await groups.update(cloud.network, id, { description: declaredDescription(description) });
      },
      path: 'metadata.uid',
      observed: null,
    },
    { name: 'becomes stateless', change: put({ stateful: false }), path: 'spec.stateful', declared: true, observed: false },
    {
      name: 'gets a rule',
      change: (cloud, id) => add(cloud, id, { protocol: 'tcp', port_range_min: 22, port_range_max: 22 }),
      path: 'spec.rules[ingress IPv4 tcp 22 0.0.0.0/0]',
      declared: null,
      observed: 'present',
    },
    {
      name: 'loses a rule',
      change: async (cloud, id) => rules.remove(cloud.network, (await rule(cloud, id, isHttps)).id),
      path: 'spec.rules[ingress IPv4 tcp 443 0.0.0.0/0]',
      declared: 'present',
      observed: null,
    },
    {
      name: 'has a rule with another description',
      async change(cloud, id) {
        await rules.remove(cloud.network, (await rule(cloud, id, isHttps)).id);
        await add(cloud, id, { protocol: 'tcp', port_range_min: 443, port_range_max: 443, description: 'Changed' });
      },
      path: 'spec.rules[ingress IPv4 tcp 443 0.0.0.0/0].description',
      declared: 'HTTPS',
      observed: 'Changed',
    },
    {
      name: 'loses the rule about itself',
      change: async (cloud, id) => rules.remove(cloud.network, (await rule(cloud, id, (one) => one.remote_group_id === id)).id),
      path: 'spec.rules[ingress IPv4 udp 5353 group example]',
      declared: 'present',
      observed: null,
    },
    {
      name: 'loses a default rule that is declared',
      change: async (cloud, id) =>
        rules.remove(cloud.network, (await rule(cloud, id, (one) => one.direction === 'egress' && one.ethertype === 'IPv6')).id),
      path: 'spec.rules[egress IPv6 any ::/0]',
      declared: 'present',
      observed: null,
    },
    {
      name: 'gets a tag',
      change: (cloud, id) => groups.replaceTags(cloud.network, id, ['example', 'red']),
      path: 'spec.tags[red]',
      declared: null,
      observed: 'red',
    },
  ],
  edits: [
    {
      name: 'another name',
      spec: { name: 'other' },
      read: async (cloud, id) => (await groups.get(cloud.network, id)).name,
      expected: 'other',
    },
    {
      name: 'one rule, in another spelling',
      spec: { rules: [{ direction: 'ingress', protocol: '6', portRangeMin: 443, portRangeMax: 443 }] },
      read: async (cloud, id) =>
        (await groups.get(cloud.network, id)).security_group_rules.map((one) => [one.protocol, one.port_range_min]),
      expected: [['tcp', 443]],
    },
    {
      name: 'rules beside those that are there',
      spec: { rulesPolicy: 'Additive', rules: [{ direction: 'egress', protocol: 'udp', remoteIPPrefix: '10.9.9.9/24' }] },
      read: async (cloud, id) => (await groups.get(cloud.network, id)).security_group_rules.map((one) => String(one.protocol)).toSorted(),
      expected: ['tcp', 'udp'],
    },
    {
      name: 'none at all',
      spec: { rulesPolicy: 'Exact', rules: [] },
      read: async (cloud, id) => (await groups.get(cloud.network, id)).security_group_rules,
      expected: [],
    },
  ],
};
