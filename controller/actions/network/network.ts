import { declaredDescription } from '#controller/inventory/stamp.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import type { Action, Look } from '../action.ts';
import { madeOne } from '../deeds.ts';
import { changeOf, given, makes, onlyChanges } from '../fields.ts';
import { flagInput, inputOf, nameInput, neutronDescriptionInput, tagsInput } from '../input.ts';
import { firstOf, foreign, listed } from '../obstacles.ts';
import { createNeutron, editNeutron, isServicePort, portCalled, removeNeutron } from './neutron.ts';

type NetworkLook = Look<'network'>;

interface Fields {
  readonly name?: string;
  readonly description?: string;
  readonly adminStateUp?: boolean;
  readonly mtu?: number;
  readonly portSecurityEnabled?: boolean;
  readonly tags?: readonly string[];
}

const fields = {
  name: nameInput('network'),
  description: neutronDescriptionInput,
  adminStateUp: flagInput('Whether it carries traffic.'),
  mtu: { type: 'integer' as const, minimum: 68, maximum: 65_535, description: 'Largest packet in bytes; for IPv6 at least 1280.' },
  portSecurityEnabled: flagInput('Whether new ports filter traffic and check addresses.'),
  tags: tagsInput,
};

const bodyOf = ({ name, description, adminStateUp, mtu, portSecurityEnabled }: Fields) =>
  given({ name, description, admin_state_up: adminStateUp, mtu, port_security_enabled: portSecurityEnabled });

export const createNetwork: Action<'network', Fields & { readonly name: string }> = {
  name: 'network.create',
  type: 'network',
  target: 'none',
  permission: 'network.change',
  summary: 'Create a network',
  input: inputOf(fields, 'name'),
  danger: 'none',
  obstacle: () => undefined,
  effects: (_look, input) => makes(input),
  async run(run, input) {
    const wanted = { body: bodyOf(input), tags: input.tags, narrow: { name: input.name } };
    return madeOne('network', await createNeutron(run, 'network', networks, wanted));
  },
};

export const editNetwork: Action<'network', Fields> = {
  name: 'network.edit',
  type: 'network',
  target: 'one',
  permission: 'network.change',
  summary: 'Change name, description, state, MTU, port security and tags',
  input: inputOf(fields),
  danger: 'none',
  obstacle: (look) => ours(look),
  effects: ({ target }, input) =>
    onlyChanges(
      changeOf('name', target.name, input.name),
      changeOf('description', declaredDescription(target.description), input.description),
      changeOf('adminStateUp', target.admin_state_up, input.adminStateUp),
      changeOf('mtu', target.mtu, input.mtu),
      changeOf('portSecurityEnabled', target.port_security_enabled, input.portSecurityEnabled),
      changeOf('tags', target.tags ?? [], input.tags),
    ),
  declares: (_look, input) => given(input),
  run: (run, input) => editNeutron(run, 'network', networks, { body: bodyOf(input), tags: input.tags }),
};

export const deleteNetwork: Action<'network', object> = {
  name: 'network.delete',
  type: 'network',
  target: 'one',
  permission: 'network.delete',
  summary: 'Delete the network with its subnets',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: (look) => firstOf(ours(look), portsInUse(look)),
  effects({ target, inventory }) {
    const subnets = inventory.byParent('subnet', target.id);
    const ports = inventory.byParent('port', target.id);
    return {
      changes: [],
      takesAlong: [
        ...subnets.map(({ id, name, cidr }) => ({ type: 'subnet' as const, id, name: name || cidr, what: 'is deleted with it' })),
        ...ports.map(({ id, name }) => ({ type: 'port' as const, id, name, what: 'is deleted with it' })),
      ],
      loses: 'The network, its subnets and their allocation of addresses.',
    };
  },
  run: async (run) => {
    const subnets = run.inventory.byParent('subnet', run.id);
    const ports = run.inventory.byParent('port', run.id);
    await removeNeutron(run, 'network', networks);
    for (const { id } of subnets) run.inventory.forget('subnet', id);
    for (const { id } of ports) run.inventory.forget('port', id);
    return undefined;
  },
};

function ours(look: NetworkLook) {
  const isElsewhere = foreign(look, look.target.project_id, 'network');
  return isElsewhere && look.target.shared
    ? { ...isElsewhere, message: `${isElsewhere.message} It is shared with this one for use only.` }
    : isElsewhere;
}

function portsInUse({ target, inventory }: NetworkLook) {
  const ports = inventory.byParent('port', target.id).filter((port) => !isServicePort(port));
  if (ports.length === 0) return undefined;
  const names = listed(ports.map((port) => portCalled(inventory, port)));
  return { reason: 'InUse', message: `Ports are on it: ${names}. Detach and delete them first.` };
}
