import type { JsonSchema } from '#controller/engine/json.ts';
import type { CloudInventory } from '#controller/inventory/inventory.ts';
import { declaredDescription } from '#controller/inventory/stamp.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import type { Action, Look, Obstacle } from '../action.ts';
import { madeOne } from '../deeds.ts';
import { changeOf, given, makes, onlyChanges } from '../fields.ts';
import { flagInput, idInput, inputOf, nameInput, neutronDescriptionInput, tagsInput } from '../input.ts';
import { firstOf, foreign, notFound, undeclarable } from '../obstacles.ts';
import { addressInput, createNeutron, editNeutron, listInput, lookAgain, removeNeutron, userOf } from './neutron.ts';

type PortLook = Look<'port'>;
type Address = { readonly subnetId?: string; readonly ipAddress?: string };
type Pair = { readonly ipAddress: string; readonly macAddress?: string };

interface Fields {
  readonly name?: string;
  readonly description?: string;
  readonly adminStateUp?: boolean;
  readonly fixedIPs?: readonly Address[];
  readonly securityGroupIds?: readonly string[];
  readonly portSecurityEnabled?: boolean;
  readonly allowedAddressPairs?: readonly Pair[];
  readonly tags?: readonly string[];
}

const macInput: JsonSchema = {
  type: 'string',
  maxLength: 17,
  pattern: '^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$',
  description: 'A MAC address.',
};

const fields: Record<string, JsonSchema> = {
  name: nameInput('port', { canBeEmpty: true }),
  description: neutronDescriptionInput,
  adminStateUp: flagInput('Whether it carries traffic.'),
  fixedIPs: listInput(
    {
      ...inputOf({ subnetId: idInput('Id of the subnet.'), ipAddress: addressInput('The address.') }),
      description: 'A subnet, an address, or both.',
    },
    50,
    'All its addresses.',
  ),
  securityGroupIds: listInput(idInput('Id of a security group.'), 50, 'Ids of all its security groups.'),
  portSecurityEnabled: flagInput('Whether it filters traffic and checks addresses.'),
  allowedAddressPairs: listInput(
    {
      ...inputOf(
        {
          ipAddress: { type: 'string', maxLength: 49, pattern: '^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$', description: 'An address, or a range.' },
          macAddress: macInput,
        },
        'ipAddress',
      ),
      description: 'An address it may use.',
    },
    50,
    'All addresses it may use beside its own.',
  ),
  tags: tagsInput,
};

const bodyOf = (input: Fields): ports.PortUpdate =>
  given({
    name: input.name,
    description: input.description,
    admin_state_up: input.adminStateUp,
    fixed_ips: input.fixedIPs?.map(({ subnetId, ipAddress }) => given({ subnet_id: subnetId, ip_address: ipAddress })),
    security_groups: input.securityGroupIds && [...input.securityGroupIds],
    port_security_enabled: input.portSecurityEnabled,
    allowed_address_pairs: input.allowedAddressPairs?.map(({ ipAddress, macAddress }) => ({
      ip_address: ipAddress,
      ...(macAddress !== undefined && { mac_address: macAddress }),
    })),
  }) as ports.PortUpdate;

type NewPort = Fields & { readonly networkId: string; readonly macAddress?: string };

export const createPort: Action<'port', NewPort> = {
  name: 'port.create',
  type: 'port',
  target: 'none',
  permission: 'network.change',
  summary: 'Create a port on a network',
  input: inputOf(
    {
      ...fields,
      networkId: idInput('Id of the network.'),
      macAddress: { ...macInput, description: 'Its MAC address; most clouds let administrators alone say so.' },
    },
    'networkId',
  ),
  danger: 'none',
  obstacle: ({ inventory }, input) =>
    input && firstOf(notFound(inventory, 'network', input.networkId, 'networkId'), unknownParts(inventory, input)),
  effects: (_look, input) => makes(input),
  async run(run, input) {
    const { networkId, macAddress } = input;
    const body = { ...bodyOf(input), network_id: networkId, ...(macAddress !== undefined && { mac_address: macAddress }) };
    const narrow = { network_id: networkId, ...(input.name !== undefined && { name: input.name }) };
    return madeOne('port', await createNeutron(run, 'port', ports, { body, tags: input.tags, narrow }));
  },
};

export const editPort: Action<'port', Fields> = {
  name: 'port.edit',
  type: 'port',
  target: 'one',
  permission: 'network.change',
  summary: 'Change name, addresses, security groups, address pairs and tags',
  input: inputOf(fields),
  danger: 'interrupts',
  obstacle: (look, input) =>
    firstOf(foreign(look, look.target.project_id, 'port'), input && unknownParts(look.inventory, input), input && unnamed(look, input)),
  effects: ({ target }, input) =>
    onlyChanges(
      changeOf('name', target.name, input.name),
      changeOf('description', declaredDescription(target.description), input.description),
      changeOf('adminStateUp', target.admin_state_up, input.adminStateUp),
      changeOf(
        'fixedIPs',
        target.fixed_ips.map((one) => ({ subnetId: one.subnet_id, ipAddress: one.ip_address })),
        input.fixedIPs && ([...input.fixedIPs] as never),
      ),
      changeOf('securityGroups', target.security_groups.toSorted(), input.securityGroupIds?.toSorted()),
      changeOf('portSecurityEnabled', target.port_security_enabled, input.portSecurityEnabled),
      changeOf(
        'allowedAddressPairs',
        (target.allowed_address_pairs ?? []).map((one) => ({ ipAddress: one.ip_address })),
        input.allowedAddressPairs?.map(({ ipAddress }) => ({ ipAddress })),
      ),
      changeOf('tags', target.tags ?? [], input.tags),
    ),
  declares({ declared }, { fixedIPs, securityGroupIds, ...rest }) {
    const name = (type: 'subnet' | 'security_group', id: string) => ({ name: declared?.nameOf(type, id) ?? '' });
    const addresses = fixedIPs?.map(({ subnetId, ipAddress }) => ({
      ...(subnetId !== undefined && { subnetRef: name('subnet', subnetId) }),
      ...(ipAddress !== undefined && { ipAddress }),
    }));
    const groups = securityGroupIds?.map((id) => name('security_group', id));
    return { ...rest, ...(addresses && { fixedIPs: addresses }), ...(groups && { securityGroupRefs: groups }) };
  },
  run: (run, input) => editNeutron(run, 'port', ports, { body: bodyOf(input), tags: input.tags }),
};

export const deletePort: Action<'port', object> = {
  name: 'port.delete',
  type: 'port',
  target: 'one',
  permission: 'network.delete',
  summary: 'Delete the port',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: (look) => firstOf(foreign(look, look.target.project_id, 'port'), inUse(look)),
  effects({ target, inventory }) {
    const floating = inventory.byParent('floatingip', target.id).filter((one) => one.port_id === target.id);
    const addresses = target.fixed_ips.map((one) => one.ip_address);
    return {
      changes: [],
      takesAlong: floating.map(({ id, floating_ip_address: name }) => ({
        type: 'floatingip' as const,
        id,
        name,
        what: 'is disassociated',
      })),
      loses: `The port with its addresses ${[target.mac_address, ...addresses].join(', ')}.`,
    };
  },
  async run(run) {
    const floating = run.inventory.byParent('floatingip', run.id).filter((one) => one.port_id === run.id);
    await removeNeutron(run, 'port', ports);
    await lookAgain(run, ...floating.map(({ id }) => ['floatingip', id] as const));
    return undefined;
  },
};

function inUse({ target, inventory }: PortLook): Obstacle | undefined {
  const user = userOf(inventory, target);
  if (user === undefined) return undefined;
  return { reason: 'InUse', message: `It is plugged into ${user}; detach it there first.` };
}

function unknownParts(inventory: CloudInventory, { fixedIPs = [], securityGroupIds = [] }: Fields): Obstacle | undefined {
  return firstOf(
    ...fixedIPs.map(({ subnetId }) => notFound(inventory, 'subnet', subnetId, 'fixedIPs')),
    ...securityGroupIds.map((id) => notFound(inventory, 'security_group', id, 'securityGroupIds')),
  );
}

/** A declaration names objects only. */
function unnamed({ declared }: PortLook, { fixedIPs = [], securityGroupIds = [] }: Fields): Obstacle | undefined {
  if (declared === undefined) return undefined;
  const subnet = fixedIPs.find(({ subnetId }) => subnetId !== undefined && declared.nameOf('subnet', subnetId) === undefined);
  if (subnet) return undeclarable('fixedIPs', `subnet ${subnet.subnetId}`);
  const group = securityGroupIds.find((id) => declared.nameOf('security_group', id) === undefined);
  return group === undefined ? undefined : undeclarable('securityGroupIds', `security group ${group}`);
}
