import type { JsonSchema } from '#controller/engine/json.ts';
import { declaredDescription } from '#controller/inventory/stamp.ts';
import * as groups from '#controller/openstack/network/security-groups.ts';
import type { Action, Look, Obstacle } from '../action.ts';
import { madeOne } from '../deeds.ts';
import { changeOf, given, makes, onlyChanges } from '../fields.ts';
import { flagInput, inputOf, nameInput, neutronDescriptionInput, tagsInput } from '../input.ts';
import { createNeutron, editNeutron, portCalled, removeNeutron } from '../network/neutron.ts';
import { firstOf, foreign, listed } from '../obstacles.ts';

export type GroupLook = Look<'security_group'>;

interface Fields {
  readonly name?: string;
  readonly description?: string;
  readonly stateful?: boolean;
  readonly tags?: readonly string[];
}

const fields: Record<string, JsonSchema> = {
  name: nameInput('security group'),
  description: neutronDescriptionInput,
  stateful: flagInput('Whether answers are let through by themselves.'),
  tags: tagsInput,
};

const bodyOf = ({ name, description, stateful }: Fields) => given({ name, description, stateful });

export const ours = (look: GroupLook): Obstacle | undefined => foreign(look, look.target.project_id, 'security group');

export const createSecurityGroup: Action<'security_group', Fields & { readonly name: string }> = {
  name: 'securityGroup.create',
  type: 'security_group',
  target: 'none',
  permission: 'securityGroup.change',
  summary: 'Create a security group that lets everything out and nothing in',
  input: inputOf(fields, 'name'),
  danger: 'none',
  obstacle: ({ inventory }, input) => input && taken(inventory, input.name),
  effects: (_look, input) => makes(input),
  async run(run, input) {
    const wanted = { body: { ...bodyOf(input), name: input.name }, tags: input.tags, narrow: { name: input.name } };
    const made = await createNeutron(run, 'security_group', groups, wanted);
    // Its default rules may be missing from the answer.
    await run.inventory.reread('security_group', made.id);
    return madeOne('security_group', made);
  },
};

/** Nova takes groups by name, and builds no server of a project where two share one. */
function taken(inventory: GroupLook['inventory'], name: string | undefined): Obstacle | undefined {
  const own = name === undefined ? [] : inventory.byName('security_group', name).filter((row) => row.project_id === inventory.projectId);
  if (own.length === 0) return undefined;
  return {
    reason: 'NameTaken',
    field: 'name',
    message: `There is a group ${name} already, and with two of a name no instance can be built; choose another.`,
  };
}

export const editSecurityGroup: Action<'security_group', Fields> = {
  name: 'securityGroup.edit',
  type: 'security_group',
  target: 'one',
  permission: 'securityGroup.change',
  summary: 'Change name, description, statefulness and tags',
  input: inputOf(fields),
  danger: 'none',
  obstacle(look, input) {
    const { target, inventory } = look;
    const isRenamed = input?.name !== undefined && input.name !== target.name;
    return firstOf(
      ours(look),
      isRenamed && target.name === 'default'
        ? { reason: 'DefaultGroup', field: 'name', message: 'The default group keeps its name.' }
        : undefined,
      isRenamed ? taken(inventory, input.name) : undefined,
      input?.stateful !== undefined && input.stateful !== target.stateful ? portsWith(look, 'stateful') : undefined,
    );
  },
  effects: ({ target }, input) =>
    onlyChanges(
      changeOf('name', target.name, input.name),
      changeOf('description', declaredDescription(target.description), input.description),
      changeOf('stateful', target.stateful, input.stateful),
      changeOf('tags', target.tags ?? [], input.tags),
    ),
  declares: (_look, input) => given(input),
  run: (run, input) => editNeutron(run, 'security_group', groups, { body: bodyOf(input), tags: input.tags }),
};

export const deleteSecurityGroup: Action<'security_group', object> = {
  name: 'securityGroup.delete',
  type: 'security_group',
  target: 'one',
  permission: 'securityGroup.delete',
  summary: 'Delete the security group with its rules',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: (look) =>
    firstOf(
      ours(look),
      look.target.name === 'default'
        ? { reason: 'DefaultGroup', message: 'It is the default group of the project; the cloud always keeps one.' }
        : undefined,
      portsWith(look),
    ),
  effects({ target, inventory }) {
    const others = [...inventory.all('security_group')].filter(
      (group) => group.id !== target.id && group.security_group_rules.some((rule) => rule.remote_group_id === target.id),
    );
    const rules = target.security_group_rules.length;
    return {
      changes: [],
      takesAlong: others.map(({ id, name }) => ({ type: 'security_group' as const, id, name, what: 'loses its rules about this group' })),
      loses: `The group and its ${rules === 1 ? 'rule' : `${rules} rules`}.`,
    };
  },
  async run(run) {
    const naming = [...run.inventory.all('security_group')].filter((group) =>
      group.security_group_rules.some((rule) => rule.remote_group_id === run.id && group.id !== run.id),
    );
    await removeNeutron(run, 'security_group', groups);
    await Promise.all(naming.map(({ id }) => run.inventory.reread('security_group', id)));
    return undefined;
  },
};

function portsWith({ target, inventory }: GroupLook, field?: string): Obstacle | undefined {
  const ports = [...inventory.all('port')].filter((port) => port.security_groups.includes(target.id));
  if (ports.length === 0) return undefined;
  const message = `Ports use it: ${listed(ports.map((port) => portCalled(inventory, port)))}. Take it off them first.`;
  return { reason: 'InUse', message, ...(field !== undefined && { field }) };
}
