import type { JsonSchema } from '#controller/engine/json.ts';
import { atMostOne, cidr, neutronDescription, reference, resourceName, tags } from '../fields.ts';

const port = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, maximum: 65_535, description });

const rule: JsonSchema = {
  type: 'object',
  required: ['direction'],
  properties: {
    direction: { type: 'string', enum: ['ingress', 'egress'], description: 'Traffic to (ingress) or from (egress) the instances.' },
    ethertype: { type: 'string', enum: ['IPv4', 'IPv6'], description: 'Default: IPv4.' },
    protocol: {
      type: 'string',
      maxLength: 16,
      pattern: '^[A-Za-z0-9-]+$',
      description: 'tcp, udp, icmp and so on, a number from 0 to 255, or any. Default: any.',
    },
    portRangeMin: port('First port; the type for ICMP.'),
    portRangeMax: port('Last port; the code for ICMP. Default: the first port; for ICMP any code.'),
    remoteIPPrefix: cidr('Who may be talked with, as 10.0.0.0/24. Default: everybody.'),
    remoteGroupRef: reference('SecurityGroup', 'Members of this group may be talked with. It may be the group itself.', { soft: true }),
    description: { type: 'string', maxLength: 255, description: 'Free text. A change of it alone removes the rule and makes it anew.' },
  },
  ...atMostOne('remoteIPPrefix', 'remoteGroupRef'),
};

export const securityGroupSpec: JsonSchema = {
  type: 'object',
  properties: {
    name: resourceName('security group', { canBeEmpty: true }),
    description: neutronDescription,
    stateful: {
      type: 'boolean',
      description: 'Whether answers are let through by themselves. Cannot be changed while a port uses the group.',
    },
    rules: {
      type: 'array',
      maxItems: 200,
      items: rule,
      description: 'What is let through. Not declared: the rules are left alone, those the cloud puts into new groups too.',
      'x-kubernetes-list-type': 'atomic',
    },
    rulesPolicy: {
      type: 'string',
      enum: ['Exact', 'Additive'],
      description:
        'Exact: rules that are not declared are removed, the default egress rules of the cloud too. Additive: they stay. Default: Exact.',
    },
    tags: tags(255),
  },
};
