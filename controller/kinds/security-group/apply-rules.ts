import type { Change } from '#controller/engine/kind.ts';
import type { ServiceClient } from '#controller/openstack/cloud.ts';
import { isDuplicate, isNotFound } from '#controller/openstack/errors.ts';
import { createAll, remove, type SecurityGroupRuleCreate } from '#controller/openstack/network/security-group-rules.ts';
import { concerns } from '../changes.ts';
import type { CloudHandle } from '../handle.ts';
import type { RuleStep } from './rule-plan.ts';
import { ruleBody } from './rules.ts';

/**
 * Carries out the steps that `changes` allows: first what is missing, in one request that takes all or none, then new descriptions,
 * then what is surplus. Nothing is removed when a create failed, so a group never lets less through than both old and new want.
 */
export async function applyRules(
  cloud: CloudHandle,
  groupId: string,
  steps: readonly RuleStep[],
  changes: readonly Change[],
): Promise<void> {
  const allowed = steps.filter((step) => concerns(changes, step.change.path));
  if (allowed.length === 0) return;
  const client = cloud.client.network;
  try {
    await createMissing(client, groupId, allowed);
    await describeAnew(client, groupId, allowed);
    for (const step of allowed) if (step.step === 'remove') await removeAll(client, step.ids);
  } catch (error) {
    await lookAgain(cloud, groupId).catch(() => undefined);
    // The group has the rule already in a spelling we had not seen: the next pass compares with what it really holds.
    if (isDuplicate(error)) return;
    throw error;
  }
  await lookAgain(cloud, groupId);
}

async function lookAgain(cloud: CloudHandle, groupId: string): Promise<void> {
  cloud.inventory.wrote('security_group', groupId);
  await cloud.inventory.reread('security_group', groupId);
}

async function createMissing(client: ServiceClient, groupId: string, steps: readonly RuleStep[]): Promise<void> {
  const missing = steps.flatMap((step) => (step.step === 'create' ? [bodyFor(groupId, step)] : []));
  if (missing.length > 0) await createAll(client, missing);
}

/** Neutron counts a rule with another description as the same rule, so the old one has to go first. */
async function describeAnew(client: ServiceClient, groupId: string, steps: readonly RuleStep[]): Promise<void> {
  for (const step of steps) {
    if (step.step !== 'describe') continue;
    await removeAll(client, step.ids);
    await createAll(client, [bodyFor(groupId, step)]);
  }
}

const bodyFor = (groupId: string, step: Exclude<RuleStep, { step: 'remove' }>): SecurityGroupRuleCreate => ({
  security_group_id: groupId,
  description: step.description,
  ...ruleBody(step.rule),
});

async function removeAll(client: ServiceClient, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      await remove(client, id);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
