import type { JsonObject, JsonSchema } from '#controller/engine/json.ts';
import { canonicalRule, observedRule, type Rule, type RuleText, ruleKey, ruleLabel } from '#controller/kinds/security-group/rules.ts';
import * as rules from '#controller/openstack/network/security-group-rules.ts';
import type { Action, Obstacle } from '../action.ts';
import { type AnyRun, change, orGone } from '../deeds.ts';
import { given } from '../fields.ts';
import { idInput, inputOf } from '../input.ts';
import { cidrInput } from '../network/neutron.ts';
import { firstOf, notFound, undeclarable } from '../obstacles.ts';
import { type GroupLook, ours } from './group.ts';

interface NewRule {
  readonly direction: 'ingress' | 'egress';
  readonly ethertype?: 'IPv4' | 'IPv6';
  readonly protocol?: string;
  readonly portRangeMin?: number;
  readonly portRangeMax?: number;
  readonly remoteIPPrefix?: string;
  readonly remoteGroupId?: string;
  readonly description?: string;
}

const port = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, maximum: 65_535, description });

export const addSecurityGroupRule: Action<'security_group', NewRule> = {
  name: 'securityGroup.addRule',
  type: 'security_group',
  target: 'one',
  permission: 'securityGroup.change',
  summary: 'Let some traffic through',
  input: inputOf(
    {
      direction: { type: 'string', enum: ['ingress', 'egress'], description: 'Traffic to (ingress) or from (egress) the instances.' },
      ethertype: { type: 'string', enum: ['IPv4', 'IPv6'], description: 'Default: IPv4.' },
      protocol: {
        type: 'string',
        maxLength: 16,
        pattern: '^[A-Za-z0-9-]+$',
        description: 'tcp, udp, icmp and so on, or a number. Default: any.',
      },
      portRangeMin: port('First port; the type for ICMP.'),
      portRangeMax: port('Last port; the code for ICMP. Default: the first port; for ICMP any code.'),
      remoteIPPrefix: cidrInput('Who may be talked with, as 10.0.0.0/24. Default: everybody.'),
      remoteGroupId: idInput('Id of a security group whose members may be talked with.'),
      description: { type: 'string', maxLength: 255, description: 'Free text.' },
    },
    'direction',
  ),
  danger: 'none',
  obstacle: (look, input) => firstOf(ours(look), input && wrongRule(look, input)),
  effects: (look, input) => ({
    changes: [{ path: `spec.rules[${labelOf(look, canonicalRule(input))}]`, from: null, to: 'present' }],
    takesAlong: [],
  }),
  declares(look, { remoteGroupId, ...rule }) {
    const declared = rulesOf(look);
    if (declared === undefined) return undefined;
    const name = remoteGroupId === undefined ? undefined : look.declared?.nameOf('security_group', remoteGroupId);
    return { rules: [...declared, { ...given(rule), ...(name !== undefined && { remoteGroupRef: { name } }) }] };
  },
  async run(run, input) {
    const isDone = async () => sameRule(await rowsOf(run), input) !== undefined;
    await change(
      run,
      'Add rule',
      { type: 'security_group', id: run.id },
      () => rules.create(run.cloud.network, bodyOf(run.id, input)),
      isDone,
    );
    const made = sameRule(await rowsOf(run), input);
    return made && { data: { ruleId: made.id } };
  },
};

export const removeSecurityGroupRule: Action<'security_group', { readonly ruleId: string }> = {
  name: 'securityGroup.removeRule',
  type: 'security_group',
  target: 'one',
  permission: 'securityGroup.change',
  summary: 'Take a rule away',
  input: inputOf({ ruleId: idInput('Id of the rule.') }, 'ruleId'),
  danger: 'interrupts',
  obstacle(look, input) {
    const isUnknown = input !== undefined && ruleOf(look, input.ruleId) === undefined;
    const none = look.target.security_group_rules.length === 0;
    return firstOf(
      ours(look),
      none ? { reason: 'NoRule', message: 'It has no rules.' } : undefined,
      isUnknown
        ? { reason: 'NotFound', field: 'ruleId', message: `The group has no rule ${input.ruleId}; take the id of one that is listed.` }
        : undefined,
    );
  },
  effects(look, { ruleId }) {
    const rule = ruleOf(look, ruleId);
    const label = rule ? labelOf(look, observedRule(rule)) : ruleId;
    return {
      changes: [{ path: `spec.rules[${label}]`, from: 'present', to: null }],
      takesAlong: [],
      loses: `What the rule ${label} lets through.`,
    };
  },
  declares(look, { ruleId }) {
    const declared = rulesOf(look);
    const rule = ruleOf(look, ruleId);
    if (declared === undefined || rule === undefined) return undefined;
    const key = ruleKey(observedRule(rule));
    const kept = declared.filter((one) => keyOfDeclared(look, one) !== key);
    // One that nobody declared can only be there where surplus stays; it is no matter of the declaration.
    return kept.length === declared.length ? undefined : { rules: kept };
  },
  async run(run, { ruleId }) {
    await change(run, 'Remove rule', { type: 'security_group', id: run.id }, () => orGone(rules.remove(run.cloud.network, ruleId)));
    return undefined;
  },
};

/** As people write it; a group by its name. */
function labelOf({ inventory }: GroupLook, rule: Rule): string {
  return ruleLabel(rule, (id) => inventory.get('security_group', id)?.name);
}

function wrongRule(look: GroupLook, input: NewRule): Obstacle | undefined {
  const { remoteGroupId, remoteIPPrefix, portRangeMin: min, portRangeMax: max, protocol } = input;
  if (remoteGroupId !== undefined && remoteIPPrefix !== undefined)
    return { reason: 'Contradiction', field: 'remoteIPPrefix', message: 'remoteIPPrefix and remoteGroupId exclude each other; give one.' };
  const missing = notFound(look.inventory, 'security_group', remoteGroupId, 'remoteGroupId');
  if (missing) return missing;
  if ((min !== undefined || max !== undefined) && protocol === undefined)
    return { reason: 'Missing', field: 'protocol', message: 'Ports need a protocol, such as tcp or udp.' };
  if (sameRule(look.target.security_group_rules, input)) return { reason: 'Same', message: 'The group has this rule already.' };
  const isUnnamed =
    remoteGroupId !== undefined && rulesOf(look) !== undefined && look.declared?.nameOf('security_group', remoteGroupId) === undefined;
  return isUnnamed ? undeclarable('remoteGroupId', 'that group') : undefined;
}

function bodyOf(groupId: string, input: NewRule): rules.SecurityGroupRuleCreate {
  const { portRangeMin: min, portRangeMax: max, protocol } = input;
  // One port is a range of one; of ICMP the two are type and code.
  const isIcmp = protocol !== undefined && /icmp|^1$|^58$/i.test(protocol);
  const last = max ?? (isIcmp ? undefined : min);
  return {
    security_group_id: groupId,
    direction: input.direction,
    ethertype: input.ethertype ?? 'IPv4',
    ...(protocol !== undefined && protocol.toLowerCase() !== 'any' && { protocol }),
    ...(min !== undefined && { port_range_min: min }),
    ...(last !== undefined && { port_range_max: last }),
    ...(input.remoteIPPrefix !== undefined && { remote_ip_prefix: input.remoteIPPrefix }),
    ...(input.remoteGroupId !== undefined && { remote_group_id: input.remoteGroupId }),
    ...(input.description !== undefined && { description: input.description }),
  };
}

function sameRule(rows: readonly rules.SecurityGroupRule[], input: NewRule): rules.SecurityGroupRule | undefined {
  const key = ruleKey(canonicalRule(input));
  return rows.find((row) => ruleKey(observedRule(row)) === key);
}

async function rowsOf(run: AnyRun & { readonly id: string }): Promise<readonly rules.SecurityGroupRule[]> {
  return (await run.inventory.reread('security_group', run.id))?.security_group_rules ?? [];
}

function ruleOf({ target }: GroupLook, id: string): rules.SecurityGroupRule | undefined {
  return target.security_group_rules.find((rule) => rule.id === id);
}

function rulesOf({ declared }: GroupLook): readonly JsonObject[] | undefined {
  const list = declared?.spec['rules'];
  return Array.isArray(list) ? (list as readonly JsonObject[]) : undefined;
}

/** A declared rule names its group by its object. */
function keyOfDeclared({ declared, inventory }: GroupLook, { remoteGroupRef, ...rule }: JsonObject): string {
  const name = (remoteGroupRef as { readonly name?: string } | undefined)?.name;
  const group =
    name === undefined ? undefined : [...inventory.all('security_group')].find(({ id }) => declared?.nameOf('security_group', id) === name);
  return ruleKey(canonicalRule({ ...(rule as unknown as RuleText), ...(group && { remoteGroupId: group.id }) }));
}
