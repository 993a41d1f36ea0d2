import { requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';
import { neutronCalls } from './calls.ts';

/** A rule cannot be changed, only removed and made anew; null means any. */
export interface SecurityGroupRule {
  id: string;
  security_group_id: string;
  project_id: string;
  tenant_id?: string;
  direction: 'ingress' | 'egress';
  ethertype: 'IPv4' | 'IPv6';
  /** A name, or a number as text. */
  protocol: string | null;
  /** The ICMP type for ICMP. */
  port_range_min: number | null;
  /** The ICMP code for ICMP. */
  port_range_max: number | null;
  remote_ip_prefix: string | null;
  remote_group_id: string | null;
  remote_address_group_id?: string | null;
  normalized_cidr?: string | null;
  description: string | null;
  created_at?: string;
  updated_at?: string;
  revision_number?: number;
}

export interface SecurityGroupRuleCreate {
  security_group_id: string;
  direction: 'ingress' | 'egress';
  ethertype?: 'IPv4' | 'IPv6';
  protocol?: string | null;
  port_range_min?: number | null;
  port_range_max?: number | null;
  remote_ip_prefix?: string | null;
  remote_group_id?: string | null;
  description?: string;
}

export const { list, get, create, remove } = neutronCalls<SecurityGroupRule, SecurityGroupRuleCreate, never>(
  'security-group-rules',
  'security_group_rule',
);

/** Creates all rules or none; one duplicate among them fails the lot (409). */
export function createAll(client: ServiceClient, rules: readonly SecurityGroupRuleCreate[]): Promise<SecurityGroupRule[]> {
  const options = { method: 'POST' as const, path: '/security-group-rules', body: { security_group_rules: rules } };
  return requestOne<SecurityGroupRule[]>(client, options, 'security_group_rules', 'list');
}
