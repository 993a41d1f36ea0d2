import type { Change } from '#controller/engine/kind.ts';
import type { SecurityGroupRule } from '#controller/openstack/network/security-group-rules.ts';
import { elementPath } from '../changes.ts';
import { observedRule, type Rule, ruleKey, ruleLabel } from './rules.ts';

/** A rule the group should have. */
export interface DesiredRule {
  readonly rule: Rule;
  /** Not declared: left alone. */
  readonly description?: string;
  /** How the spec calls the remote group. */
  readonly groupName?: string;
}

export interface DesiredRules {
  readonly rules: readonly DesiredRule[];
  /** Declared rules whose remote group is not there yet, without it: nothing can be created for them, and what looks like them stays. */
  readonly pending: readonly Rule[];
  /** Whether rules that are not declared are removed. */
  readonly isExact: boolean;
}

/** What to do about one rule, and the difference it closes. */
export type RuleStep =
  | { readonly step: 'create'; readonly change: Change; readonly rule: Rule; readonly description: string }
  | {
      readonly step: 'describe';
      readonly change: Change;
      readonly rule: Rule;
      readonly description: string;
      readonly ids: readonly string[];
    }
  | { readonly step: 'remove'; readonly change: Change; readonly ids: readonly string[] };

const FIELD = 'spec.rules';

/** Compares the rules by what they mean; a rule stored in several spellings counts once. Pure. */
export function planRules(desired: DesiredRules, observed: readonly SecurityGroupRule[]): RuleStep[] {
  const there = Map.groupBy(observed, (rule) => ruleKey(observedRule(rule)));
  const wanted = new Map(desired.rules.map((one) => [ruleKey(one.rule), one]));
  const names = new Map(
    desired.rules.flatMap(({ rule, groupName }) => (rule.remoteGroupId && groupName ? [[rule.remoteGroupId, groupName]] : [])),
  );
  const path = (rule: Rule) =>
    elementPath(
      FIELD,
      ruleLabel(rule, (id) => names.get(id)),
    );

  const declared = [...wanted].flatMap(([key, one]) => declaredStep(one, there.get(key), path(one.rule)));
  if (!desired.isExact) return declared;
  const spared = new Set(desired.pending.map((rule) => ruleKey(rule)));
  const surplus = [...there].flatMap(([key, rules]): RuleStep[] => {
    const [first] = rules;
    if (wanted.has(key) || first === undefined) return [];
    const rule = observedRule(first);
    if (rule.remoteGroupId !== null && spared.has(ruleKey({ ...rule, remoteGroupId: null }))) return [];
    return [{ step: 'remove', change: { path: path(rule), from: 'present', to: null }, ids: rules.map((one) => one.id) }];
  });
  return [...declared, ...surplus];
}

function declaredStep({ rule, description }: DesiredRule, there: readonly SecurityGroupRule[] | undefined, path: string): RuleStep[] {
  if (!there) return [{ step: 'create', change: { path, from: null, to: 'present' }, rule, description: description ?? '' }];
  if (description === undefined || there.some((one) => (one.description ?? '') === description)) return [];
  const change: Change = { path: `${path}.description`, from: there[0]?.description ?? '', to: description };
  return [{ step: 'describe', change, rule, description, ids: there.map((one) => one.id) }];
}
