import { neutronCalls } from './calls.ts';
import type { SecurityGroupRule } from './security-group-rules.ts';

export interface SecurityGroup {
  id: string;
  name: string;
  description: string;
  project_id: string;
  tenant_id?: string;
  stateful?: boolean;
  shared?: boolean;
  security_group_rules: SecurityGroupRule[];
  tags?: string[];
  created_at?: string;
  updated_at?: string;
  revision_number?: number;
}

export interface SecurityGroupUpdate {
  name?: string;
  description?: string;
  /** Refused (409) while a port uses the group. */
  stateful?: boolean;
}

export interface SecurityGroupCreate extends SecurityGroupUpdate {
  name: string;
}

/** A new group comes with the cloud's default rules, and its create answer may leave them out: list the rules to know. */
export const { list, get, create, update, remove, replaceTags } = neutronCalls<SecurityGroup, SecurityGroupCreate, SecurityGroupUpdate>(
  'security-groups',
  'security_group',
);
