import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import type { RouteTable } from '../routes.ts';
import type { SecurityGroupRule } from '../store.ts';
import { type Attributes, oneOf, readBody, text, uuid } from './attributes.ts';
import { refuse } from './errors.ts';
import { type Collection, listAnswer } from './listing.ts';
import { protocolNumber } from './protocols.ts';
import { reserve } from './quotas.ts';
import { canonicalRule, ethertype, portNumber, prefix, protocol } from './rule-checks.ts';
import { ruleDocument, rulesOf } from './rule-document.ts';
import { findGroup } from './security-groups.ts';
import { isVisible, touch } from './standard.ts';

export const securityGroupRuleRoutes: RouteTable = {
  'GET /security-group-rules': listRules,
  'POST /security-group-rules': createRules,
  'GET /security-group-rules/:id': (call) => ({ status: 200, body: { security_group_rule: document(call, findRule(call)) } }),
  'DELETE /security-group-rules/:id': deleteRule,
  'GET /default-security-group-rules': () => ({ status: 200, body: { default_security_group_rules: defaultRuleTemplates } }),
};

const nullable =
  (convert: (value: unknown, name: string) => unknown) =>
  (value: unknown, name: string): unknown =>
    value === null ? null : convert(value, name);

const attributes: Attributes = {
  security_group_id: { convert: uuid, required: true, put: false },
  direction: { convert: oneOf(['ingress', 'egress']), required: true, put: false },
  ethertype: { convert: ethertype, put: false },
  protocol: { convert: protocol, put: false },
  port_range_min: { convert: nullable(portNumber), put: false },
  port_range_max: { convert: nullable(portNumber), put: false },
  remote_ip_prefix: { convert: nullable(prefix), put: false },
  remote_group_id: { convert: nullable(uuid), put: false },
  remote_address_group_id: { convert: nullable(uuid), put: false },
  description: { convert: nullable(text) },
};

const collection: Collection = {
  plural: 'security_group_rules',
  path: 'security-group-rules',
  notFound: ruleNotFound,
  filters: ['id', 'tenant_id', 'project_id', 'revision_number', 'normalized_cidr', 'belongs_to_default_sg', ...Object.keys(attributes)],
};

function ruleNotFound(id: string): never {
  return refuse(404, 'SecurityGroupRuleNotFound', `Security group rule ${id} does not exist`);
}

function findRule(call: ScopedCall): SecurityGroupRule {
  const rule = call.store.securityGroupRules.get(call.params.id ?? '');
  return rule && isVisible(call, rule) ? rule : ruleNotFound(call.params.id ?? '');
}

function document(call: ScopedCall, rule: SecurityGroupRule): Record<string, unknown> {
  return ruleDocument(rule, call.store.securityGroups.get(rule.securityGroupId));
}

function listRules(call: ScopedCall): Answer {
  const rows = [...call.store.securityGroupRules.values()].filter((rule) => isVisible(call, rule));
  return listAnswer(
    call,
    collection,
    rows.map((rule) => document(call, rule)),
  );
}

/** One rule, or several of one group: all of them or none. */
function createRules(call: ScopedCall): Answer {
  const rows = readBody(call, 'security_group_rule', attributes);
  const isBulk = isRecord(call.body) && Array.isArray(call.body.security_group_rules);
  const wanted = rows.map((given) => canonicalRule(call, given));
  if (new Set(wanted.map(({ securityGroupId }) => securityGroupId)).size > 1)
    refuse(400, 'SecurityGroupNotSingleGroupRules', 'Only allowed to update rules for one security profile at a time');
  const group = findGroup(call, wanted[0]?.securityGroupId ?? '');
  if (new Set(wanted.map(duplicateKey)).size < wanted.length)
    refuse(409, 'DuplicateSecurityGroupRuleInPost', 'Duplicate Security Group Rule in POST.');
  const existing = new Map(rulesOf(call.store, group.id).map((rule) => [duplicateKey(rule), rule.id]));
  for (const rule of wanted) {
    const twin = existing.get(duplicateKey(rule));
    if (twin !== undefined) refuse(409, 'SecurityGroupRuleExists', `Security group rule already exists. Rule id is ${twin}.`);
  }
  reserve(call.world, call.token.projectId, 'security_group_rule', wanted.length);
  const made = wanted.map(
    (rule): SecurityGroupRule => ({ ...rule, id: call.world.random.uuid(), projectId: group.projectId, createdAt: call.world.clock.now() }),
  );
  for (const rule of made) {
    call.store.securityGroupRules.set(rule.id, rule);
    touch(call.world, group);
  }
  const documents = made.map((rule) => document(call, rule));
  return { status: 201, body: isBulk ? { security_group_rules: documents } : { security_group_rule: documents[0] } };
}

/** Two rules with the same key are one for Neutron: protocols by number, `0.0.0.0/0` like none, descriptions left out, host bits not. */
function duplicateKey(rule: Omit<SecurityGroupRule, 'id' | 'projectId' | 'createdAt'>): string {
  const everywhere = rule.remoteIpPrefix === '0.0.0.0/0' || rule.remoteIpPrefix === '::/0';
  return JSON.stringify([
    rule.direction,
    rule.ethertype,
    protocolNumber(rule.protocol),
    rule.portRangeMin,
    rule.portRangeMax,
    everywhere ? null : rule.remoteIpPrefix,
    rule.remoteGroupId,
  ]);
}

function deleteRule(call: ScopedCall): Answer {
  const rule = findRule(call);
  call.store.securityGroupRules.delete(rule.id);
  const group = call.store.securityGroups.get(rule.securityGroupId);
  if (group) touch(call.world, group);
  return { status: 204 };
}

const defaultRuleTemplates = (['ingress', 'egress'] as const).flatMap((direction) =>
  (['IPv4', 'IPv6'] as const).map((type, index) => ({
    id: `0611d47c-5bdc-4fe0-9dbd-${direction === 'ingress' ? '0' : '1'}0000000000${index}`,
    ethertype: type,
    direction,
    protocol: null,
    port_range_min: null,
    port_range_max: null,
    remote_ip_prefix: null,
    remote_address_group_id: null,
    remote_group_id: direction === 'ingress' ? 'PARENT' : null,
    description: `Legacy default SG rule for ${direction} traffic`,
    used_in_default_sg: true,
    used_in_non_default_sg: direction === 'egress',
  })),
);
