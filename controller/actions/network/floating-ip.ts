import type { CloudInventory } from '#controller/inventory/inventory.ts';
import { declaredDescription } from '#controller/inventory/stamp.ts';
import * as floatingIps from '#controller/openstack/network/floating-ips.ts';
import type { Action, Look, Obstacle } from '../action.ts';
import { type AnyRun, change } from '../deeds.ts';
import { changeOf, given, makes, onlyChanges } from '../fields.ts';
import { idInput, inputOf, neutronDescriptionInput, tagsInput } from '../input.ts';
import { firstOf, foreign, notFound, undeclarable } from '../obstacles.ts';
import { addressInput, createNeutron, editNeutron, lookAgain, portCalled, removeNeutron } from './neutron.ts';
import { externalNetwork } from './router-gateway.ts';

type FloatingLook = Look<'floatingip'>;

interface End {
  readonly portId: string;
  readonly fixedIPAddress?: string;
}

interface Allocation extends Partial<End> {
  readonly networkId: string;
  readonly description?: string;
  readonly floatingIPAddress?: string;
  readonly tags?: readonly string[];
}

const endInput = {
  portId: idInput('Id of the port it leads to.'),
  fixedIPAddress: addressInput('The address it leads to; needed where the port has several of IPv4.'),
};

export const allocateFloatingIp: Action<'floatingip', Allocation> = {
  name: 'floatingIp.allocate',
  type: 'floatingip',
  target: 'none',
  permission: 'network.change',
  summary: 'Take an address of an external network, and have it lead to a port or to nothing yet',
  input: inputOf(
    {
      networkId: idInput('Id of the external network.'),
      ...endInput,
      floatingIPAddress: addressInput('The address itself; most clouds let administrators alone say so.'),
      description: neutronDescriptionInput,
      tags: tagsInput,
    },
    'networkId',
  ),
  danger: 'none',
  obstacle: ({ inventory }, input) =>
    input &&
    firstOf(
      externalNetwork(inventory, input.networkId, 'networkId'),
      input.portId === undefined ? undefined : notReachable(inventory, { ...input, portId: input.portId }),
    ),
  effects: (_look, input) => makes(input),
  async run(run, { networkId, portId, fixedIPAddress, floatingIPAddress, description, tags }) {
    const body = {
      floating_network_id: networkId,
      ...(portId !== undefined && { port_id: portId }),
      ...(fixedIPAddress !== undefined && { fixed_ip_address: fixedIPAddress }),
      ...(floatingIPAddress !== undefined && { floating_ip_address: floatingIPAddress }),
      ...(description !== undefined && { description }),
    };
    const made = await createNeutron(run, 'floatingip', floatingIps, { body, tags, narrow: { floating_network_id: networkId } });
    return { resources: [{ type: 'floatingip', id: made.id, name: made.floating_ip_address }] };
  },
};

export const associateFloatingIp: Action<'floatingip', End> = {
  name: 'floatingIp.associate',
  type: 'floatingip',
  target: 'one',
  permission: 'network.change',
  summary: 'Have the address lead to a port',
  input: inputOf(endInput, 'portId'),
  danger: 'none',
  obstacle: (look, input) =>
    firstOf(ours(look), associated(look), input && notReachable(look.inventory, input), input && unnamed(look, input.portId)),
  effects: ({ target }, { portId, fixedIPAddress }) =>
    onlyChanges(changeOf('portId', target.port_id, portId), changeOf('fixedIPAddress', target.fixed_ip_address, fixedIPAddress)),
  declares(look, { portId, fixedIPAddress }) {
    const name = look.declared?.nameOf('port', portId);
    if (name === undefined) return undefined;
    return { portRef: { name }, instanceRef: null, disassociated: null, fixedIPAddress: fixedIPAddress ?? null };
  },
  run: (run, { portId, fixedIPAddress }) =>
    lead(run, 'Associate', { port_id: portId, ...(fixedIPAddress !== undefined && { fixed_ip_address: fixedIPAddress }) }),
};

export const disassociateFloatingIp: Action<'floatingip', object> = {
  name: 'floatingIp.disassociate',
  type: 'floatingip',
  target: 'one',
  permission: 'network.change',
  summary: 'Have the address lead to nothing, and keep it',
  input: inputOf({}),
  danger: 'interrupts',
  obstacle: (look) =>
    firstOf(ours(look), look.target.port_id === null ? { reason: 'NotAssociated', message: 'It leads to nothing.' } : undefined),
  effects: ({ target }) => onlyChanges(changeOf('portId', target.port_id, null)),
  declares: () => ({ disassociated: true, portRef: null, instanceRef: null, fixedIPAddress: null }),
  run: (run) => lead(run, 'Disassociate', { port_id: null }),
};

interface Edit {
  readonly description?: string;
  readonly tags?: readonly string[];
}

export const editFloatingIp: Action<'floatingip', Edit> = {
  name: 'floatingIp.edit',
  type: 'floatingip',
  target: 'one',
  permission: 'network.change',
  summary: 'Change description and tags',
  input: inputOf({ description: neutronDescriptionInput, tags: tagsInput }),
  danger: 'none',
  obstacle: (look) => ours(look),
  effects: ({ target }, { description, tags }) =>
    onlyChanges(changeOf('description', declaredDescription(target.description), description), changeOf('tags', target.tags ?? [], tags)),
  declares: (_look, input) => given(input),
  async run(run, { description, tags }) {
    // Of a port with several addresses Neutron wants to hear the one in use again.
    const { port_id: port, fixed_ip_address: address } = await floatingIps.get(run.cloud.network, run.id);
    const body = description === undefined ? {} : { description, ...(port !== null && { port_id: port, fixed_ip_address: address }) };
    return editNeutron(run, 'floatingip', floatingIps, { body, tags });
  },
};

export const releaseFloatingIp: Action<'floatingip', object> = {
  name: 'floatingIp.release',
  type: 'floatingip',
  target: 'one',
  permission: 'network.delete',
  summary: 'Give the address back to the cloud',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: (look) => ours(look),
  effects({ target, inventory }) {
    const port = target.port_id === null ? undefined : inventory.get('port', target.port_id);
    return {
      changes: [],
      takesAlong: port ? [{ type: 'port', id: port.id, name: portCalled(inventory, port), what: 'is no longer reached by it' }] : [],
      loses: `The address ${target.floating_ip_address}; another project may be given it.`,
    };
  },
  run: (run) => removeNeutron(run, 'floatingip', floatingIps),
};

async function lead(run: AnyRun & { readonly id: string }, name: string, end: floatingIps.FloatingIPUpdate): Promise<undefined> {
  await change(run, name, { type: 'floatingip', id: run.id }, () => floatingIps.update(run.cloud.network, run.id, end));
  await lookAgain(run, ['port', end.port_id]);
  return undefined;
}

const ours = (look: FloatingLook) => foreign(look, look.target.project_id, 'floating IP');

function associated({ target, inventory }: FloatingLook): Obstacle | undefined {
  if (target.port_id === null) return undefined;
  const port = inventory.get('port', target.port_id);
  const end = port ? portCalled(inventory, port) : `port ${target.port_id}`;
  return { reason: 'Associated', message: `It leads to ${end}; disassociate it first.` };
}

/** What it is to lead to needs an IPv4 address that no other leads to. */
function notReachable(inventory: CloudInventory, { portId, fixedIPAddress }: End): Obstacle | undefined {
  const missing = notFound(inventory, 'port', portId, 'portId');
  const port = inventory.get('port', portId);
  if (port === undefined) return missing;
  const addresses = port.fixed_ips.map((one) => one.ip_address).filter((one) => !one.includes(':'));
  if (addresses.length === 0) return { reason: 'NoAddress', field: 'portId', message: 'That port has no IPv4 address.' };
  if (fixedIPAddress === undefined && addresses.length > 1)
    return { reason: 'Missing', field: 'fixedIPAddress', message: `That port has several addresses (${addresses.join(', ')}); say which.` };
  if (fixedIPAddress !== undefined && !addresses.includes(fixedIPAddress))
    return { reason: 'NotFound', field: 'fixedIPAddress', message: `That port has ${addresses.join(', ')}, not this address.` };
  const address = fixedIPAddress ?? addresses[0];
  const other = inventory.byParent('floatingip', portId).find((one) => one.port_id === portId && one.fixed_ip_address === address);
  if (other === undefined) return undefined;
  return { reason: 'Associated', field: 'portId', message: `${other.floating_ip_address} leads there already; disassociate that first.` };
}

function unnamed({ declared }: FloatingLook, portId: string): Obstacle | undefined {
  const isDeclared = ['portRef', 'instanceRef', 'disassociated'].some((field) => declared?.spec[field] !== undefined);
  return isDeclared && declared?.nameOf('port', portId) === undefined ? undeclarable('portId', 'the port') : undefined;
}
