import type { SecurityGroup, SecurityGroupRule, Store } from '../store.ts';
import { toSeconds } from '../world.ts';
import { formatNetwork, parseCidr } from './ip.ts';

export function rulesOf(store: Store, groupId: string): SecurityGroupRule[] {
  return [...store.securityGroupRules.values()]
    .filter((rule) => rule.securityGroupId === groupId)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** A rule as the rules' own API shows it. */
export function ruleDocument(rule: SecurityGroupRule, group: SecurityGroup | undefined): Record<string, unknown> {
  const cidr = rule.remoteIpPrefix === null ? undefined : parseCidr(rule.remoteIpPrefix);
  return {
    id: rule.id,
    project_id: rule.projectId,
    tenant_id: rule.projectId,
    security_group_id: rule.securityGroupId,
    ethertype: rule.ethertype,
    direction: rule.direction,
    protocol: rule.protocol,
    port_range_min: rule.portRangeMin,
    port_range_max: rule.portRangeMax,
    remote_ip_prefix: rule.remoteIpPrefix,
    remote_address_group_id: null,
    // Host bits are kept in remote_ip_prefix and cleared only here.
    normalized_cidr: cidr ? formatNetwork(cidr) : null,
    remote_group_id: rule.remoteGroupId,
    belongs_to_default_sg: group?.name === 'default',
    description: rule.description,
    created_at: toSeconds(rule.createdAt),
    updated_at: toSeconds(rule.createdAt),
    revision_number: 0,
  };
}

/** A rule inside its group's document: with two fields more, and not knowing whether that is the default group. */
export function ruleInGroup(rule: SecurityGroupRule, group: SecurityGroup): Record<string, unknown> {
  const own = group.name === 'default' ? { belongs_to_default_sg: null } : {};
  return { ...ruleDocument(rule, group), ...own, standard_attr_id: Number.parseInt(rule.id.slice(0, 6), 16), tags: [] };
}
