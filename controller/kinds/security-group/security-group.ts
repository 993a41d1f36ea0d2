import type { Change, Kind, Resolve } from '#controller/engine/kind.ts';
import { declaredDescription, stampedDescription } from '#controller/inventory/stamp.ts';
import * as groups from '#controller/openstack/network/security-groups.ts';
import { candidatesOf } from '../candidates.ts';
import { bodyOf, concernsBelow, fieldChange, setAfter, setChanges } from '../changes.ts';
import { declareName, declareNeutronDescription, declareTags } from '../declaring.ts';
import type { CloudHandle } from '../handle.ts';
import { findOwned, nextDescription, STAMP_PATH, stampChange } from '../ownership.ts';
import type { CommonSpec } from '../policies.ts';
import { recordCreated, remove, writeNeutron } from '../writes.ts';
import { applyRules } from './apply-rules.ts';
import { declareRules } from './declare-rules.ts';
import { type DesiredRule, type DesiredRules, planRules } from './rule-plan.ts';
import { canonicalRule, type Rule } from './rules.ts';
import { securityGroupSpec } from './schema.ts';

export type RuleSpec = {
  readonly direction: 'ingress' | 'egress';
  readonly ethertype?: 'IPv4' | 'IPv6';
  readonly protocol?: string;
  readonly portRangeMin?: number;
  readonly portRangeMax?: number;
  readonly remoteIPPrefix?: string;
  readonly remoteGroupRef?: { readonly name: string };
  readonly description?: string;
};

export type SecurityGroupSpec = CommonSpec & {
  readonly name?: string;
  readonly description?: string;
  readonly stateful?: boolean;
  readonly rules?: readonly RuleSpec[];
  readonly rulesPolicy?: 'Exact' | 'Additive';
  readonly tags?: readonly string[];
};

export interface DesiredSecurityGroup {
  readonly uid: string;
  readonly name: string;
  readonly description?: string;
  readonly stateful?: boolean;
  /** Absent: not managed. */
  readonly rules?: DesiredRules;
  readonly tags?: readonly string[];
}

/** A Neutron security group with its rules. */
export const securityGroup: Kind<SecurityGroupSpec, DesiredSecurityGroup, groups.SecurityGroup, CloudHandle> = {
  kind: 'SecurityGroup',
  plural: 'securitygroups',
  shortNames: ['ossg'],
  description: 'A set of rules that say which traffic instances may have; what no rule allows is dropped.',
  spec: securityGroupSpec,
  status: { rules: { type: 'integer', description: 'How many rules it has in the cloud.' } },
  columns: [{ name: 'Rules', path: '.status.rules', type: 'integer' }],

  desire(spec, resolve) {
    return {
      uid: resolve.owner.uid,
      name: spec.name ?? resolve.owner.name,
      ...(spec.description !== undefined && { description: spec.description }),
      ...(spec.stateful !== undefined && { stateful: spec.stateful }),
      ...(spec.rules && { rules: desiredRules(spec.rules, spec.rulesPolicy, resolve) }),
      ...(spec.tags && { tags: spec.tags }),
    };
  },

  observe: (cloud, owner) => findOwned(cloud, 'security_group', 'security group', owner),

  diff(desired, observed) {
    const rules = desired.rules ? planRules(desired.rules, observed.security_group_rules) : [];
    const changes: Change[] = [
      ...stampChange('security_group', observed, desired.uid),
      ...fieldChange('spec.name', observed.name, desired.name),
      ...fieldChange('spec.description', declaredDescription(observed.description), desired.description),
      ...fieldChange('spec.stateful', observed.stateful ?? true, desired.stateful),
      ...rules.map((step) => step.change),
      ...setChanges('spec.tags', observed.tags ?? [], desired.tags),
    ];
    return { changes };
  },

  async create(cloud, desired) {
    const askedAt = Date.now();
    const made = await groups.create(cloud.client.network, {
      name: desired.name,
      description: stampedDescription(desired.description, desired.uid),
      ...(desired.stateful !== undefined && { stateful: desired.stateful }),
    });
    // Some clouds leave the default rules out of this answer. A group without any is read again before rules are compared.
    if (made.security_group_rules.length > 0) recordCreated(cloud, 'security_group', made, askedAt);
    return { id: made.id };
  },

  async update(cloud, desired, observed, changes) {
    const description = nextDescription(observed, desired.description, desired.uid);
    const body = bodyOf<groups.SecurityGroupUpdate>(changes, {
      [STAMP_PATH]: { description },
      'spec.name': { name: desired.name },
      'spec.description': { description },
      'spec.stateful': { stateful: desired.stateful },
    });
    const tags = concernsBelow(changes, 'spec.tags') ? setAfter('spec.tags', observed.tags ?? [], changes) : undefined;
    await writeNeutron(cloud, 'security_group', observed.id, groups, { body, tags });
    if (desired.rules) await applyRules(cloud, observed.id, planRules(desired.rules, observed.security_group_rules), changes);
  },

  delete: (cloud, observed) => remove(cloud, 'security_group', observed.id, () => groups.remove(cloud.client.network, observed.id)),

  async reread(cloud, id) {
    await cloud.inventory.reread('security_group', id);
  },

  listedAt: (cloud) => cloud.inventory.listedAt('security_group'),

  report: (observed) => ({ rules: observed.security_group_rules.length }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'security_group', filter),

  declare: (_cloud, observed, names) => ({
    ...declareName('SecurityGroup', observed.id, observed.name, names),
    ...declareNeutronDescription('security group', observed),
    ...(observed.stateful === false && { stateful: false }),
    ...declareRules(observed.security_group_rules, names),
    ...declareTags(observed.tags),
  }),
};

function desiredRules(
  declared: readonly RuleSpec[],
  policy: SecurityGroupSpec['rulesPolicy'],
  resolve: Resolve<CloudHandle>,
): DesiredRules {
  const rules: DesiredRule[] = [];
  const pending: Rule[] = [];
  for (const { remoteGroupRef, description, ...text } of declared) {
    const groupName = remoteGroupRef?.name;
    const remoteGroupId = groupName === undefined ? undefined : groupId(groupName, resolve);
    const rule = canonicalRule({ ...text, ...(remoteGroupId !== undefined && { remoteGroupId }) });
    if (groupName !== undefined && remoteGroupId === undefined) pending.push(rule);
    else rules.push({ rule, ...(description !== undefined && { description }), ...(groupName !== undefined && { groupName }) });
  }
  return { rules, pending, isExact: policy !== 'Additive' };
}

/** A group may name itself: before it is made it has no id, and afterwards its own. */
function groupId(name: string, resolve: Resolve<CloudHandle>): string | undefined {
  if (name === resolve.owner.name && resolve.owner.id !== undefined) return resolve.owner.id;
  return resolve.softId('SecurityGroup', name);
}
