import type { JsonObject } from '#controller/engine/json.ts';
import type { Names } from '#controller/engine/kind.ts';
import type { SecurityGroupRule } from '#controller/openstack/network/security-group-rules.ts';
import { ICMP_PROTOCOLS, observedRule, type Rule, ruleBody, ruleKey } from './rules.ts';

/**
 * All rules of a group as people write them, each once however often it is stored. Rules about a group no object stands for, or about
 * an address group, cannot be written: then the rest is declared without claiming to be all.
 */
export function declareRules(observed: readonly SecurityGroupRule[], names: Names): JsonObject {
  const rules = [...Map.groupBy(observed, (rule) => ruleKey(observedRule(rule))).values()].map((same) => declareRule(same, names));
  const known = rules.filter((rule) => rule !== undefined);
  return { rules: known, ...(known.length < rules.length && { rulesPolicy: 'Additive' }) };
}

function declareRule(same: readonly SecurityGroupRule[], names: Names): JsonObject | undefined {
  const [first] = same;
  if (first === undefined) return undefined;
  const rule = observedRule(first);
  const groupName = rule.remoteGroupId === null ? undefined : names.nameOf('SecurityGroup', rule.remoteGroupId);
  if (rule.remoteAddressGroupId !== null || (rule.remoteGroupId !== null && groupName === undefined)) return undefined;
  const { protocol } = ruleBody(rule);
  const description = same.map((one) => one.description ?? '').find((text) => text !== '');
  return {
    direction: rule.direction,
    ...(rule.ethertype !== 'IPv4' && { ethertype: rule.ethertype }),
    ...(protocol !== null && { protocol }),
    ...declarePorts(rule),
    ...(rule.remoteIPPrefix !== null && { remoteIPPrefix: rule.remoteIPPrefix }),
    ...(groupName !== undefined && { remoteGroupRef: { name: groupName } }),
    ...(description !== undefined && { description }),
  };
}

/** One port needs no range; of ICMP the second number is the code, and its absence means any. */
function declarePorts({ protocol, portRangeMin: min, portRangeMax: max }: Rule): JsonObject {
  const isImplied = max === min && (protocol === null || !ICMP_PROTOCOLS.has(protocol));
  return { ...(min !== null && { portRangeMin: min }), ...(max !== null && !isImplied && { portRangeMax: max }) };
}
